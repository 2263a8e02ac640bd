//! What other people sign in with: looking at it and asking for more, by administrators.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::factor::{Requirement, Standing};
use crate::domain::grace::Grace;
use crate::domain::login::LoginKey;
use crate::domain::session::EndReason;
use crate::domain::subject::{Subject, UserId};
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::sessions::Sessions;
use crate::store::factor_policy::{PersonFactors, person_factors_find, person_requirement_put};
use crate::store::graces::{grace_end, grace_find};
use crate::store::passkeys::{ListedPasskey, passkey_list};
use crate::store::people::{ListedPerson, people_list};
use crate::store::second_factors::standing_find;
use crate::store::sessions::session_end_weaker;
use crate::store::subjects::{subject_find, subject_hold_alone};

/// Most people of a list.
const MOST_LISTED: i64 = 200;

/// A person, what they sign in with, and what is asked of them.
#[derive(Debug)]
pub(crate) struct Person {
    /// Who.
    pub(crate) subject: Subject,
    /// What they have, passkeys aside.
    pub(crate) factors: PersonFactors,
    /// Their passkeys.
    pub(crate) passkeys: Vec<ListedPasskey>,
    /// What they have and what is asked, in short.
    pub(crate) standing: Standing,
    /// Until when they can put it off.
    pub(crate) grace_ends_at: Option<Timestamp>,
}

/// Use cases around other people's factors. Cheap to clone.
#[derive(Clone)]
pub(crate) struct PeopleFactors {
    core: Arc<Core>,
    sessions: Sessions,
}

impl PeopleFactors {
    pub(crate) fn new(core: Arc<Core>, sessions: Sessions) -> Self {
        Self { core, sessions }
    }

    /// People whose name or address fits, with what they have in short; at most 200.
    pub(crate) async fn list(&self, words: &str) -> Result<Vec<ListedPerson>, Error> {
        let words = LoginKey::of(words);
        let db = self.core.db.client().await?;
        Ok(people_list(&db, words.as_str(), MOST_LISTED).await?)
    }

    /// What somebody signs in with.
    pub(crate) async fn show(&self, who: UserId) -> Result<Person, Error> {
        let db = self.core.db.client().await?;
        let subject = subject_find(&db, who).await?;
        let subject = subject.ok_or(Error::SubjectNotFound)?;
        let standing = standing_find(&db, &subject).await?;
        let grace = grace_find(&db, (who, standing.required)).await?;
        Ok(Person {
            factors: person_factors_find(&db, who).await?,
            passkeys: passkey_list(&db, who).await?,
            grace_ends_at: grace.map(Grace::ends_at),
            standing,
            subject,
        })
    }

    /// Asks a person for at least `requirement` from now on, without any more time, and ends their sessions in which
    /// less was proven. Nothing takes back what was asked of them alone.
    pub(crate) async fn require(
        &self,
        (who, requirement): (UserId, Requirement),
        audit: Audit,
    ) -> Result<(), Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let held = subject_hold_alone(&tx, who).await?;
        let subject = held.ok_or(Error::SubjectNotFound)?;
        person_requirement_put(&tx, (who, requirement), now).await?;
        audit.subject(Some(who)).record(&tx, now).await?;
        let mut ended = Vec::new();
        if requirement != Requirement::None {
            let required = standing_find(&tx, &subject).await?.required;
            grace_end(&tx, (who, required), now).await?;
            let end = (now, EndReason::FactorRequired.name());
            ended = session_end_weaker(&tx, (who, &required.meeting()), end).await?;
            FactorNotice::to(who, Happening::FactorRequired, now)
                .enqueue(&tx)
                .await?;
        }
        tx.commit().await?;
        drop(db);
        self.sessions.announce(&ended, now).await;
        self.core.has_other_factors(who).await;
        Ok(())
    }
}
