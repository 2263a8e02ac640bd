//! One question to whatever listens at an address: has it started, does it route, who is asking.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::process::Process;

/// How long a proxy may take to serve.
const START: Duration = Duration::from_secs(20);
const ONE: Duration = Duration::from_secs(5);

/// An address nobody listens at.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Waits until a request gets the answer 200.
pub(crate) async fn serves(process: &mut Process, address: SocketAddr, head: &str) -> Result<()> {
    let start = Instant::now();
    let mut last = "nothing".to_owned();
    while start.elapsed() < START {
        if !process.is_running() {
            bail!("it ended at the start");
        }
        match timeout(ONE, status(address, head)).await {
            Ok(Ok(status)) if status == "200" => return Ok(()),
            Ok(Ok(status)) => last = status,
            Ok(Err(_)) => {}
            Err(_) => "no answer".clone_into(&mut last),
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("it does not serve: the last answer was {last}")
}

async fn status(address: SocketAddr, head: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(head.as_bytes()).await?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await?;
    Ok(String::from_utf8_lossy(answer.get(9..).unwrap_or_default()).into_owned())
}
