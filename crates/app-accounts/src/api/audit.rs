//! The audit trail for programs: who changed what, what was refused, and why.

use axum::extract::State;
use jiff::Timestamp;
use platform::http::{Json, Query};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::cursor::{self, Page};
use super::refusals::Always;
use crate::Accounts;
use crate::error::Error;
use crate::store::audit::{AuditFilter, Entry as Found, KINDS, OUTCOMES};

/// Words of [`KINDS`].
const WORDS: &str = "person, group, directory, field, filter, grant, import, request or webhook";

/// One entry.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entry {
    /// UUID.
    id: String,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// UUID of who did it; none where the platform acted by itself.
    actor_id: Option<String>,
    /// Their name, as it was then.
    actor_name: String,
    /// What acted on behalf of them, as in `key 0190…` or `app files`; empty when they did it themselves.
    on_behalf: String,
    /// Address the request came from; empty where none did.
    address: String,
    /// Id of the request, of the run of a directory, or empty.
    request_id: String,
    /// What was done or refused, such as `person.invited`.
    action: String,
    /// `done` or `refused`.
    outcome: String,
    /// Why, where a reason is kept.
    reason: Option<String>,
    /// To what: `person`, `group` or another word.
    target_kind: String,
    /// UUID of whom or what.
    target_id: Option<String>,
    /// Its name, as it was then.
    target_name: String,
    /// By field what it was and what it is: `[old, new]`, hidden values as `•••`.
    #[schema(value_type = Object)]
    changes: Value,
}

impl From<Found> for Entry {
    fn from(entry: Found) -> Self {
        Self {
            id: entry.id.to_string(),
            occurred_at: entry.at,
            actor_id: entry.actor.map(|id| id.to_string()),
            reason: entry.reason().map(str::to_owned),
            actor_name: entry.actor_name,
            on_behalf: entry.through,
            address: entry.address,
            request_id: entry.request_id,
            action: entry.action,
            outcome: entry.outcome,
            target_kind: entry.target_kind,
            target_id: entry.target.map(|id| id.to_string()),
            target_name: entry.target_name,
            changes: entry.changes,
        }
    }
}

/// One page of entries.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entries {
    entries: Vec<Entry>,
    /// Where the next page begins; none on the last.
    next: Option<String>,
}

/// Which entries are asked for.
#[derive(Debug, Deserialize)]
pub(super) struct AuditQuery {
    after: Option<String>,
    limit: Option<u16>,
    kind: Option<String>,
    outcome: Option<String>,
    about: Option<Uuid>,
    since: Option<String>,
    q: Option<String>,
}

impl AuditQuery {
    fn filter(&self) -> Result<AuditFilter, Error> {
        let known = |asked: &Option<String>, words: &[&'static str]| match asked {
            None => Ok(None),
            Some(asked) => {
                let word = words.iter().find(|word| *word == asked);
                word.map(|word| Some(*word)).ok_or(())
            }
        };
        let kind = known(&self.kind, &KINDS);
        let outcome = known(&self.outcome, &OUTCOMES);
        let since = self.since.as_deref().map(time);
        Ok(AuditFilter {
            target_kind: kind.map_err(|()| Error::NotAWord("kind", WORDS))?,
            outcome: outcome.map_err(|()| Error::NotAWord("outcome", "done or refused"))?,
            since: match since {
                Some(None) => {
                    return Err(Error::NotAWord(
                        "since",
                        "a time as in 2026-12-31T00:00:00Z",
                    ));
                }
                since => since.flatten(),
            },
            about: self.about,
            words: self.q.clone(),
            after: None,
        })
    }
}

/// A time that an entry can have: before there were computers PostgreSQL counts otherwise.
fn time(text: &str) -> Option<Timestamp> {
    let time: Option<Timestamp> = text.parse().ok();
    time.filter(|time| *time >= Timestamp::UNIX_EPOCH)
}

/// Lists what was changed and refused, newest first. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/audit", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u16>, Query, description = "50 unless told otherwise", minimum = 1, maximum = 200),
    ("kind" = Option<String>, Query, description = "person, group, directory, field, filter, grant, import, request or webhook"),
    ("outcome" = Option<String>, Query, description = "done or refused"),
    ("about" = Option<Uuid>, Query, description = "done by or to this person or group"),
    ("since" = Option<String>, Query, description = "from this time on, as in 2026-12-31T00:00:00Z"),
    ("q" = Option<String>, Query, description = "a part of a name, of the action, of the request's id or of the address")),
    responses((status = 200, body = Entries), Always))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Entries>, Error> {
    let (after, limit) = Page::new(query.after.clone(), query.limit).read()?;
    let place = |(id, at): (Uuid, String)| {
        let at = time(&at).ok_or(Error::NotACursor)?;
        Ok::<_, Error>((at, id))
    };
    let filter = AuditFilter {
        after: after.map(place).transpose()?,
        ..query.filter()?
    };
    let directory = &accounts.directory;
    let mut found = directory.audit(&filter, i64::from(limit) + 1, 0).await?;
    let next = cursor::next(&mut found, limit, |entry| (entry.id, entry.at.to_string()));
    Ok(Json(Entries {
        entries: found.into_iter().map(Entry::from).collect(),
        next,
    }))
}
