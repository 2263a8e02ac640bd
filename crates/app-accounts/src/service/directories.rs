//! Directories that people and groups come from: keeping them, trying them, deciding about what a run would do.
//! Reading them is [`run`]'s, taking the steps of a plan [`apply`]'s.

pub(super) mod access;
mod apply;
mod compared;
pub mod run;

use std::fmt;

use directory::{Limits, Probe, Snapshot, Source};
use platform::{Clock, Sealer};
use platform_pg::jobs::{Enqueue, Enqueued, enqueue};
use platform_pg::{Database, InTransaction};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use uuid::Uuid;

use self::compared::{described, goes_elsewhere, signs_in_as};
use self::run::{Order, SYNC};
use super::actor::Actor;
use super::record::{Deed, tell_anew};
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::person::PersonId;
use crate::domain::source::{
    Directory, DirectoryId, MOST_DIRECTORIES, Run, RunState, Settings, Unfit,
};
use crate::domain::sync::plan::Plan;
use crate::error::Error;
use crate::store::group::group_lock;
use crate::store::membership::nesting_lock;
use crate::store::password_place::people_of;
use crate::store::person::person_lock;
use crate::store::provisioning::external_keep;
use crate::store::source::{
    directories_of, directory_counts, directory_delete, directory_find, directory_insert,
    directory_list, directory_update, run_decide, run_list, run_plan,
};
use crate::store::sync::links;

/// Runs of a history.
const MOST_RUNS: i64 = 100;

/// What came of keeping a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Done,
    /// Another has this name.
    NameTaken,
    /// Somebody changed it since the form was opened.
    Stale,
    /// There are too many.
    TooMany,
    /// An account reads, and its password is not known, or was typed for another server.
    NoPassword,
    /// Some field does not do.
    Unfit(Unfit),
}

/// What came of a decision, or of asking for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is going to be done.
    Done,
    /// It runs already.
    Running,
    /// It was decided, or would be something else by now.
    Stale,
}

/// What came of linking somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// They come from the directory now, or no more.
    Done,
    /// Somebody else comes from that entry.
    EntryTaken,
    /// It was so before.
    Unchanged,
}

/// Keeps directories.
#[derive(Clone)]
pub struct Directories {
    db: Database,
    clock: Clock,
    sealer: Option<Sealer>,
}

impl fmt::Debug for Directories {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Directories(..)")
    }
}

impl Directories {
    /// Over the tables of this app. Without a sealer no password can be kept.
    pub fn new(db: Database, clock: Clock, sealer: Option<Sealer>) -> Self {
        Self { db, clock, sealer }
    }

    /// All of them, by name.
    pub async fn list(&self) -> Result<Vec<Directory>, Error> {
        let client = self.db.client().await?;
        Ok(directory_list(&client).await?)
    }

    /// One of them.
    pub async fn find(&self, id: DirectoryId) -> Result<Directory, Error> {
        let client = self.db.client().await?;
        let found = directory_find(&client, id).await?;
        found.ok_or(Error::DirectoryNotFound)
    }

    /// How many people and groups come from it.
    pub async fn counts(&self, id: DirectoryId) -> Result<(i64, i64), Error> {
        let client = self.db.client().await?;
        Ok(directory_counts(&client, id).await?)
    }

    /// The newest runs.
    pub async fn runs(&self, id: DirectoryId) -> Result<Vec<Run>, Error> {
        let client = self.db.client().await?;
        Ok(run_list(&client, id, MOST_RUNS).await?)
    }

    /// What a run would do, if that is kept.
    pub async fn plan(&self, id: DirectoryId, run: Uuid) -> Result<Option<Plan>, Error> {
        let client = self.db.client().await?;
        Ok(run_plan(&client, id, run).await?)
    }

