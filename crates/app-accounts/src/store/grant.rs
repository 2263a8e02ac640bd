//! Table `grants`: who may do what with the things of apps. Whatever reads it names the moment it is about; a grant
//! whose end has passed is none.

use jiff::Timestamp;
use platform::AppId;
use platform::grants::{Grant, Grantee, Level};
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::grant::Thing;
use crate::domain::group::GroupId;
use crate::domain::person::PersonId;

/// Who asks: nobody who is signed in, a person, or a service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Whoever comes by.
    Visitor,
    /// A person.
    Person(PersonId),
    /// A program.
    Service(Uuid),
}

/// As whom somebody may do things: kinds of grantees, each with its id.
#[derive(Debug)]
pub struct AsWhom {
    kinds: Vec<String>,
    ids: Vec<Uuid>,
}

/// As whom somebody may do things: themselves, their effective groups, everybody. A person who is not active is nobody.
pub async fn as_whom(
    client: &impl GenericClient,
    asker: Asker,
    at: Timestamp,
) -> Result<AsWhom, Error> {
    let (person, service) = match asker {
        Asker::Visitor => (None, None),
        Asker::Person(id) => (Some(id.0), None),
        // Nobody's id among people, so that what is for people is not for programs.
        Asker::Service(id) => (None, Some(id)),
    };
    let sql = include_str!("../../sql/grants/as_whom.sql");
    let rows = client.query(sql, &[&person, &service, &at]).await?;
    let mut whom = AsWhom {
        kinds: Vec::with_capacity(rows.len()),
        ids: Vec::with_capacity(rows.len()),
    };
    for row in rows {
        whom.kinds.push(row.try_get("kind")?);
        whom.ids.push(row.try_get("id")?);
    }
    Ok(whom)
}

/// What is granted of things: each with every level that somebody has of it, in no order.
pub async fn grant_levels(
    client: &impl GenericClient,
    (app, kind, ids): (&AppId, &str, &[String]),
    whom: &AsWhom,
    at: Timestamp,
) -> Result<Vec<(String, Level)>, Error> {
    let sql = include_str!("../../sql/grants/levels.sql");
    let rows = client
        .query(
            sql,
            &[&app.as_str(), &kind, &ids, &whom.kinds, &whom.ids, &at],
        )
        .await?;
    rows.iter().map(reached).collect()
}

/// Which things of a kind to list.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    /// Whose things.
    pub app: &'a AppId,
    /// Of which kind.
    pub kind: &'a str,
    /// Reached at least at this level.
    pub least: Level,
    /// Those whose id comes after this one.
    pub after: &'a str,
    /// At most so many.
    pub limit: i64,
}

/// Things that somebody may do something with, by id.
pub async fn grant_reachable(
    client: &impl GenericClient,
    reach: Reach<'_>,
    whom: &AsWhom,
    at: Timestamp,
) -> Result<Vec<(String, Level)>, Error> {
    let sql = include_str!("../../sql/grants/reachable.sql");
    let least = number(reach.least);
    let rows = client
        .query(
            sql,
            &[
                &reach.app.as_str(),
                &reach.kind,
                &whom.kinds,
                &whom.ids,
                &at,
                &least,
                &reach.after,
                &reach.limit,
            ],
        )
        .await?;
    rows.iter().map(reached).collect()
}

/// Lets nobody else change the grants of a thing until the transaction ends.
pub async fn grant_lock(client: &impl GenericClient, thing: &Thing) -> Result<(), Error> {
    let sql = include_str!("../../sql/grants/lock.sql");
    client.execute(sql, &[&thing.to_string()]).await?;
    Ok(())
}

/// The grants of a thing: everybody first, then groups, people and service accounts by name.
pub async fn grant_list(
    client: &impl GenericClient,
    thing: &Thing,
    at: Timestamp,
) -> Result<Vec<Grant>, Error> {
    let (app, kind, id) = parts(thing);
    let sql = include_str!("../../sql/grants/of_resource.sql");
    let rows = client.query(sql, &[&app, &kind, &id, &at]).await?;
    rows.iter().map(grant).collect()
}

/// What is granted, by whom.
#[derive(Clone, Copy, Debug)]
pub struct NewGrant {
    /// To whom.
    pub to: Grantee,
    /// How much.
    pub level: Level,
    /// Until when.
    pub ends_at: Option<Timestamp>,
    /// By whom; `None` by the app.
    pub by: Option<Uuid>,
}

