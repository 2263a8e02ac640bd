//! Inviting people. Auth makes the link; here is who it is for.

use std::time::Duration;

use platform::identity::Assertion;
use platform::{Clock, Role};
use platform_pg::idempotency::{Answer, Attempt, keep};
use platform_pg::{Database, InTransaction};
use rpc::Call;
use rpc::auth::AuthClient;
use rpc::auth::v1::{
    CreateInvitationRequest, PutSubjectRequest, Role as WireRole, Subject, SubjectState,
};

use super::actor::Actor;
use super::once::{Once, answered};
use super::record::Deed;
use crate::domain::person::{NewPerson, Person, PersonId, State};
use crate::error::Error;
use crate::store::membership::groups_of;
use crate::store::person::{person_find, person_insert};

/// How long auth may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A link with which a person sets their own credentials. Shown once, never stored here.
#[derive(Debug)]
pub struct Invitation {
    /// Path on the platform's origin.
    pub path: String,
    /// Unix seconds.
    pub expires_at: i64,
}

/// What came of adding a person.
#[derive(Debug)]
pub enum Added {
    /// The person is there.
    Done,
    /// The same form was submitted before: the person is there already.
    Repeated,
    /// Another person has this user name.
    UsernameTaken,
    /// Another person has this mail address.
    EmailTaken,
}

/// What came of asking for a link.
#[derive(Debug)]
pub enum Link {
    /// Here it is.
    Made(Invitation),
    /// The person has credentials, or no access at all.
    NotInvited,
}

/// Invites people.
#[derive(Clone, Debug)]
pub struct Invitations {
    db: Database,
    clock: Clock,
    auth: AuthClient,
}

impl Invitations {
    /// Over the tables of this app, and auth.
    pub fn new(db: Database, clock: Clock, auth: AuthClient) -> Self {
        Self { db, clock, auth }
    }

    /// Adds a person who has no credentials yet.
    pub async fn add(&self, actor: &Actor, new: &NewPerson) -> Result<Added, Error> {
        let nothing = |_: &Person| Answer::default();
        Ok(match self.add_once(actor, new, None, nothing).await? {
            Once::Done(_) => Added::Done,
            Once::Refused(refused) => refused,
        })
    }

    /// Adds such a person for a program, and keeps under its key what is answered.
    pub async fn add_once(
        &self,
        actor: &Actor,
        new: &NewPerson,
        attempt: Option<&Attempt>,
        answer: impl FnOnce(&Person) -> Answer,
    ) -> Result<Once<Added>, Error> {
        let deed = Deed::new(actor, "person.invited", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        if let Some(answer) = answered(&tx, attempt).await? {
            return Ok(Once::Done(answer));
        }
        let added = insert(&tx, &deed, new, State::Invited).await?;
        match added {
            Added::Done => {}
            Added::Repeated => return Ok(Once::Refused(added)),
            // Of two submits of one form at the same moment, the later may meet the name of the earlier first.
            Added::UsernameTaken | Added::EmailTaken => {
                drop(tx);
                let repeated = person_find(&client, new.id).await?.is_some();
                return Ok(Once::Refused(if repeated {
                    Added::Repeated
                } else {
                    added
                }));
            }
        }
        let person = person_find(&tx, new.id).await?;
        let answer = answer(&person.ok_or(Error::PersonNotFound(new.id))?);
        keep(&tx, attempt, &answer).await?;
        tx.commit().await?;
        Ok(Once::Done(answer))
    }

    /// Adds a person who set their credentials already: the first administrator.
    pub async fn adopt(&self, tx: &impl InTransaction, new: &NewPerson) -> Result<Added, Error> {
        let actor = Actor::platform("set-up");
        let deed = Deed::new(&actor, "person.set_up", self.clock.now());
        insert(tx, &deed, new, State::Active).await
    }

    /// Makes a link for an invited person. A former link of theirs stops working.
    pub async fn link(
        &self,
        actor: &Actor,
        id: PersonId,
        on_behalf_of: Option<&Assertion>,
    ) -> Result<Link, Error> {
        let client = self.db.client().await?;
        let person = person_find(&client, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        if person.state != State::Invited {
            return Ok(Link::NotInvited);
        }
        let groups = groups_of(&client, &[id], self.clock.now())
            .await?
            .remove(&id)
            .unwrap_or_default();
        drop(client);
        let call = match on_behalf_of {
            Some(assertion) => Call::new(PATIENCE).on_behalf_of(assertion),
            None => Call::new(PATIENCE).wait_for_ready(),
        };
        // The event that tells auth of the person may still be on its way.
        let names = groups.into_iter().map(|(_, name)| name).collect();
        let request = PutSubjectRequest {
            subject: Some(subject(&person, names)),
        };
        self.auth.put_subject(call.clone(), request).await?;
        let request = CreateInvitationRequest {
            user_id: id.to_string(),
            invited_by: actor.id.map(|id| id.to_string()).unwrap_or_default(),
        };
        let made = self.auth.create_invitation(call, request).await?;
        Ok(Link::Made(Invitation {
            path: made.path,
            expires_at: made.expires_at,
        }))
    }
}

async fn insert(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    new: &NewPerson,
    state: State,
) -> Result<Added, Error> {
    match person_insert(tx, new, state, deed.at).await {
        Ok(true) => {}
        Ok(false) => return Ok(Added::Repeated),
        Err(error) => {
            return match error.constraint() {
                Some("people_username_unique") => Ok(Added::UsernameTaken),
                Some("people_email_unique" | "mail_addresses_unique") => Ok(Added::EmailTaken),
                _ => Err(error.into()),
            };
        }
    }
    let person = person_find(tx, new.id)
        .await?
        .ok_or(Error::PersonNotFound(new.id))?;
    deed.done_to_person(tx, &person).await?;
    Ok(Added::Done)
}

/// A person as auth needs to know them.
fn subject(person: &Person, groups: Vec<String>) -> Subject {
    let role = match person.role {
        Role::Guest => WireRole::Guest,
        Role::User => WireRole::User,
        Role::Admin => WireRole::Admin,
    };
    let state = match person.state {
        State::Invited => SubjectState::Invited,
        State::Active => SubjectState::Active,
        State::Suspended | State::Expired | State::Deleted => SubjectState::Disabled,
    };
    Subject {
        user_id: person.id.to_string(),
        username: person.username.clone(),
        email: person.email.clone(),
        display_name: person.display_name.clone(),
        role: role.into(),
        groups,
        state: state.into(),
        locale: person.locale.clone(),
        zone: person.zone.clone(),
        theme: person.theme.clone(),
        version: person.version,
    }
}
