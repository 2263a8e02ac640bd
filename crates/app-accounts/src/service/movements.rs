//! Noticing who comes, changes places and goes: whenever somebody changed they are compared with what they were like
//! before, in the same transaction, and whoever follows that is told.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::InTransaction;

use super::webhooks::deliveries::tell;
use crate::domain::group::GroupId;
use crate::domain::movement::{Mark, Movement, PURGED};
use crate::domain::person::{Person, PersonId};
use crate::domain::webhook::Event;
use crate::error::Error;
use crate::store::membership::groups_of;
use crate::store::movement::{marks_of, marks_put};
use crate::store::person::person_find_many;

/// People looked at together.
const AT_ONCE: usize = 500;

/// Looks at people who may have changed, and at the groups they are in by now.
pub(super) async fn notice(
    tx: &impl InTransaction,
    people: &[Person],
    groups: &HashMap<PersonId, Vec<(GroupId, String)>>,
    at: Timestamp,
) -> Result<(), Error> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let before = marks_of(tx, &ids).await?;
    let (mut marks, mut events) = (Vec::new(), Vec::new());
    for person in people {
        let groups = groups.get(&person.id).into_iter().flatten();
        let mark = Mark::new(person, groups.map(|(group, _)| *group));
        let former = before.get(&person.id);
        if former == Some(&mark) {
            continue;
        }
        let movements = Movement::between(former, &mark);
        let state = person.state.as_str();
        let event = |movement| Event::of(person.id, state, movement, at);
        events.extend(movements.iter().map(event));
        marks.push((person.id, mark));
    }
    if !marks.is_empty() {
        marks_put(tx, &marks).await?;
    }
    tell(tx, &events, at).await
}

/// Tells that somebody is gone for good, and that those who reported to them have no manager any more.
pub(super) async fn notice_purge(
    tx: &impl InTransaction,
    (id, reported): (PersonId, &[PersonId]),
    at: Timestamp,
) -> Result<(), Error> {
    for some in reported.chunks(AT_ONCE) {
        let people = person_find_many(tx, some).await?;
        let groups = groups_of(tx, some, at).await?;
        notice(tx, &people, &groups, at).await?;
    }
    let left = Movement::Left { reason: PURGED };
    tell(tx, &[Event::of(id, PURGED, &left, at)], at).await
}
