//! Who may change the members and the description of a group. Administrators may do so in every group; only they
//! choose managers.

use platform::Clock;
use platform_pg::{Database, InTransaction};

use super::actor::Actor;
use super::memberships::{MemberChange, described, name_of};
use super::record::Deed;
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::error::Error;
use crate::store::group::group_name;
use crate::store::managing::{manager_add, manager_remove, managers, manages};
use crate::store::membership::nesting_hold;

/// What somebody may do with a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Everything.
    Administers,
    /// Add and remove members, decide on requests, change the description.
    Manages,
}

/// Names managers.
#[derive(Clone, Debug)]
pub struct Managers {
    db: Database,
    clock: Clock,
}

impl Managers {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// What somebody may do with a group; `None` nothing.
    pub async fn rights(&self, actor: &Actor, id: GroupId) -> Result<Option<Rights>, Error> {
        if actor.administers {
            return Ok(Some(Rights::Administers));
        }
        let Some(person) = actor.id else {
            return Ok(None);
        };
        let client = self.db.client().await?;
        let may = manages(&client, id, person, self.clock.now()).await?;
        Ok(may.then_some(Rights::Manages))
    }

    /// Who manages a group, with their names; at most 500.
    pub async fn list(&self, id: GroupId) -> Result<Vec<(Member, String)>, Error> {
        let client = self.db.client().await?;
        Ok(managers(&client, id).await?)
    }

    /// Lets somebody manage a group, or no more.
    pub async fn set(
        &self,
        actor: &Actor,
        id: GroupId,
        manager: Member,
        chosen: bool,
    ) -> Result<MemberChange, Error> {
        let action = if chosen {
            "group.manager_added"
        } else {
            "group.manager_removed"
        };
        let deed = Deed::new(actor, action, self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // A group that is deleted meanwhile takes its managers along.
        nesting_hold(&tx).await?;
        let group = group_name(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        let Some(name) = name_of(&tx, manager).await? else {
            return Ok(MemberChange::MemberGone);
        };
        let deed = deed.with_changes(described(manager, &name, None));
        if !may_administer(&tx, &deed, (id, &group)).await? {
            tx.commit().await?;
            return Ok(MemberChange::Forbidden);
        }
        let changed = if chosen {
            manager_add(&tx, id, manager, deed.at).await?
        } else {
            manager_remove(&tx, id, manager).await?
        };
        if !changed {
            return Ok(MemberChange::Unchanged);
        }
        deed.done_to_group(&tx, id, &group).await?;
        tx.commit().await?;
        Ok(MemberChange::Done)
    }
}

/// Whether this deed is the actor's to do to a group as an administrator; if not, that it was refused is written
/// down and left to the caller to commit.
pub(super) async fn may_administer(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    group: (GroupId, &str),
) -> Result<bool, Error> {
    if !deed.actor.administers {
        deed.refused_to_group(tx, group, "NotAdministrator").await?;
    }
    Ok(deed.actor.administers)
}

/// Whether this deed is the actor's to do in a group; if not, that it was refused is written down and left to the
/// caller to commit.
pub(super) async fn may_manage(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    group: (GroupId, &str),
) -> Result<bool, Error> {
    if deed.actor.administers {
        return Ok(true);
    }
    if let Some(person) = deed.actor.id
        && manages(tx, group.0, person, deed.at).await?
    {
        return Ok(true);
    }
    deed.refused_to_group(tx, group, "NotManager").await?;
    Ok(false)
}
