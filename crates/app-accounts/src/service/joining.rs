//! Coming into a group by oneself: joining, asking for it, withdrawing, leaving, and deciding on what was asked.

use platform::Clock;
use platform_pg::{Database, Enqueue, InTransaction, Transaction, jobs};
use serde_json::{Value, json};

use super::actor::Actor;
use super::managers::may_manage;
use super::memberships::{MemberChange, admit, described};
use super::record::{Deed, groups_changed};
use super::request_notices::{TELL, Tell};
use super::rule_following::sort_later;
use crate::domain::group::GroupId;
use crate::domain::joining::{Joinable, Joining as How, Managed, Request, RequestId, RequestState};
use crate::domain::membership::Member;
use crate::domain::name::Line;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::store::group::group_lock;
use crate::store::managing::managed_by;
use crate::store::membership::{Span, member_end, member_remove, nesting_hold};
use crate::store::request::{
    joinable_list, leavable_list, request_decide, request_insert, request_lock, requests_of_group,
    requests_of_person,
};

/// Most groups shown that a person manages.
const MOST_MANAGED: i64 = 500;
/// Most requests shown at once.
const MOST_REQUESTS: i64 = 200;
/// Most of one's own requests shown.
const MOST_OWN: i64 = 20;

/// What came of an act of joining.
#[derive(Debug, PartialEq, Eq)]
pub enum Joined {
    /// It is so now.
    Done,
    /// It was so before, or somebody decided already.
    Unchanged,
    /// The group does not allow it, or the person may not.
    Forbidden,
}

/// What a person has to do with groups.
#[derive(Debug)]
pub struct Overview {
    /// Groups they manage.
    pub managed: Vec<Managed>,
    /// Groups they are in by themselves and may leave.
    pub leavable: Vec<GroupId>,
    /// Groups they may come into; one more than asked for when there are more.
    pub joinable: Vec<Joinable>,
    /// Their latest requests.
    pub requests: Vec<Request>,
}

/// Lets people come into groups by themselves.
#[derive(Clone, Debug)]
pub struct Joining {
    db: Database,
    clock: Clock,
}

impl Joining {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// What a person has to do with groups.
    pub async fn overview(&self, person: PersonId, span: Span) -> Result<Overview, Error> {
        let (at, client) = (self.clock.now(), self.db.client().await?);
        Ok(Overview {
            managed: managed_by(&client, person, at, MOST_MANAGED).await?,
            leavable: leavable_list(&client, person, at).await?,
            joinable: joinable_list(&client, person, at, span).await?,
            requests: requests_of_person(&client, person, MOST_OWN).await?,
        })
    }

    /// Who asks to be let into a group, oldest first; at most 200.
    pub async fn requests(&self, id: GroupId) -> Result<Vec<Request>, Error> {
        let client = self.db.client().await?;
        Ok(requests_of_group(&client, id, MOST_REQUESTS).await?)
    }

