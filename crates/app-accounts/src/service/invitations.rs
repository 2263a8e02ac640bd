//! Inviting people. Auth makes the link; here is who it is for.

use std::time::Duration;

use jiff::Timestamp;
use platform::identity::Assertion;
use platform::{Clock, Role};
use platform_pg::idempotency::{Answer, Attempt, keep};
use platform_pg::{Database, GenericClient, InTransaction};
use rpc::Call;
use rpc::auth::AuthClient;
use rpc::auth::v1::{
    CreateInvitationRequest, PutSubjectRequest, Role as WireRole, Subject, SubjectState,
};

use super::actor::Actor;
use super::entering::{Entrants, enter, send_all};
use super::mailer::Mailer;
use super::once::{Once, answered};
use super::people::{store, today};
use super::record::Deed;
use super::sponsors::{Sponsoring, sponsored};
use crate::domain::invitation::{Invitation as Standing, Invite, Lasts, OpenInvitation, Stage};
use crate::domain::person::{NewPerson, Person, PersonId, State};
use crate::error::Error;
use crate::store::invitation::{invitation_find, invitation_list, invitation_step};
use crate::store::membership::{Part, Span, groups_of};
use crate::store::password_place::password_places;
use crate::store::person::{person_find, person_insert, person_lock, person_set_end};

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
    /// One of the groups is gone.
    GroupGone,
    /// Whoever is to answer for the guest cannot.
    SponsorUnfit,
    /// The last day, or the end in the groups, is over already.
    EndPassed,
    /// Administrators have no last day: somebody has to be left.
    AdministratorEnds,
}

/// What came of asking for a link.
#[derive(Debug)]
pub enum Link {
    /// Here it is.
    Made(Invitation),
    /// The person has credentials, or no access at all.
    NotInvited,
}

/// What came of a step with an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is so now.
    Done,
    /// It was so before.
    Unchanged,
    /// The person accepted, or has no access at all.
    NotInvited,
}

/// Invites people.
#[derive(Clone, Debug)]
pub struct Invitations {
    db: Database,
    clock: Clock,
    auth: AuthClient,
    mailer: Mailer,
}

impl Invitations {
    /// Over the tables of this app, auth, and mail.
    pub fn new(db: Database, clock: Clock, (auth, mailer): (AuthClient, Mailer)) -> Self {
        Self {
            db,
            clock,
            auth,
            mailer,
        }
    }

    /// Adds a person who has no credentials yet.
    pub async fn add(&self, actor: &Actor, invite: &Invite) -> Result<Added, Error> {
        let nothing = |_: &Person| Answer::default();
        Ok(match self.add_once(actor, invite, None, nothing).await? {
            Once::Done(_) => Added::Done,
            Once::Refused(refused) => refused,
        })
    }

