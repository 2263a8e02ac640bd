//! One job as a handler sees it.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::JobId;
use super::lease::Lease;
use crate::generic::InTransaction;
use crate::{Error, Failed};

/// A job that runs.
#[derive(Clone)]
pub struct Job {
    pub(super) kind: Arc<str>,
    pub(super) attempt: u32,
    pub(super) payload: Arc<Value>,
    pub(super) lease: Arc<Lease>,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the payload: it may be personal.
        f.debug_struct("Job")
            .field("id", &self.id())
            .field("kind", &self.kind)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

impl Job {
    /// Identifies the job: the same in every attempt.
    pub fn id(&self) -> JobId {
        self.lease.job()
    }

    /// Its kind.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which attempt this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What it was enqueued with. A payload that is not of this form will not become so: the failure is permanent.
    pub fn payload<P: DeserializeOwned>(&self) -> Result<P, Failed> {
        P::deserialize(&*self.payload).map_err(|error| {
            // The category only: the text may quote the payload.
            Failed::permanent(format!(
                "the payload of {} cannot be read ({:?})",
                self.kind,
                error.classify()
            ))
        })
    }

    /// Tells how far the work is, from 0 to 1; written with the next renewal of the lease.
    pub fn set_progress(&self, progress: f32) {
        self.lease.set_progress(progress);
    }

    /// Completes the job within the transaction of its effects: both happen, or neither does. Fails with
    /// [`Error::Fenced`] when somebody else holds the job by now; return that error and nothing takes effect.
    pub async fn finish(&self, transaction: &impl InTransaction) -> Result<(), Error> {
        self.lease.finish(transaction).await
    }
}
