//! Changing people: by themselves and by administrators. Guards the last administrator.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::{Clock, Role};
use platform_pg::{Database, InTransaction, Transaction};

use super::actor::Actor;
use super::record::{Deed, differences};
use crate::domain::person::{Edit, Manager, Person, PersonId, Profile, State};
use crate::error::Error;
use crate::store::person::{administrators_besides, person_find, person_lock, person_update};
use crate::store::reporting::reporting_would_circle;

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is so now.
    Done,
    /// It was so before.
    Unchanged,
    /// Another person has this user name.
    UsernameTaken,
    /// Another person has this mail address.
    EmailTaken,
    /// Somebody else changed the person since the form was opened.
    Stale,
    /// Nobody would be left to administer the platform.
    LastAdministrator,
    /// People do not change their own role or access.
    Oneself,
    /// The person has no credentials yet; an invitation is what activates them.
    NotAccepted,
    /// The person is in the trash; only restoring changes them.
    InTrash,
    /// The person is not in the trash.
    NotInTrash,
    /// The last day is over already.
    EndPassed,
    /// Administrators have no last day: somebody has to be left.
    AdministratorEnds,
    /// Only administrators may.
    Forbidden,
    /// Whom the person is to report to is not there.
    ManagerGone,
    /// The person would report to themselves, or to somebody who reports to them.
    ManagerBelow,
}

/// Changes people.
#[derive(Clone, Debug)]
pub struct People {
    db: Database,
    clock: Clock,
}

impl People {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// A person changes what they may change of themselves.
    pub async fn change_profile(
        &self,
        actor: &Actor,
        id: PersonId,
        profile: Profile,
    ) -> Result<Change, Error> {
        let deed = Deed::new(actor, "person.profile_changed", self.clock.now());
        self.alone(deed, id, |person| apply_profile(person, profile))
            .await
    }

    /// A person chooses a language or a theme; empty leaves it as it is.
    pub async fn change_preferences(
        &self,
        tx: &impl InTransaction,
        id: PersonId,
        locale: &str,
        theme: &str,
    ) -> Result<Change, Error> {
        let actor = Actor::platform("preferences");
        let deed = Deed::new(&actor, "person.preferences_changed", self.clock.now());
        change(tx, deed, id, |person| {
            if !locale.is_empty() {
                locale.clone_into(&mut person.locale);
            }
            match theme {
                "" => {}
                "system" => person.theme.clear(),
                theme => theme.clone_into(&mut person.theme),
            }
        })
        .await
    }

