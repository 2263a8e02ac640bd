//! Asking services for all they keep of somebody: a job for each service, so that one that is away is asked again
//! without the others. The last to answer, or to be given up, has the archive packed.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use platform::Boot;
use platform::personal::Record;
use platform_pg::jobs::enqueue;
use platform_pg::personal::{self, Section};
use platform_pg::{Database, Enqueue, Failed, Job, Worker};
use rpc::Call;
use rpc::events::accounts::USER_FORGOTTEN;
use rpc::personal::PersonalDataClient;
use rpc::personal::v1::CollectPersonalDataRequest;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::OWN;
use super::packing::PACK;
use crate::domain::archive::{Archive, ArchiveId, ArchiveState, MOST_OF_PART, PartState, gathered};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::store::archive::{archive_find, archive_lock, archive_note_part};

/// Kind of the job that asks one service.
pub(super) const COLLECT: &str = "accounts.collect_archive";
/// Times a service is asked: for several minutes, which is a restart of it.
const ATTEMPTS: u32 = 8;
/// How long a service may take to begin, and to tell all.
const TO_BEGIN: Duration = Duration::from_secs(10);
const TO_TELL: Duration = Duration::from_mins(1);

macro_rules! section {
    ($name:literal) => {
        Section {
            name: $name,
            sql: include_str!(concat!("../../../sql/personal/", $name, ".sql")),
        }
    };
}

/// What this app keeps of people.
const SECTIONS: [Section; 15] = [
    section!("profile"),
    section!("picture"),
    section!("addresses"),
    section!("fields"),
    section!("groups"),
    section!("group_requests"),
    section!("responsibilities"),
    section!("grants"),
    section!("invitations"),
    section!("request"),
    section!("sources"),
    section!("life_cycle"),
    section!("filters"),
    section!("archives"),
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

/// Asks services.
#[derive(Clone)]
pub struct Collecting {
    db: Database,
    others: HashMap<&'static str, PersonalDataClient>,
}

impl fmt::Debug for Collecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Collecting(..)")
    }
}

impl Collecting {
    /// Over the tables of this app, and every service that keeps something of people.
    pub fn new(boot: &Boot, db: Database) -> Self {
        let client =
            |(service, _): &(&'static str, &str)| (*service, rpc::personal::client(boot, service));
        Self {
            db,
            others: USER_FORGOTTEN.iter().map(client).collect(),
        }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let collecting = self.clone();
        worker.on(COLLECT, move |job| {
            let collecting = collecting.clone();
            async move { collecting.collect(&job).await }
        })
    }

    async fn collect(&self, job: &Job) -> Result<(), Failed> {
        let Collect { archive, service } = job.payload()?;
        let id = ArchiveId(archive);
        let client = self.db.client().await?;
        let found = archive_find(&client, id).await?;
        drop(client);
        let Some(archive) = found.filter(|archive| waits_for(archive, &service)) else {
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
            personal::read(&self.db, &SECTIONS, person.0).await?
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

    /// Notes one part. After the last one the archive is packed, of whatever was told.
    async fn note(
        &self,
        id: ArchiveId,
        service: &str,
        (state, records): (PartState, Option<&[u8]>),
    ) -> Result<(), Error> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // Two parts that end at once are noted one after the other: the second sees the first.
        if archive_lock(&tx, id).await?.is_none() {
            return Ok(());
        }
        archive_note_part(&tx, (id, service), state, records).await?;
        let archive = archive_find(&tx, id).await?;
        if archive.is_some_and(|archive| archive.is_told()) {
            enqueue(&tx, PACK, &id.0, Enqueue::once(id.to_string())).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn waits_for(archive: &Archive, service: &str) -> bool {
    let waits = archive
        .parts
        .iter()
        .any(|part| part.service == service && part.state == PartState::Waiting);
    archive.state == ArchiveState::Collecting && waits
}

/// All records of a service, unless there are more than fit.
async fn listen(
    service: &PersonalDataClient,
    person: PersonId,
) -> Result<Option<Vec<Record>>, Failed> {
    let request = CollectPersonalDataRequest {
        user_id: person.to_string(),
    };
    let call = Call::new(TO_BEGIN);
    let mut told = service.collect_personal_data(call, request).await?;
    let (mut records, mut bytes) = (Vec::new(), 0);
    let broken = |status: tonic::Status| Failed::transient(format!("{:?}", status.code()));
    while let Some(record) = told.message().await.map_err(broken)? {
        // Each costs something, however little it says.
        bytes += record.section.len() + record.json.len() + 64;
        if bytes > 2 * MOST_OF_PART {
            return Ok(None);
        }
        records.push(record.into());
    }
    Ok(Some(records))
}
