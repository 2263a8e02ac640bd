//! Connections that do nothing: each asks once, then stays open until standard input is closed.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

use super::reply::{Expected, Reply};

/// Longest wait for one answer.
const LIMIT: Duration = Duration::from_secs(10);

/// Opens `count` connections, prints `begin`, waits, and prints how many are still open.
pub(crate) fn run(address: SocketAddr, count: usize, head: &str) -> Result<()> {
    let mut streams = Vec::with_capacity(count);
    for number in 0..count {
        let stream = open(address, head).with_context(|| format!("connection {number}"))?;
        streams.push(stream);
    }
    println!("begin");
    io::stdout().flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    let open = streams.iter().filter(|stream| is_open(stream)).count();
    println!("{open}");
    Ok(())
}

fn open(address: SocketAddr, head: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.write_all(head.as_bytes())?;
    let mut reply = Reply::new(Expected::Response);
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer)?;
        anyhow::ensure!(count > 0, "closed before the answer");
        if reply.feed(buffer.get(..count).unwrap_or_default())? {
            break;
        }
    }
    stream.set_nonblocking(true)?;
    Ok(stream)
}

fn is_open(mut stream: &TcpStream) -> bool {
    matches!(stream.read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}