    /// A person comes into an open group.
    pub async fn join(
        &self,
        actor: &Actor,
        person: PersonId,
        id: GroupId,
    ) -> Result<Joined, Error> {
        let deed = Deed::new(actor, "group.joined", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_hold(&tx).await?;
        let group = group_lock(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        let member = Member::Person(person);
        let deed = deed.with_changes(described(member, &actor.name, None));
        if group.joining != How::Open {
            return refuse(tx, &deed, (id, &group.name), "NotOpen").await;
        }
        match admit(&tx, &deed, (id, &group.name), member, None).await? {
            MemberChange::Done => {
                tx.commit().await?;
                Ok(Joined::Done)
            }
            _ => Ok(Joined::Unchanged),
        }
    }

    /// A person asks to be let in, under an id that the form chose.
    pub async fn ask(
        &self,
        actor: &Actor,
        (person, id): (PersonId, GroupId),
        request: RequestId,
        note: &Line,
    ) -> Result<Joined, Error> {
        let deed = Deed::new(actor, "group.requested", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_hold(&tx).await?;
        let group = group_lock(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        let member = Member::Person(person);
        let deed = deed.with_changes(described(member, &actor.name, None));
        if group.joining != How::Request {
            return refuse(tx, &deed, (id, &group.name), "NotOnRequest").await;
        }
        if member_end(&tx, id, member, deed.at).await?.is_some()
            || !request_insert(&tx, request, (id, person), note, deed.at).await?
        {
            return Ok(Joined::Unchanged);
        }
        deed.done_to_group(&tx, id, &group.name).await?;
        tell(&tx, request, false).await?;
        tx.commit().await?;
        Ok(Joined::Done)
    }

    /// A person takes their request back.
    pub async fn withdraw(
        &self,
        actor: &Actor,
        person: PersonId,
        request: RequestId,
    ) -> Result<Joined, Error> {
        let deed = Deed::new(actor, "group.request_withdrawn", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_hold(&tx).await?;
        // Whose request it is, is nobody else's business: another person's does not exist.
        let found = request_lock(&tx, request).await?;
        let Some(found) = found.filter(|found| found.person == person) else {
            return Err(Error::RequestNotFound);
        };
        if found.state != RequestState::Open {
            return Ok(Joined::Unchanged);
        }
        request_decide(&tx, request, RequestState::Withdrawn, "", deed.at).await?;
        deed.with_changes(described(Member::Person(person), &found.person_name, None))
            .done_to_group(&tx, found.group, &found.group_name)
            .await?;
        tx.commit().await?;
        Ok(Joined::Done)
    }

    /// A person leaves a group that people may come into by themselves. Out of others they are taken: a group may
    /// stand for a duty.
    pub async fn leave(
        &self,
        actor: &Actor,
        person: PersonId,
        id: GroupId,
    ) -> Result<Joined, Error> {
        let deed = Deed::new(actor, "group.left", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_hold(&tx).await?;
        let group = group_lock(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        let member = Member::Person(person);
        let deed = deed.with_changes(described(member, &actor.name, None));
        if group.joining == How::Closed {
            return refuse(tx, &deed, (id, &group.name), "Closed").await;
        }
        if member_remove(&tx, id, member).await?.is_none() {
            return Ok(Joined::Unchanged);
        }
        deed.done_to_group(&tx, id, &group.name).await?;
        sort_later(&tx, [person]).await?;
        groups_changed(&tx, &[person], deed.at).await?;
        tx.commit().await?;
        Ok(Joined::Done)
    }

    /// A manager or an administrator lets somebody in (`None`) or denies it, with a reason that they read.
    pub async fn decide(
        &self,
        actor: &Actor,
        (id, request): (GroupId, RequestId),
        denied: Option<&Line>,
    ) -> Result<Joined, Error> {
        let action = match denied {
            None => "group.request_approved",
            Some(_) => "group.request_denied",
        };
        let deed = Deed::new(actor, action, self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_hold(&tx).await?;
        let found = request_lock(&tx, request).await?;
        let Some(found) = found.filter(|found| found.group == id) else {
            return Err(Error::RequestNotFound);
        };
        let group = (id, found.group_name.as_str());
        let member = Member::Person(found.person);
        let deed = deed.with_changes(with_reason(
            described(member, &found.person_name, None),
            denied,
        ));
        if !may_manage(&tx, &deed, group).await? {
            tx.commit().await?;
            return Ok(Joined::Forbidden);
        }
        if found.state != RequestState::Open {
            return Ok(Joined::Unchanged);
        }
        if let Some(reason) = denied {
            let denied = RequestState::Denied;
            request_decide(&tx, request, denied, reason.as_str(), deed.at).await?;
            deed.done_to_group(&tx, id, group.1).await?;
        } else {
            request_decide(&tx, request, RequestState::Approved, "", deed.at).await?;
            // Somebody may have put them in meanwhile: then only the decision is written down.
            if admit(&tx, &deed, group, member, None).await? != MemberChange::Done {
                deed.done_to_group(&tx, id, group.1).await?;
            }
        }
        tell(&tx, request, true).await?;
        tx.commit().await?;
        Ok(Joined::Done)
    }
}

async fn refuse(
    tx: Transaction<'_>,
    deed: &Deed<'_>,
    group: (GroupId, &str),
    why: &str,
) -> Result<Joined, Error> {
    deed.refused_to_group(&tx, group, why).await?;
    tx.commit().await?;
    Ok(Joined::Forbidden)
}

async fn tell(tx: &impl InTransaction, request: RequestId, decided: bool) -> Result<(), Error> {
    let tell = Tell {
        request: request.0,
        decided,
    };
    jobs::enqueue(tx, TELL, &tell, Enqueue::default()).await?;
    Ok(())
}

fn with_reason(mut changes: Value, denied: Option<&Line>) -> Value {
    if let (Value::Object(fields), Some(reason)) = (&mut changes, denied) {
        fields.insert("told".to_owned(), json!(reason.as_str()));
    }
    changes
}
