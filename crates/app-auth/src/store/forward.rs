//! Tools behind proxies, the tickets that carry a sign-in to them, and their sessions.

use jiff::Timestamp;
use platform_pg::GenericClient;
use tokio_postgres::Row;

use super::Result;
use super::sessions::{FoundSession, found_of};
use crate::domain::forward::{Proxy, Rule, Tool};
use crate::domain::session::SessionId;
use crate::domain::subject::Role;
use crate::domain::token::TokenHash;

/// A tool and what its proxy did last.
#[derive(Debug, Clone)]
pub(crate) struct StoredTool {
    /// The tool.
    pub(crate) tool: Tool,
    /// When its proxy asked last, to about a minute.
    pub(crate) asked_at: Option<Timestamp>,
    /// What was wrong with that, as a word; empty when nothing was.
    pub(crate) problem: String,
}

/// All tools, by name; at most 200.
pub(crate) async fn forward_client_list(client: &impl GenericClient) -> Result<Vec<StoredTool>> {
    let rows = client
        .query(include_str!("../../sql/forward_client_list.sql"), &[])
        .await?;
    rows.iter().map(tool_of).collect()
}

/// A tool by id.
pub(crate) async fn forward_client_find(
    client: &impl GenericClient,
    id: &str,
) -> Result<Option<StoredTool>> {
    let row = client
        .query_opt(include_str!("../../sql/forward_client_find.sql"), &[&id])
        .await?;
    row.as_ref().map(tool_of).transpose()
}

/// Adds a tool, or replaces it where `replace` says so; returns whether that was done.
pub(crate) async fn forward_client_put(
    client: &impl GenericClient,
    tool: &Tool,
    (at, replace): (Timestamp, bool),
) -> Result<bool> {
    let roles: Vec<&str> = tool.rule.roles.iter().map(|role| role.name()).collect();
    let rows = client
        .execute(
            include_str!("../../sql/forward_client_put.sql"),
            &[
                &tool.id,
                &tool.name,
                &tool.proxy.name(),
                &tool.hosts,
                &tool.rule.everyone,
                &roles,
                &tool.rule.groups,
                &at,
                &replace,
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Removes a tool, with what opens it.
pub(crate) async fn forward_client_delete(client: &impl GenericClient, id: &str) -> Result<bool> {
    let rows = client
        .execute(include_str!("../../sql/forward_client_delete.sql"), &[&id])
        .await?;
    Ok(rows == 1)
}

/// Notes that a proxy asked, unless that was noted after `since`.
pub(crate) async fn forward_client_asked(
    client: &impl GenericClient,
    (id, problem): (&str, &str),
    (at, since): (Timestamp, Timestamp),
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/forward_client_asked.sql"),
            &[&id, &at, &problem, &since],
        )
        .await?;
    Ok(())
}

/// What a ticket is bound to.
#[derive(Debug)]
pub(crate) struct Binding<'a> {
    /// The tool.
    pub(crate) client_id: &'a str,
    /// Its host.
    pub(crate) host: &'a str,
    /// The browser, by the hash of a cookie it has at that host.
    pub(crate) browser: &'a TokenHash,
}

/// Stores a ticket.
pub(crate) async fn forward_ticket_insert(
    client: &impl GenericClient,
    (ticket, session): (&TokenHash, SessionId),
    bound: &Binding<'_>,
    (at, expires_at): (Timestamp, Timestamp),
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/forward_ticket_insert.sql"),
            &[
                ticket,
                &bound.client_id,
                &bound.host,
                bound.browser,
                &session,
                &at,
                &expires_at,
            ],
        )
        .await?;
    Ok(())
}

/// Uses a ticket up; the session it stands for, when it is presented where it belongs, in time and for the first time.
pub(crate) async fn forward_ticket_take(
    client: &impl GenericClient,
    ticket: &TokenHash,
    bound: &Binding<'_>,
    at: Timestamp,
) -> Result<Option<SessionId>> {
    let row = client
        .query_opt(
            include_str!("../../sql/forward_ticket_take.sql"),
            &[ticket, &bound.client_id, &bound.host, bound.browser, &at],
        )
        .await?;
    row.map(|row| row.try_get("session_id").map_err(Into::into))
        .transpose()
}

/// Tickets a session was given for one host of a tool after `since`.
pub(crate) async fn forward_ticket_count(
    client: &impl GenericClient,
    (session, client_id, host): (SessionId, &str, &str),
    since: Timestamp,
) -> Result<i64> {
    let row = client
        .query_one(
            include_str!("../../sql/forward_ticket_count.sql"),
            &[&session, &client_id, &host, &since],
        )
        .await?;
    Ok(row.try_get("count")?)
}

/// Removes tickets that ended before `before`.
pub(crate) async fn forward_ticket_purge(
    client: &impl GenericClient,
    before: Timestamp,
) -> Result<u64> {
    client
        .execute(
            include_str!("../../sql/forward_ticket_purge.sql"),
            &[&before],
        )
        .await
}

/// Begins the session of a tool at one of its hosts.
pub(crate) async fn forward_session_insert(
    client: &impl GenericClient,
    token: &TokenHash,
    (client_id, host): (&str, &str),
    (session, at): (SessionId, Timestamp),
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/forward_session_insert.sql"),
            &[token, &client_id, &host, &session, &at],
        )
        .await?;
    Ok(())
}

/// The session behind the cookie of a tool at one of its hosts, unless it was ended.
pub(crate) async fn forward_session_find(
    client: &impl GenericClient,
    token: &TokenHash,
    (client_id, host): (&str, &str),
) -> Result<Option<FoundSession>> {
    let row = client
        .query_opt(
            include_str!("../../sql/forward_session_find.sql"),
            &[token, &client_id, &host],
        )
        .await?;
    row.as_ref().map(found_of).transpose()
}

fn tool_of(row: &Row) -> Result<StoredTool> {
    let (proxy, roles): (String, Vec<String>) = (row.try_get("proxy")?, row.try_get("roles")?);
    Ok(StoredTool {
        tool: Tool {
            id: row.try_get("client_id")?,
            name: row.try_get("name")?,
            // A word this version does not know: the one that believes the fewest fields.
            proxy: Proxy::parse(&proxy).unwrap_or(Proxy::Nginx),
            hosts: row.try_get("hosts")?,
            rule: Rule {
                everyone: row.try_get("everyone")?,
                roles: roles.iter().filter_map(|role| Role::parse(role)).collect(),
                groups: row.try_get("groups")?,
            },
        },
        asked_at: row.try_get("asked_at")?,
        problem: row.try_get("problem")?,
    })
}
