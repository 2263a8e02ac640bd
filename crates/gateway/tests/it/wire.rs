//! Requests as bytes, for what no client library would send.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A response as it came.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Raw {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Self {
            status,
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(&prefix))
    }
}

/// Sends bytes and reads until the gateway closes.
pub(crate) async fn send(gateway: SocketAddr, request: &[u8]) -> Raw {
    let bytes = exchange(gateway, request).await;
    Raw::parse(&bytes)
        .unwrap_or_else(|| panic!("no response but {:?}", String::from_utf8_lossy(&bytes)))
}

/// The bytes that come back until the gateway closes.
pub(crate) async fn exchange(gateway: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    // The gateway may have said no before everything is sent.
    let _ = stream.write_all(request).await;
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
    let _ = read.expect("the gateway closes the connection");
    bytes
}

/// A GET for a target, exactly as spelled, with more header lines.
pub(crate) async fn get(gateway: SocketAddr, target: &str, lines: &str) -> Raw {
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n");
    send(gateway, request.as_bytes()).await
}
