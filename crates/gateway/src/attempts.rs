//! The tries of one request. An instance that cannot be reached is passed over for the next, whatever the method,
//! because it was sent nothing; what was sent is repeated only where repeating is harmless, and only while repeats are
//! few among all requests, so that they never feed an outage.

use std::sync::Arc;
use std::time::Duration;

use crate::balance::{self, Tried};
use crate::exchange::Plan;
use crate::reject::{Fault, Reject};
use crate::table::Route;
use crate::upstream::Upstream;
use crate::upstream::call::{Call, CallError};
use crate::upstream::connect;
use crate::upstream::http2::{Listener, Unopened};
use crate::upstream::stream::UpstreamStream;
use crate::worker::Worker;

mod ask;
mod gather;

pub(crate) use ask::{Client, UploadError, Waits};
pub(crate) use gather::{Holdings, gather};

use ask::{Lost, ask};

/// How often a request that broke off is sent once more.
const REPEATS: u32 = 2;

/// The tries of one request.
pub(crate) struct Attempts {
    route: Arc<Route>,
    tried: Tried,
    /// Where instances are asked over HTTP/2.
    http2: Option<Listener>,
    /// The instance that is being asked, while it is worth asking again.
    current: Option<Arc<Upstream>>,
    trusts_idle: bool,
    repeats: u32,
    broke: bool,
    is_first: bool,
}

/// Why a request has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Reject(Reject),
    /// Nobody waits for the answer any more.
    Gone,
}

impl From<UploadError> for Failure {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Client(fault) => Self::Reject(Reject::client(fault)),
            UploadError::Gone => Self::Gone,
            UploadError::App => Self::Reject(Reject::upstream(Fault::BadGateway)),
        }
    }
}

/// What to do about a call that failed.
enum Next {
    Again,
    Fail(Failure),
}

impl Attempts {
    /// Before the first one. `is_whole`: all of the request is at hand, so it can be sent again.
    pub(crate) fn new(plan: &Plan, is_whole: bool) -> Self {
        let is_repeatable = is_whole && plan.record.method().is_idempotent();
        Self {
            route: Arc::clone(&plan.route),
            tried: Tried::default(),
            http2: plan.way.http2,
            current: None,
            trusts_idle: true,
            repeats: if is_repeatable { REPEATS } else { 0 },
            broke: false,
            is_first: true,
        }
    }

    /// Asks instances until one answers. Yields the connection, and how many bytes the head of the answer has that is
    /// at the front of its inbox.
    pub(crate) async fn run<C: Client>(
        mut self,
        worker: &Worker,
        client: &mut C,
        out: &[u8],
        expects: bool,
    ) -> Result<(Call, usize), Failure> {
        let mut waits_to_go_on = expects && !client.is_whole();
        // What an instance was sent and has not looked at, in place of `out`.
        let mut again: Option<Vec<u8>> = None;
        loop {
            let mut call = match self.http2 {
                None => self.connect(worker).await?,
                Some(listener) => Box::pin(self.join(worker, listener)).await?,
            };
            let out = again.as_deref().unwrap_or(out);
            if std::mem::take(&mut waits_to_go_on) && !client.go_on().await {
                return Err(Failure::Gone);
            }
            match ask(worker, client, &mut call, out, self.limit(worker)).await {
                Ok(head) => return Ok((call, head)),
                Err(Lost::Call(error)) => {
                    let next = match call.take_unprocessed() {
                        Some(written) => {
                            // It may have said so before it took all.
                            again = Some(written)
                                .filter(|written| written.len() >= out.len())
                                .or(again);
                            self.pass_over(worker, call)
                        }
                        None => self.judge(worker, call, &error),
                    };
                    match next {
                        Next::Again => {}
                        Next::Fail(failure) => return Err(failure),
                    }
                }
                Err(lost) => {
                    if matches!(lost, Lost::Silent(_)) {
                        call.distrust();
                    }
                    call.discard(worker);
                    return Err(match lost {
                        Lost::Upload(error) => error.into(),
                        Lost::Silent(reject) => Failure::Reject(reject),
                        Lost::Gone | Lost::Call(_) => Failure::Gone,
                    });
                }
            }
        }
    }

    /// Longest wait for an answer.
    fn limit(&self, worker: &Worker) -> Duration {
        self.route
            .policy
            .response
            .unwrap_or(worker.limits().response)
    }

