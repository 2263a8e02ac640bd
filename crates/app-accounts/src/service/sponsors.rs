//! Who answers for which guest. Administrators name them; whoever leaves stays named until somebody else is, and their
//! guests are listed as having nobody.

use platform::{Clock, Role};
use platform_pg::{Database, InTransaction};
use serde_json::json;

use super::actor::Actor;
use super::record::Deed;
use crate::domain::person::{Person, PersonId, State};
use crate::domain::sponsorship::{Guest, Sponsor};
use crate::error::Error;
use crate::store::membership::{Part, Span};
use crate::store::person::{person_find, person_lock};
use crate::store::sponsorship::{
    guest_list, guests_of, guests_without, sponsor_delete, sponsor_hand_over, sponsor_of,
    sponsor_put, sponsor_put_all,
};

/// Most guests of one person that are shown.
const MOST_OF_ONE: i64 = 200;

/// What came of naming somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sponsoring {
    /// It is so now; of how many guests.
    Done(usize),
    /// It was so before.
    Unchanged,
    /// The person is no guest.
    NotGuest,
    /// Whoever was named is a guest, has no access, or is the guest.
    Unfit,
    /// Only administrators may.
    Forbidden,
}

/// Names who answers for guests.
#[derive(Clone, Debug)]
pub struct Sponsors {
    db: Database,
    clock: Clock,
}

impl Sponsors {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Who was named to answer for a person, if they are a guest.
    pub async fn of(&self, person: &Person) -> Result<Option<Sponsor>, Error> {
        if person.role != Role::Guest {
            return Ok(None);
        }
        let client = self.db.client().await?;
        Ok(sponsor_of(&client, person.id).await?)
    }

    /// The guests somebody answers for, by name; at most 200.
    pub async fn guests_of(&self, sponsor: PersonId) -> Result<Vec<Guest>, Error> {
        let client = self.db.client().await?;
        Ok(guests_of(&client, sponsor, MOST_OF_ONE).await?)
    }

    /// Guests by name: found by `query`, only those for whom nobody answers if `without`.
    pub async fn list(
        &self,
        query: Option<&str>,
        without: bool,
        span: Span,
    ) -> Result<Part<Guest>, Error> {
        let client = self.db.client().await?;
        Ok(guest_list(&client, (query, without), span).await?)
    }

    /// How many guests nobody answers for.
    pub async fn without(&self) -> Result<i64, Error> {
        let client = self.db.client().await?;
        Ok(guests_without(&client).await?)
    }

    /// An administrator names who answers for a guest, or that nobody does.
    pub async fn set(
        &self,
        actor: &Actor,
        guest: PersonId,
        sponsor: Option<PersonId>,
    ) -> Result<Sponsoring, Error> {
        let deed = Deed::new(actor, "person.sponsored", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let person = person_lock(&tx, guest).await?;
        let person = person.ok_or(Error::PersonNotFound(guest))?;
        if !actor.administers {
            deed.refused_to_person(&tx, &person).await?;
            tx.commit().await?;
            return Ok(Sponsoring::Forbidden);
        }
        if person.role != Role::Guest {
            return Ok(Sponsoring::NotGuest);
        }
        let named = match sponsor {
            Some(sponsor) => sponsored(&tx, deed, &person, sponsor).await?,
            None if sponsor_delete(&tx, guest).await? => {
                Deed::new(actor, "person.unsponsored", self.clock.now())
                    .noted_of_person(&tx, &person)
                    .await?;
                Sponsoring::Done(1)
            }
            None => Sponsoring::Unchanged,
        };
        tx.commit().await?;
        Ok(named)
    }

    /// An administrator lets one person answer for all guests of another.
    pub async fn hand_over(
        &self,
        actor: &Actor,
        from: PersonId,
        to: PersonId,
    ) -> Result<Sponsoring, Error> {
        let deed = Deed::new(actor, "person.sponsored", self.clock.now());
        if !actor.administers {
            return Ok(Sponsoring::Forbidden);
        }
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let Some(sponsor) = fit(&tx, to).await? else {
            return Ok(Sponsoring::Unfit);
        };
        let moved = sponsor_hand_over(&tx, (from, to), deed.at).await?;
        if moved.is_empty() {
            return Ok(Sponsoring::Unchanged);
        }
        let count = moved.len();
        let targets = moved
            .into_iter()
            .map(|(id, name)| (id.0, name, described(&sponsor)));
        deed.done_to_each("person", &tx, targets.collect()).await?;
        tx.commit().await?;
        Ok(Sponsoring::Done(count))
    }
}

/// Names who answers for a guest, within a transaction.
pub(super) async fn sponsored(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    guest: &Person,
    sponsor: PersonId,
) -> Result<Sponsoring, Error> {
    let Some(sponsor) = fit(tx, sponsor).await?.filter(|found| found.id != guest.id) else {
        return Ok(Sponsoring::Unfit);
    };
    if !sponsor_put(tx, (guest.id, sponsor.id), deed.at).await? {
        return Ok(Sponsoring::Unchanged);
    }
    deed.with_changes(described(&sponsor))
        .noted_of_person(tx, guest)
        .await?;
    Ok(Sponsoring::Done(1))
}

/// Names who answers for each of some guests, who were just added, within a transaction. `false`: one of those named
/// cannot answer for guests; then nothing may be committed.
pub(super) async fn sponsored_all(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    pairs: &[(PersonId, PersonId)],
) -> Result<bool, Error> {
    if pairs.is_empty() {
        return Ok(true);
    }
    let put = sponsor_put_all(tx, pairs, deed.at).await?;
    let is_whole = put.len() == pairs.len();
    let noted = put.into_iter().map(|put| {
        let ((guest, guest_name), (sponsor, name)) = (put.guest, put.sponsor);
        (
            guest.0,
            guest_name,
            json!({ "person": sponsor.0, "name": name }),
        )
    });
    deed.done_to_each("person", tx, noted.collect()).await?;
    Ok(is_whole)
}

/// A person who can answer for guests.
async fn fit(tx: &impl InTransaction, id: PersonId) -> Result<Option<Person>, Error> {
    let found = person_find(tx, id).await?;
    Ok(found.filter(|found| found.state == State::Active && found.role != Role::Guest))
}

/// In the form by which the name is found when that person is to be forgotten.
fn described(sponsor: &Person) -> serde_json::Value {
    json!({ "person": sponsor.id.0, "name": sponsor.display_name })
}
