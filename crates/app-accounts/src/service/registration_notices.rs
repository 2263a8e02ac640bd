//! Telling administrators that somebody waits for an account.

use std::time::Duration;

use platform_pg::{Database, Failed, Job, Worker};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};

use crate::domain::person::PersonId;
use crate::domain::registration::AccountRequestId;
use crate::store::person::administrators_active;
use crate::store::registration::registration_find;

/// Kind of the job.
pub(super) const TELL_ASKED: &str = "accounts.tell_account_request";
/// How long notifications may take, a restart of it included.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells administrators about requests for accounts.
#[derive(Clone)]
pub struct RegistrationNotices {
    db: Database,
    notifications: NotificationsClient,
}

impl RegistrationNotices {
    /// Over the tables of this app, and notifications.
    pub fn new(db: Database, notifications: NotificationsClient) -> Self {
        Self { db, notifications }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let notices = self.clone();
        worker.on(TELL_ASKED, move |job| {
            let notices = notices.clone();
            async move { notices.tell(&job).await }
        })
    }

    async fn tell(&self, job: &Job) -> Result<(), Failed> {
        let id = AccountRequestId(job.payload()?);
        let client = self.db.client().await?;
        let whom = administrators_active(&client).await?;
        let Some(request) = registration_find(&client, id).await? else {
            return Ok(());
        };
        drop(client);
        if whom.is_empty() {
            return Ok(());
        }
        let name = &request.display_name;
        let message = SendNotificationRequest {
            idempotency_key: format!("account-request-{id}"),
            recipient_ids: whom.iter().map(PersonId::to_string).collect(),
            kind: "accounts.account_requested".to_owned(),
            title: Some(LocalizedText {
                en: format!("{name} asks for an account"),
                de: format!("{name} bittet um ein Konto"),
            }),
            body: None,
            path: "/admin/accounts/requests".to_owned(),
        };
        let call = Call::new(PATIENCE).wait_for_ready();
        self.notifications.send_notification(call, message).await?;
        Ok(())
    }
}