    /// A connection to the instance whose turn it is: an idle one where there is one, else a new one.
    async fn connect(&mut self, worker: &Worker) -> Result<Call, Failure> {
        loop {
            let upstream = match self.current.take() {
                Some(upstream) => upstream,
                None => self.pick(worker)?,
            };
            let idle = self
                .trusts_idle
                .then(|| worker.pool.take(&upstream, worker.deadlines.now()));
            if let Some(socket) = idle.flatten() {
                self.current = Some(Arc::clone(&upstream));
                let stream = UpstreamStream::Socket(socket);
                return Ok(Call::new(stream, upstream.enter(), true));
            }
            let in_flight = upstream.enter();
            match connect::open(&upstream).await {
                Ok(socket) => {
                    let stream = UpstreamStream::Socket(socket);
                    return Ok(Call::new(stream, in_flight, false));
                }
                Err(error) => {
                    tracing::debug!(%error, app = %upstream.entry.id, "an instance was not reached");
                    upstream.health.missed();
                    worker.gateway.missed();
                    self.trusts_idle = true;
                }
            }
        }
    }

    /// A stream to the instance whose turn it is.
    async fn join(&mut self, worker: &Worker, listener: Listener) -> Result<Call, Failure> {
        let mut is_full = false;
        loop {
            let upstream = match self.current.take() {
                Some(upstream) => upstream,
                None => match self.pick(worker) {
                    Err(_) if is_full => {
                        return Err(Failure::Reject(Reject::upstream(Fault::Busy)));
                    }
                    picked => picked?,
                },
            };
            let in_flight = upstream.enter();
            let now = worker.deadlines.now();
            match worker.channels.enter(&upstream, listener, now).await {
                Ok((stream, is_reused)) => {
                    let stream = UpstreamStream::Http2(Box::new(stream));
                    return Ok(Call::new(stream, in_flight, is_reused));
                }
                Err(Unopened::Full) => is_full = true,
                Err(error @ Unopened::Unreached(_)) => {
                    tracing::debug!(%error, app = %upstream.entry.id, "an instance was not reached");
                    upstream.health.missed();
                    worker.gateway.missed();
                }
            }
        }
    }

    /// After an instance has said that it did not look at the request. One that says goodbye on a connection that was
    /// open before may take it on a new one; whoever says so on a new one is not asked again.
    fn pass_over(&mut self, worker: &Worker, call: Call) -> Next {
        let upstream = Arc::clone(call.in_flight().upstream());
        tracing::debug!(app = %upstream.entry.id, "an instance did not take a request");
        self.current = call.is_reused().then_some(upstream);
        call.distrust();
        call.discard(worker);
        Next::Again
    }

    fn pick(&mut self, worker: &Worker) -> Result<Arc<Upstream>, Failure> {
        let is_first = std::mem::take(&mut self.is_first);
        let upstream = balance::pick(
            &self.route,
            &mut self.tried,
            (&worker.chance, worker.deadlines.now()),
        );
        match upstream {
            Some(upstream) if is_first => {
                worker.retries.earn();
                Ok(Arc::clone(upstream))
            }
            Some(upstream) if worker.retries.spend() => Ok(Arc::clone(upstream)),
            Some(_) | None => Err(self.failure()),
        }
    }

    fn failure(&self) -> Failure {
        let fault = if self.broke {
            Fault::BadGateway
        } else {
            Fault::AppDown
        };
        Failure::Reject(Reject::upstream(fault))
    }

    /// What to do after a call has failed.
    fn judge(&mut self, worker: &Worker, call: Call, error: &CallError) -> Next {
        let upstream = Arc::clone(call.in_flight().upstream());
        tracing::debug!(%error, app = %upstream.entry.id, "an exchange broke off");
        let (reused, unsent) = (call.is_reused(), !call.was_written());
        let untouched =
            !call.was_answered() && matches!(error, CallError::Io(_) | CallError::Ended);
        call.discard(worker);
        self.current = None;
        if reused {
            // A kept connection that had died: the instance itself may be fine, but its other connections are old too.
            worker.pool.forget(&upstream);
            self.trusts_idle = false;
        }
        if unsent && reused {
            self.current = Some(upstream);
            return Next::Again;
        }
        if unsent {
            upstream.health.missed();
            self.trusts_idle = true;
            return Next::Again;
        }
        self.broke = true;
        if !reused {
            upstream.health.broke();
        }
        if !untouched || self.repeats == 0 || !worker.retries.spend() {
            return Next::Fail(self.failure());
        }
        self.repeats -= 1;
        if reused {
            self.current = Some(upstream);
        } else {
            self.trusts_idle = true;
        }
        Next::Again
    }
}
