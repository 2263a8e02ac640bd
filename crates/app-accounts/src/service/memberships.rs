//! Who is in which group, until when, and why. Whoever's effective groups change by it is announced to the other
//! services.

use jiff::Timestamp;
use platform::Clock;
use platform_pg::{Database, Error as StoreError, InTransaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::actor::Actor;
use super::endings::take_out_at;
use super::freeipa::{Both, FreeIpa};
use super::managers::may_manage;
use super::record::{Deed, groups_changed};
use super::rule_following::sort_later;
use crate::domain::group::{Group, GroupId};
use crate::domain::membership::{
    Belonging, Effective, GroupInside, Member, PersonInside, PersonNamed,
};
use crate::domain::person::{Person, PersonId};
use crate::domain::way::{Link, ways};
use crate::error::Error;
use crate::store::group::{group_find, group_name};
use crate::store::membership::{
    Part, Span, groups_directly, links_of, member_add, member_end, member_remove, member_set_end,
    nesting, nesting_hold, nesting_lock, people_after, people_directly, people_effectively,
    people_inside,
};
use crate::store::person::person_find;

/// Most groups shown directly in a group.
const MOST_GROUPS: i64 = 500;
/// Most ways shown that lead to a group.
const MOST_WAYS: usize = 20;

/// What came of a change of who is in a group.
#[derive(Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// It is so now.
    Done,
    /// It was so before.
    Unchanged,
    /// The group would be inside itself.
    Cycle,
    /// The person or group is gone.
    MemberGone,
    /// The end lies in the past.
    Past,
    /// The group is not theirs to change.
    Forbidden,
}

/// What came of taking somebody out.
#[derive(Debug, PartialEq, Eq)]
pub enum Removal {
    /// They are out; this is when their membership would have ended by itself.
    Done(Option<Timestamp>),
    /// They were not in it.
    Unchanged,
    /// The rule of the group put them there, and would again.
    ByRule,
    /// The group is not theirs to change.
    Forbidden,
}

/// A group with what is directly in it.
#[derive(Debug)]
pub struct Contents {
    /// The group.
    pub group: Group,
    /// People directly in it, by name.
    pub people: Part<PersonInside>,
    /// Groups directly in it, by name; at most 500.
    pub groups: Vec<GroupInside>,
}

/// Why a person is in a group.
#[derive(Debug)]
pub struct Why {
    /// Who.
    pub person: Person,
    /// In what.
    pub group: Group,
    /// Whether they are in it by themselves, and until when.
    pub own: Option<Option<Timestamp>>,
    /// The memberships that lead there, shortest way first.
    pub ways: Vec<Vec<Link>>,
    /// Whether there are more ways than these.
    pub more: bool,
}

/// Changes who is in which group.
#[derive(Clone, Debug)]
pub struct Memberships {
    db: Database,
    clock: Clock,
    /// Where groups that come from a directory are changed first.
    freeipa: Option<FreeIpa>,
}

