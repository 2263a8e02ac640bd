//! Table `audit`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use serde_json::Value;
use uuid::Uuid;

/// The field that tells by id what `manager` tells by name; for forgetting people, not for reading.
pub const MANAGER_ID: &str = "manager_id";

/// What entries are about.
pub const KINDS: [&str; 9] = [
    "person",
    "group",
    "directory",
    "field",
    "filter",
    "grant",
    "import",
    "request",
    "webhook",
];

/// What became of what somebody tried.
pub const OUTCOMES: [&str; 2] = ["done", "refused"];

/// One entry to add.
#[derive(Debug)]
pub struct NewEntry<'a> {
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` for the platform itself.
    pub actor: Option<Uuid>,
    /// Name of who did it, as it was then.
    pub actor_name: &'a str,
    /// What was done, such as `person.invited`.
    pub action: &'static str,
    /// `done` or `refused`.
    pub outcome: &'static str,
    /// One of [`KINDS`].
    pub target_kind: &'static str,
    /// What it was done to.
    pub target: Option<Uuid>,
    /// Name of what it was done to, as it was then.
    pub target_name: &'a str,
    /// Field to `[old, new]`.
    pub changes: Value,
    /// Request it belongs to; may be empty.
    pub request_id: &'a str,
    /// Address the request came from; may be empty.
    pub address: &'a str,
    /// What acted on behalf of whoever did it; may be empty.
    pub through: &'a str,
}

/// One entry as shown.
#[derive(Debug)]
pub struct Entry {
    /// Which.
    pub id: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` for the platform itself.
    pub actor: Option<Uuid>,
    /// Their name, as it was then.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// To what: one of [`KINDS`].
    pub target_kind: String,
    /// To whom or what.
    pub target: Option<Uuid>,
    /// Its name, as it was then.
    pub target_name: String,
    /// Field to `[old, new]`.
    pub changes: Value,
    /// Request it belongs to; may be empty.
    pub request_id: String,
    /// Address the request came from; may be empty.
    pub address: String,
    /// What acted on behalf of whoever did it, as in `key 0190…`; empty when they did it themselves.
    pub through: String,
}

impl Entry {
    /// Why it was refused, or done, where a reason was given.
    pub fn reason(&self) -> Option<&str> {
        self.changes.get("reason").and_then(Value::as_str)
    }

    /// Where it came from, in a line: `192.0.2.1 · key 0190…`; may be empty.
    pub fn origin(&self) -> String {
        let known = [&*self.address, &*self.through].into_iter();
        let known: Vec<&str> = known.filter(|part| !part.is_empty()).collect();
        known.join(" · ")
    }

    /// Without where it came from, for anybody but administrators and whoever did it.
    #[must_use]
    pub fn without_origin(self) -> Self {
        Self {
            request_id: String::new(),
            address: String::new(),
            through: String::new(),
            ..self
        }
    }

    /// What changed, one line each: `title: Countess → Duchess`.
    pub fn described(&self) -> Vec<String> {
        let text = |value: &Value| match value {
            Value::String(text) if text.is_empty() => "–".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let line = |(field, value): (&String, &Value)| match value {
            Value::Array(pair) if pair.len() == 2 => {
                let sides: Vec<String> = pair.iter().map(text).collect();
                format!("{field}: {}", sides.join(" → "))
            }
            value => format!("{field}: {}", text(value)),
        };
        let fields = self.changes.as_object().into_iter().flatten();
        let fields = fields.filter(|(field, _)| *field != MANAGER_ID);
        fields.map(line).collect()
    }
}

/// Adds an entry.
pub async fn audit_insert(client: &impl GenericClient, entry: &NewEntry<'_>) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/audit/insert.sql"),
            &[
                &Uuid::now_v7(),
                &entry.at,
                &entry.actor,
                &entry.actor_name,
                &entry.action,
                &entry.outcome,
                &entry.target_kind,
                &entry.target,
                &entry.target_name,
                &entry.changes,
                &entry.request_id,
                &entry.address,
                &entry.through,
            ],
        )
        .await?;
    Ok(())
}

/// Adds entries about several things that differ in nothing but target and changes, which `of_each` names; those of
/// `entry` count for nothing.
pub async fn audit_insert_all(
    client: &impl GenericClient,
    entry: &NewEntry<'_>,
    of_each: Vec<(Uuid, String, Value)>,
) -> Result<(), Error> {
    let ids: Vec<Uuid> = of_each.iter().map(|_| Uuid::now_v7()).collect();
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for (target, name, changes) in of_each {
        columns.0.push(target);
        columns.1.push(name);
        columns.2.push(changes);
    }
    client
        .execute(
            include_str!("../../sql/audit/insert_all.sql"),
            &[
                &ids,
                &entry.at,
                &entry.actor,
                &entry.actor_name,
                &entry.action,
                &entry.outcome,
                &entry.target_kind,
                &columns.0,
                &columns.1,
                &columns.2,
                &entry.request_id,
                &entry.address,
                &entry.through,
            ],
        )
        .await?;
    Ok(())
}

