//! Running an import: everybody enters in one transaction, or nobody does. A run that dies is begun anew.

use platform::Clock;
use platform_pg::{Database, Failed, Job, Transaction, Worker};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::actor::Actor;
use super::entering::{Entrants, enter};
use super::import_check::{Checked, Ready, check};
use super::imports::{find, terms};
use super::people::today;
use super::record::Deed;
use super::sponsors::sponsored_all;
use crate::domain::group::GroupId;
use crate::domain::import::{Import, ImportId, Outcome, Progress, RowResult};
use crate::domain::import_row::Candidate;
use crate::domain::invitation::Letter;
use crate::domain::name::Username;
use crate::domain::person::PersonId;
use crate::domain::sheet::Sheet;
use crate::error::Error;
use crate::store::custom_field::values_insert;
use crate::store::import::{import_advance, import_content, import_finish, rows_put};
use crate::store::person::{person_find, person_insert_all};

/// Kind of the job.
pub(super) const RUN: &str = "accounts.run_import";
/// People added with one statement.
const AT_ONCE: usize = 500;
/// Attempts after which an administrator is shown that it failed.
const ATTEMPTS: u32 = 5;

/// Which import to run.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) import: Uuid,
}

/// Runs imports.
#[derive(Clone, Debug)]
pub struct ImportRuns {
    db: Database,
    clock: Clock,
}

