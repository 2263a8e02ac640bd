//! Table `people`.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::group::GroupId;
use crate::domain::import_row::Candidate;
use crate::domain::name::Username;
use crate::domain::person::{Manager, NewPerson, Person, PersonId, State};

/// Order of a list of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By name, A first.
    #[default]
    Name,
    /// By name, Z first.
    NameDescending,
    /// Oldest first.
    Created,
    /// Newest first.
    CreatedDescending,
}

/// Which people to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words they are found by, as a text search query; `None` finds everybody.
    pub query: Option<String>,
    /// Only these.
    pub role: Option<&'static str>,
    /// Only these; everybody but those in the trash when absent.
    pub state: Option<State>,
    /// Only active people who were not seen after this moment.
    pub unseen_since: Option<Timestamp>,
}

impl Filter {
    /// Turns what was typed into a query for the beginnings of words. Nothing typed finds everybody.
    pub fn words(typed: &str) -> Option<String> {
        let words: Vec<String> = typed
            .to_lowercase()
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(8)
            .map(|word| format!("{word}:*"))
            .collect();
        (!words.is_empty()).then(|| words.join(" & "))
    }
}

/// In which group people are to be.
#[derive(Clone, Copy, Debug)]
pub struct Inside {
    /// Which.
    pub group: GroupId,
    /// By themselves, not through groups inside it.
    pub direct: bool,
}

/// Lists people by name after a place in this order, at most `limit`; `None` from the first.
pub async fn person_list_after(
    client: &impl GenericClient,
    (filter, inside): (&Filter, Option<Inside>),
    after: Option<(Uuid, String)>,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<Person>, Error> {
    let state = filter.state.map(State::as_str);
    let group = inside.map(|inside| inside.group.0);
    let direct = inside.is_some_and(|inside| inside.direct);
    // No id and no name comes before these.
    let (id, name) = after.unwrap_or_default();
    let rows = client
        .query(
            include_str!("../../sql/people/list_after.sql"),
            &[
                &filter.query,
                &filter.role,
                &state,
                &group,
                &direct,
                &at,
                &name,
                &id,
                &limit,
                &filter.unseen_since,
            ],
        )
        .await?;
    rows.iter().map(person).collect()
}

/// Finds one person.
pub async fn person_find(
    client: &impl GenericClient,
    id: PersonId,
) -> Result<Option<Person>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/people/find.sql"), &[&id.0])
        .await?;
    row.as_ref().map(person).transpose()
}

/// Finds one person and keeps others from changing them until the transaction ends.
pub async fn person_lock(
    client: &impl GenericClient,
    id: PersonId,
) -> Result<Option<Person>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/people/lock.sql"), &[&id.0])
        .await?;
    row.as_ref().map(person).transpose()
}

/// Finds those who exist among `ids`, in no order.
pub async fn person_find_many(
    client: &impl GenericClient,
    ids: &[PersonId],
) -> Result<Vec<Person>, Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = client
        .query(include_str!("../../sql/people/find_many.sql"), &[&ids])
        .await?;
    rows.iter().map(person).collect()
}

/// Finds a person by what they sign in with.
pub async fn person_find_by_login(
    client: &impl GenericClient,
    login: &str,
) -> Result<Option<Person>, Error> {
    let row = client
        .query_opt(
            include_str!("../../sql/people/find_by_login.sql"),
            &[&login],
        )
        .await?;
    row.as_ref().map(person).transpose()
}

/// Lists people, `limit` of them from `offset` on.
pub async fn person_list(
    client: &impl GenericClient,
    filter: &Filter,
    order: Order,
    limit: i64,
    offset: i64,
) -> Result<Vec<Person>, Error> {
    let sql = match order {
        Order::Name => include_str!("../../sql/people/list_by_name.sql"),
        Order::NameDescending => include_str!("../../sql/people/list_by_name_desc.sql"),
        Order::Created => include_str!("../../sql/people/list_by_created.sql"),
        Order::CreatedDescending => include_str!("../../sql/people/list_by_created_desc.sql"),
    };
    let state = filter.state.map(State::as_str);
    let rows = client
        .query(
            sql,
            &[
                &filter.query,
                &filter.role,
                &state,
                &limit,
                &offset,
                &filter.unseen_since,
            ],
        )
        .await?;
    rows.iter().map(person).collect()
}

