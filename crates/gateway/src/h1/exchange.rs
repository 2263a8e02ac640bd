//! One request and its answer over HTTP/1: judged, sent to an instance, answered. What is rare is in boxes of its own:
//! every request pays for the room that the largest of its branches needs.

use std::rc::Rc;
use std::task::{Context, Poll};

use super::download::{Download, DownloadError};
use super::relay;
use super::upload::Upload;
use super::{After, Line};
use crate::attempts::{Attempts, Client, Failure, UploadError, Waits, gather};
use crate::exchange::{Ending, Plan, Told, Verdict, judge};
use crate::reject::{Fault, Reject};
use crate::respond;
use crate::tunnel;
use crate::upstream::call::Call;
use crate::wire::request::{self, Version};
use crate::wire::{Length, response};
use crate::worker::Deadline;
use crate::{exchange, identify};

/// Answers the request whose head has `head` bytes at the front of the inbox.
pub(super) async fn run(line: &mut Line, head: usize) -> After {
    let worker = Rc::clone(&line.worker);
    let mut out = worker.buffers.writer();
    let after = answer(line, head, &mut out).await;
    worker.buffers.give_writer(out);
    after
}

/// Answers what could not be read.
pub(super) async fn refuse(line: &mut Line, fault: Fault) {
    let ending = exchange::unread(&line.worker, &line.peer, Reject::client(fault));
    let mut out = line.worker.buffers.writer();
    end(line, ending, &mut out).await;
}

async fn answer(line: &mut Line, head: usize, out: &mut Vec<u8>) -> After {
    let worker = Rc::clone(&line.worker);
    let mut told = None;
    let plan = loop {
        let bytes = line.inbox.bytes().get(..head).unwrap_or_default();
        let verdict = request::parse(bytes, |head| {
            judge(&worker, &line.peer, &head, told.take(), out)
        });
        match verdict {
            Err(fault) => {
                Box::pin(refuse(line, fault)).await;
                return After::Close;
            }
            Ok(Verdict::Forward(plan)) => break plan,
            Ok(Verdict::Answer(ending)) => {
                line.inbox.consume(head);
                return Box::pin(end(line, *ending, out)).await;
            }
            Ok(Verdict::Ask(question, record)) => {
                let identity = Box::pin(identify::ask(&worker.gateway, question)).await;
                told = Some(Told { record, identity });
                out.clear();
            }
            Ok(Verdict::Probe(probe, probed)) => {
                line.inbox.consume(head);
                let own = Box::pin(probe.answer(&worker.gateway)).await;
                return Box::pin(end(line, probed.answered(own), out)).await;
            }
        }
    };
    line.inbox.consume(head);
    line.deadline.limit(plan.way.time);
    let forwarding = Forwarding {
        line,
        out,
        kept: Kept::InPlace { head, behind: head },
    };
    let after = forwarding.run(plan).await;
    line.deadline.limit(None);
    after
}

/// Sends an answer of the gateway itself.
async fn end(line: &mut Line, mut ending: Ending, out: &mut Vec<u8>) -> After {
    // A body that nobody will read: either it is here already, or the connection is of no further use.
    let here = match ending.length {
        Length::Known(length) => usize::try_from(length)
            .ok()
            .filter(|length| *length <= line.inbox.len()),
        Length::None => Some(0),
        Length::Chunked | Length::UntilClose => None,
    };
    line.inbox.consume(here.unwrap_or(0));
    ending.own.closes |= here.is_none();
    out.clear();
    respond::write_own(out, &ending.own, &ending.asked());
    ending.record.status(ending.status());
    let sent = line.send(out).await;
    if sent {
        if !ending.manner.to_head {
            ending.record.sent(ending.own.body.len());
        }
        ending.record.complete();
    }
    let keeps = ending.manner.keeps && !ending.own.closes;
    ending.record.close(&line.worker);
    match (sent, keeps) {
        (false, _) => After::Broken,
        (true, true) => After::Next,
        (true, false) => After::Close,
    }
}

/// Where the head is, in case it has to be looked at again for a page of ours.
enum Kept {
    /// Still in the inbox, this many bytes before those at hand.
    InPlace { head: usize, behind: usize },
    /// In a copy, because the body goes through the inbox.
    Copy(Vec<u8>),
}

