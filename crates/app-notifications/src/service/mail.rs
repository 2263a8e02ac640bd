//! Mail: accepting it, delivering it, and knowing what became of it.
//!
//! Accepted is stored: the message is composed once, encrypted, and written with the job that delivers it, so that
//! every attempt sends the same bytes. Each class has workers of its own. Nothing of a mail but its record is kept
//! once it is delivered, refused or expired.

pub(crate) mod compose;
pub(crate) mod outbox;
pub(crate) mod parcel;
pub mod settings;
pub(crate) mod smtp;

use std::time::Duration;

use jiff::SignedDuration;
use platform::{Boot, Clock, Sealer, StartError};
use platform_pg::jobs::{self, Enqueue, JobTiming};
use platform_pg::{Database, Failed, Job, Worker};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::compose::{Composer, Letterhead};
use self::parcel::Parcel;
use self::settings::{MailSettings, Way};
use crate::domain::mail::{LONGEST_LIFE, Mail, MailClass};
use crate::domain::trouble::{Cause, Trouble};
use crate::error::Error;
use crate::store::mail::{
    MailRecord, Settled, mail_count, mail_expire, mail_find_by_key, mail_insert, mail_list,
    mail_purge, mail_queued, mail_settle, mail_tried,
};

/// How long the record of a settled mail is kept.
const KEEP: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Longest pause between two attempts, by class.
const PAUSES: [(MailClass, Duration); 2] = [
    (MailClass::Security, Duration::from_secs(30)),
    (MailClass::Normal, Duration::from_mins(15)),
];
/// Mails of one class that are sent at once by one process.
const AT_ONCE: usize = 4;

/// What a job of a mail is enqueued with: nothing that would have to be kept secret.
#[derive(Debug, Serialize, Deserialize)]
struct Delivery {
    mail_id: Uuid,
}

/// Mail. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailing {
    db: Database,
    clock: Clock,
    settings: MailSettings,
    composer: Composer,
    sealer: Sealer,
}

impl Mailing {
    /// Over the tables of this app.
    ///
    /// # Errors
    /// When the process has no `APP_SECRET`: mail is encrypted under a key that follows from it.
    pub fn new(boot: &Boot, db: Database, settings: MailSettings) -> Result<Self, StartError> {
        let secret = boot.config.app_secret.secret().ok_or_else(|| {
            StartError::failed(
                "mail is encrypted at rest",
                "this needs APP_SECRET; APP_KEY lets an app sign for itself only",
            )
        })?;
        Ok(Self {
            db,
            clock: boot.clock.clone(),
            settings,
            composer: Composer::new(boot.config.app_url.clone()),
            sealer: Sealer::new(secret, "notifications:mail:v1"),
        })
    }

    /// Begins to deliver, with workers for each class, and to expire.
    ///
    /// # Errors
    /// Never with the schedules as they are.
    pub fn start(&self, boot: &Boot) -> Result<(), StartError> {
        for (class, longest_pause) in PAUSES {
            let mailing = self.clone();
            let timing = JobTiming {
                longest_pause,
                ..JobTiming::default()
            };
            Worker::new(boot, &self.db)
                .concurrency(AT_ONCE)
                .timing(timing)
                .on(job_kind(class), move |job| {
                    let mailing = mailing.clone();
                    async move { mailing.deliver(&job).await }
                })
                .start()?;
        }
        Ok(())
    }

    /// Takes a mail of an app. Returns the id of the delivery: the same for the same key, whatever else changed.
    ///
    /// # Errors
    /// [`Error::MailUnconfigured`] while there is no way to send it.
    pub async fn accept(&self, sender: &str, mail: &Mail) -> Result<Uuid, Error> {
        let head = self.settings.letterhead().ok_or(Error::MailUnconfigured)?;
        let now = self.clock.now();
        let latest = now.saturating_add(LONGEST_LIFE).unwrap_or(now);
        let expires_at = mail.expires_at.map_or(latest, |at| at.min(latest));
        let mail_id = Uuid::now_v7();
        let parcel = self.composer.compose(mail, &head, mail_id, now)?;
        let sealed = self.sealer.seal(mail_id.as_bytes(), &parcel.bytes())?;
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let stamps = (now, expires_at);
        if !mail_insert(&tx, (mail_id, sender), mail, &sealed, stamps).await? {
            let known = mail_find_by_key(&tx, sender, &mail.idempotency_key).await?;
            return known.ok_or(Error::NotFound);
        }
        let how = Enqueue {
            // Its expiry ends it, not the number of attempts.
            max_attempts: Some(u32::MAX),
            ..Enqueue::default()
        };
        jobs::enqueue(&tx, job_kind(mail.class), &Delivery { mail_id }, how).await?;
        tx.commit().await?;
        Ok(mail_id)
    }