/// Lists active people whose shown name, last name or user name begins with these letters, at most `limit`.
pub async fn person_list_beginning(
    client: &impl GenericClient,
    letters: &str,
    limit: i64,
) -> Result<Vec<Person>, Error> {
    let first = letters.to_lowercase();
    // Behind everything that begins with them.
    let last = format!("{first}{}", char::MAX);
    let sql = include_str!("../../sql/people/beginning.sql");
    let rows = client.query(sql, &[&first, &last, &limit]).await?;
    rows.iter().map(person).collect()
}

/// Counts the people that [`person_list`] would list without a limit.
pub async fn person_count(client: &impl GenericClient, filter: &Filter) -> Result<i64, Error> {
    let state = filter.state.map(State::as_str);
    let row = if filter.query.is_none() && filter.unseen_since.is_none() {
        let sql = include_str!("../../sql/people/count_all.sql");
        client.query_one(sql, &[&filter.role, &state]).await?
    } else {
        let sql = include_str!("../../sql/people/count.sql");
        client
            .query_one(
                sql,
                &[&filter.query, &filter.role, &state, &filter.unseen_since],
            )
            .await?
    };
    Ok(row.try_get("people")?)
}

/// Adds a person. `false`: a person of this id is there already.
///
/// # Errors
/// Violates `people_username_unique`, `people_email_unique` or `mail_addresses_unique` when the name or address is
/// taken.
pub async fn person_insert(
    client: &impl GenericClient,
    new: &NewPerson,
    state: State,
    at: Timestamp,
) -> Result<bool, Error> {
    let inserted = client
        .execute(
            include_str!("../../sql/people/insert.sql"),
            &[
                &new.id.0,
                &new.username.as_str(),
                &new.email.as_str(),
                &new.display_name.as_str(),
                &new.role.as_str(),
                &state.access(),
                &at,
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Adds invited people.
///
/// # Errors
/// Violates `people_username_unique`, `people_email_unique` or `mail_addresses_unique` when any name or address is
/// taken; then nobody is added.
pub async fn person_insert_all(
    client: &impl GenericClient,
    people: &[(PersonId, Username, Candidate)],
    at: Timestamp,
) -> Result<(), Error> {
    let ids: Vec<Uuid> = people.iter().map(|(id, _, _)| id.0).collect();
    let usernames: Vec<&str> = people.iter().map(|(_, name, _)| name.as_str()).collect();
    let texts = |of: fn(&Candidate) -> &str| -> Vec<&str> {
        people.iter().map(|(_, _, person)| of(person)).collect()
    };
    let ends: Vec<_> = people.iter().map(|(_, _, person)| person.ends_on).collect();
    let manager = |(_, _, person): &(PersonId, Username, Candidate)| person.manager.map(|id| id.0);
    let managers: Vec<Option<Uuid>> = people.iter().map(manager).collect();
    client
        .execute(
            include_str!("../../sql/people/insert_all.sql"),
            &[
                &ids,
                &usernames,
                &texts(|person| person.email.as_str()),
                &texts(|person| person.display_name.as_str()),
                &texts(|person| person.given_name.as_str()),
                &texts(|person| person.family_name.as_str()),
                &texts(|person| person.title.as_str()),
                &texts(|person| person.department.as_str()),
                &texts(|person| person.phone.as_str()),
                &texts(|person| person.role.as_str()),
                &ends,
                &managers,
                &at,
            ],
        )
        .await?;
    Ok(())
}

/// Who has which of these addresses, without regard to case, each as asked for.
pub async fn person_by_addresses(
    client: &impl GenericClient,
    addresses: &[&str],
) -> Result<HashMap<String, (PersonId, State)>, Error> {
    let sql = include_str!("../../sql/people/by_addresses.sql");
    let rows = client.query(sql, &[&addresses]).await?;
    let entry = |row: &Row| {
        let life_state: &str = row.try_get("life_state")?;
        let who = (
            PersonId(row.try_get("id")?),
            state("life_state", life_state)?,
        );
        Ok((row.try_get("asked")?, who))
    };
    rows.iter().map(entry).collect()
}

/// Those of these user names, in lower case, that somebody has.
pub async fn person_usernames_taken(
    client: &impl GenericClient,
    names: &[String],
) -> Result<HashSet<String>, Error> {
    let sql = include_str!("../../sql/people/usernames_taken.sql");
    let rows = client.query(sql, &[&names]).await?;
    rows.iter().map(|row| Ok(row.try_get("asked")?)).collect()
}

/// Gives a new person a last day.
pub async fn person_set_end(
    client: &impl GenericClient,
    id: PersonId,
    ends_on: Date,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/people/set_end.sql");
    client.execute(sql, &[&id.0, &ends_on]).await?;
    Ok(())
}

/// Replaces all that can change of a person and counts up their version, which it returns.
///
/// # Errors
/// Violates `people_username_unique`, `people_email_unique` or `mail_addresses_unique` when the name or address is
/// taken.
pub async fn person_update(
    client: &impl GenericClient,
    person: &Person,
    at: Timestamp,
) -> Result<i64, Error> {
    let row = client
        .query_one(
            include_str!("../../sql/people/update.sql"),
            &[
                &person.id.0,
                &person.username,
                &person.email,
                &person.display_name,
                &person.given_name,
                &person.family_name,
                &person.title,
                &person.department,
                &person.phone,
                &person.role.as_str(),
                &person.state.access(),
                &person.state.locked_by(),
                &person.ends_on,
                &person.trashed_at,
                &person.restores_to.map(State::as_str),
                &person.locale,
                &person.zone,
                &person.theme,
                &person.manager.as_ref().map(|manager| manager.id.0),
                &at,
            ],
        )
        .await?;
    Ok(row.try_get("version")?)
}

/// Counts up the versions of people of whom something outside this table changed.
pub async fn person_touch(
    client: &impl GenericClient,
    ids: &[PersonId],
    at: Timestamp,
) -> Result<(), Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    client
        .execute(include_str!("../../sql/people/touch.sql"), &[&ids, &at])
        .await?;
    Ok(())
}

/// Counts the active administrators besides `id`, holding off every other such count until the
/// transaction ends.
pub async fn administrators_besides(
    client: &impl GenericClient,
    id: PersonId,
) -> Result<i64, Error> {
    client
        .execute(
            include_str!("../../sql/people/lock_administrators.sql"),
            &[],
        )
        .await?;
    let row = client
        .query_one(
            include_str!("../../sql/people/count_other_administrators.sql"),
            &[&id.0],
        )
        .await?;
    Ok(row.try_get("administrators")?)
}

/// Active administrators, at most 100: whoever is told what waits for one of them.
pub async fn administrators_active(client: &impl GenericClient) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/people/active_administrators.sql");
    let rows = client.query(sql, &[]).await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("id")?)))
        .collect()
}

