//! Passwords that directories keep: auth asks, the directory that somebody comes from answers.
//!
//! Nothing of it is kept or written down here: auth counts the tries, and keeps the audit trail of them.

use std::fmt;
use std::sync::Arc;

use directory::{Changed, Limits, Passwords, Source, Verdict, Whose};
use platform::Clock;
use platform_pg::Database;
use secrecy::SecretString;

use super::directories::Directories;
use crate::domain::person::PersonId;
use crate::domain::source::Directory;
use crate::error::Error;
use crate::store::password_place::{PasswordPlace, password_places};
use crate::store::person::person_find;
use crate::store::source::directory_find;

/// Asks directories about passwords. Cheap to clone.
#[derive(Clone)]
pub struct DirectoryPasswords {
    directories: Directories,
    passwords: Arc<Passwords>,
    db: Database,
    clock: Clock,
}

impl fmt::Debug for DirectoryPasswords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DirectoryPasswords(..)")
    }
}

/// Where to ask about somebody, or how it stands with them without asking.
type Way = Result<(PasswordPlace, Directory), Verdict>;

impl DirectoryPasswords {
    /// Over the tables of this app.
    pub fn new(directories: Directories, db: Database, clock: Clock) -> Self {
        Self {
            directories,
            passwords: Arc::default(),
            db,
            clock,
        }
    }

    /// How it stands with a password of somebody.
    ///
    /// # Errors
    /// The directory cannot be asked.
    pub async fn verify(&self, id: PersonId, password: SecretString) -> Result<Verdict, Error> {
        let (place, directory) = match self.way(id).await? {
            Ok(way) => way,
            Err(verdict) => return Ok(verdict),
        };
        let source = self.source(&directory)?;
        let limits = Limits::of_sign_in();
        let asked = self
            .passwords
            .verify((&source, &limits), self.whose(&place), &password);
        asked.await.map_err(|error| away(&directory, &error))
    }

    /// Puts another password in the place of the old one.
    ///
    /// # Errors
    /// The directory cannot be asked.
    pub async fn change(
        &self,
        id: PersonId,
        (old, new): (SecretString, SecretString),
    ) -> Result<Changed, Error> {
        let (place, directory) = match self.way(id).await? {
            Ok(way) => way,
            Err(verdict) => return Ok(Changed::NotOpened(verdict)),
        };
        let source = self.source(&directory)?;
        let limits = Limits::of_sign_in();
        let asked = self
            .passwords
            .change((&source, &limits), self.whose(&place), (&old, &new));
        asked.await.map_err(|error| away(&directory, &error))
    }

    /// Whoever has no access here is not asked about: the directory does not decide about that.
    async fn way(&self, id: PersonId) -> Result<Way, Error> {
        let client = self.db.client().await?;
        let person = person_find(&client, id).await?;
        if person.is_some_and(|person| person.state.access() == "disabled") {
            return Ok(Err(Verdict::Locked));
        }
        let mut places = password_places(&client, &[id]).await?;
        let Some(place) = places.remove(&id) else {
            return Ok(Err(Verdict::Gone));
        };
        let directory = directory_find(&client, place.directory).await?;
        Ok(directory
            .map(|directory| (place, directory))
            .ok_or(Verdict::Gone))
    }

    fn whose<'a>(&self, place: &'a PasswordPlace) -> Whose<'a> {
        Whose {
            id: &place.entry,
            now: self.clock.now(),
        }
    }

    fn source(&self, directory: &Directory) -> Result<Source, Error> {
        let source = self.directories.source(directory)?;
        source.map_err(|_| Error::DirectoryAway)
    }
}

/// What it is about may name a person and stays out of the log; at which step it ended says whom to ask.
fn away(directory: &Directory, error: &::directory::Error) -> Error {
    tracing::warn!(
        directory = directory.settings.name.as_str(),
        step = error.step.as_str(),
        why = error.why.as_str(),
        remedy = error.why.remedy(),
        "a directory cannot be asked about a password"
    );
    Error::DirectoryAway
}
