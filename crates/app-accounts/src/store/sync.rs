//! What is here of a directory, read before a run: its people and groups, and who has names that it wants.

use std::collections::{HashMap, HashSet};

use directory::{EntryId, MemberId, Snapshot};
use platform_pg::{Error, GenericClient};
use uuid::Uuid;

use super::person::person;
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::person::PersonId;
use crate::domain::source::DirectoryId;
use crate::domain::sync::{Holder, Known, KnownGroup, KnownPerson};

/// How things are here, as far as the snapshot asks. A statement for each kind of thing, however many there are.
pub async fn known(
    client: &impl GenericClient,
    of: DirectoryId,
    snapshot: &Snapshot,
) -> Result<Known, Error> {
    let lower = |text: &String| text.to_lowercase();
    let names: Vec<String> = snapshot
        .people
        .iter()
        .map(|entry| lower(&entry.username))
        .collect();
    let mails = snapshot.people.iter().flat_map(|entry| &entry.mails);
    let mails: Vec<String> = mails.map(lower).collect();
    let groups: Vec<String> = snapshot
        .groups
        .iter()
        .map(|entry| lower(&entry.name))
        .collect();
    let names_held = include_str!("../../sql/directories/user_names_held.sql");
    let mails_held = include_str!("../../sql/directories/mails_held.sql");
    let groups_held = include_str!("../../sql/directories/group_names_held.sql");
    let sql = include_str!("../../sql/directories/administrators_besides.sql");
    let administrators: i64 = client.query_one(sql, &[&of.0]).await?.try_get("total")?;
    Ok(Known {
        people: known_people(client, of).await?,
        groups: known_groups(client, of).await?,
        user_names: held(client, names_held, of, &names).await?,
        mails: held(client, mails_held, of, &mails).await?,
        group_names: held(client, groups_held, of, &groups).await?,
        administrators: usize::try_from(administrators).unwrap_or_default(),
    })
}

async fn known_people(
    client: &impl GenericClient,
    of: DirectoryId,
) -> Result<Vec<KnownPerson>, Error> {
    let sql = include_str!("../../sql/directories/known_addresses.sql");
    let mut addresses: HashMap<Uuid, Vec<(String, bool)>> = HashMap::new();
    for row in client.query(sql, &[&of.0]).await? {
        let of = addresses.entry(row.try_get("person_id")?).or_default();
        of.push((row.try_get("address")?, row.try_get("confirmed")?));
    }
    let sql = include_str!("../../sql/directories/known_people.sql");
    let mut people = Vec::new();
    for row in client.query(sql, &[&of.0]).await? {
        let person = person(&row)?;
        let user_name: Option<String> = row.try_get("user_name")?;
        people.push(KnownPerson {
            entry: EntryId(row.try_get("external_id")?),
            user_name: user_name.unwrap_or_else(|| person.username.clone()),
            addresses: addresses.remove(&person.id.0).unwrap_or_default(),
            locked: row.try_get("locked")?,
            person,
        });
    }
    Ok(people)
}

async fn known_groups(
    client: &impl GenericClient,
    of: DirectoryId,
) -> Result<Vec<KnownGroup>, Error> {
    let sql = include_str!("../../sql/directories/known_members.sql");
    let mut members: HashMap<Uuid, HashSet<Member>> = HashMap::new();
    for row in client.query(sql, &[&of.0]).await? {
        let id = row.try_get("id")?;
        let member = if row.try_get("is_group")? {
            Member::Group(GroupId(id))
        } else {
            Member::Person(PersonId(id))
        };
        members
            .entry(row.try_get("group_id")?)
            .or_default()
            .insert(member);
    }
    let sql = include_str!("../../sql/directories/known_groups.sql");
    let rows = client.query(sql, &[&of.0]).await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get("id")?;
            Ok(KnownGroup {
                id: GroupId(id),
                entry: EntryId(row.try_get("external_id")?),
                name: row.try_get("name")?,
                members: members.remove(&id).unwrap_or_default(),
            })
        })
        .collect()
}

/// Who or what has these names and does not come from the directory.
async fn held(
    client: &impl GenericClient,
    sql: &str,
    of: DirectoryId,
    names: &[String],
) -> Result<HashMap<String, Holder>, Error> {
    let rows = client.query(sql, &[&of.0, &names]).await?;
    rows.iter()
        .map(|row| {
            let holder = Holder {
                id: row.try_get("id")?,
                name: row.try_get("name")?,
            };
            Ok((row.try_get("held")?, holder))
        })
        .collect()
}

/// Everybody and everything that comes from a directory, by its ids for them.
pub async fn links(
    client: &impl GenericClient,
    of: DirectoryId,
) -> Result<HashMap<MemberId, Member>, Error> {
    let sql = include_str!("../../sql/directories/links.sql");
    let rows = client.query(sql, &[&of.0]).await?;
    rows.iter()
        .map(|row| {
            let (id, entry) = (row.try_get("id")?, EntryId(row.try_get("external_id")?));
            Ok(if row.try_get("is_group")? {
                (MemberId::Group(entry), Member::Group(GroupId(id)))
            } else {
                (MemberId::Person(entry), Member::Person(PersonId(id)))
            })
        })
        .collect()
}

/// Notes whether the directory took a person's access.
pub async fn lock_set(
    client: &impl GenericClient,
    of: DirectoryId,
    person: PersonId,
    locked: bool,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/directories/lock_set.sql");
    client.execute(sql, &[&of.0, &person.0, &locked]).await?;
    Ok(())
}
