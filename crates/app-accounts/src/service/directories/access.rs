//! Access that goes, and comes back, as a directory says.

use platform::Role;
use platform_pg::Database;

use crate::domain::person::{PersonId, State};
use crate::domain::source::DirectoryId;
use crate::error::Error;
use crate::service::people::{Change, change, settle, today};
use crate::service::record::Deed;
use crate::store::sync::lock_set;

/// Takes somebody's access, or gives back what the directory took. Administrators get theirs from administrators alone.
pub(in crate::service) async fn follow(
    db: &Database,
    deed: Deed<'_>,
    (directory, id): (DirectoryId, PersonId),
    access: bool,
) -> Result<Change, Error> {
    let at = deed.at;
    let mut client = db.client().await?;
    let tx = client.transaction().await?;
    let done = change(&tx, deed, id, |person| {
        let is_locked = person.state == State::Suspended && person.role != Role::Admin;
        if !access && person.state.access() != "disabled" {
            person.lock(State::Suspended, at);
        } else if access && is_locked {
            person.unlock();
            person.ends_on = person.ends_on.filter(|day| *day >= today(at));
        }
    });
    match done.await? {
        Change::Done => {
            lock_set(&tx, directory, id, !access).await?;
            tx.commit().await?;
            Ok(Change::Done)
        }
        Change::Unchanged => Ok(Change::Unchanged),
        refused => settle(tx, refused).await,
    }
}