struct Forwarding<'a> {
    line: &'a mut Line,
    out: &'a mut Vec<u8>,
    kept: Kept,
}

impl Forwarding<'_> {
    async fn run(mut self, mut plan: Box<Plan>) -> After {
        let mut upload = Upload::new(plan.length, plan.body_limit);
        let before = self.line.inbox.len();
        if let Err(error) = upload.take_ahead(self.line, self.out) {
            return Box::pin(self.fail(plan, error.into())).await;
        }
        self.keep_head(before - self.line.inbox.len(), &upload);
        let worker = Rc::clone(&self.line.worker);
        let mut client = Uploading {
            line: self.line,
            upload: &mut upload,
        };
        let mut reserved = None;
        if plan.way.buffers {
            match Box::pin(gather(&worker, &mut client, self.out, plan.expects)).await {
                Ok(gathered) => reserved = Some(gathered),
                Err(failure) => return Box::pin(self.fail(plan, failure)).await,
            }
            if let Err(busy) = plan.admission.enter(&plan.route) {
                return Box::pin(self.fail(plan, Failure::Reject(busy))).await;
            }
        }
        let attempts = Attempts::new(&plan, client.is_whole());
        let answered = attempts
            .run(&worker, &mut client, self.out, plan.expects)
            .await;
        if reserved.take().is_some() {
            *self.out = worker.buffers.writer();
        }
        match answered {
            Err(failure) => Box::pin(self.fail(plan, failure)).await,
            Ok((call, head)) => match self.begin(&mut plan, &upload, &call, head) {
                Err(reject) => {
                    call.discard(&self.line.worker);
                    Box::pin(self.fail(plan, Failure::Reject(reject))).await
                }
                Ok(begun) => self.pass(plan, upload, call, begun).await,
            },
        }
    }

    fn keep_head(&mut self, taken: usize, upload: &Upload) {
        if let Kept::InPlace { head, behind } = &mut self.kept {
            *behind += taken;
            if !upload.is_done() {
                let bytes = self
                    .line
                    .inbox
                    .used(*behind)
                    .get(..*head)
                    .unwrap_or_default();
                self.kept = Kept::Copy(bytes.to_vec());
            }
        }
    }

    /// Reads the head of the answer and writes it for the client.
    fn begin(
        &mut self,
        plan: &mut Plan,
        upload: &Upload,
        call: &Call,
        head: usize,
    ) -> Result<Begun, Reject> {
        let bytes = call.inbox.bytes().get(..head).unwrap_or_default();
        self.out.clear();
        let out = &mut *self.out;
        let begun = response::parse(bytes, plan.manner.to_head, |answer| {
            let open = matches!(answer.length, Length::Chunked | Length::UntilClose);
            let framed = plan.manner.version == Version::Http11 || !open;
            plan.manner.keeps &= upload.is_done() && framed;
            plan.record.reported(answer.route);
            if answer.status != 101 || plan.websocket {
                respond::write(out, &answer, &plan.asked());
            }
            Begun {
                head,
                status: answer.status,
                length: answer.length,
                keeps: answer.keeps,
            }
        });
        let begun = begun.map_err(|_| Reject::upstream(Fault::BadGateway))?;
        if begun.status == 101 && !plan.websocket {
            return Err(Reject::upstream(Fault::BadGateway));
        }
        plan.record.status(begun.status);
        call.in_flight().upstream().health.answered(
            begun.status,
            plan.record.micros(),
            self.line.worker.deadlines.now(),
        );
        Ok(begun)
    }

    /// Passes the answer on.
    async fn pass(
        self,
        mut plan: Box<Plan>,
        mut upload: Upload,
        mut call: Call,
        begun: Begun,
    ) -> After {
        let worker = Rc::clone(&self.line.worker);
        call.inbox.consume(begun.head);
        if begun.status == 101 {
            return Box::pin(self.switch(plan, call)).await;
        }
        let mut download = Download::new(begun.length, plan.manner.version);
        let ahead = download.take_ahead(&mut call, self.out, &mut plan.record);
        let passed = match ahead {
            Ok(()) => {
                let idle = plan
                    .route
                    .policy
                    .idle
                    .unwrap_or(worker.limits().response_idle);
                let both = relay::Both {
                    upload: &mut upload,
                    download: &mut download,
                    idle,
                };
                both.run(self.line, &mut call, self.out, &mut plan.record)
                    .await
            }
            Err(error) => Err(error),
        };
        let keeps = plan.manner.keeps;
        let after = match passed {
            Ok(()) => {
                plan.record.complete();
                if upload.is_done() && begun.keeps {
                    call.keep(&worker);
                } else {
                    call.discard(&worker);
                }
                match keeps {
                    true => After::Next,
                    // By its own wish: all it said was read.
                    false if upload.is_done() && !worker.is_closing() => After::Done,
                    false => After::Close,
                }
            }
            Err(error) => {
                if error == DownloadError::App {
                    tracing::debug!(app = %plan.route.app, "an answer broke off");
                }
                call.discard(&worker);
                After::Broken
            }
        };
        plan.record.close(&worker);
        after
    }

    /// The app has agreed to another protocol: from here on both connections belong together.
    async fn switch(self, mut plan: Box<Plan>, call: Call) -> After {
        let worker = Rc::clone(&self.line.worker);
        let idle = plan
            .route
            .policy
            .idle
            .unwrap_or(worker.limits().response_idle);
        if self.line.send(self.out).await {
            plan.record.complete();
            // Its line is written when it begins: it may last for days.
            plan.record.close(&worker);
            let Line {
                stream,
                inbox,
                deadline,
                ..
            } = self.line;
            tunnel::relay(&worker, (stream, inbox), deadline, call, idle).await;
        } else {
            plan.record.close(&worker);
            call.discard(&worker);
        }
        After::Broken
    }

    /// Ends a request that did not get an answer.
    async fn fail(self, plan: Box<Plan>, failure: Failure) -> After {
        let reject = match failure {
            Failure::Reject(reject) => reject,
            Failure::Gone => {
                plan.record.close(&self.line.worker);
                return After::Broken;
            }
        };
        let Plan { record, manner, .. } = *plan;
        let bytes = match &self.kept {
            Kept::InPlace { head, behind } => self
                .line
                .inbox
                .used(*behind)
                .get(..*head)
                .unwrap_or_default(),
            Kept::Copy(bytes) => bytes,
        };
        let refused = request::parse(bytes, |head| {
            exchange::refusal(Some(&head), &record, reject)
        });
        let mut own = refused.unwrap_or_else(|_| exchange::refusal(None, &record, reject));
        // What was read of the body is gone; whether more of it comes nobody knows, nor where the next request begins.
        own.closes |= matches!(self.kept, Kept::Copy(_));
        let ending = Ending::refused(record, manner, reject, own);
        end(self.line, ending, self.out).await
    }
}

/// What the head of an answer says about the rest.
struct Begun {
    head: usize,
    status: u16,
    length: Length,
    keeps: bool,
}

/// A client that is sending its request.
struct Uploading<'a> {
    line: &'a mut Line,
    upload: &'a mut Upload,
}

impl Client for Uploading<'_> {
    fn is_whole(&self) -> bool {
        self.upload.is_done()
    }

    fn poll_upload(
        &mut self,
        cx: &mut Context<'_>,
        call: &mut Call,
    ) -> Result<Option<Waits>, UploadError> {
        self.upload.run(cx, self.line, call)
    }

    fn poll_gather(
        &mut self,
        cx: &mut Context<'_>,
        out: &mut Vec<u8>,
    ) -> Poll<Result<bool, UploadError>> {
        self.upload.poll_gather(cx, self.line, out)
    }

    fn has_moved(&mut self) -> bool {
        self.upload.has_moved()
    }

    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.line.poll_gone(cx)
    }

    async fn go_on(&mut self) -> bool {
        // One that has begun to send needs no word any more.
        !self.line.inbox.is_empty() || self.line.send(b"HTTP/1.1 100 Continue\r\n\r\n").await
    }

    fn deadline(&self) -> &Deadline {
        &self.line.deadline
    }
}
