//! Groups as another identity system wants them.

use std::collections::HashSet;

use jiff::Timestamp;
use platform_pg::{InTransaction, Transaction};
use uuid::Uuid;

use super::{Provisioner, Provisioning, Unwanted, keep, with_their_members};
use crate::domain::group::{Group, GroupId, NewGroup};
use crate::domain::joining::Joining;
use crate::domain::membership::Member;
use crate::domain::name::Line;
use crate::domain::provisioned::{ProvisionedGroup, WantedGroup};
use crate::error::Error;
use crate::service::groups::{GroupChange, erase, insert, store};
use crate::service::memberships::{MemberChange, admit, described, dismiss, name_of};
use crate::service::record::Deed;
use crate::store::group::group_lock;
use crate::store::membership::nesting_lock;
use crate::store::provisioning::{only, provisioned_groups};

/// Most members that one request changes.
const MOST_CHANGED: usize = 1_000;

impl Provisioning {
    /// Makes a group that nobody joins by themselves.
    ///
    /// # Errors
    /// Why it would not do.
    pub async fn create_group(
        &self,
        by: &Provisioner,
        wanted: &WantedGroup,
    ) -> Result<GroupId, Unwanted> {
        let deed = Deed::new(&by.actor, "group.created", self.clock.now());
        let new = NewGroup {
            id: GroupId(Uuid::now_v7()),
            name: wanted.name.clone(),
            description: Line::default(),
            joining: Joining::default(),
        };
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_lock(&tx).await?;
        expect_done(&insert(&tx, &deed, &new).await?)?;
        let group = (new.id, new.name.as_str());
        change_members(&tx, (by, deed.at), group, (&[], &wanted.members)).await?;
        let external_id = wanted.external_id.as_deref();
        keep(&tx, by, Member::Group(new.id), external_id).await?;
        tx.commit().await?;
        Ok(new.id)
    }

    /// Changes a group into what `read` makes of it as it is.
    ///
    /// # Errors
    /// What `read` refuses, and why it would not do.
    pub async fn change_group<E: From<Unwanted>>(
        &self,
        by: &Provisioner,
        id: GroupId,
        read: impl FnOnce(&ProvisionedGroup) -> Result<WantedGroup, E>,
    ) -> Result<(), E> {
        let at = self.clock.now();
        let mut client = self.db.client().await.map_err(Unwanted::from)?;
        let tx = client.transaction().await.map_err(Unwanted::from)?;
        let (group, before) = locked(&tx, by, (id, at)).await?;
        let wanted = read(&before)?;
        Ok(write(tx, (by, at), (&group, &before), &wanted).await?)
    }

    /// Deletes a group, unless `check` refuses it as it is.
    ///
    /// # Errors
    /// What `check` refuses.
    pub async fn delete_group<E: From<Unwanted>>(
        &self,
        by: &Provisioner,
        id: GroupId,
        check: impl FnOnce(&ProvisionedGroup) -> Result<(), E>,
    ) -> Result<(), E> {
        let deed = Deed::new(&by.actor, "group.deleted", self.clock.now());
        let mut client = self.db.client().await.map_err(Unwanted::from)?;
        let tx = client.transaction().await.map_err(Unwanted::from)?;
        let (group, before) = locked(&tx, by, (id, deed.at)).await?;
        check(&before)?;
        erase(&tx, &deed, &group).await.map_err(Unwanted::from)?;
        tx.commit().await.map_err(Unwanted::from)?;
        Ok(())
    }
}

/// A group and who is in it, kept from being changed until the transaction ends.
async fn locked(
    tx: &impl InTransaction,
    by: &Provisioner,
    (id, at): (GroupId, Timestamp),
) -> Result<(Group, ProvisionedGroup), Unwanted> {
    nesting_lock(tx).await?;
    let group = group_lock(tx, id).await?;
    let group = group.ok_or(Error::GroupNotFound(id))?;
    let (narrow, rows) = only(id.0);
    let found = provisioned_groups(tx, by.client, &narrow, rows).await?;
    let found = with_their_members(tx, found, at).await?;
    let found = found.into_iter().next();
    Ok((group, found.ok_or(Error::GroupNotFound(id))?))
}

async fn write(
    tx: Transaction<'_>,
    (by, at): (&Provisioner, Timestamp),
    (group, before): (&Group, &ProvisionedGroup),
    wanted: &WantedGroup,
) -> Result<(), Unwanted> {
    let deed = Deed::new(&by.actor, "group.edited", at);
    let mut after = group.clone();
    after.name = wanted.name.to_string();
    expect_done(&store(&tx, deed, group, &after).await?)?;
    let have = before.members.iter().flatten().map(|(member, _)| *member);
    let have: Vec<Member> = have.collect();
    let members = (have.as_slice(), wanted.members.as_slice());
    change_members(&tx, (by, at), (group.id, &after.name), members).await?;
    let external_id = wanted.external_id.as_deref();
    keep(&tx, by, Member::Group(group.id), external_id).await?;
    tx.commit().await?;
    Ok(())
}

fn expect_done(change: &GroupChange) -> Result<(), Error> {
    match change {
        GroupChange::Done | GroupChange::Unchanged => Ok(()),
        GroupChange::NameTaken => Err(Error::GroupNameTaken),
        // Neither a version nor rights are asked about here.
        GroupChange::Stale | GroupChange::Forbidden => Err(Error::NotAdministrator),
    }
}

/// Puts in who is missing and takes out who is too many.
async fn change_members(
    tx: &impl InTransaction,
    (by, at): (&Provisioner, Timestamp),
    group: (GroupId, &str),
    (have, want): (&[Member], &[Member]),
) -> Result<(), Unwanted> {
    let had: HashSet<Member> = have.iter().copied().collect();
    let wanted: HashSet<Member> = want.iter().copied().collect();
    // In one order, so that two requests that meet the same people do not wait for each other in a circle.
    let mut new: Vec<Member> = wanted.difference(&had).copied().collect();
    let mut gone: Vec<Member> = had.difference(&wanted).copied().collect();
    new.sort_unstable();
    gone.sort_unstable();
    if new.len() + gone.len() > MOST_CHANGED {
        return Err(Unwanted::TooManyMembers);
    }
    for member in new {
        let name = name_of(tx, member).await?.ok_or(Unwanted::MemberGone)?;
        let deed = Deed::new(&by.actor, "group.member_added", at);
        let deed = deed.with_changes(described(member, &name, None));
        match admit(tx, &deed, group, member, None).await? {
            MemberChange::Cycle => return Err(Unwanted::Cycle),
            MemberChange::MemberGone => return Err(Unwanted::MemberGone),
            _ => {}
        }
    }
    for member in gone {
        let name = name_of(tx, member).await?.unwrap_or_default();
        let deed = Deed::new(&by.actor, "group.member_removed", at);
        // Whom the rule of the group put there stays; the answer says so.
        dismiss(tx, deed, group, (member, &name)).await?;
    }
    Ok(())
}