    /// An administrator changes a person, unless somebody did since `version`.
    pub async fn edit(
        &self,
        actor: &Actor,
        id: PersonId,
        version: i64,
        edit: Edit,
    ) -> Result<Change, Error> {
        let deed = Deed::new(actor, "person.edited", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let change = apply_edit(&tx, deed, (id, version), edit).await?;
        settle(tx, change).await
    }

    /// What would come of that; nothing is changed or written down.
    pub(super) async fn would_edit(
        &self,
        actor: &Actor,
        which: (PersonId, i64),
        edit: Edit,
    ) -> Result<Change, Error> {
        let deed = Deed::new(actor, "person.edited", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // Not committed.
        apply_edit(&tx, deed, which, edit).await
    }

    /// An administrator gives or takes away access. Who had an end has none after it is given.
    pub async fn set_access(
        &self,
        actor: &Actor,
        id: PersonId,
        access: bool,
    ) -> Result<Change, Error> {
        let action = if access {
            "person.enabled"
        } else {
            "person.disabled"
        };
        let deed = Deed::new(actor, action, self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let before = person_lock(&tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        let mut after = before.clone();
        if !access {
            after.lock(State::Suspended, deed.at);
        } else if before.state.access() == "disabled" {
            after.unlock();
            after.ends_on = after.ends_on.filter(|day| *day >= today(deed.at));
        }
        let change = match before.state {
            _ if actor.is(id) => refuse(&tx, deed, &before, Change::Oneself).await?,
            State::Deleted => refuse(&tx, deed, &before, Change::InTrash).await?,
            State::Invited if access => refuse(&tx, deed, &before, Change::NotAccepted).await?,
            State::Suspended | State::Expired if !access => Change::Unchanged,
            _ => store(&tx, deed, &before, after).await?,
        };
        settle(tx, change).await
    }

    /// The operator makes a person an administrator.
    pub async fn promote(&self, actor: &Actor, id: PersonId) -> Result<Change, Error> {
        let deed = Deed::new(actor, "person.promoted", self.clock.now());
        self.alone(deed, id, |person| person.role = Role::Admin)
            .await
    }

    /// An invited person set their credentials.
    pub async fn activate(&self, tx: &impl InTransaction, id: PersonId) -> Result<Change, Error> {
        let actor = Actor::platform("invitation");
        let deed = Deed::new(&actor, "person.activated", self.clock.now());
        change(tx, deed, id, |person| {
            if person.state == State::Invited {
                person.state = State::Active;
            }
        })
        .await
    }

    /// One change in a transaction of its own.
    async fn alone(
        &self,
        deed: Deed<'_>,
        id: PersonId,
        apply: impl FnOnce(&mut Person),
    ) -> Result<Change, Error> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let change = change(&tx, deed, id, apply).await?;
        settle(tx, change).await
    }
}

/// The day it is, in UTC.
pub(super) fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// The person as an administrator wants them, unless somebody changed them since that version.
async fn apply_edit(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    (id, version): (PersonId, i64),
    edit: Edit,
) -> Result<Change, Error> {
    let before = person_lock(tx, id)
        .await?
        .ok_or(Error::PersonNotFound(id))?;
    if before.version != version {
        return Ok(Change::Stale);
    }
    let today = today(deed.at);
    if edit.ends_on != before.ends_on && edit.ends_on.is_some_and(|day| day < today) {
        return Ok(Change::EndPassed);
    }
    if edit.ends_on.is_some() && edit.role == Role::Admin {
        return Ok(Change::AdministratorEnds);
    }
    let mut after = before.clone();
    after.ends_on = edit.ends_on;
    if before.state == State::Expired && edit.ends_on.is_none_or(|day| day >= today) {
        after.unlock();
    }
    after.username = edit.username.to_string();
    after.role = edit.role;
    after.title = edit.title.to_string();
    after.department = edit.department.to_string();
    apply_profile(&mut after, edit.profile);
    match manager_for(tx, &before, edit.manager).await? {
        Ok(manager) => after.manager = manager,
        Err(refusal) => return Ok(refusal),
    }
    if before.state == State::Deleted {
        refuse(tx, deed, &before, Change::InTrash).await
    } else if after.role != before.role && deed.actor.is(id) {
        refuse(tx, deed, &before, Change::Oneself).await
    } else {
        store(tx, deed, &before, after).await
    }
}

/// One change within a transaction.
pub(super) async fn change(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    id: PersonId,
    apply: impl FnOnce(&mut Person),
) -> Result<Change, Error> {
    let before = person_lock(tx, id)
        .await?
        .ok_or(Error::PersonNotFound(id))?;
    let mut after = before.clone();
    apply(&mut after);
    store(tx, deed, &before, after).await
}

/// Commits unless nothing was written. A refusal is written too: into the audit trail.
pub(super) async fn settle(tx: Transaction<'_>, change: Change) -> Result<Change, Error> {
    match change {
        Change::Unchanged
        | Change::Stale
        | Change::UsernameTaken
        | Change::EmailTaken
        | Change::EndPassed
        | Change::AdministratorEnds
        | Change::ManagerGone
        | Change::ManagerBelow => {}
        _ => tx.commit().await?,
    }
    Ok(change)
}

fn apply_profile(person: &mut Person, profile: Profile) {
    person.display_name = profile.display_name.to_string();
    person.given_name = profile.given_name.to_string();
    person.family_name = profile.family_name.to_string();
    person.phone = profile.phone.to_string();
    person.zone = profile.zone;
}

/// The manager of that id, if `person` may report to them; one who stays is not looked at anew.
pub(super) async fn manager_for(
    tx: &impl InTransaction,
    person: &Person,
    wanted: Option<PersonId>,
) -> Result<Result<Option<Manager>, Change>, Error> {
    let now = person.manager.as_ref();
    let Some(wanted) = wanted.filter(|id| now.is_none_or(|now| now.id != *id)) else {
        return Ok(Ok(wanted.and(now.cloned())));
    };
    if reporting_would_circle(tx, person.id, wanted).await? {
        return Ok(Err(Change::ManagerBelow));
    }
    let found = person_find(tx, wanted).await?;
    Ok(found
        .filter(|found| found.state != State::Deleted)
        .map(|found| Some(found.as_manager()))
        .ok_or(Change::ManagerGone))
}

/// Writes the person as they are to be, unless that leaves nobody in charge.
pub(super) async fn store(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    before: &Person,
    mut after: Person,
) -> Result<Change, Error> {
    let changes = differences(before, &after);
    if changes.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(Change::Unchanged);
    }
    if before.is_active_administrator()
        && !after.is_active_administrator()
        && administrators_besides(tx, before.id).await? == 0
    {
        return refuse(tx, deed, before, Change::LastAdministrator).await;
    }
    match person_update(tx, &after, deed.at).await {
        Ok(version) => after.version = version,
        Err(error) => {
            return match error.constraint() {
                Some("people_username_unique") => Ok(Change::UsernameTaken),
                Some("people_email_unique" | "mail_addresses_unique") => Ok(Change::EmailTaken),
                // Gone for good since they were looked up.
                Some("people_manager_fk") => Ok(Change::ManagerGone),
                _ => Err(error.into()),
            };
        }
    }
    deed.with_changes(changes)
        .done_to_person(tx, &after)
        .await?;
    Ok(Change::Done)
}

/// Refuses, and says so in the audit trail.
pub(super) async fn refuse(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    person: &Person,
    why: Change,
) -> Result<Change, Error> {
    let reason = serde_json::json!({ "reason": format!("{why:?}") });
    deed.with_changes(reason)
        .refused_to_person(tx, person)
        .await?;
    Ok(why)
}
