//! Asking services for all they keep of somebody, and packing it: a job for each service, so that one that is away is
//! asked again without the others; the last to answer has the archive packed.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use platform::{Boot, Clock};
use platform_pg::jobs::enqueue;
use platform_pg::personal::{self, Section};
use platform_pg::{Database, Enqueue, Failed, Job, Worker};
use rpc::Call;
use rpc::events::accounts::USER_FORGOTTEN;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use rpc::personal::PersonalDataClient;
use rpc::personal::v1::CollectPersonalDataRequest;
use serde::{Deserialize, Serialize};
use ui::Language;
use uuid::Uuid;

use super::OWN;
use crate::domain::archive::{
    Archive, ArchiveId, ArchiveState, KEPT, MOST_OF_PART, PartState, gathered, packed,
};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::mailer::Mailer;
use crate::store::archive::{
    archive_finish, archive_lock, archive_note_part, archive_purge, archive_records,
};

/// Kind of the job that asks one service.
pub(super) const COLLECT: &str = "accounts.collect_archive";
/// Kind of the job that packs what they told.
const PACK: &str = "accounts.pack_archive";
/// Kind of the job that tells who asked.
const TELL: &str = "accounts.tell_archive";
/// Times a service is asked: for about ten minutes, its restart included.
const ATTEMPTS: u32 = 8;
/// How long a service may take to begin, and to tell all.
const TO_BEGIN: Duration = Duration::from_secs(10);
const TO_TELL: Duration = Duration::from_secs(60);
/// How often archives that are over are deleted.
const PURGE_EVERY: Duration = Duration::from_hours(1);

macro_rules! section {
    ($name:literal) => {
        Section {
            name: $name,
            sql: include_str!(concat!("../../../sql/personal/", $name, ".sql")),
        }
    };
}

/// What this app keeps of people.
const SECTIONS: [Section; 7] = [
    section!("profile"),
    section!("addresses"),
    section!("fields"),
    section!("groups"),
    section!("group_requests"),
    section!("invitations"),
    section!("audit"),
];

/// One service to ask for one archive.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Collect {
    pub(super) archive: Uuid,
    pub(super) service: String,
}

impl Collect {
    pub(super) fn key(&self) -> String {
        format!("{}-{}", self.archive, self.service)
    }
}

/// What came of asking a service.
enum Told {
    All(Vec<u8>),
    /// More than fits, or nothing that can be read.
    Unusable,
}

/// Collects and packs.
#[derive(Clone)]
pub struct Collecting {
    db: Database,
    clock: Clock,
    others: HashMap<&'static str, PersonalDataClient>,
    notifications: NotificationsClient,
    mailer: Mailer,
}

impl fmt::Debug for Collecting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Collecting(..)")
    }
}

impl Collecting {
    /// Over the tables of this app, and every service that keeps something of people.
    pub fn new(boot: &Boot, db: Database, mailer: Mailer) -> Self {
        let client = |(service, _): &(&'static str, &str)| {
            (*service, rpc::personal::client(boot, service))
        };
        Self {
            db,
            clock: boot.clock.clone(),
            others: USER_FORGOTTEN.iter().map(client).collect(),
            notifications: rpc::notifications::client(boot),
            mailer,
        }
    }

