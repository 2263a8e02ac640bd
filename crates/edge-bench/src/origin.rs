//! The app behind every proxy: the least server that answers what the cases ask for, so that what is measured is
//! the proxy. One thread, on TCP and on a Unix socket. Runs as a process of its own and prints its address.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::reactor::{Interest, Reactor};

mod answer;
mod connection;
mod socket;

pub(crate) use answer::{LARGE, SMALL};
use connection::{Connection, Next};
use socket::Socket;

const TCP: usize = usize::MAX;
const UNIX: usize = usize::MAX - 1;
/// Bytes read at once.
const BUFFER: usize = 256 * 1024;
/// How long a slow answer takes.
const SLOW: Duration = Duration::from_millis(20);

/// Serves until killed.
pub(crate) fn run(unix: Option<&Path>) -> Result<()> {
    let tcp = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", tcp.local_addr()?);
    tcp.set_nonblocking(true)?;
    let mut origin = Origin {
        reactor: Reactor::new()?,
        connections: Vec::new(),
        free: Vec::new(),
        later: VecDeque::new(),
        opened: 0,
    };
    origin.reactor.add(&tcp, TCP, Interest::Read)?;
    let unix = match unix {
        Some(path) => {
            let unix = UnixListener::bind(path).context("binding the Unix socket")?;
            unix.set_nonblocking(true)?;
            origin.reactor.add(&unix, UNIX, Interest::Read)?;
            Some(unix)
        }
        None => None,
    };
    io::stdout().flush()?;
    let mut ready = Vec::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        let limit = origin.next_answer();
        origin.reactor.wait(&mut ready, limit)?;
        for &token in &ready {
            match token {
                TCP => origin.accept(|| Socket::tcp(tcp.accept()?.0))?,
                UNIX => origin.accept(|| match &unix {
                    Some(unix) => Ok(Socket::Unix(unix.accept()?.0)),
                    None => Err(io::ErrorKind::WouldBlock.into()),
                })?,
                _ => origin.turn(token, &mut buffer),
            }
        }
        origin.answer_late();
    }
}

struct Origin {
    reactor: Reactor,
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    /// Answers that are due later: when, to which place, to which connection in it.
    later: VecDeque<(Instant, usize, u64)>,
    opened: u64,
}

impl Origin {
    fn accept(&mut self, next: impl Fn() -> io::Result<Socket>) -> Result<()> {
        loop {
            let socket = match next() {
                Ok(socket) => socket,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error.into()),
            };
            socket.set_nonblocking()?;
            let token = self.free.pop().unwrap_or_else(|| {
                self.connections.push(None);
                self.connections.len() - 1
            });
            self.reactor.add(&socket, token, Interest::Read)?;
            self.opened += 1;
            if let Some(place) = self.connections.get_mut(token) {
                *place = Some(Connection::new(socket, token, self.opened));
            }
        }
    }

    fn turn(&mut self, token: usize, buffer: &mut [u8]) {
        let Some(Some(connection)) = self.connections.get_mut(token) else {
            return;
        };
        match connection.turn(&self.reactor, buffer) {
            Ok(Next::Stay) => {}
            Ok(Next::AnswerLater) => {
                let due = Instant::now() + SLOW;
                self.later.push_back((due, token, connection.number()));
            }
            Ok(Next::Close) | Err(_) => self.close(token),
        }
    }

    fn close(&mut self, token: usize) {
        if let Some(place) = self.connections.get_mut(token)
            && place.take().is_some()
        {
            self.free.push(token);
        }
    }

    fn next_answer(&self) -> Option<Duration> {
        let (due, _, _) = self.later.front()?;
        Some(due.saturating_duration_since(Instant::now()))
    }

    fn answer_late(&mut self) {
        while let Some(&(due, token, number)) = self.later.front() {
            if due > Instant::now() {
                return;
            }
            self.later.pop_front();
            let Some(Some(connection)) = self.connections.get_mut(token) else {
                continue;
            };
            if connection.number() == number && connection.answer_slowly(&self.reactor).is_err() {
                self.close(token);
            }
        }
    }
}
