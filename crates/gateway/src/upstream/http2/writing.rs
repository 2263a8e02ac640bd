//! The request of one exchange, on its way from the bytes of HTTP/1 into frames.

use std::io::{self, ErrorKind};
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::SendStream;
use h2::client::ResponseFuture;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::connection::Place;
use super::head;
use crate::wire::chunks::{Chunks, Piece};
use crate::wire::scan::{Found, Scan};
use crate::wire::{Length, MOST_FIELDS};

/// Bytes of a request that are kept in case it has to be sent again.
const MOST_KEPT: usize = 64 * 1024;

/// A request that is being written.
pub(super) struct Writing {
    send: Option<SendStream<Bytes>>,
    body: Body,
    /// Bytes of data at the front of what comes next.
    part: usize,
    /// What was written; nothing when it was too much.
    sent: Option<Vec<u8>>,
}

enum Body {
    Known(u64),
    Chunked(Chunks),
    Done,
}

/// An exchange that has begun.
pub(super) struct Begun {
    pub(super) response: ResponseFuture,
    pub(super) is_head: bool,
    /// Bytes of its head.
    pub(super) length: usize,
}

impl Writing {
    pub(super) fn new() -> Self {
        Self {
            send: None,
            body: Body::Done,
            part: 0,
            sent: Some(Vec::new()),
        }
    }

    pub(super) fn is_begun(&self) -> bool {
        self.send.is_some()
    }

    /// What was written, if that was not too much.
    pub(super) fn take_sent(&mut self) -> Option<Vec<u8>> {
        self.sent.take()
    }

    /// Sends the head at the front of what an exchange writes first.
    pub(super) fn begin(&mut self, place: &Place, bytes: &[u8]) -> io::Result<Begun> {
        let Found::End(length) = Scan::default().look(bytes) else {
            return Err(ErrorKind::InvalidInput.into());
        };
        let head = bytes.get(..length).unwrap_or_default();
        let asked = head::request(head).ok_or(ErrorKind::InvalidInput)?;
        let ends = asked.length == Length::None;
        let (response, send) = place.send(asked.request, ends).map_err(io::Error::other)?;
        self.body = match asked.length {
            Length::None | Length::UntilClose => Body::Done,
            Length::Known(length) => Body::Known(length),
            Length::Chunked => Body::Chunked(Chunks::new()),
        };
        self.send = Some(send);
        self.keep(head);
        Ok(Begun {
            response,
            is_head: asked.is_head,
            length,
        })
    }

    /// Sends as much of the body as the instance takes.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut used = 0;
        while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
            match self.step(cx, rest) {
                Poll::Ready(Ok(step)) => used += step,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending if used == 0 => return Poll::Pending,
                Poll::Pending => break,
            }
        }
        self.keep(bytes.get(..used).unwrap_or_default());
        Poll::Ready(Ok(used))
    }

    fn step(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.part > 0 {
            return self.poll_data(cx, bytes);
        }
        match &mut self.body {
            Body::Done => Poll::Ready(Err(ErrorKind::InvalidInput.into())),
            Body::Known(left) => {
                let left = usize::try_from(*left).unwrap_or(usize::MAX);
                self.part = left.min(bytes.len());
                self.poll_data(cx, bytes)
            }
            Body::Chunked(chunks) => match chunks.next(bytes).map_err(io::Error::other)? {
                Piece::Data { skip, data } => {
                    self.part = data;
                    Poll::Ready(Ok(skip))
                }
                Piece::More => Poll::Ready(Ok(bytes.len())),
                Piece::End { skip } => Poll::Ready(self.end().map(|()| skip)),
            },
        }
    }

    fn poll_data(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let send = self.send.as_mut().ok_or(ErrorKind::NotConnected)?;
        let wanted = self.part.min(bytes.len());
        send.reserve_capacity(wanted);
        let room = match send.capacity() {
            0 => match std::task::ready!(send.poll_capacity(cx)) {
                Some(room) => room.map_err(io::Error::other)?,
                None => return Poll::Ready(Err(ErrorKind::BrokenPipe.into())),
            },
            room => room,
        };
        let length = room.min(wanted);
        let data = Bytes::copy_from_slice(bytes.get(..length).unwrap_or_default());
        self.part -= length;
        let mut ends = false;
        if let Body::Known(left) = &mut self.body {
            *left = left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
            ends = *left == 0;
        }
        send.send_data(data, ends).map_err(io::Error::other)?;
        if ends {
            self.body = Body::Done;
        }
        Poll::Ready(Ok(length))
    }

    fn end(&mut self) -> io::Result<()> {
        let Body::Chunked(chunks) = std::mem::replace(&mut self.body, Body::Done) else {
            return Ok(());
        };
        let send = self.send.as_mut().ok_or(ErrorKind::NotConnected)?;
        let ended = match trailers(chunks.trailer()) {
            Some(trailers) if !trailers.is_empty() => send.send_trailers(trailers),
            _ => send.send_data(Bytes::new(), true),
        };
        ended.map_err(io::Error::other)
    }

    fn keep(&mut self, bytes: &[u8]) {
        if let Some(sent) = &mut self.sent {
            if sent.len() + bytes.len() <= MOST_KEPT {
                sent.extend_from_slice(bytes);
            } else {
                self.sent = None;
            }
        }
    }
}

fn trailers(lines: &[u8]) -> Option<HeaderMap> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let block = [lines, b"\r\n"].concat();
    let (_, fields) = httparse::parse_headers(&block, &mut fields).ok()?.unwrap();
    let mut trailers = HeaderMap::new();
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
        trailers.append(name, HeaderValue::from_bytes(field.value).ok()?);
    }
    Some(trailers)
}