    /// Adds the handlers of the jobs, and the schedule that deletes what is over.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let (collecting, packing) = (self.clone(), self.clone());
        let (telling, purging) = (self.clone(), self.clone());
        worker
            .on(COLLECT, move |job| {
                let this = collecting.clone();
                async move { this.collect(&job).await }
            })
            .on(PACK, move |job| {
                let this = packing.clone();
                async move { this.pack(&job).await }
            })
            .on(TELL, move |job| {
                let this = telling.clone();
                async move { this.tell(&job).await }
            })
            .every("accounts.purge_archives", PURGE_EVERY, move |_| {
                let this = purging.clone();
                async move {
                    let client = this.db.client().await?;
                    Ok::<_, Failed>(archive_purge(&client, this.clock.now()).await?)
                }
            })
    }

    async fn collect(&self, job: &Job) -> Result<(), Failed> {
        let Collect { archive, service } = job.payload()?;
        let id = ArchiveId(archive);
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let found = archive_lock(&tx, id).await?;
        drop(tx);
        drop(client);
        let Some(archive) = found.filter(|found| found.state == ArchiveState::Collecting) else {
            return Ok(());
        };
        let told = self.ask(&service, archive.person).await;
        let (state, records) = match &told {
            Ok(Told::All(records)) => (PartState::Done, Some(records.as_slice())),
            Ok(Told::Unusable) => (PartState::Failed, None),
            Err(_) if job.attempt() >= ATTEMPTS => (PartState::Failed, None),
            Err(_) => (PartState::Waiting, None),
        };
        self.note(id, &service, (state, records)).await?;
        match told {
            Err(failed) if state == PartState::Waiting => Err(failed),
            _ => Ok(()),
        }
    }

    async fn ask(&self, service: &str, person: PersonId) -> Result<Told, Failed> {
        let records = if service == OWN {
            let client = self.db.client().await?;
            personal::read(&client, &SECTIONS, person.0).await?
        } else {
            let Some(other) = self.others.get(service) else {
                return Ok(Told::Unusable);
            };
            match tokio::time::timeout(TO_TELL, listen(other, person)).await {
                Ok(Ok(Some(records))) => records,
                Ok(Ok(None)) => return Ok(Told::Unusable),
                Ok(Err(failed)) => return Err(failed),
                Err(_) => return Err(Failed::transient("the service tells too slowly")),
            }
        };
        Ok(gathered(records).map_or(Told::Unusable, Told::All))
    }

    /// Notes one part. The last one has the archive packed; one that failed ends it.
    async fn note(
        &self,
        id: ArchiveId,
        service: &str,
        (state, records): (PartState, Option<&[u8]>),
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // Two parts that end at once are noted one after the other.
        if archive_lock(&tx, id).await?.is_none() {
            return Ok(());
        }
        archive_note_part(&tx, (id, service), state, records).await?;
        let archive = archive_lock(&tx, id).await?;
        let parts = archive.map(|archive| archive.parts).unwrap_or_default();
        let all = |wanted| parts.iter().all(|part| part.state == wanted);
        if state == PartState::Failed {
            archive_finish(&tx, id, None, (now, now + KEPT)).await?;
            enqueue(&tx, TELL, &id.0, Enqueue::once(id.to_string())).await?;
        } else if all(PartState::Done) {
            enqueue(&tx, PACK, &id.0, Enqueue::once(id.to_string())).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn pack(&self, job: &Job) -> Result<(), Failed> {
        let id = ArchiveId(job.payload()?);
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let archive = archive_lock(&tx, id).await?;
        let Some(archive) = archive.filter(|found| found.state == ArchiveState::Collecting) else {
            return Ok(());
        };
        let told = archive_records(&tx, id).await?;
        drop(tx);
        drop(client);
        let readme = self.readme(&archive);
        let packing = tokio::task::spawn_blocking(move || packed(&readme, &told));
        let content = packing
            .await
            .map_err(|_| Failed::transient("packing broke off"))?;
        let now = self.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        archive_finish(&tx, id, content.as_deref(), (now, now + KEPT)).await?;
        enqueue(&tx, TELL, &id.0, Enqueue::once(id.to_string())).await?;
        job.finish(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the archive says of itself, in the language of who asked.
    fn readme(&self, archive: &Archive) -> String {
        let language = Language::from_code(&archive.language).unwrap_or_default();
        let at: Timestamp = self.clock.now();
        let of = archive.person.to_string();
        let words = [("person", of.as_str()), ("at", &at.to_string())];
        let about = self
            .mailer
            .text_with(language, "accounts-archive-readme", &words);
        let services = ["accounts", "auth", "notifications", "settings"];
        let lines = services.map(|service| {
            let key = format!("accounts-archive-readme-{service}");
            format!("{service}/ - {}\n", self.mailer.text(language, &key))
        });
        format!("{about}\n\n{}", lines.concat())
    }

    async fn tell(&self, job: &Job) -> Result<(), Failed> {
        let id = ArchiveId(job.payload()?);
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let archive = archive_lock(&tx, id).await?;
        drop(tx);
        drop(client);
        let Some(archive) = archive else {
            return Ok(());
        };
        let (person, ready) = (archive.person, archive.state == ArchiveState::Ready);
        let title = if ready {
            LocalizedText {
                en: "The archive of data is ready".to_owned(),
                de: "Das Archiv der Daten ist fertig".to_owned(),
            }
        } else {
            LocalizedText {
                en: "The archive of data could not be made".to_owned(),
                de: "Das Archiv der Daten konnte nicht erstellt werden".to_owned(),
            }
        };
        let message = SendNotificationRequest {
            idempotency_key: format!("archive-{id}"),
            recipient_ids: vec![archive.asked_by.to_string()],
            kind: "accounts.archive".to_owned(),
            title: Some(title),
            body: None,
            path: if archive.asked_by == person {
                "/app/accounts/archive".to_owned()
            } else {
                format!("/admin/accounts/people/{person}/archive")
            },
        };
        let call = Call::new(TO_BEGIN).wait_for_ready();
        self.notifications.send_notification(call, message).await?;
        Ok(())
    }
}

/// All records of a service, unless there are more than fit.
async fn listen(
    service: &PersonalDataClient,
    person: PersonId,
) -> Result<Option<Vec<(String, String)>>, Failed> {
    let request = CollectPersonalDataRequest {
        user_id: person.to_string(),
    };
    let mut told = service
        .collect_personal_data(Call::new(TO_BEGIN), request)
        .await?;
    let (mut records, mut bytes) = (Vec::new(), 0);
    let broken = |status: tonic::Status| Failed::transient(format!("{:?}", status.code()));
    while let Some(record) = told.message().await.map_err(broken)? {
        bytes += record.section.len() + record.json.len();
        if bytes > MOST_OF_PART {
            return Ok(None);
        }
        records.push((record.section, record.json));
    }
    Ok(Some(records))
}