/// Grants something of a thing, instead of what that grantee had of it.
///
/// # Errors
/// Violates `grants_person_fk` or `grants_group_fk` when the grantee is gone.
pub async fn grant_put(
    client: &impl GenericClient,
    thing: &Thing,
    new: NewGrant,
    at: Timestamp,
) -> Result<(), Error> {
    let (app, kind, id) = parts(thing);
    let (person, group, service) = match new.to {
        Grantee::Person(id) => (Some(id), None, None),
        Grantee::Group(id) => (None, Some(id), None),
        Grantee::Service(id) => (None, None, Some(id)),
        Grantee::SignedIn | Grantee::Public => (None, None, None),
    };
    client
        .execute(
            include_str!("../../sql/grants/put.sql"),
            &[
                &app,
                &kind,
                &id,
                &new.to.kind(),
                &person,
                &group,
                &service,
                &number(new.level),
                &new.by,
                &at,
                &new.ends_at,
            ],
        )
        .await?;
    Ok(())
}

/// Takes a grant away. `false`: there was none.
pub async fn grant_remove(
    client: &impl GenericClient,
    thing: &Thing,
    of: Grantee,
) -> Result<bool, Error> {
    let (app, kind, id) = parts(thing);
    let whose = of.id().unwrap_or(Uuid::nil());
    let sql = include_str!("../../sql/grants/remove.sql");
    let removed = client
        .execute(sql, &[&app, &kind, &id, &of.kind(), &whose])
        .await?;
    Ok(removed == 1)
}

/// Takes away the grants of a thing whose end has passed.
pub async fn grant_remove_ended(
    client: &impl GenericClient,
    thing: &Thing,
    at: Timestamp,
) -> Result<(), Error> {
    let (app, kind, id) = parts(thing);
    let sql = include_str!("../../sql/grants/remove_ended.sql");
    client.execute(sql, &[&app, &kind, &id, &at]).await?;
    Ok(())
}

/// Takes all grants of a thing away, and says how many there were.
pub async fn grant_forget(client: &impl GenericClient, thing: &Thing) -> Result<u64, Error> {
    let (app, kind, id) = parts(thing);
    let sql = include_str!("../../sql/grants/forget.sql");
    client.execute(sql, &[&app, &kind, &id]).await
}

/// How far somebody looks for groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Those they are in.
    Own,
    /// Also those they manage, and those that people come into by themselves.
    Further,
    /// All.
    All,
}

/// Groups that somebody may find by name, at most `limit`: those whose name holds `words`, or is them where `exactly`.
pub async fn groups_found(
    client: &impl GenericClient,
    (who, sight): (PersonId, Sight),
    (words, exactly): (&str, bool),
    at: Timestamp,
    limit: i64,
) -> Result<Vec<(GroupId, String)>, Error> {
    let sql = include_str!("../../sql/grants/groups_found.sql");
    let further = sight != Sight::Own;
    let all = sight == Sight::All;
    let rows = client
        .query(
            sql,
            &[&who.0, &at, &words, &exactly, &further, &all, &limit],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((GroupId(row.try_get("id")?), row.try_get("name")?)))
        .collect()
}

fn parts(thing: &Thing) -> (&str, &str, &str) {
    (
        thing.app.as_str(),
        thing.resource.kind(),
        thing.resource.id(),
    )
}

fn number(level: Level) -> i16 {
    match level {
        Level::Read => 1,
        Level::Write => 2,
        Level::Admin => 3,
    }
}

fn level(row: &Row) -> Result<Level, Error> {
    match row.try_get::<_, i16>("level")? {
        1 => Ok(Level::Read),
        2 => Ok(Level::Write),
        3 => Ok(Level::Admin),
        _ => Err(Error::Decode("grants.level".to_owned())),
    }
}

fn reached(row: &Row) -> Result<(String, Level), Error> {
    Ok((row.try_get("resource_id")?, level(row)?))
}

fn grant(row: &Row) -> Result<Grant, Error> {
    let (kind, id): (&str, Uuid) = (row.try_get("grantee_kind")?, row.try_get("grantee_id")?);
    let grantee = match kind {
        "person" => Grantee::Person(id),
        "group" => Grantee::Group(id),
        "service" => Grantee::Service(id),
        "signed-in" => Grantee::SignedIn,
        "public" => Grantee::Public,
        _ => return Err(Error::Decode("grants.grantee_kind".to_owned())),
    };
    Ok(Grant {
        grantee,
        name: row.try_get("name")?,
        level: level(row)?,
        ends_at: row.try_get("ends_at")?,
        granted_by: row.try_get("granted_by")?,
        granted_at: row.try_get("granted_at")?,
    })
}
