//! What every call must say: how long it may take, and for whom it is made.

use std::time::Duration;

use platform::identity::Assertion;
use tonic::metadata::{Ascii, MetadataValue};

/// The terms of one call. There is no call without a deadline.
#[derive(Clone)]
pub struct Call {
    deadline: Duration,
    person: Option<MetadataValue<Ascii>>,
    wait_for_ready: bool,
}

impl Call {
    /// A call that gives up after `deadline`, retries included.
    pub fn new(deadline: Duration) -> Self {
        Self {
            deadline,
            person: None,
            wait_for_ready: false,
        }
    }

    /// Makes the call for a person: the assertion that came with their request (a request extension) rides
    /// along, and the callee verifies it.
    #[must_use]
    pub fn on_behalf_of(mut self, person: &Assertion) -> Self {
        self.person = person.as_str().parse().ok();
        self
    }

    /// Waits for a live instance, up to the deadline, instead of failing at once when there is none. For
    /// work in the background; a person waiting for a page is better served by an answer.
    #[must_use]
    pub fn wait_for_ready(mut self) -> Self {
        self.wait_for_ready = true;
        self
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    pub(crate) fn person(&self) -> Option<&MetadataValue<Ascii>> {
        self.person.as_ref()
    }

    pub(crate) fn waits_for_ready(&self) -> bool {
        self.wait_for_ready
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("deadline", &self.deadline)
            .field("for_person", &self.person.is_some())
            .field("wait_for_ready", &self.wait_for_ready)
            .finish()
    }
}

/// A method as its contract describes it.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// `/package.Service/Method`.
    pub path: &'static str,
    /// Whether `idempotency_level` allows a repetition.
    pub idempotent: bool,
}