impl Memberships {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self {
            db,
            clock,
            freeipa: None,
        }
    }

    /// Groups that come from a directory that is written to are changed there first.
    #[must_use]
    pub fn writing_to(self, freeipa: FreeIpa) -> Self {
        Self {
            freeipa: Some(freeipa),
            ..self
        }
    }

    /// One group and what is directly in it.
    pub async fn contents(&self, id: GroupId, span: Span) -> Result<Contents, Error> {
        let (at, client) = (self.clock.now(), self.db.client().await?);
        let group = group_find(&client, id, at)
            .await?
            .ok_or(Error::GroupNotFound(id))?;
        let people = people_directly(&client, id, at, span).await?;
        let groups = groups_directly(&client, id, at, MOST_GROUPS).await?;
        Ok(Contents {
            group,
            people,
            groups,
        })
    }

    /// People directly in a group by name, those after a place in this order; `None` from the first.
    pub async fn people_after(
        &self,
        id: GroupId,
        after: Option<(Uuid, String)>,
        limit: i64,
    ) -> Result<Vec<PersonNamed>, Error> {
        let client = self.db.client().await?;
        Ok(people_after(&client, id, self.clock.now(), after, limit).await?)
    }

    /// Groups directly in a group by name, at most 500.
    pub async fn groups_inside(&self, id: GroupId) -> Result<Vec<GroupInside>, Error> {
        let client = self.db.client().await?;
        Ok(groups_directly(&client, id, self.clock.now(), MOST_GROUPS).await?)
    }

    /// One group and everybody in it who is found by `query`, nested groups included.
    pub async fn everybody(
        &self,
        id: GroupId,
        query: Option<&str>,
        span: Span,
    ) -> Result<(Group, Part<Effective>), Error> {
        let (at, client) = (self.clock.now(), self.db.client().await?);
        let group = group_find(&client, id, at)
            .await?
            .ok_or(Error::GroupNotFound(id))?;
        let people = people_effectively(&client, id, at, query, span).await?;
        Ok((group, people))
    }

    /// The groups a person is in, by name, and of which they are members by themselves.
    pub async fn of(&self, person: PersonId) -> Result<Vec<Belonging>, Error> {
        let (at, client) = (self.clock.now(), self.db.client().await?);
        let mut found: Vec<Belonging> = Vec::new();
        for link in links_of(&client, person, at).await? {
            let own = link.member.is_none().then_some(link.ends_at);
            // Ordered by name and id: all links to one group follow each other.
            match found.last_mut().filter(|last| last.id == link.group) {
                Some(last) => last.own = last.own.or(own),
                None => found.push(Belonging {
                    id: link.group,
                    name: link.name,
                    own,
                }),
            }
        }
        Ok(found)
    }

    /// Why a person is in a group.
    ///
    /// # Errors
    /// [`Error::PersonNotFound`] and [`Error::GroupNotFound`]. Not being in it is an answer without ways.
    pub async fn why(&self, id: GroupId, person: PersonId) -> Result<Why, Error> {
        let (at, client) = (self.clock.now(), self.db.client().await?);
        let group = group_find(&client, id, at)
            .await?
            .ok_or(Error::GroupNotFound(id))?;
        let links = links_of(&client, person, at).await?;
        let person = person_find(&client, person)
            .await?
            .ok_or(Error::PersonNotFound(person))?;
        let mut found = ways(&links, id, MOST_WAYS + 1);
        let more = found.len() > MOST_WAYS;
        found.truncate(MOST_WAYS);
        // What a rule gave, nobody takes or lets end.
        let own = links
            .iter()
            .find(|link| link.member.is_none() && link.group == id && !link.by_rule);
        Ok(Why {
            own: own.map(|link| link.ends_at),
            ways: found
                .into_iter()
                .map(|way| way.into_iter().cloned().collect())
                .collect(),
            person,
            group,
            more,
        })
    }

    /// A group in a group, and until when. `None`: it is not in it by itself.
    pub async fn inner(
        &self,
        id: GroupId,
        inner: GroupId,
    ) -> Result<Option<(String, String, Option<Timestamp>)>, Error> {
        let client = self.db.client().await?;
        let outer = group_name(&client, id)
            .await?
            .ok_or(Error::GroupNotFound(id))?;
        let name = group_name(&client, inner)
            .await?
            .ok_or(Error::GroupNotFound(inner))?;
        let end = member_end(&client, id, Member::Group(inner), self.clock.now()).await?;
        Ok(end.map(|end| (outer, name, end)))
    }

    /// Puts somebody into a group, until `ends_at` or for good; for good also in the directory that the group comes from,
    /// which knows no end.
    ///
    /// # Errors
    /// What that directory refuses, besides the others.
    pub async fn add(
        &self,
        actor: &Actor,
        id: GroupId,
        member: Member,
        ends_at: Option<Timestamp>,
    ) -> Result<MemberChange, Error> {
        let deed = || Deed::new(actor, "group.member_added", self.clock.now());
        if let Some((freeipa, both)) = self.written_back(id, member).await?
            && ends_at.is_none()
            && self.would_add(deed(), (id, member)).await?
        {
            freeipa.set_member(actor, &both, true).await?;
        }
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let change = apply_add(&tx, deed(), (id, member), ends_at).await?;
        if matches!(
            change,
            MemberChange::Done | MemberChange::Cycle | MemberChange::Forbidden
        ) {
            tx.commit().await?;
        }
        Ok(change)
    }

    /// Whether somebody would come in; nothing is changed or written down.
    async fn would_add(&self, deed: Deed<'_>, which: (GroupId, Member)) -> Result<bool, Error> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // Not committed.
        let would = apply_add(&tx, deed, which, None).await?;
        Ok(would == MemberChange::Done)
    }

    /// Whether somebody would be taken out; nothing is changed or written down.
    async fn would_remove(&self, deed: Deed<'_>, which: (GroupId, Member)) -> Result<bool, Error> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // Not committed.
        let would = apply_remove(&tx, deed, which).await?;
        Ok(matches!(would, Removal::Done(_)))
    }

    /// The two as a directory that is written to knows them.
    async fn written_back(
        &self,
        id: GroupId,
        member: Member,
    ) -> Result<Option<(&FreeIpa, Both)>, Error> {
        let Some(freeipa) = &self.freeipa else {
            return Ok(None);
        };
        let both = freeipa.both(id, member).await?;
        Ok(both.map(|both| (freeipa, both)))
    }

    /// Lets a membership end at another moment, or never.
    pub async fn set_end(
        &self,
        actor: &Actor,
        id: GroupId,
        member: Member,
        ends_at: Option<Timestamp>,
    ) -> Result<MemberChange, Error> {
        let deed = Deed::new(actor, "group.member_end_changed", self.clock.now());
        if ends_at.is_some_and(|end| end <= deed.at) {
            return Ok(MemberChange::Past);
        }
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        hold(&tx, member).await?;
        let group = group_name(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        let Some(name) = name_of(&tx, member).await? else {
            return Ok(MemberChange::MemberGone);
        };
        let described = described(member, &name, None);
        let deed = deed.with_changes(described.clone());
        if !may_manage(&tx, &deed, (id, &group)).await? {
            tx.commit().await?;
            return Ok(MemberChange::Forbidden);
        }
        let Some(before) = member_set_end(&tx, id, member, ends_at, deed.at).await? else {
            return Ok(MemberChange::MemberGone);
        };
        if before == ends_at {
            return Ok(MemberChange::Unchanged);
        }
        let mut changes = described;
        let text = |end: Option<Timestamp>| end.map(|end| end.to_string());
        if let Value::Object(fields) = &mut changes {
            let both = json!([text(before), text(ends_at)]);
            fields.insert("ends_at".to_owned(), both);
        }
        deed.with_changes(changes)
            .done_to_group(&tx, id, &group)
            .await?;
        take_out_at(&tx, ends_at).await?;
        tx.commit().await?;
        Ok(MemberChange::Done)
    }

    /// Takes somebody out of a group, and first of the one in the directory that both come from.
    ///
    /// # Errors
    /// What that directory refuses, besides the others.
    pub async fn remove(
        &self,
        actor: &Actor,
        id: GroupId,
        member: Member,
    ) -> Result<Removal, Error> {
        let deed = || Deed::new(actor, "group.member_removed", self.clock.now());
        if let Some((freeipa, both)) = self.written_back(id, member).await?
            && self.would_remove(deed(), (id, member)).await?
        {
            freeipa.set_member(actor, &both, false).await?;
        }
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let removal = apply_remove(&tx, deed(), (id, member)).await?;
        if matches!(removal, Removal::Done(_) | Removal::Forbidden) {
            tx.commit().await?;
        }
        Ok(removal)
    }
}

