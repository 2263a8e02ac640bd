//! Telling administrators that a webhook is told nothing any more.

use std::time::Duration;

use jiff::Timestamp;
use platform_pg::{Database, Failed, Job, Worker};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::person::PersonId;
use crate::domain::webhook::WebhookId;
use crate::store::person::administrators_active;
use crate::store::webhook::webhook_find;

/// Kind of the job.
pub(super) const TELL_OFF: &str = "accounts.tell_webhook_off";
/// How long notifications may take, a restart of it included.
const PATIENCE: Duration = Duration::from_secs(10);

/// A webhook that was switched off by itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TurnedOff {
    pub(super) webhook: Uuid,
    pub(super) at: Timestamp,
}

/// Tells administrators about webhooks.
#[derive(Clone)]
pub struct WebhookNotices {
    db: Database,
    notifications: NotificationsClient,
}

impl WebhookNotices {
    /// Over the tables of this app, and notifications.
    pub fn new(db: Database, notifications: NotificationsClient) -> Self {
        Self { db, notifications }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let notices = self.clone();
        worker.on(TELL_OFF, move |job| {
            let notices = notices.clone();
            async move { notices.tell(&job).await }
        })
    }

    async fn tell(&self, job: &Job) -> Result<(), Failed> {
        let TurnedOff { webhook, at } = job.payload()?;
        let client = self.db.client().await?;
        let whom = administrators_active(&client).await?;
        let found = webhook_find(&client, WebhookId(webhook)).await?;
        drop(client);
        let Some(webhook) = found.filter(|_| !whom.is_empty()) else {
            return Ok(());
        };
        let (id, name) = (webhook.id, &webhook.name);
        let message = SendNotificationRequest {
            idempotency_key: format!("webhook-off-{id}-{}", at.as_second()),
            recipient_ids: whom.iter().map(PersonId::to_string).collect(),
            kind: "accounts.webhook_off".to_owned(),
            title: Some(LocalizedText {
                en: format!("The webhook {name} was switched off"),
                de: format!("Der Webhook {name} wurde abgeschaltet"),
            }),
            body: Some(LocalizedText {
                en: "Nothing arrives there any more. Look at what it answers, and switch it on again.".to_owned(),
                de: "Dort kommt nichts mehr an. Sehen Sie nach, was er antwortet, und schalten Sie ihn wieder ein.".to_owned(),
            }),
            path: format!("/admin/accounts/webhooks/{id}"),
        };
        let call = Call::new(PATIENCE).wait_for_ready();
        self.notifications.send_notification(call, message).await?;
        Ok(())
    }
}
