//! Telling a person something about their account, once, from a job: whatever happens to notifications meanwhile.

use std::time::Duration;

use platform_pg::InTransaction;
use platform_pg::jobs::{self, Enqueue};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use serde::{Deserialize, Serialize};

use crate::domain::subject::UserId;
use crate::error::Error;

/// A job waits for this long for somebody who takes the notice; then it is tried again later.
const PATIENCE: Duration = Duration::from_secs(10);

/// A text in both languages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Both {
    /// English.
    pub(crate) en: String,
    /// German.
    pub(crate) de: String,
}

impl Both {
    /// A text in both languages.
    pub(crate) fn new(en: impl Into<String>, de: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            de: de.into(),
        }
    }

    fn localized(&self) -> LocalizedText {
        LocalizedText {
            en: self.en.clone(),
            de: self.de.clone(),
        }
    }
}

/// What somebody is told. Holds no secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tell {
    /// Whom.
    pub(crate) user_id: UserId,
    /// Names the happening, so that it is told once.
    pub(crate) once: String,
    /// `auth.key_leaked` and the like.
    pub(crate) kind: String,
    /// Headline.
    pub(crate) title: Both,
    /// What happened, and what to do.
    pub(crate) body: Both,
    /// Where to look.
    pub(crate) path: String,
}

impl Tell {
    /// Kind of the job.
    pub(crate) const JOB: &str = "tell";

    /// Has the person told once the transaction is committed.
    pub(crate) async fn enqueue(&self, tx: &impl InTransaction) -> Result<(), Error> {
        jobs::enqueue(tx, Self::JOB, self, Enqueue::once(self.once.clone())).await?;
        Ok(())
    }

    /// Hands it over. Repetitions are harmless: the key says that it is the same.
    pub(crate) async fn send(&self, client: &NotificationsClient) -> Result<(), Error> {
        if self.user_id.0.is_nil() {
            // Queued for nobody, so that a name nobody has takes as long as one somebody has.
            return Ok(());
        }
        let request = SendNotificationRequest {
            idempotency_key: self.once.clone(),
            recipient_ids: vec![self.user_id.0.to_string()],
            kind: self.kind.clone(),
            title: Some(self.title.localized()),
            body: Some(self.body.localized()),
            path: self.path.clone(),
        };
        let call = Call::new(PATIENCE).wait_for_ready();
        client.send_notification(call, request).await?;
        Ok(())
    }
}