/// The newest entries about one person or group.
pub async fn audit_list_for_target(
    client: &impl GenericClient,
    target: Uuid,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/audit/list_for_target.sql"),
            &[&target, &limit],
        )
        .await?;
    rows.iter().map(entry).collect()
}

/// Which entries to list.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// One of [`KINDS`].
    pub target_kind: Option<&'static str>,
    /// `done` or `refused`.
    pub outcome: Option<&'static str>,
    /// From then on.
    pub since: Option<Timestamp>,
    /// Done by or to this person or group.
    pub about: Option<Uuid>,
    /// A part of the name of who or whom, of the action, of the request's id or of the address.
    pub words: Option<String>,
    /// Those behind the entry of this time and id.
    pub after: Option<(Timestamp, Uuid)>,
}

impl AuditFilter {
    /// What was typed as a pattern for any part; nothing typed finds everything.
    fn pattern(&self) -> Option<String> {
        let words = self.words.as_deref().map(str::trim)?;
        let literal = |letter: char| match letter {
            '%' | '_' | '\\' => vec!['\\', letter],
            // No entry holds one, and PostgreSQL takes no text with a zero.
            letter if letter.is_control() => Vec::new(),
            letter => vec![letter],
        };
        let escaped: String = words.chars().flat_map(literal).collect();
        (!escaped.is_empty()).then(|| format!("%{escaped}%"))
    }
}

/// Entries, newest first, `limit` of them from `offset` on.
pub async fn audit_list(
    client: &impl GenericClient,
    filter: &AuditFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Entry>, Error> {
    let sql = include_str!("../../sql/audit/list.sql");
    let AuditFilter {
        target_kind,
        outcome,
        since,
        about,
        ..
    } = filter;
    let words = filter.pattern();
    let (after, id) = filter.after.unzip();
    let rows = client
        .query(
            sql,
            &[
                target_kind,
                outcome,
                since,
                about,
                &words,
                &after,
                &id,
                &limit,
                &offset,
            ],
        )
        .await?;
    rows.iter().map(entry).collect()
}

/// Counts the entries that [`audit_list`] would list without a limit, up to 10,000.
pub async fn audit_count(client: &impl GenericClient, filter: &AuditFilter) -> Result<i64, Error> {
    let AuditFilter {
        target_kind,
        outcome,
        since,
        about,
        ..
    } = filter;
    let words = filter.pattern();
    let row = client
        .query_one(
            include_str!("../../sql/audit/count.sql"),
            &[target_kind, outcome, since, about, &words],
        )
        .await?;
    Ok(row.try_get("entries")?)
}

/// What one request of `actor` did to people after `since`: the actions and whom, at most 100.
pub async fn audit_list_of_request(
    client: &impl GenericClient,
    actor: Option<Uuid>,
    request_id: &str,
    since: Timestamp,
) -> Result<Vec<(String, Uuid)>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/audit/list_of_request.sql"),
            &[&actor, &request_id, &since],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("action")?, row.try_get("target_id")?)))
        .collect()
}

fn entry(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        id: row.try_get("id")?,
        at: row.try_get("occurred_at")?,
        actor: row.try_get("actor_id")?,
        actor_name: row.try_get("actor_name")?,
        action: row.try_get("action")?,
        outcome: row.try_get("outcome")?,
        target_kind: row.try_get("target_kind")?,
        target: row.try_get("target_id")?,
        target_name: row.try_get("target_name")?,
        changes: row.try_get("changes")?,
        request_id: row.try_get("request_id")?,
        address: row.try_get("address")?,
        through: row.try_get("through")?,
    })
}

#[cfg(test)]
mod tests {
    use super::AuditFilter;

    #[test]
    fn what_was_typed_is_searched_for_as_it_stands() {
        let typed = |words: &str| AuditFilter {
            words: Some(words.to_owned()),
            ..AuditFilter::default()
        };
        assert_eq!(
            typed(" 50%_\\ ").pattern().as_deref(),
            Some("%50\\%\\_\\\\%")
        );
        assert_eq!(typed("  ").pattern(), None);
        assert_eq!(AuditFilter::default().pattern(), None);
    }
}
