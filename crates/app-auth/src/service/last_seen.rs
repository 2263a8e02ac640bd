//! When people were last seen, for whoever looks after accounts that nobody uses.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::Core;
use crate::store::last_seen::last_seen_list;

/// Most people in one answer.
const MOST: i32 = 1_000;

/// A place in the list of everybody in the order of when they were last seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Since {
    /// Then or later.
    pub(crate) at: Timestamp,
    /// Of those of that second, who comes after this id.
    pub(crate) after: UserId,
}

/// Part of that list.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Who, and when, to the second.
    pub(crate) people: Vec<(UserId, Timestamp)>,
    /// Whether there are more.
    pub(crate) more: bool,
}

/// Tells when people were last seen. Cheap to clone.
#[derive(Clone)]
pub(crate) struct LastSeen {
    core: Arc<Core>,
}

impl LastSeen {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Who was seen after a place in the list; as many as asked for, and at most 1,000.
    pub(crate) async fn list(&self, since: Since, limit: i32) -> Result<Seen, Error> {
        let limit = if limit == 0 { MOST } else { limit };
        let limit = limit.clamp(1, MOST);
        let db = self.core.db.client().await?;
        let after = (since.at, since.after);
        let mut people = last_seen_list(&db, after, i64::from(limit) + 1).await?;
        let most = usize::try_from(limit).unwrap_or_default();
        let more = people.len() > most;
        people.truncate(most);
        Ok(Seen { people, more })
    }
}
