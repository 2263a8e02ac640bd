//! Which instance a call goes to, and whether it goes to another one after a failure.

use registry::InstanceId;
use tokio::time::{Instant, timeout_at};
use tonic::Status;

use crate::call::{Call, Method};
use crate::channel::Inner;
use crate::error::Error;
use crate::pool::Connection;

/// How many instances are tried at most when a method may be repeated.
const MAX_ATTEMPTS: usize = 3;

/// One call on its way from instance to instance.
pub(crate) struct Attempts<'a> {
    channel: &'a Inner,
    call: &'a Call,
    method: Method,
    deadline: Instant,
    tried: Vec<InstanceId>,
    last: Option<Error>,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(channel: &'a Inner, call: &'a Call, method: Method) -> Self {
        Self {
            channel,
            call,
            method,
            deadline: Instant::now() + call.deadline(),
            tried: Vec::new(),
            last: None,
        }
    }

    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// A connection to an instance that was not tried yet. When nobody is left to ask, the answer of the
    /// last one counts.
    pub(crate) async fn next(&mut self) -> Result<Connection, Error> {
        let mut changes = self.channel.origin.registry.subscribe();
        loop {
            changes.mark_unchanged();
            let snapshot = self.channel.origin.registry.snapshot();
            let found = self
                .channel
                .pool
                .pick(&snapshot, &self.channel.callee, &self.tried);
            if let Some(connection) = found {
                self.tried.push(connection.instance.clone());
                return Ok(connection);
            }
            let retried = self.last.take();
            if retried.is_some() || !self.call.waits_for_ready() {
                return Err(retried.unwrap_or_else(|| self.nobody()));
            }
            match timeout_at(self.deadline, changes.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return Err(self.nobody()),
            }
        }
    }

    /// Takes note of a failed attempt. `Ok` when another one may follow.
    pub(crate) fn failed(&mut self, status: Option<Status>) -> Result<(), Error> {
        let error = match status {
            Some(status) => Error::from_status(
                &self.channel.callee,
                self.method.path,
                self.call.deadline(),
                status,
            ),
            None => Error::Deadline {
                callee: self.channel.callee.clone(),
                deadline: self.call.deadline(),
            },
        };
        if error.doubts_connection()
            && let Some(instance) = self.tried.last()
        {
            self.channel.pool.forget(instance);
        }
        let repeats = self.method.idempotent && error.is_unavailable();
        if !repeats || self.tried.len() >= MAX_ATTEMPTS {
            return Err(error);
        }
        tracing::debug!(
            callee = %self.channel.callee,
            method = self.method.path,
            %error,
            "trying another instance"
        );
        self.last = Some(error);
        Ok(())
    }

    fn nobody(&self) -> Error {
        Error::NoInstance {
            callee: self.channel.callee.clone(),
        }
    }
}
