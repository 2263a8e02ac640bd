//! One event as a handler sees it.

use jiff::Timestamp;
use platform::AppId;
use prost::Message;
use prost::bytes::Bytes;
use uuid::Uuid;

use crate::Failed;

/// An event on its way into a handler.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Identifies the event; the same in every delivery.
    pub id: Uuid,
    /// Such as `accounts.user.changed`.
    pub kind: String,
    /// The app it came from.
    pub source: AppId,
    /// What it is about.
    pub subject: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    pub(crate) data: Bytes,
    pub(crate) traceparent: Option<String>,
}

impl Delivery {
    /// The message. One that is not of this form will not become so: the failure is permanent.
    pub fn decode<M: Message + Default>(&self) -> Result<M, Failed> {
        // The error names fields, never values.
        M::decode(self.data.clone()).map_err(|error| {
            Failed::permanent(format!(
                "the message of {} cannot be read: {error}",
                self.kind
            ))
        })
    }

    /// The subject as an id.
    pub fn subject_id(&self) -> Result<Uuid, Failed> {
        self.subject
            .parse()
            .map_err(|_| Failed::permanent(format!("the subject of {} is no id", self.kind)))
    }
}