/// Reads one row of the statements in `sql/people` that return people.
pub(super) fn person(row: &Row) -> Result<Person, Error> {
    let role: &str = row.try_get("role")?;
    let life_state: &str = row.try_get("life_state")?;
    let restores_to: Option<&str> = row.try_get("restores_to")?;
    let restores_to = restores_to.map(|word| state("restores_to", word));
    Ok(Person {
        id: PersonId(row.try_get("id")?),
        username: row.try_get("username")?,
        email: row.try_get("email")?,
        display_name: row.try_get("display_name")?,
        given_name: row.try_get("given_name")?,
        family_name: row.try_get("family_name")?,
        title: row.try_get("title")?,
        department: row.try_get("department")?,
        phone: row.try_get("phone")?,
        manager: manager(row)?,
        role: role
            .parse()
            .map_err(|_| Error::Decode("people.role".to_owned()))?,
        state: state("life_state", life_state)?,
        ends_on: row.try_get("ends_on")?,
        trashed_at: row.try_get("trashed_at")?,
        restores_to: restores_to.transpose()?,
        locale: row.try_get("locale")?,
        zone: row.try_get("zone")?,
        theme: row.try_get("theme")?,
        version: row.try_get("version")?,
        created_at: row.try_get("created_at")?,
        avatar_at: row.try_get("avatar_at")?,
    })
}

fn state(column: &'static str, word: &str) -> Result<State, Error> {
    let wrong = |_| Error::Decode(format!("people.{column}"));
    word.parse().map_err(wrong)
}

fn manager(row: &Row) -> Result<Option<Manager>, Error> {
    let Some(id) = row.try_get("manager_id")? else {
        return Ok(None);
    };
    let life_state: &str = row.try_get("manager_state")?;
    Ok(Some(Manager {
        id: PersonId(id),
        username: row.try_get("manager_username")?,
        display_name: row.try_get("manager_name")?,
        state: state("life_state", life_state)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::Filter;

    #[test]
    fn typed_words_become_beginnings_of_words() {
        assert_eq!(
            Filter::words("Erika  mus").as_deref(),
            Some("erika:* & mus:*")
        );
        assert_eq!(
            Filter::words("e@example.org").as_deref(),
            Some("e:* & example:* & org:*")
        );
        assert_eq!(Filter::words("a' | !b:* \\"), Some("a:* & b:*".to_owned()));
        assert_eq!(Filter::words("  "), None);
    }
}
