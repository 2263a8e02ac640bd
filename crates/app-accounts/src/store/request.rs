//! Table `group_requests`, and the groups that may be asked for.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use super::membership::Span;
use crate::domain::group::GroupId;
use crate::domain::joining::{Joinable, Request, RequestId, RequestState};
use crate::domain::name::Line;
use crate::domain::person::PersonId;

/// Groups a person may come into, by name.
pub async fn joinable_list(
    client: &impl GenericClient,
    person: PersonId,
    at: Timestamp,
    span: Span,
) -> Result<Vec<Joinable>, Error> {
    let sql = include_str!("../../sql/joining/joinable.sql");
    let rows = client
        .query(sql, &[&person.0, &at, &span.limit, &span.offset])
        .await?;
    rows.iter().map(joinable).collect()
}

fn joinable(row: &Row) -> Result<Joinable, Error> {
    let joining: &str = row.try_get("joining")?;
    let request = row
        .try_get::<_, Option<Uuid>>("request_id")?
        .zip(row.try_get("requested_at")?);
    Ok(Joinable {
        id: GroupId(row.try_get("id")?),
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        joining: joining
            .parse()
            .map_err(|_| Error::Decode("groups.joining".to_owned()))?,
        request: request.map(|(id, at)| (RequestId(id), at)),
    })
}

/// Groups a person is in by themselves and may leave.
pub async fn leavable_list(
    client: &impl GenericClient,
    person: PersonId,
    at: Timestamp,
) -> Result<Vec<GroupId>, Error> {
    let sql = include_str!("../../sql/joining/own_of_person.sql");
    let rows = client.query(sql, &[&person.0, &at]).await?;
    rows.iter()
        .map(|row| Ok(GroupId(row.try_get("id")?)))
        .collect()
}

/// Adds an open request. `false`: the person has one for this group.
pub async fn request_insert(
    client: &impl GenericClient,
    id: RequestId,
    (group, person): (GroupId, PersonId),
    note: &Line,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/joining/insert_request.sql");
    Ok(client
        .execute(sql, &[&id.0, &group.0, &person.0, &note.as_str(), &at])
        .await?
        == 1)
}

/// Finds a request and keeps others from deciding on it until the transaction ends.
pub async fn request_lock(
    client: &impl GenericClient,
    id: RequestId,
) -> Result<Option<Request>, Error> {
    let sql = include_str!("../../sql/joining/lock_request.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map(request).transpose()
}

/// Writes down what became of a request.
pub async fn request_decide(
    client: &impl GenericClient,
    id: RequestId,
    state: RequestState,
    reason: &str,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/joining/decide_request.sql");
    client
        .execute(sql, &[&id.0, &state.as_str(), &reason, &at])
        .await?;
    Ok(())
}

/// The open requests for a group, oldest first, at most `limit`.
pub async fn requests_of_group(
    client: &impl GenericClient,
    group: GroupId,
    limit: i64,
) -> Result<Vec<Request>, Error> {
    let sql = include_str!("../../sql/joining/requests_of_group.sql");
    let rows = client.query(sql, &[&group.0, &limit]).await?;
    rows.iter().map(request).collect()
}

/// A person's requests, newest first, at most `limit`.
pub async fn requests_of_person(
    client: &impl GenericClient,
    person: PersonId,
    limit: i64,
) -> Result<Vec<Request>, Error> {
    let sql = include_str!("../../sql/joining/requests_of_person.sql");
    let rows = client.query(sql, &[&person.0, &limit]).await?;
    rows.iter().map(request).collect()
}

fn request(row: &Row) -> Result<Request, Error> {
    let state: &str = row.try_get("state")?;
    Ok(Request {
        id: RequestId(row.try_get("id")?),
        group: GroupId(row.try_get("group_id")?),
        group_name: row.try_get("group_name")?,
        person: PersonId(row.try_get("person_id")?),
        person_name: row.try_get("person_name")?,
        note: row.try_get("note")?,
        state: state
            .parse()
            .map_err(|_| Error::Decode("group_requests.state".to_owned()))?,
        reason: row.try_get("reason")?,
        created_at: row.try_get("created_at")?,
    })
}
