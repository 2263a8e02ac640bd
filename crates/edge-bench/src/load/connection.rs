//! One connection of the load: what it has still to send, and the answer it waits for.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::Plan;
use super::reply::{Expected, Reply};
use crate::reactor::{Interest, Reactor};

/// First byte of a whole binary WebSocket message.
const BINARY: u8 = 0x82;
/// Set in the length of a frame that a client sends.
const MASKED: u8 = 0x80;

pub(super) struct Connection {
    token: usize,
    stream: TcpStream,
    request: Vec<u8>,
    frame: Option<Vec<u8>>,
    sent: usize,
    due: Option<Instant>,
    reply: Reply,
    waits_to_write: bool,
    closes: bool,
}

/// What came of a readiness.
pub(super) enum Event {
    Nothing,
    /// A handshake is done.
    Ready,
    Answered(Duration),
    /// The other side closed while nothing was asked.
    Closed,
}

impl Connection {
    pub(super) fn open(plan: &Plan, token: usize, reactor: &Reactor) -> io::Result<Self> {
        let stream = TcpStream::connect(plan.address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        reactor.add(&stream, token, Interest::Read)?;
        let mut request = plan.head.clone().into_bytes();
        request.resize(request.len() + plan.body, b'x');
        Ok(Self {
            token,
            stream,
            request,
            frame: plan.frames.map(frame),
            sent: 0,
            due: None,
            reply: Reply::new(if plan.frames.is_some() {
                Expected::Upgrade
            } else {
                Expected::Response
            }),
            waits_to_write: false,
            closes: plan.reconnect,
        })
    }

    /// Sends a request that was due at a time. A failure shows when the connection is read.
    pub(super) fn send(&mut self, due: Instant, reactor: &Reactor) {
        self.due = Some(due);
        self.sent = 0;
        self.write(reactor).ok();
    }

    fn write(&mut self, reactor: &Reactor) -> io::Result<()> {
        loop {
            let rest = self.request.get(self.sent..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            match self.stream.write(rest) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        let waits = self.sent < self.request.len();
        if waits != self.waits_to_write {
            self.waits_to_write = waits;
            let interest = if waits {
                Interest::Write
            } else {
                Interest::Read
            };
            reactor.modify(&self.stream, self.token, interest)?;
        }
        Ok(())
    }

    pub(super) fn turn(&mut self, reactor: &Reactor, buffer: &mut [u8]) -> io::Result<Event> {
        if self.waits_to_write {
            self.write(reactor)?;
            return Ok(Event::Nothing);
        }
        let count = match self.stream.read(buffer) {
            Ok(0) if self.due.is_none() => return Ok(Event::Closed),
            Ok(0) => return Err(io::Error::other("closed before the answer")),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Event::Nothing),
            Err(_) if self.due.is_none() && self.closes => return Ok(Event::Closed),
            Err(error) => return Err(error),
        };
        if self.due.is_none() {
            return Err(io::Error::other("bytes nobody asked for"));
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        if !self.reply.feed(bytes)? {
            return Ok(Event::Nothing);
        }
        let due = self.due.take();
        if let Some(frame) = self.frame.take() {
            // The echo has no mask, so it is shorter by its four bytes.
            self.reply = Reply::new(Expected::Bytes(frame.len() as u64 - 4));
            self.request = frame;
            return Ok(Event::Ready);
        }
        Ok(due.map_or(Event::Nothing, |due| Event::Answered(due.elapsed())))
    }
}

/// A masked binary message of fewer than 126 bytes. The mask is nought, so that it need not be applied.
fn frame(size: usize) -> Vec<u8> {
    let length = u8::try_from(size).unwrap_or(125).min(125);
    let mut frame = vec![BINARY, MASKED | length, 0, 0, 0, 0];
    frame.resize(frame.len() + usize::from(length), b'x');
    frame
}
