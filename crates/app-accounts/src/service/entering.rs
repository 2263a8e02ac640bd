//! What follows when invited people enter the directory, one or thousands: groups, invitation, audit trail, events and
//! mail, each with one statement for all of them.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{InTransaction, jobs};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::endings::take_out_at;
use super::record::{Deed, announce};
use super::rule_following::sort_later;
use crate::domain::group::GroupId;
use crate::domain::invitation::{Letter, Stage};
use crate::domain::person::{Person, PersonId};
use crate::error::Error;
use crate::store::group::groups_keep;
use crate::store::invitation::invitation_put;
use crate::store::membership::{nesting_hold, people_add};
use crate::store::person::person_find_many;

/// Kind of the job that mails a link.
pub(super) const SEND: &str = "accounts.send_invitation";
/// People announced with one statement.
const ANNOUNCED_AT_ONCE: usize = 500;

/// Whom to mail a link.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Send {
    pub(super) person: Uuid,
}

/// People who were just added, and the groups of each.
pub(super) struct Entrants<'a> {
    pub(super) people: Vec<(PersonId, &'a [GroupId])>,
    /// When they leave these groups by themselves.
    pub(super) groups_end: Option<Timestamp>,
    pub(super) letter: &'a Letter,
}

/// Does for people what follows when they are invited. `false`: one of the groups is gone; then nothing may be
/// committed.
pub(super) async fn enter(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    entrants: &Entrants<'_>,
) -> Result<bool, Error> {
    let ids: Vec<PersonId> = entrants.people.iter().map(|(id, _)| *id).collect();
    let Some(names) = belong(tx, deed, entrants).await? else {
        return Ok(false);
    };
    sort_later(tx, ids.iter().copied()).await?;
    let stage = if entrants.letter.by_mail {
        Stage::Sending
    } else {
        Stage::New
    };
    let said = (deed.actor.id, entrants.letter);
    invitation_put(tx, &ids, said, stage, deed.at).await?;
    let mut entered = HashMap::new();
    for some in ids.chunks(ANNOUNCED_AT_ONCE) {
        let people = person_find_many(tx, some).await?;
        announce(tx, &people, deed.at).await?;
        entered.extend(people.into_iter().map(|person| (person.id, person)));
    }
    write_down(tx, deed, entrants, (&entered, &names)).await?;
    if entrants.letter.by_mail {
        send_all(tx, &ids).await?;
    }
    Ok(true)
}

/// Has links mailed to people.
pub(super) async fn send_all(tx: &impl InTransaction, ids: &[PersonId]) -> Result<(), Error> {
    let sends: Vec<Send> = ids.iter().map(|id| Send { person: id.0 }).collect();
    // Whose job is under way is sent one link, not two.
    jobs::enqueue_all(tx, SEND, &sends, |send| send.person.to_string()).await?;
    Ok(())
}

/// Puts them into their groups; the names of these, or none if one is gone.
async fn belong(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    entrants: &Entrants<'_>,
) -> Result<Option<HashMap<GroupId, String>>, Error> {
    let each = |(id, groups): &(PersonId, &[GroupId])| {
        let id = *id;
        groups.iter().map(move |group| (*group, id)).collect()
    };
    let pairs: Vec<(GroupId, PersonId)> = entrants
        .people
        .iter()
        .flat_map(|entrant| -> Vec<_> { each(entrant) })
        .collect();
    if pairs.is_empty() {
        return Ok(Some(HashMap::new()));
    }
    let mut groups: Vec<GroupId> = pairs.iter().map(|(group, _)| *group).collect();
    groups.sort_unstable();
    groups.dedup();
    nesting_hold(tx).await?;
    let names = groups_keep(tx, &groups).await?;
    if names.len() < groups.len() {
        return Ok(None);
    }
    people_add(tx, &pairs, deed.at, entrants.groups_end).await?;
    take_out_at(tx, entrants.groups_end).await?;
    Ok(Some(names))
}

/// One entry for each person, and one for each of their groups.
async fn write_down(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    entrants: &Entrants<'_>,
    (people, groups): (&HashMap<PersonId, Person>, &HashMap<GroupId, String>),
) -> Result<(), Error> {
    let mut invited = Vec::new();
    let mut joined = Vec::new();
    for (id, of) in &entrants.people {
        let name = people.get(id).map_or("", |person| &person.display_name);
        let role = people.get(id).map_or("", |person| person.role.as_str());
        invited.push((id.0, name.to_owned(), json!({ "role": role })));
        for group in *of {
            let end = entrants.groups_end.map(|end| end.to_string());
            let mut changes = json!({ "person": id.0, "name": name });
            if let (Some(end), Some(fields)) = (end, changes.as_object_mut()) {
                fields.insert("ends_at".to_owned(), json!(end));
            }
            let group_name = groups.get(group).cloned().unwrap_or_default();
            joined.push((group.0, group_name, changes));
        }
    }
    deed.done_to_each("person", tx, invited).await?;
    if !joined.is_empty() {
        let deed = Deed::new(deed.actor, "group.member_added", deed.at);
        deed.done_to_each("group", tx, joined).await?;
    }
    Ok(())
}