async fn apply_add(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    (id, member): (GroupId, Member),
    ends_at: Option<Timestamp>,
) -> Result<MemberChange, Error> {
    hold(tx, member).await?;
    let group = group_name(tx, id).await?.ok_or(Error::GroupNotFound(id))?;
    let Some(name) = name_of(tx, member).await? else {
        return Ok(MemberChange::MemberGone);
    };
    let deed = deed.with_changes(described(member, &name, ends_at));
    if !may_manage(tx, &deed, (id, &group)).await? {
        return Ok(MemberChange::Forbidden);
    }
    admit(tx, &deed, (id, &group), member, ends_at).await
}

async fn apply_remove(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    (id, member): (GroupId, Member),
) -> Result<Removal, Error> {
    hold(tx, member).await?;
    let group = group_name(tx, id).await?.ok_or(Error::GroupNotFound(id))?;
    let name = name_of(tx, member).await?.unwrap_or_default();
    let deed = deed.with_changes(described(member, &name, None));
    if !may_manage(tx, &deed, (id, &group)).await? {
        return Ok(Removal::Forbidden);
    }
    dismiss(tx, deed, (id, &group), (member, &name)).await
}

/// Takes somebody out of a group and writes it down, without a question of rights. The caller keeps other changes away
/// before, and commits after.
pub(super) async fn dismiss(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    (id, group): (GroupId, &str),
    (member, name): (Member, &str),
) -> Result<Removal, Error> {
    let Some(ends_at) = member_remove(tx, id, member).await? else {
        let end = member_end(tx, id, member, deed.at).await?;
        return Ok(end.map_or(Removal::Unchanged, |_| Removal::ByRule));
    };
    let deed = deed.with_changes(described(member, name, ends_at));
    deed.done_to_group(tx, id, group).await?;
    if let Member::Person(person) = member {
        sort_later(tx, [person]).await?;
    }
    groups_changed(tx, &concerned(tx, member, deed.at).await?, deed.at).await?;
    Ok(Removal::Done(ends_at))
}

