//! What is written to FreeIPA, for people and groups that come from a directory that is written back to: there first, then
//! here. What it refuses is not done here either.
//!
//! Whom it is about is looked up by the id that never changes, each time. Everything that was asked for is written down,
//! with what it came to; passwords never.

mod access;
mod arrivals;
mod edits;
mod members;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use directory::Limits;
use directory::ipa::{AccountState, Ipa, Kind, NotDone, Refusal};
use platform::Clock;
use platform_pg::{Database, Error as StoreError};
use serde_json::json;

pub use self::arrivals::{Arrived, Newcomer};
pub(super) use self::members::Both;
use super::directories::Directories;
use super::people::{Change, People};
use super::provisioning::Provisioning;
use super::record::Deed;
use crate::domain::membership::Member;
use crate::domain::person::PersonId;
use crate::domain::source::{Directory, DirectoryId, MOST_DIRECTORIES};
use crate::error::Error;
use crate::store::person::person_find;
use crate::store::source::directory_find;
use crate::store::written_back::{WrittenBack, written_back};

/// Why something was not done.
#[derive(Debug)]
pub enum Unmade {
    /// The person comes from no directory that is written to.
    Nowhere,
    /// The directory does not know them any more.
    Gone,
    /// It cannot be asked now.
    Away,
    /// It says no; about a field of the form, if `field` names one.
    Refused(Refusal),
    /// Whom the person is to report to does not come from there.
    ManagerElsewhere,
    /// It would not do here, so nobody was asked.
    Here(Change),
    /// Something else went wrong.
    Failed(Error),
}

impl From<Error> for Unmade {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Unmade {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Unmade> for Error {
    fn from(unmade: Unmade) -> Self {
        match unmade {
            Unmade::Nowhere => Self::NotWrittenBack,
            Unmade::Gone => Self::DirectoryRefused("nobody has this id there any more".to_owned()),
            Unmade::Away => Self::DirectoryAway,
            Unmade::Refused(refusal) => Self::DirectoryRefused(refusal.said),
            Unmade::ManagerElsewhere => {
                Self::DirectoryRefused("the manager does not come from there".to_owned())
            }
            Unmade::Here(change) => Self::Refused(change),
            Unmade::Failed(error) => error,
        }
    }
}

/// Those that were asked, by their directory, with the version of it: what is changed of one is asked anew.
type Asked = HashMap<DirectoryId, (i64, Arc<Ipa>)>;

/// Asks FreeIPA. Cheap to clone.
#[derive(Clone)]
pub struct FreeIpa {
    db: Database,
    clock: Clock,
    directories: Directories,
    people: People,
    provisioning: Provisioning,
    asked: Arc<Mutex<Asked>>,
}

impl fmt::Debug for FreeIpa {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FreeIpa(..)")
    }
}

/// Somebody as FreeIPA knows them by now.
struct There {
    ipa: Arc<Ipa>,
    directory: Directory,
    login: String,
}

impl FreeIpa {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock, directories: Directories) -> Self {
        Self {
            people: People::new(db.clone(), clock.clone()),
            provisioning: Provisioning::new(db.clone(), clock.clone()),
            db,
            clock,
            directories,
            asked: Arc::default(),
        }
    }

    /// How it stands with somebody's account there.
    ///
    /// # Errors
    /// Why that is not known.
    pub async fn state(&self, id: PersonId) -> Result<AccountState, Unmade> {
        let limits = Limits::of_page();
        let there = self.there(id, &limits).await?;
        let now = self.clock.now();
        let state = there.ipa.state(&there.login, now, &limits).await;
        heard(&there.directory, state)
    }

    async fn there(&self, id: PersonId, limits: &Limits) -> Result<There, Unmade> {
        let client = self.db.client().await?;
        let place = written_back(&client, Member::Person(id)).await?;
        drop(client);
        let place = place.ok_or(Unmade::Nowhere)?;
        let (ipa, directory) = self.of(&place).await?;
        let login = ipa.login_of(&place.entry, limits).await;
        let login = heard(&directory, login.map_err(NotDone::Away))?;
        Ok(There {
            login: login.ok_or(Unmade::Gone)?,
            ipa,
            directory,
        })
    }

    async fn of(&self, place: &WrittenBack) -> Result<(Arc<Ipa>, Directory), Unmade> {
        let client = self.db.client().await?;
        let directory = directory_find(&client, place.directory).await?;
        drop(client);
        let directory = directory.ok_or(Unmade::Nowhere)?;
        Ok((self.ipa(&directory)?, directory))
    }

    /// The FreeIPA of a directory that is written to, with the session that it has by now.
    fn ipa(&self, directory: &Directory) -> Result<Arc<Ipa>, Unmade> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((version, ipa)) = asked.get(&directory.id)
            && *version == directory.version
        {
            return Ok(Arc::clone(ipa));
        }
        let source = self.directories.source(directory)?;
        let source = source.map_err(|_| Unmade::Away)?;
        let ipa = Arc::new(Ipa::of(&source).ok_or(Unmade::Nowhere)?);
        // Those of directories that are gone are not kept for ever.
        if asked.len() >= MOST_DIRECTORIES {
            asked.clear();
        }
        asked.insert(directory.id, (directory.version, Arc::clone(&ipa)));
        Ok(ipa)
    }

    /// Writes down what came of asking for something about a person.
    async fn note<T>(
        &self,
        deed: Deed<'_>,
        (id, there): (PersonId, &There),
        done: Result<T, NotDone>,
    ) -> Result<T, Unmade> {
        let done = heard(&there.directory, done);
        let (directory, login) = (there.directory.settings.name.as_str(), &there.login);
        let changes = match &done {
            Ok(_) => json!({ "directory": directory, "login": login }),
            Err(unmade) => {
                json!({ "directory": directory, "login": login, "reason": reason(unmade) })
            }
        };
        let deed = deed.with_changes(changes);
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let person = person_find(&tx, id).await?;
        let person = person.ok_or(Error::PersonNotFound(id))?;
        if done.is_ok() {
            deed.noted_of_person(&tx, &person).await?;
        } else {
            deed.refused_to_person(&tx, &person).await?;
        }
        tx.commit().await?;
        done
    }
}

/// For the audit trail: FreeIPA's own words may name people.
fn reason(unmade: &Unmade) -> &'static str {
    match unmade {
        Unmade::Refused(refusal) => refusal.kind.as_str(),
        Unmade::Gone => "gone",
        _ => "away",
    }
}

/// What FreeIPA says, with what ails the way there in the log. What that is about may name a person and stays out of it.
fn heard<T>(directory: &Directory, done: Result<T, NotDone>) -> Result<T, Unmade> {
    done.map_err(|not_done| match not_done {
        NotDone::Refused(refusal) if refusal.kind == Kind::NotFound => Unmade::Gone,
        NotDone::Refused(refusal) => Unmade::Refused(refusal),
        NotDone::Away(error) => {
            tracing::warn!(
                directory = directory.settings.name.as_str(),
                step = error.step.as_str(),
                why = error.why.as_str(),
                remedy = error.why.remedy(),
                "FreeIPA cannot be asked"
            );
            Unmade::Away
        }
    })
}
