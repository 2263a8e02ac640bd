//! The tasks of one connection that serve its streams. One that has served a stream waits for the next: making a task
//! costs more than much of what it does.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use h2::RecvStream;
use h2::server::SendResponse;
use http::Request;

use super::exchange;
use crate::exchange::Peer;
use crate::worker::Worker;

/// Tasks that wait for a stream; further ones end with theirs.
const MOST_AT_REST: usize = 32;

/// A request and the way to answer it.
pub(super) type Stream = (Request<RecvStream>, SendResponse<Bytes>);

/// The tasks of one connection.
pub(super) struct Crew {
    worker: Rc<Worker>,
    peer: Peer,
    /// Streams being served.
    active: Cell<usize>,
    at_rest: RefCell<Vec<Rc<Berth>>>,
    /// The connection is gone.
    is_over: Cell<bool>,
}

/// A stream that counts as being served for as long as this lives.
struct Served {
    stream: Option<Stream>,
    crew: Rc<Crew>,
}

/// Where a task at rest finds its next stream.
#[derive(Default)]
struct Berth {
    next: Cell<Option<Served>>,
    waker: Cell<Option<Waker>>,
    /// There is none.
    leaves: Cell<bool>,
}

impl Crew {
    pub(super) fn new(worker: Rc<Worker>, peer: Peer) -> Rc<Self> {
        Rc::new(Self {
            worker,
            peer,
            active: Cell::new(0),
            at_rest: RefCell::default(),
            is_over: Cell::new(false),
        })
    }

    /// Whether a stream is being served.
    pub(super) fn is_active(&self) -> bool {
        self.active.get() > 0
    }

    /// Has a stream served.
    pub(super) fn serve(self: &Rc<Self>, stream: Stream) {
        self.active.set(self.active.get() + 1);
        let served = Served {
            stream: Some(stream),
            crew: Rc::clone(self),
        };
        let rested = self.at_rest.borrow_mut().pop();
        match rested {
            Some(berth) => {
                berth.next.set(Some(served));
                berth.wake();
            }
            // A panic in one stream stays in it.
            None => drop(tokio::task::spawn_local(work(served))),
        }
    }

    /// Lets those go that have nothing to do. Whether there were any.
    pub(super) fn dismiss(&self) -> bool {
        let at_rest = self.at_rest.take();
        for berth in &at_rest {
            berth.leaves.set(true);
            berth.wake();
        }
        !at_rest.is_empty()
    }

    /// Lets everybody go who has nothing to do, now and later.
    pub(super) fn end(&self) {
        self.is_over.set(true);
        self.dismiss();
    }
}

async fn work(mut served: Served) {
    let berth = Rc::<Berth>::default();
    loop {
        let crew = Rc::clone(&served.crew);
        if let Some((request, respond)) = served.stream.take() {
            exchange::run(Rc::clone(&crew.worker), crew.peer, request, respond).await;
        }
        drop(served);
        if crew.is_over.get() || crew.at_rest.borrow().len() >= MOST_AT_REST {
            return;
        }
        crew.at_rest.borrow_mut().push(Rc::clone(&berth));
        drop(crew);
        match poll_fn(|cx| berth.poll_next(cx)).await {
            Some(next) => served = next,
            None => return,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let active = &self.crew.active;
        active.set(active.get().saturating_sub(1));
    }
}

impl Berth {
    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<Served>> {
        if let Some(next) = self.next.take() {
            return Poll::Ready(Some(next));
        }
        if self.leaves.get() {
            return Poll::Ready(None);
        }
        self.waker.set(Some(cx.waker().clone()));
        Poll::Pending
    }
}
