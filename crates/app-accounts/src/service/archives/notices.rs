//! Telling whoever asked for an archive that it is there, or that it could not be made.

use std::time::Duration;

use platform_pg::{Database, Failed, Job, Worker};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};

use crate::domain::archive::{ArchiveId, ArchiveState};
use crate::store::archive::archive_find;

/// Kind of the job.
pub(super) const TELL: &str = "accounts.tell_archive";
/// How long notifications may take, a restart of it included.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells people about archives.
#[derive(Clone, Debug)]
pub struct ArchiveNotices {
    db: Database,
    notifications: NotificationsClient,
}

impl ArchiveNotices {
    /// Over the tables of this app, and notifications.
    pub fn new(db: Database, notifications: NotificationsClient) -> Self {
        Self { db, notifications }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let notices = self.clone();
        worker.on(TELL, move |job| {
            let notices = notices.clone();
            async move { notices.tell(&job).await }
        })
    }

    async fn tell(&self, job: &Job) -> Result<(), Failed> {
        let id = ArchiveId(job.payload()?);
        let client = self.db.client().await?;
        let found = archive_find(&client, id).await?;
        drop(client);
        let Some(archive) = found else {
            return Ok(());
        };
        let person = archive.person;
        let (en, de) = if archive.state == ArchiveState::Failed {
            (
                "The archive of data could not be made",
                "Das Archiv der Daten konnte nicht erstellt werden",
            )
        } else {
            (
                "The archive of data is ready",
                "Das Archiv der Daten ist fertig",
            )
        };
        let message = SendNotificationRequest {
            idempotency_key: format!("archive-{id}"),
            recipient_ids: vec![archive.asked_by.to_string()],
            kind: "accounts.archive".to_owned(),
            title: Some(LocalizedText {
                en: en.to_owned(),
                de: de.to_owned(),
            }),
            body: None,
            path: if archive.asked_by == person {
                "/app/accounts/archive".to_owned()
            } else {
                format!("/admin/accounts/people/{person}/archive")
            },
        };
        let call = Call::new(PATIENCE).wait_for_ready();
        self.notifications.send_notification(call, message).await?;
        Ok(())
    }
}
