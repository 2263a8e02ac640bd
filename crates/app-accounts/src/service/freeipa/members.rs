//! Who is in groups that come from the directory.

use std::sync::Arc;

use directory::Limits;
use directory::ipa::{Ipa, Membership, NotDone};

use super::{FreeIpa, Unmade, heard, reason};
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::source::Directory;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::memberships::described;
use crate::service::record::Deed;
use crate::store::group::group_name;
use crate::store::written_back::{WrittenBack, entry_of, written_back};

/// A group and a member of which the directory knows both.
pub(in crate::service) struct Both {
    id: GroupId,
    group: WrittenBack,
    member: (Member, ::directory::EntryId),
}

impl FreeIpa {
    /// The two as their directory knows them; nothing where it does not know both, or is not written to.
    pub(in crate::service) async fn both(
        &self,
        id: GroupId,
        member: Member,
    ) -> Result<Option<Both>, Error> {
        let client = self.db.client().await?;
        let Some(group) = written_back(&client, Member::Group(id)).await? else {
            return Ok(None);
        };
        let entry = entry_of(&client, group.directory, member).await?;
        Ok(entry.map(|entry| Both {
            id,
            group,
            member: (member, entry),
        }))
    }

    /// Puts somebody into a group there, or takes them out.
    ///
    /// # Errors
    /// Why it stays as it is.
    pub(in crate::service) async fn set_member(
        &self,
        actor: &Actor,
        both: &Both,
        is_member: bool,
    ) -> Result<(), Unmade> {
        let action = if is_member {
            "group.directory_member_added"
        } else {
            "group.directory_member_removed"
        };
        let deed = Deed::new(actor, action, self.clock.now());
        let (ipa, directory) = self.of(&both.group).await?;
        let (group, member) = names(&ipa, &directory, both).await?;
        let membership = Membership {
            group: &group,
            member: &member,
            is_group: matches!(both.member.0, Member::Group(_)),
        };
        let limits = Limits::of_sign_in();
        let done = ipa.set_member(membership, is_member, &limits).await;
        let done = heard(&directory, done.map(drop));
        let deed = deed.with_changes(described(both.member.0, &member, None));
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let name = group_name(&tx, both.id).await?.unwrap_or_default();
        if let Some(reason) = done.as_ref().err().map(reason) {
            deed.refused_to_group(&tx, (both.id, &name), reason).await?;
        } else {
            deed.done_to_group(&tx, both.id, &name).await?;
        }
        tx.commit().await?;
        done
    }
}

/// What the two are called there by now.
async fn names(
    ipa: &Arc<Ipa>,
    directory: &Directory,
    both: &Both,
) -> Result<(String, String), Unmade> {
    let limits = Limits::of_sign_in();
    let group = ipa.group_of(&both.group.entry, &limits).await;
    let member = match both.member.0 {
        Member::Person(_) => ipa.login_of(&both.member.1, &limits).await,
        Member::Group(_) => ipa.group_of(&both.member.1, &limits).await,
    };
    let name = |found: Result<Option<String>, ::directory::Error>| {
        let found = heard(directory, found.map_err(NotDone::Away))?;
        found.ok_or(Unmade::Gone)
    };
    Ok((name(group)?, name(member)?))
}