impl ImportRuns {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let runs = self.clone();
        worker.on(RUN, move |job| {
            let runs = runs.clone();
            async move { runs.run(&job).await }
        })
    }

    async fn run(&self, job: &Job) -> Result<(), Failed> {
        let Run { import } = job.payload()?;
        let id = ImportId(import);
        match self.attempt(job, id).await {
            Ok(()) | Err(Error::ImportNotFound) => Ok(()),
            Err(error) if job.attempt() < ATTEMPTS => Err(error.into()),
            Err(error) => {
                let client = self.db.client().await?;
                import_finish(&client, id, Progress::Failed, self.clock.now()).await?;
                Err(error.into())
            }
        }
    }

    async fn attempt(&self, job: &Job, id: ImportId) -> Result<(), Error> {
        let at = self.clock.now();
        let mut client = self.db.client().await?;
        let import = find(&client, id).await?;
        if import.progress != Progress::Running {
            return Ok(());
        }
        let read = self.read(&import).await?;
        let tx = client.transaction().await?;
        let actor = self.actor(&tx, &import).await?;
        let ended = match (read, actor) {
            (Some((checked, letter)), Some(actor)) => {
                let deed = Deed::new(&actor, "people.imported", at);
                self.import(&tx, &deed, (&import, checked), &letter).await?
            }
            // Whoever began it administers no more, or what it says does not do any more.
            _ => Progress::Failed,
        };
        import_finish(&tx, id, ended, at).await?;
        job.finish(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Looks at the rows as the directory is now.
    async fn read(&self, import: &Import) -> Result<Option<(Checked, Letter)>, Error> {
        let today = today(self.clock.now());
        let client = self.db.client().await?;
        let content = import_content(&client, import.id)
            .await?
            .unwrap_or_default();
        let terms = terms(&client, &import.options, today).await?;
        let (Ok(sheet), Ok(terms)) = (Sheet::read(&content), terms) else {
            return Ok(None);
        };
        let checked = check(&client, &sheet, &import.columns, &terms, today).await?;
        Ok(Some((checked, terms.letter)))
    }

    /// Who began it, if they still administer.
    async fn actor(&self, tx: &Transaction<'_>, import: &Import) -> Result<Option<Actor>, Error> {
        let Some((id, _)) = import.created_by else {
            return Ok(None);
        };
        let person = person_find(tx, id).await?;
        let person = person.filter(crate::domain::person::Person::is_active_administrator);
        Ok(person.map(|person| Actor {
            id: Some(person.id),
            administers: true,
            name: person.display_name,
            request_id: import.request_id.clone(),
            // That it was begun is written down with where from, under the same request.
            address: String::new(),
            through: String::new(),
        }))
    }

    async fn import(
        &self,
        tx: &Transaction<'_>,
        deed: &Deed<'_>,
        (import, checked): (&Import, Checked),
        letter: &Letter,
    ) -> Result<Progress, Error> {
        let Checked { mut rows, ready } = checked;
        let has_bad = rows.iter().any(|row| row.outcome == Outcome::Bad);
        if has_bad && !import.skips_bad {
            rows_put(tx, import.id, &rows).await?;
            return Ok(Progress::Refused);
        }
        let total = ready.len();
        let mut left = ready;
        while !left.is_empty() {
            let rest = left.split_off(left.len().min(AT_ONCE));
            let added = self.add(tx, deed, (left, letter)).await?;
            for (place, id) in added {
                if let Some(row) = rows.get_mut(place) {
                    row.outcome = Outcome::Added;
                    row.person = Some(id);
                }
            }
            left = rest;
            self.tell(import.id, total - left.len()).await?;
        }
        rows_put(tx, import.id, &rows).await?;
        write_down(tx, deed, import, &rows).await?;
        Ok(Progress::Done)
    }

    /// Adds some people; the places of their rows, and who they are.
    async fn add(
        &self,
        tx: &Transaction<'_>,
        deed: &Deed<'_>,
        (ready, letter): (Vec<Ready>, &Letter),
    ) -> Result<Vec<(usize, PersonId)>, Error> {
        let places: Vec<usize> = ready.iter().map(|ready| ready.row).collect();
        let people: Vec<(PersonId, Username, Candidate)> = ready
            .into_iter()
            .map(|ready| (PersonId(Uuid::now_v7()), ready.username, ready.candidate))
            .collect();
        person_insert_all(tx, &people, deed.at).await?;
        let fields = |(id, _, person): &'_ (PersonId, Username, Candidate)| {
            let id = *id;
            let values = person.fields.clone().into_iter();
            values.map(move |(field, text)| (id, field, text))
        };
        let values: Vec<(PersonId, Uuid, String)> = people.iter().flat_map(fields).collect();
        values_insert(tx, &values).await?;
        let sponsor =
            |(id, _, person): &(PersonId, Username, Candidate)| Some((*id, person.sponsor?));
        let sponsors: Vec<(PersonId, PersonId)> = people.iter().filter_map(sponsor).collect();
        let named = Deed::new(deed.actor, "person.sponsored", deed.at);
        if !sponsored_all(tx, &named, &sponsors).await? {
            // Suspended since the rows were looked at: the next attempt looks again.
            return Err(Error::LoginNotFound);
        }
        let of = |(id, _, person): &(PersonId, Username, Candidate)| (*id, person.groups.clone());
        let groups: Vec<(PersonId, Vec<GroupId>)> = people.iter().map(of).collect();
        let entrants = Entrants {
            people: groups.iter().map(|(id, groups)| (*id, &**groups)).collect(),
            groups_end: None,
            letter,
        };
        let invited = Deed::new(deed.actor, "person.invited", deed.at);
        if !enter(tx, &invited, &entrants).await? {
            // Deleted since the rows were looked at: the next attempt looks again.
            return Err(Error::NoSuchGroup);
        }
        Ok(places
            .into_iter()
            .zip(people.into_iter().map(|(id, _, _)| id))
            .collect())
    }

    /// Tells how far it is, outside of the transaction that nobody can look into.
    async fn tell(&self, id: ImportId, done: usize) -> Result<(), Error> {
        let client = self.db.client().await?;
        Ok(import_advance(&client, id, done).await?)
    }
}

async fn write_down(
    tx: &Transaction<'_>,
    deed: &Deed<'_>,
    import: &Import,
    rows: &[RowResult],
) -> Result<(), Error> {
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    let counts = json!({
        "added": count(Outcome::Added),
        "known": count(Outcome::Known),
        "bad": count(Outcome::Bad),
    });
    Deed::new(deed.actor, deed.action, deed.at)
        .with_changes(counts)
        .done_to("import", tx, import.id.0, &import.file_name)
        .await
}