    /// Where a person comes from, and the fields that are decided there and cannot be changed here.
    pub async fn deciding_about(
        &self,
        id: PersonId,
    ) -> Result<(Vec<(DirectoryId, String)>, Vec<&'static str>), Error> {
        let client = self.db.client().await?;
        let directories = directories_of(&client, Member::Person(id)).await?;
        let mut owned = Vec::new();
        for (directory, _) in &directories {
            let directory = directory_find(&client, *directory).await?;
            let owning = directory
                .iter()
                .filter(|found| !found.settings.writes_back());
            owned.extend(owning.flat_map(|found| found.settings.owned()));
        }
        Ok((directories, owned))
    }

    /// Adds a directory under an id that the form chose.
    pub async fn add(
        &self,
        actor: &Actor,
        id: DirectoryId,
        settings: Settings,
        password: Option<SecretString>,
    ) -> Result<Kept, Error> {
        if let Err(unfit) = settings.source(password.clone()) {
            return Ok(Kept::Unfit(unfit));
        }
        if password.is_none() && !settings.bind_dn.trim().is_empty() {
            return Ok(Kept::NoPassword);
        }
        let deed = Deed::new(actor, "directory.added", self.clock.now());
        let new = Directory {
            id,
            sealed: self.seal(id, password.as_ref())?,
            settings,
            version: 1,
        };
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        if directory_list(&tx).await?.len() >= MOST_DIRECTORIES {
            return Ok(Kept::TooMany);
        }
        if let Err(error) = directory_insert(&tx, &new, deed.at).await {
            return name_taken(error);
        }
        let deed = deed.with_changes(described(&new.settings));
        deed.done_to("directory", &tx, id.0, new.settings.name.as_str())
            .await?;
        tx.commit().await?;
        Ok(Kept::Done)
    }

