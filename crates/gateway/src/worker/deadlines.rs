//! Deadlines of one worker. A connection has one, set anew with every step; a single tick looks through all of them,
//! which is far cheaper than a timer for each step, and exact enough for limits that are counted in seconds.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use slab::Slab;

/// Between two looks, and so the most by which a deadline may be late.
pub(crate) const TICK: Duration = Duration::from_millis(50);

/// When the clock of all workers began.
static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// No deadline.
const NEVER: u64 = u64::MAX;

/// All deadlines of a worker.
#[derive(Debug)]
pub(crate) struct Deadlines {
    now: Cell<u64>,
    entries: RefCell<Slab<Entry>>,
}

#[derive(Debug)]
struct Entry {
    due: u64,
    waker: Option<Waker>,
}

/// The deadline of one connection.
#[derive(Debug)]
pub(crate) struct Deadline {
    all: Rc<Deadlines>,
    key: usize,
    /// Later than this it is never set.
    last: Cell<u64>,
}

impl Deadlines {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new(Self {
            now: Cell::new(0),
            entries: RefCell::default(),
        })
    }

    /// A deadline for a new connection, not set yet.
    pub(crate) fn enter(self: &Rc<Self>) -> Deadline {
        // Nobody ticks while there is nobody to wake.
        self.now.set(milliseconds(BEGUN.elapsed()));
        let key = self.entries.borrow_mut().insert(Entry {
            due: NEVER,
            waker: None,
        });
        Deadline {
            all: Rc::clone(self),
            key,
            last: Cell::new(NEVER),
        }
    }

    /// Milliseconds on the clock of all workers, as of the last tick.
    pub(crate) fn now(&self) -> u64 {
        self.now.get()
    }

    /// Wakes everybody whose deadline has come.
    pub(crate) fn tick(&self) {
        self.tick_at(milliseconds(BEGUN.elapsed()));
    }

    fn tick_at(&self, now: u64) {
        self.now.set(now);
        self.wake(|entry| entry.due <= now);
    }

    /// Wakes everybody, because something has changed that concerns all.
    pub(crate) fn wake_all(&self) {
        self.wake(|_| true);
    }

    fn wake(&self, concerns: impl Fn(&Entry) -> bool) {
        // A waker may run anything, so nothing is borrowed while it does.
        let woken: Vec<Waker> = {
            let mut entries = self.entries.borrow_mut();
            let concerned = entries.iter_mut().filter(|(_, entry)| concerns(entry));
            concerned
                .filter_map(|(_, entry)| entry.waker.take())
                .collect()
        };
        woken.into_iter().for_each(Waker::wake);
    }

    /// Connections there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }
}

impl Deadline {
    /// Sets the deadline anew.
    pub(crate) fn set(&self, after: Duration) {
        let tick = milliseconds(TICK);
        let due = self
            .all
            .now
            .get()
            .saturating_add(tick)
            .saturating_add(milliseconds(after))
            .min(self.last.get());
        self.with(|entry| entry.due = due);
    }

    /// From now on it comes after this time at the latest, however often it is set anew; until told otherwise with
    /// nothing.
    pub(crate) fn limit(&self, after: Option<Duration>) {
        let last =
            after.map(|after| milliseconds(BEGUN.elapsed()).saturating_add(milliseconds(after)));
        self.last.set(last.unwrap_or(NEVER));
    }

    /// Whether the latest time has come that it was limited to.
    pub(crate) fn is_over(&self) -> bool {
        self.last.get() <= self.all.now.get()
    }

    /// Ready when the deadline has come; else the task is woken when it does.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let now = self.all.now.get();
        self.with(|entry| {
            if entry.due <= now {
                return Poll::Ready(());
            }
            match &entry.waker {
                Some(waker) if waker.will_wake(cx.waker()) => {}
                _ => entry.waker = Some(cx.waker().clone()),
            }
            Poll::Pending
        })
        .unwrap_or(Poll::Ready(()))
    }

    fn with<T>(&self, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.all.entries.borrow_mut().get_mut(self.key).map(change)
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.all.entries.borrow_mut().try_remove(self.key);
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_comes_with_the_tick_after_it() {
        let all = Deadlines::new();
        let (one, two) = (all.enter(), all.enter());
        let begun = all.now();
        one.set(Duration::from_millis(100));
        let mut cx = Context::from_waker(Waker::noop());
        all.tick_at(begun + 100);
        assert!(one.poll(&mut cx).is_pending());
        all.tick_at(begun + 100 + milliseconds(TICK));
        assert!(one.poll(&mut cx).is_ready());
        assert!(two.poll(&mut cx).is_pending(), "was never set");
        one.set(Duration::from_secs(1));
        assert!(one.poll(&mut cx).is_pending());
        drop(one);
        assert_eq!(all.len(), 1);
    }

    #[test]
    fn a_limit_holds_however_often_the_deadline_is_set_anew() {
        let all = Deadlines::new();
        let one = all.enter();
        let mut cx = Context::from_waker(Waker::noop());
        one.limit(Some(Duration::from_secs(1)));
        one.set(Duration::from_hours(1));
        let begun = milliseconds(BEGUN.elapsed());
        all.tick_at(begun + 500);
        assert!(one.poll(&mut cx).is_pending() && !one.is_over());
        one.set(Duration::from_hours(1));
        all.tick_at(begun + 1001);
        assert!(one.poll(&mut cx).is_ready() && one.is_over());
        one.limit(None);
        one.set(Duration::from_hours(1));
        assert!(one.poll(&mut cx).is_pending() && !one.is_over());
    }
}
