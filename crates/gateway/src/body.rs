//! Bodies on their way through. Nothing is collected: a frame that arrives is a frame that leaves, and what is
//! counted here are bytes and silences.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep};

use crate::headers;
use crate::reject::Fault;
use crate::upstream::Borrowed;

/// Why a body broke off.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the body exceeds its limit")]
    TooLarge,
    #[error("the body stopped arriving")]
    Silent,
    #[error("the connection broke")]
    Connection(#[source] hyper::Error),
}

/// A request's body on its way to an app.
pub(crate) struct RequestBody {
    incoming: Option<Incoming>,
    left: u64,
    silence: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    progress: Arc<Progress>,
}

/// How far a request's body has come; shared with whoever waits for the answer.
#[derive(Debug)]
pub(crate) struct Progress {
    begun: Instant,
    /// Milliseconds from `begun` to the last frame.
    last: AtomicU64,
    outcome: AtomicU8,
}

const FLOWING: u8 = 0;
const DONE: u8 = 1;
const TOO_LARGE: u8 = 2;
const SILENT: u8 = 3;
const CLIENT_BROKE: u8 = 4;

impl Progress {
    fn new(done: bool) -> Self {
        Self {
            begun: Instant::now(),
            last: AtomicU64::new(0),
            outcome: AtomicU8::new(if done { DONE } else { FLOWING }),
        }
    }

    /// When the last frame passed.
    pub(crate) fn last(&self) -> Instant {
        self.begun + Duration::from_millis(self.last.load(Ordering::Relaxed))
    }

    /// Whether the whole body has passed.
    pub(crate) fn is_done(&self) -> bool {
        self.outcome.load(Ordering::Relaxed) == DONE
    }

    /// What was wrong with the body, if that is why the request failed.
    pub(crate) fn fault(&self) -> Option<Fault> {
        match self.outcome.load(Ordering::Relaxed) {
            TOO_LARGE => Some(Fault::BodyTooLarge),
            SILENT => Some(Fault::BodyTimeout),
            CLIENT_BROKE => Some(Fault::Malformed),
            _ => None,
        }
    }

    fn set(&self, outcome: u8) {
        self.outcome.store(outcome, Ordering::Relaxed);
    }

    fn touch(&self) {
        let elapsed = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(elapsed, Ordering::Relaxed);
    }
}

impl RequestBody {
    /// A body that may have up to `limit` bytes and may pause for as long as `silence`.
    pub(crate) fn new(incoming: Incoming, limit: u64, silence: Duration) -> Self {
        let incoming = (!incoming.is_end_stream()).then_some(incoming);
        Self {
            progress: Arc::new(Progress::new(incoming.is_none())),
            incoming,
            left: limit,
            silence,
            timer: None,
        }
    }

    /// No body; for repeating a request that had none.
    pub(crate) fn empty() -> Self {
        Self {
            incoming: None,
            left: 0,
            silence: Duration::ZERO,
            timer: None,
            progress: Arc::new(Progress::new(true)),
        }
    }

    pub(crate) fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    fn end(&mut self, outcome: u8) {
        self.incoming = None;
        self.timer = None;
        self.progress.set(outcome);
    }

    fn pass(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, Broken> {
        match frame.into_data() {
            Ok(data) => {
                let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
                let Some(left) = self.left.checked_sub(length) else {
                    self.end(TOO_LARGE);
                    return Err(Broken::TooLarge);
                };
                self.left = left;
                self.progress.touch();
                Ok(Frame::data(data))
            }
            Err(frame) => {
                let mut trailers = frame.into_trailers().unwrap_or_default();
                let foreign: Vec<_> = trailers
                    .keys()
                    .filter(|name| !headers::trailer_passes(name))
                    .cloned()
                    .collect();
                for name in foreign {
                    trailers.remove(name);
                }
                Ok(Frame::trailers(trailers))
            }
        }
    }

    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let limit = self.silence;
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(timer.as_mut().poll(cx));
        // Frames may have passed since the timer was set.
        let due = self.progress.last() + limit;
        if due > Instant::now() {
            timer.as_mut().reset(due);
            return timer.as_mut().poll(cx);
        }
        Poll::Ready(())
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = &mut *self;
        let Some(incoming) = &mut this.incoming else {
            return Poll::Ready(None);
        };
        match Pin::new(incoming).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let passed = this.pass(frame);
                if this.incoming.as_ref().is_some_and(Body::is_end_stream) {
                    this.end(DONE);
                }
                Poll::Ready(Some(passed))
            }
            Poll::Ready(Some(Err(error))) => {
                this.end(CLIENT_BROKE);
                Poll::Ready(Some(Err(Broken::Connection(error))))
            }
            Poll::Ready(None) => {
                this.end(DONE);
                Poll::Ready(None)
            }
            Poll::Pending => {
                ready!(this.poll_silence(cx));
                this.end(SILENT);
                Poll::Ready(Some(Err(Broken::Silent)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

/// An app's response body on its way to the client. Holds the upstream connection until the body has ended.
pub(crate) struct Relayed {
    incoming: Incoming,
    connection: Option<Borrowed>,
    silence: Duration,
    begun: Instant,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Relayed {
    /// Relays `incoming`, which comes over `connection` and may pause for as long as `silence`.
    pub(crate) fn new(incoming: Incoming, connection: Borrowed, silence: Duration) -> Self {
        let mut relayed = Self {
            incoming,
            connection: Some(connection),
            silence,
            begun: Instant::now(),
            timer: None,
        };
        relayed.settle();
        relayed
    }

    /// Gives the connection back as soon as nothing more comes over it.
    fn settle(&mut self) {
        if self.incoming.is_end_stream() {
            self.give_back();
        }
    }

    fn give_back(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.give_back();
        }
    }

    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let limit = self.silence;
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(timer.as_mut().poll(cx));
        let due = self.begun + limit;
        if due > Instant::now() {
            timer.as_mut().reset(due);
            return timer.as_mut().poll(cx);
        }
        Poll::Ready(())
    }
}

impl Body for Relayed {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = &mut *self;
        match Pin::new(&mut this.incoming).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.begun = Instant::now();
                this.settle();
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                this.connection = None;
                Poll::Ready(Some(Err(Broken::Connection(error))))
            }
            Poll::Ready(None) => {
                this.give_back();
                Poll::Ready(None)
            }
            Poll::Pending => {
                ready!(this.poll_silence(cx));
                this.connection = None;
                Poll::Ready(Some(Err(Broken::Silent)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

/// What the gateway answers with: its own words, or an app's.
pub(crate) enum Answer {
    /// Nothing.
    Empty,
    /// Its own words.
    Own(Option<Bytes>),
    /// An app's.
    App(Box<Relayed>),
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match &mut *self {
            Self::Empty => Poll::Ready(None),
            Self::Own(text) => Poll::Ready(text.take().map(|text| Ok(Frame::data(text)))),
            Self::App(relayed) => Pin::new(&mut **relayed).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Own(text) => text.is_none(),
            Self::App(relayed) => relayed.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Own(text) => {
                let length = text.as_ref().map_or(0, Bytes::len);
                SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
            }
            Self::App(relayed) => relayed.size_hint(),
        }
    }
}