/// Puts somebody into a group and writes it down, without a question of rights. A cycle is written down as refused.
/// The caller keeps other changes away before, and commits after.
pub(super) async fn admit(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    (id, group): (GroupId, &str),
    member: Member,
    ends_at: Option<Timestamp>,
) -> Result<MemberChange, Error> {
    if ends_at.is_some_and(|end| end <= deed.at) {
        return Ok(MemberChange::Past);
    }
    if let Member::Group(inner) = member
        && nesting(tx).await?.would_cycle(id, inner)
    {
        deed.refused_to_group(tx, (id, group), "Cycle").await?;
        return Ok(MemberChange::Cycle);
    }
    match member_add(tx, id, member, deed.at, ends_at).await {
        Ok(true) => {}
        Ok(false) => return Ok(MemberChange::Unchanged),
        Err(error) => return member_gone(error),
    }
    deed.done_to_group(tx, id, group).await?;
    take_out_at(tx, ends_at).await?;
    groups_changed(tx, &concerned(tx, member, deed.at).await?, deed.at).await?;
    Ok(MemberChange::Done)
}

/// Keeps other changes away that this one must not happen beside.
async fn hold(tx: &impl InTransaction, member: Member) -> Result<(), Error> {
    match member {
        Member::Person(_) => nesting_hold(tx).await?,
        Member::Group(_) => nesting_lock(tx).await?,
    }
    Ok(())
}

/// Whose effective groups change when this member's do.
async fn concerned(
    tx: &impl InTransaction,
    member: Member,
    at: Timestamp,
) -> Result<Vec<PersonId>, Error> {
    Ok(match member {
        Member::Person(person) => vec![person],
        Member::Group(inner) => people_inside(tx, inner, at).await?,
    })
}

pub(super) async fn name_of(
    tx: &impl InTransaction,
    member: Member,
) -> Result<Option<String>, Error> {
    Ok(match member {
        Member::Person(id) => person_find(tx, id).await?.map(|person| person.display_name),
        Member::Group(id) => group_name(tx, id).await?,
    })
}

pub(super) fn described(member: Member, name: &str, ends_at: Option<Timestamp>) -> Value {
    let (kind, id) = match member {
        Member::Person(id) => ("person", id.0),
        Member::Group(id) => ("group", id.0),
    };
    match ends_at {
        Some(end) => json!({ kind: id, "name": name, "ends_at": end.to_string() }),
        None => json!({ kind: id, "name": name }),
    }
}

fn member_gone(error: StoreError) -> Result<MemberChange, Error> {
    match error.constraint() {
        Some("group_people_person_fk" | "group_groups_member_fk") => Ok(MemberChange::MemberGone),
        _ => Err(error.into()),
    }
}