    /// One attempt.
    async fn deliver(&self, job: &Job) -> Result<(), Failed> {
        let Delivery { mail_id } = job.payload()?;
        let client = self.db.client().await?;
        let queued = mail_queued(&client, mail_id).await?;
        drop(client);
        let Some(queued) = queued else {
            // Settled by an attempt that did not live to say so, or expired.
            return Ok(());
        };
        if queued.expires_at <= self.clock.now() {
            return self.settle(job, mail_id, (Settled::Expired, 0), None).await;
        }
        match self.attempt(mail_id, &queued.sealed).await {
            Ok(()) => {
                self.settle(job, mail_id, (Settled::Delivered, 1), None)
                    .await
            }
            Err(trouble) if trouble.is_permanent() => {
                let refused = (Settled::Refused, 1);
                self.settle(job, mail_id, refused, Some(&trouble)).await
            }
            Err(trouble) => {
                let client = self.db.client().await?;
                mail_tried(&client, mail_id, &trouble, self.clock.now()).await?;
                Err(Failed::transient(trouble.cause.name()))
            }
        }
    }

    async fn attempt(&self, mail_id: Uuid, sealed: &[u8]) -> Result<(), Trouble> {
        let parcel = self
            .sealer
            .open(mail_id.as_bytes(), sealed)
            .ok()
            .and_then(|bytes| Parcel::read(&bytes))
            .ok_or_else(|| Trouble::new(Cause::Sealed))?;
        self.send(mail_id, &parcel).await
    }

    /// Sends by the way that is set at this moment.
    async fn send(&self, mail_id: Uuid, parcel: &Parcel) -> Result<(), Trouble> {
        match self.settings.way() {
            Way::Smtp(server) => server.send(parcel).await,
            Way::Outbox(outbox) => outbox.put(mail_id, parcel).await,
            Way::None => Err(Trouble::new(Cause::Unconfigured)),
        }
    }

    /// Notes what became of the mail, and that the job is done, or neither when the lease was lost.
    async fn settle(
        &self,
        job: &Job,
        mail_id: Uuid,
        state: (Settled, i32),
        trouble: Option<&Trouble>,
    ) -> Result<(), Failed> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        mail_settle(&tx, mail_id, state, trouble, self.clock.now()).await?;
        job.finish(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives up and wipes what was not delivered in time.
    pub async fn expire(&self) -> Result<u64, Error> {
        let client = self.db.client().await?;
        Ok(mail_expire(&client, self.clock.now()).await?)
    }

    /// Deletes old records.
    pub async fn purge(&self) -> Result<u64, Error> {
        let client = self.db.client().await?;
        Ok(mail_purge(&client, self.clock.now() - KEEP).await?)
    }

    /// The latest mails, and how many wait.
    pub async fn list(&self, limit: i64, offset: i64) -> Result<(Vec<MailRecord>, i64), Error> {
        let client = self.db.client().await?;
        let records = mail_list(&client, limit, offset).await?;
        Ok((records, mail_count(&client).await?))
    }

    /// Sends a mail at once, without the queue, and says what came of it: for trying the settings.
    pub async fn try_out(&self, mail: &Mail) -> Result<Result<(), Trouble>, Error> {
        let Some(head) = self.settings.letterhead() else {
            return Ok(Err(Trouble::new(Cause::Unconfigured)));
        };
        let mail_id = Uuid::now_v7();
        let parcel = self
            .composer
            .compose(mail, &head, mail_id, self.clock.now())?;
        Ok(self.send(mail_id, &parcel).await)
    }

    /// How mail leaves at this moment.
    pub(crate) fn settings(&self) -> &MailSettings {
        &self.settings
    }

    /// What mails are headed with at this moment.
    pub(crate) fn letterhead(&self) -> Option<Letterhead> {
        self.settings.letterhead()
    }
}

fn job_kind(class: MailClass) -> &'static str {
    match class {
        MailClass::Security => "mail.security",
        MailClass::Normal => "mail.normal",
    }
}