    /// Adds such a person for a program, and keeps under its key what is answered.
    pub async fn add_once(
        &self,
        actor: &Actor,
        invite: &Invite,
        attempt: Option<&Attempt>,
        answer: impl FnOnce(&Person) -> Answer,
    ) -> Result<Once<Added>, Error> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        if let Some(answer) = answered(&tx, attempt).await? {
            return Ok(Once::Done(answer));
        }
        let id = invite.person.id;
        match self.add_in(&tx, actor, invite).await? {
            Added::Done => {}
            // Of two submits of one form at the same moment, the later may meet the name of the earlier first.
            taken @ (Added::UsernameTaken | Added::EmailTaken) => {
                drop(tx);
                let repeated = person_find(&client, id).await?.is_some();
                return Ok(Once::Refused(if repeated {
                    Added::Repeated
                } else {
                    taken
                }));
            }
            refused => return Ok(Once::Refused(refused)),
        }
        let person = person_find(&tx, id).await?;
        let answer = answer(&person.ok_or(Error::PersonNotFound(id))?);
        keep(&tx, attempt, &answer).await?;
        tx.commit().await?;
        Ok(Once::Done(answer))
    }

    /// Adds such a person within a transaction. Nothing may be committed unless they were added.
    pub(super) async fn add_in(
        &self,
        tx: &impl InTransaction,
        actor: &Actor,
        invite: &Invite,
    ) -> Result<Added, Error> {
        let deed = Deed::new(actor, "person.invited", self.clock.now());
        if let Some(refusal) = end_refusal(invite, deed.at) {
            return Ok(refusal);
        }
        let new = &invite.person;
        match insert(tx, new, State::Invited, deed.at).await? {
            Added::Done => {}
            refused => return Ok(refused),
        }
        if let Some(day) = invite.ends_on {
            person_set_end(tx, new.id, day).await?;
        }
        let entrants = Entrants {
            people: vec![(new.id, &invite.groups)],
            groups_end: invite.groups_end,
            letter: &invite.letter,
        };
        if !enter(tx, &deed, &entrants).await? {
            return Ok(Added::GroupGone);
        }
        if let Some(sponsor) = invite.sponsor.filter(|_| new.role == Role::Guest) {
            let deed = Deed::new(actor, "person.sponsored", deed.at);
            let guest = find(tx, new.id).await?;
            if sponsored(tx, deed, &guest, sponsor).await? == Sponsoring::Unfit {
                return Ok(Added::SponsorUnfit);
            }
        }
        Ok(Added::Done)
    }

    /// Adds a person who set their credentials already: the first administrator.
    pub async fn adopt(&self, tx: &impl InTransaction, new: &NewPerson) -> Result<Added, Error> {
        let actor = Actor::platform("set-up");
        let deed = Deed::new(&actor, "person.set_up", self.clock.now());
        let added = insert(tx, new, State::Active, deed.at).await?;
        if let Added::Done = added {
            let person = person_find(tx, new.id).await?;
            let person = person.ok_or(Error::PersonNotFound(new.id))?;
            deed.done_to_person(tx, &person).await?;
        }
        Ok(added)
    }

    /// Makes a link for an invited person to pass on. A former link of theirs stops working.
    pub async fn link(
        &self,
        actor: &Actor,
        id: PersonId,
        on_behalf_of: Option<&Assertion>,
    ) -> Result<Link, Error> {
        let at = self.clock.now();
        let client = self.db.client().await?;
        let person = find(&client, id).await?;
        if person.state != State::Invited {
            return Ok(Link::NotInvited);
        }
        let known = invitation_find(&client, id).await?;
        drop(client);
        let lasts = known.map_or_else(Lasts::default, |known| known.lasts);
        let call = match on_behalf_of {
            Some(assertion) => Call::new(PATIENCE).on_behalf_of(assertion),
            None => Call::new(PATIENCE).wait_for_ready(),
        };
        let made = self.make_link(&person, (actor.id, lasts), call).await?;
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let expires_at = Timestamp::from_second(made.expires_at).ok();
        invitation_step(&tx, id, Stage::Shown, at, expires_at).await?;
        Deed::new(actor, "person.invitation_link", at)
            .noted_of_person(&tx, &person)
            .await?;
        tx.commit().await?;
        Ok(Link::Made(made))
    }

    /// Has auth make a link for a person.
    pub(super) async fn make_link(
        &self,
        person: &Person,
        (by, lasts): (Option<PersonId>, Lasts),
        call: Call,
    ) -> Result<Invitation, Error> {
        let client = self.db.client().await?;
        let groups = groups_of(&client, &[person.id], self.clock.now())
            .await?
            .remove(&person.id)
            .unwrap_or_default();
        let place = password_places(&client, &[person.id]).await?;
        let place = place.into_values().next().map(|place| place.name);
        drop(client);
        // The event that tells auth of the person may still be on its way.
        let names = groups.into_iter().map(|(_, name)| name).collect();
        let request = PutSubjectRequest {
            subject: Some(Subject {
                password_directory: place.unwrap_or_default(),
                ..subject(person, names)
            }),
        };
        self.auth.put_subject(call.clone(), request).await?;
        let request = CreateInvitationRequest {
            user_id: person.id.to_string(),
            invited_by: by.map(|id| id.to_string()).unwrap_or_default(),
            lasts_days: lasts.get().into(),
        };
        let made = self.auth.create_invitation(call, request).await?;
        Ok(Invitation {
            path: made.path,
            expires_at: made.expires_at,
        })
    }

    /// Mails an invited person a new link. Their former one works until then.
    pub async fn resend(&self, actor: &Actor, id: PersonId) -> Result<Asked, Error> {
        let deed = Deed::new(actor, "person.invitation_resent", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let person = person_lock(&tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        let known = invitation_find(&tx, id).await?;
        let Some(known) = known.filter(|_| person.state == State::Invited) else {
            return Ok(Asked::NotInvited);
        };
        if known.stage == Stage::Sending {
            return Ok(Asked::Unchanged);
        }
        invitation_step(&tx, id, Stage::Sending, deed.at, None).await?;
        send_all(&tx, &[id]).await?;
        deed.noted_of_person(&tx, &person).await?;
        tx.commit().await?;
        Ok(Asked::Done)
    }

    /// Takes an invitation back: its links work no more, and the person goes into the trash. Whoever restores them
    /// has to send a new link.
    pub async fn revoke(&self, actor: &Actor, id: PersonId) -> Result<Asked, Error> {
        let deed = Deed::new(actor, "person.invitation_revoked", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let before = person_lock(&tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        if before.state != State::Invited {
            return Ok(Asked::NotInvited);
        }
        invitation_step(&tx, id, Stage::Revoked, deed.at, None).await?;
        deed.noted_of_person(&tx, &before).await?;
        let mut after = before.clone();
        after.lock(State::Deleted, deed.at);
        // Auth drops the links of whoever loses their access.
        let trashed = Deed::new(actor, "person.trashed", deed.at);
        store(&tx, trashed, &before, after).await?;
        tx.commit().await?;
        Ok(Asked::Done)
    }

    /// The invitation of a person, if they have not accepted it.
    pub async fn of(&self, person: &Person) -> Result<Option<Standing>, Error> {
        if person.state != State::Invited {
            return Ok(None);
        }
        let client = self.db.client().await?;
        Ok(invitation_find(&client, person.id).await?)
    }

    /// Open invitations, oldest first: those of a stage, those of people found by `query`.
    pub async fn open(
        &self,
        stage: Option<Stage>,
        query: Option<&str>,
        span: Span,
    ) -> Result<Part<OpenInvitation>, Error> {
        let (at, client) = (self.clock.now(), self.db.client().await?);
        let mut part = invitation_list(&client, (stage, query), at, span).await?;
        for row in &mut part.rows {
            let invitation = &mut row.invitation;
            invitation.stage = invitation.stage.at(at, invitation.expires_at);
        }
        Ok(part)
    }

    /// Whether links can be mailed.
    pub async fn can_mail(&self) -> bool {
        self.mailer.is_ready().await
    }
}

async fn find(client: &impl GenericClient, id: PersonId) -> Result<Person, Error> {
    let found = person_find(client, id).await?;
    found.ok_or(Error::PersonNotFound(id))
}

/// What is wrong with the ends that were asked for.
fn end_refusal(invite: &Invite, at: Timestamp) -> Option<Added> {
    let today = today(at);
    if invite.ends_on.is_some() && invite.person.role == Role::Admin {
        return Some(Added::AdministratorEnds);
    }
    let past = invite.ends_on.is_some_and(|day| day < today)
        || invite.groups_end.is_some_and(|end| end <= at);
    past.then_some(Added::EndPassed)
}

async fn insert(
    tx: &impl InTransaction,
    new: &NewPerson,
    state: State,
    at: Timestamp,
) -> Result<Added, Error> {
    match person_insert(tx, new, state, at).await {
        Ok(true) => Ok(Added::Done),
        Ok(false) => Ok(Added::Repeated),
        Err(error) => match error.constraint() {
            Some("people_username_unique") => Ok(Added::UsernameTaken),
            Some("people_email_unique" | "mail_addresses_unique") => Ok(Added::EmailTaken),
            _ => Err(error.into()),
        },
    }
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
        ..Subject::default()
    }
}