    /// Changes a directory. Without a new password the account keeps the one it has, while the server is the same: a
    /// password is not sent to another than it was typed for.
    pub async fn change(
        &self,
        actor: &Actor,
        (id, version): (DirectoryId, i64),
        settings: Settings,
        password: Option<SecretString>,
    ) -> Result<Kept, Error> {
        if let Err(unfit) = settings.source(password.clone()) {
            return Ok(Kept::Unfit(unfit));
        }
        let deed = Deed::new(actor, "directory.changed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let before = directory_find(&tx, id)
            .await?
            .ok_or(Error::DirectoryNotFound)?;
        let sealed = match password {
            Some(password) => self.seal(id, Some(&password))?,
            None if goes_elsewhere(&before.settings, &settings) => None,
            None => before.sealed.clone(),
        };
        if sealed.is_none() && !settings.bind_dn.trim().is_empty() {
            return Ok(Kept::NoPassword);
        }
        let changed = Directory {
            id,
            settings,
            sealed,
            version,
        };
        match directory_update(&tx, &changed, deed.at).await {
            Ok(true) => {}
            Ok(false) => return Ok(Kept::Stale),
            Err(error) => return name_taken(error),
        }
        if signs_in_as(&before.settings) != signs_in_as(&changed.settings) {
            tell_anew(&tx, &people_of(&tx, id).await?, deed.at).await?;
        }
        let deed = deed.with_changes(described(&changed.settings));
        deed.done_to("directory", &tx, id.0, changed.settings.name.as_str())
            .await?;
        tx.commit().await?;
        Ok(Kept::Done)
    }

    /// Deletes a directory. People and groups that came from it stay as they are.
    pub async fn delete(&self, actor: &Actor, id: DirectoryId) -> Result<(), Error> {
        let deed = Deed::new(actor, "directory.deleted", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let directory = directory_find(&tx, id)
            .await?
            .ok_or(Error::DirectoryNotFound)?;
        let people = people_of(&tx, id).await?;
        directory_delete(&tx, id).await?;
        if directory.settings.sign_in {
            tell_anew(&tx, &people, deed.at).await?;
        }
        deed.done_to("directory", &tx, id.0, directory.settings.name.as_str())
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Tries settings as typed, with the password typed or the one that is kept for them.
    pub async fn probe(
        &self,
        id: DirectoryId,
        settings: &Settings,
        password: Option<SecretString>,
    ) -> Result<Result<Probe, Unfit>, Error> {
        let client = self.db.client().await?;
        let kept = directory_find(&client, id).await?;
        drop(client);
        let kept = kept.filter(|kept| !goes_elsewhere(&kept.settings, settings));
        let password = match (password, kept) {
            (None, Some(kept)) => self.open(&kept)?,
            (password, _) => password,
        };
        Ok(match settings.source(password) {
            Ok(source) => Ok(directory::probe(&source, &Limits::default()).await),
            Err(unfit) => Err(unfit),
        })
    }

    /// Reads a directory as it is kept.
    pub(super) async fn read(&self, directory: &Directory) -> Result<Read, Error> {
        let now = self.clock.now();
        Ok(match self.source(directory)? {
            Ok(source) => match ::directory::read(&source, &Limits::default(), now).await {
                Ok(snapshot) => Read::All(snapshot),
                Err(error) => Read::Broken(error),
            },
            Err(_) => Read::Unfit,
        })
    }

    /// How a directory as it is kept is asked.
    pub(super) fn source(&self, directory: &Directory) -> Result<Result<Source, Unfit>, Error> {
        let password = self.open(directory)?;
        Ok(directory.settings.source(password))
    }

    /// Asks for a run: to say what it would do, or to do it.
    pub async fn ask(&self, actor: &Actor, id: DirectoryId, preview: bool) -> Result<Asked, Error> {
        self.find(id).await?;
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let order = Order {
            directory: id.0,
            preview,
            asked_by: actor.id.map(|id| id.0),
        };
        let asked = order_run(&tx, &order).await?;
        tx.commit().await?;
        Ok(asked)
    }

    /// Lets a run that stopped do exactly what it said, or says that it may not.
    pub async fn decide(
        &self,
        actor: &Actor,
        (id, run, digest): (DirectoryId, Uuid, &[u8]),
        approve: bool,
    ) -> Result<Asked, Error> {
        let (action, state) = if approve {
            ("directory.run_approved", RunState::Approved)
        } else {
            ("directory.run_discarded", RunState::Discarded)
        };
        let directory = self.find(id).await?;
        let deed = Deed::new(actor, action, self.clock.now());
        let by = (actor.id.map(|id| id.0), deed.at);
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        if !run_decide(&tx, (id, run, digest), state, by).await? {
            return Ok(Asked::Stale);
        }
        let deed = deed.with_changes(json!({ "run": run }));
        deed.done_to("directory", &tx, id.0, directory.settings.name.as_str())
            .await?;
        if approve {
            let order = Order {
                directory: id.0,
                preview: false,
                asked_by: by.0,
            };
            // One that runs just now leaves it to the next.
            order_run(&tx, &order).await?;
        }
        tx.commit().await?;
        Ok(Asked::Done)
    }

    /// The directories that a group comes from, with their names.
    pub async fn of_group(&self, id: GroupId) -> Result<Vec<(DirectoryId, String)>, Error> {
        let client = self.db.client().await?;
        Ok(directories_of(&client, Member::Group(id)).await?)
    }

    /// Says that somebody here is the one of that entry. From the next run on the directory decides about them.
    pub async fn link(
        &self,
        actor: &Actor,
        id: DirectoryId,
        (member, entry): (Member, &str),
    ) -> Result<Linked, Error> {
        let directory = self.find(id).await?;
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let name = hold(&tx, member).await?;
        match external_keep(&tx, id.0, member, Some(entry)).await {
            Ok(()) => {}
            Err(error) => {
                return match error.constraint() {
                    Some(
                        "provisioned_people_external_unique" | "provisioned_groups_external_unique",
                    ) => Ok(Linked::EntryTaken),
                    _ => Err(error.into()),
                };
            }
        }
        let deed = Deed::new(actor, "directory.linked", self.clock.now());
        self.note_link(&tx, deed, (&directory, member, &name), entry)
            .await?;
        tx.commit().await?;
        Ok(Linked::Done)
    }

    /// Says that somebody does not come from the directory any more. They stay as they are.
    pub async fn unlink(
        &self,
        actor: &Actor,
        id: DirectoryId,
        member: Member,
    ) -> Result<Linked, Error> {
        let directory = self.find(id).await?;
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let name = hold(&tx, member).await?;
        let linked = links(&tx, id).await?;
        let Some((entry, _)) = linked.iter().find(|(_, linked)| **linked == member) else {
            return Ok(Linked::Unchanged);
        };
        let (::directory::MemberId::Person(entry) | ::directory::MemberId::Group(entry)) = entry;
        external_keep(&tx, id.0, member, None).await?;
        let deed = Deed::new(actor, "directory.unlinked", self.clock.now());
        self.note_link(&tx, deed, (&directory, member, &name), &entry.0)
            .await?;
        tx.commit().await?;
        Ok(Linked::Done)
    }

    async fn note_link(
        &self,
        tx: &impl InTransaction,
        deed: Deed<'_>,
        (directory, member, name): (&Directory, Member, &str),
        entry: &str,
    ) -> Result<(), Error> {
        let (kind, id) = match member {
            Member::Person(id) => ("person", id.0),
            Member::Group(id) => ("group", id.0),
        };
        if let (Member::Person(id), true) = (member, directory.settings.sign_in) {
            tell_anew(tx, &[id], deed.at).await?;
        }
        let directory = directory.settings.name.as_str();
        let deed = deed.with_changes(json!({ "directory": directory, "entry": entry }));
        deed.done_to(kind, tx, id, name).await
    }

    fn seal(
        &self,
        id: DirectoryId,
        password: Option<&SecretString>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(password) = password else {
            return Ok(None);
        };
        let sealer = self.sealer.as_ref().ok_or(Error::NoSealer)?;
        let envelope = sealer.seal(id.0.as_bytes(), password.expose_secret().as_bytes());
        envelope.map(Some).map_err(|_| Error::NoSealer)
    }

    fn open(&self, directory: &Directory) -> Result<Option<SecretString>, Error> {
        let Some(envelope) = &directory.sealed else {
            return Ok(None);
        };
        let sealer = self.sealer.as_ref().ok_or(Error::NoSealer)?;
        let open = sealer.open(directory.id.0.as_bytes(), envelope);
        let open = open.map_err(|_| Error::NoSealer)?;
        Ok(Some(SecretString::from(
            String::from_utf8_lossy(&open).into_owned(),
        )))
    }
}

/// What came of reading.
pub(super) enum Read {
    /// Everything.
    All(Snapshot),
    /// Nothing, because of this.
    Broken(::directory::Error),
    /// Nothing: what is kept of the directory does not do any more.
    Unfit,
}

/// Enqueues a run; of each directory one at most waits or runs.
async fn order_run(tx: &impl InTransaction, order: &Order) -> Result<Asked, Error> {
    let how = Enqueue {
        max_attempts: Some(3),
        ..Enqueue::once(order.directory.to_string())
    };
    Ok(match enqueue(tx, SYNC, order, how).await? {
        Enqueued::New(_) => Asked::Done,
        Enqueued::Known => Asked::Running,
    })
}

/// The name of somebody who is kept from being changed until the transaction ends.
async fn hold(tx: &impl InTransaction, member: Member) -> Result<String, Error> {
    Ok(match member {
        Member::Person(id) => {
            let person = person_lock(tx, id).await?;
            person.ok_or(Error::PersonNotFound(id))?.display_name
        }
        Member::Group(id) => {
            nesting_lock(tx).await?;
            let group = group_lock(tx, id).await?;
            group.ok_or(Error::GroupNotFound(id))?.name
        }
    })
}

fn name_taken(error: platform_pg::Error) -> Result<Kept, Error> {
    match error.constraint() {
        Some("directories_name_unique") => Ok(Kept::NameTaken),
        _ => Err(error.into()),
    }
}
