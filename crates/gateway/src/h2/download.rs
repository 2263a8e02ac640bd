//! The body of an app's answer on its way to a client in DATA frames, as fast as the client's window allows.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use h2::{Reason, SendStream};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::upload::Uploading;
use crate::attempts::{Client, UploadError, Waits};
use crate::grpc::{GRPC_STATUS, Status};
use crate::record::Record;
use crate::respond;
use crate::upstream::call::Call;
use crate::wire::body::{self, Body, Part};
use crate::wire::inbox::Arrived;
use crate::worker::Worker;

/// An answer that is passing.
pub(super) struct Download {
    pub(super) body: Body,
    pub(super) send: SendStream<Bytes>,
    /// Bytes of the part at the front of the inbox that are still to be sent.
    part: usize,
    moved: bool,
    /// It answers a gRPC call.
    to_call: bool,
}

/// The answer did not arrive as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    Client,
    App,
}

impl Download {
    pub(super) fn new(body: Body, send: SendStream<Bytes>, to_call: bool) -> Self {
        Self {
            body,
            send,
            part: 0,
            moved: false,
            to_call,
        }
    }

    /// Passes on everything that follows the head; `idle` is the longest silence of the app.
    pub(super) async fn run(
        &mut self,
        worker: &Worker,
        client: &mut Uploading,
        (call, idle): (&mut Call, Duration),
        record: &mut Record,
    ) -> Result<(), Broken> {
        let (mut takes, mut before) = (true, None);
        let passed = poll_fn(|cx| {
            if takes && !client.is_whole() {
                match client.poll_upload(cx, call) {
                    Ok(_) => {}
                    // It has answered without reading everything, as it may.
                    Err(UploadError::App) => takes = false,
                    Err(UploadError::Gone | UploadError::Client(_)) => {
                        return Poll::Ready(Err(Broken::Client));
                    }
                }
            }
            let waits = match self.poll(cx, worker, call, record) {
                Ok(None) => return Poll::Ready(Ok(())),
                Ok(Some(waits)) => waits,
                Err(error) => return Poll::Ready(Err(error)),
            };
            if self.send.poll_reset(cx).is_ready() {
                return Poll::Ready(Err(Broken::Client));
            }
            let moved = std::mem::take(&mut self.moved) | client.has_moved();
            if moved || before != Some(waits) {
                before = Some(waits);
                client.deadline.set(match waits {
                    Waits::Client => worker.limits().write_idle,
                    Waits::App => idle,
                });
            }
            client.deadline.poll(cx).map(|()| {
                Err(match waits {
                    Waits::Client => Broken::Client,
                    Waits::App => Broken::App,
                })
            })
        })
        .await;
        if passed.is_err() {
            self.break_off(passed == Err(Broken::App), client.deadline.is_over());
        }
        passed
    }

    /// Lets nobody take what has arrived for the whole. A call is told why, where the client is not the reason.
    fn break_off(&mut self, by_app: bool, is_late: bool) {
        let status = if is_late {
            Status::DEADLINE_EXCEEDED
        } else {
            Status::UNAVAILABLE
        };
        let mut trailers = HeaderMap::new();
        trailers.insert(GRPC_STATUS, HeaderValue::from_static(status.as_str()));
        let is_told =
            self.to_call && (by_app || is_late) && self.send.send_trailers(trailers).is_ok();
        if !is_told {
            self.send.send_reset(Reason::INTERNAL_ERROR);
        }
    }

    /// Moves what can be moved. `None` when all of it has left.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        worker: &Worker,
        call: &mut Call,
        record: &mut Record,
    ) -> Result<Option<Waits>, Broken> {
        loop {
            if let Some(waits) = self.send_part(cx, call, record)? {
                return Ok(Some(waits));
            }
            match self.body.next(&mut call.inbox).map_err(|_| Broken::App)? {
                Part::Data(length) => self.part = length,
                Part::End => return self.end(record).map(|()| None),
                Part::Wait => {
                    call.inbox.restart();
                    match call.poll_fill(cx, worker) {
                        Poll::Ready(Ok(Arrived::Bytes)) => self.moved = true,
                        Poll::Ready(Ok(Arrived::Full)) => call.inbox.compact(),
                        Poll::Ready(Ok(Arrived::End)) if matches!(self.body, Body::UntilClose) => {
                            return self.end(record).map(|()| None);
                        }
                        Poll::Ready(Ok(Arrived::End) | Err(_)) => return Err(Broken::App),
                        Poll::Pending => {
                            call.inbox.rest(&worker.buffers);
                            return Ok(Some(Waits::App));
                        }
                    }
                }
            }
        }
    }

    fn send_part(
        &mut self,
        cx: &mut Context<'_>,
        call: &mut Call,
        record: &mut Record,
    ) -> Result<Option<Waits>, Broken> {
        while self.part > 0 {
            self.send.reserve_capacity(self.part);
            let room = match self.send.capacity() {
                0 => match self.send.poll_capacity(cx) {
                    Poll::Ready(Some(Ok(room))) => room,
                    Poll::Ready(None | Some(Err(_))) => return Err(Broken::Client),
                    Poll::Pending => return Ok(Some(Waits::Client)),
                },
                room => room,
            };
            let length = room.min(self.part);
            let data = Bytes::copy_from_slice(call.inbox.bytes().get(..length).unwrap_or_default());
            call.inbox.consume(length);
            self.part -= length;
            self.moved = true;
            record.sent(length);
            let is_last = self.part == 0 && matches!(self.body, Body::Done);
            self.send
                .send_data(data, is_last)
                .map_err(|_| Broken::Client)?;
        }
        Ok(None)
    }

    fn end(&mut self, record: &mut Record) -> Result<(), Broken> {
        if matches!(self.body, Body::Done) {
            // The last part has said so.
            return Ok(());
        }
        let lines = body::passing(self.body.trailer(), respond::trailer_passes).unwrap_or_default();
        let ended = if lines.is_empty() {
            self.send.send_data(Bytes::new(), true)
        } else {
            let trailers = trailers(&lines);
            if let Some(status) = trailers.get(GRPC_STATUS).filter(|_| self.to_call) {
                record.grpc_status(status.as_bytes());
            }
            self.send.send_trailers(trailers)
        };
        ended.map_err(|_| Broken::Client)
    }
}

fn trailers(lines: &[u8]) -> HeaderMap {
    let mut map = HeaderMap::new();
    let lines = lines.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    for line in lines.filter(|line| !line.is_empty()) {
        let end = line
            .iter()
            .position(|byte| *byte == b':')
            .unwrap_or(line.len());
        let (name, value) = line.split_at(end);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            map.append(name, value);
        }
    }
    map
}
