//! One connection to the origin: a head, a body, an answer, again and again; or frames after an upgrade.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Read, Write};
use std::mem;

use super::answer::{self, Asked, Then};
use super::socket::Socket;
use crate::reactor::{Interest, Reactor};

/// A body is kept whole for an echo, up to here.
const LARGEST_ECHO: u64 = 1024 * 1024;
/// Bytes of a masked frame before its text, when that is shorter than 126 bytes.
const FRAME_HEAD: usize = 6;

pub(super) struct Connection {
    socket: Socket,
    token: usize,
    number: u64,
    state: State,
    /// What has come of a head or a frame that is not whole.
    partial: Vec<u8>,
    /// What could not be sent yet, and how much of it was.
    unsent: Option<(Cow<'static, [u8]>, usize)>,
    waits_to_write: bool,
    closes: bool,
}

enum State {
    Head,
    Body {
        left: u64,
        kept: Vec<u8>,
        then: Then,
    },
    Slow,
    Frames,
}

/// What the server has to do.
pub(super) enum Next {
    Stay,
    AnswerLater,
    Close,
}

impl Connection {
    pub(super) fn new(socket: Socket, token: usize, number: u64) -> Self {
        Self {
            socket,
            token,
            number,
            state: State::Head,
            partial: Vec::new(),
            unsent: None,
            waits_to_write: false,
            closes: false,
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn turn(&mut self, reactor: &Reactor, buffer: &mut [u8]) -> io::Result<Next> {
        if let Some((bytes, sent)) = self.unsent.take() {
            self.send(bytes, sent, reactor)?;
            return Ok(self.next());
        }
        let count = match self.socket.read(buffer) {
            Ok(0) => return Ok(Next::Close),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Next::Stay),
            Err(error) => return Err(error),
        };
        self.take(buffer.get(..count).unwrap_or_default(), reactor)
    }

    pub(super) fn answer_slowly(&mut self, reactor: &Reactor) -> io::Result<()> {
        self.finish(answer::small(), &[], reactor).map(drop)
    }

    fn take(&mut self, bytes: &[u8], reactor: &Reactor) -> io::Result<Next> {
        match &mut self.state {
            State::Head if self.partial.is_empty() => self.head(bytes, reactor),
            State::Head => {
                let mut whole = mem::take(&mut self.partial);
                whole.extend_from_slice(bytes);
                self.head(&whole, reactor)
            }
            State::Frames => self.frames(bytes, reactor),
            State::Slow => Err(io::Error::other("a second request at once")),
            State::Body { left, kept, then } => {
                *left = left.saturating_sub(bytes.len() as u64);
                if matches!(then, Then::Echo) {
                    kept.extend_from_slice(bytes);
                }
                if *left > 0 {
                    return Ok(Next::Stay);
                }
                let State::Body { kept, then, .. } = mem::replace(&mut self.state, State::Head)
                else {
                    return Ok(Next::Close);
                };
                self.finish(then, &kept, reactor)
            }
        }
    }

    fn head(&mut self, bytes: &[u8], reactor: &Reactor) -> io::Result<Next> {
        let Some(asked) = answer::read(bytes).map_err(io::Error::other)? else {
            self.partial = bytes.to_vec();
            return Ok(Next::Stay);
        };
        let Asked {
            head,
            body,
            then,
            closes,
        } = asked;
        self.closes |= closes;
        let rest = bytes.get(head..).unwrap_or_default();
        let left = body.saturating_sub(rest.len() as u64);
        if matches!(then, Then::Echo) && body > LARGEST_ECHO {
            return Ok(Next::Close);
        }
        if left == 0 {
            return self.finish(then, rest, reactor);
        }
        self.state = State::Body {
            left,
            kept: rest.to_vec(),
            then,
        };
        Ok(Next::Stay)
    }

    /// The request is whole.
    fn finish(&mut self, then: Then, body: &[u8], reactor: &Reactor) -> io::Result<Next> {
        self.state = State::Head;
        match then {
            Then::Answer(answer) => self.send(answer, 0, reactor)?,
            Then::Echo => {
                let answer = answer::response("200 OK", body);
                self.send(Cow::Owned(answer), 0, reactor)?;
            }
            Then::Later => {
                self.state = State::Slow;
                return Ok(Next::AnswerLater);
            }
            Then::Frames(answer) => {
                self.state = State::Frames;
                self.send(Cow::Owned(answer), 0, reactor)?;
            }
        }
        Ok(self.next())
    }

    fn next(&self) -> Next {
        if self.closes && self.unsent.is_none() && !matches!(self.state, State::Frames) {
            Next::Close
        } else {
            Next::Stay
        }
    }

    /// Sends messages back, each without its mask.
    fn frames(&mut self, bytes: &[u8], reactor: &Reactor) -> io::Result<Next> {
        let mut whole = mem::take(&mut self.partial);
        whole.extend_from_slice(bytes);
        let mut rest = whole.as_slice();
        let mut echo = Vec::new();
        while let Some((head, after)) = rest.split_at_checked(FRAME_HEAD) {
            let &[first, length, ref mask @ ..] = head else {
                break;
            };
            let length = length & 0x7f;
            if first & 0x0f == 8 || length > 125 {
                return Ok(Next::Close);
            }
            let Some((text, after)) = after.split_at_checked(usize::from(length)) else {
                break;
            };
            echo.extend_from_slice(&[first, length]);
            let plain = text.iter().zip(mask.iter().cycle());
            echo.extend(plain.map(|(byte, mask)| byte ^ mask));
            rest = after;
        }
        self.partial = rest.to_vec();
        if !echo.is_empty() {
            self.send(Cow::Owned(echo), 0, reactor)?;
        }
        Ok(Next::Stay)
    }

    fn send(
        &mut self,
        bytes: Cow<'static, [u8]>,
        sent: usize,
        reactor: &Reactor,
    ) -> io::Result<()> {
        let mut sent = sent;
        loop {
            let rest = bytes.get(sent..).unwrap_or_default();
            if rest.is_empty() {
                return self.wait_to_write(false, reactor);
            }
            match self.socket.write(rest) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        self.unsent = Some((bytes, sent));
        self.wait_to_write(true, reactor)
    }

    fn wait_to_write(&mut self, waits: bool, reactor: &Reactor) -> io::Result<()> {
        if waits == self.waits_to_write {
            return Ok(());
        }
        self.waits_to_write = waits;
        let interest = if waits {
            Interest::Write
        } else {
            Interest::Read
        };
        reactor.modify(&self.socket, self.token, interest)
    }
}
