//! One worker: a thread with a runtime of its own, which accepts connections and serves them to their end. Everything
//! a request needs on its way lies within the worker, so that nothing is locked and nothing moves between processors;
//! what workers share is read through one pointer.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use platform::config::Cidr;

use crate::config::Limits;
use crate::gateway::Gateway;
use crate::live::Live;
use crate::upstream::http2::Channels;
use crate::upstream::pool::Pool;

mod buffers;
mod chance;
mod deadlines;
mod retries;
mod run;
mod samples;
mod tally;

pub(crate) use buffers::Buffers;
pub(crate) use chance::Chance;
pub(crate) use deadlines::{Deadline, Deadlines};
pub(crate) use run::{Task, spawn};
pub(crate) use tally::{Counted, Counts, Request, Tally};

use retries::Retries;
use samples::Samples;

/// What belongs to one worker.
pub(crate) struct Worker {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) buffers: Buffers,
    pub(crate) deadlines: Rc<Deadlines>,
    pub(crate) pool: Pool,
    pub(crate) channels: Channels,
    pub(crate) chance: Chance,
    pub(crate) samples: Samples,
    pub(crate) tally: Tally,
    pub(crate) retries: Retries,
    /// What is in force, as of the last look.
    live: RefCell<Arc<Live>>,
    closing: Cell<bool>,
}

impl Worker {
    fn new(gateway: Arc<Gateway>) -> Rc<Self> {
        let deadlines = Deadlines::new();
        Rc::new(Self {
            live: RefCell::new(gateway.live.load_full()),
            gateway,
            buffers: Buffers::default(),
            samples: Samples::new(Rc::clone(&deadlines)),
            deadlines,
            pool: Pool::default(),
            channels: Channels::default(),
            chance: Chance::new(),
            tally: Tally::default(),
            retries: Retries::new(),
            closing: Cell::new(false),
        })
    }

    /// The limits of the moment.
    pub(crate) fn limits(&self) -> Limits {
        self.live.borrow().limits
    }

    /// Whose forwarding headers are believed at the moment. Not to be held while waiting.
    pub(crate) fn trusted_proxies(&self) -> Ref<'_, [Cidr]> {
        Ref::map(self.live.borrow(), |live| &*live.trusted_proxies)
    }

    /// The same, to be kept.
    fn trusted_now(&self) -> Arc<[Cidr]> {
        Arc::clone(&self.live.borrow().trusted_proxies)
    }

    /// Looks whether anything else is in force by now.
    fn look(&self) {
        let live = self.gateway.live.load();
        let mut kept = self.live.borrow_mut();
        if !Arc::ptr_eq(&live, &kept) {
            *kept = Arc::clone(&live);
        }
    }

    /// Whether connections end with the exchange they are in.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.get()
    }

    fn close(&self) {
        self.closing.set(true);
        self.deadlines.wake_all();
    }
}
