//! Another identity system says what people and groups are like. One request is one transaction, and what a client
//! changes is read under the lock it is written under: of two changes at once none is lost.

mod groups;
mod people;

use platform::Clock;
use platform_pg::{Database, Error as StoreError, InTransaction};
use uuid::Uuid;

use super::actor::Actor;
use super::people::Change;
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::provisioned::{ProvisionedGroup, ProvisionedPerson};
use crate::error::Error;
use crate::store::provisioning::{
    Narrow, Rows, external_keep, provisioned_groups, provisioned_groups_count, provisioned_members,
    provisioned_people, provisioned_people_count,
};

/// Most members of groups that are read at once.
const MOST_MEMBERS: usize = 50_000;

/// Why nothing was changed, or shown.
#[derive(Debug)]
pub enum Unwanted {
    /// The person would not do.
    Person(Change),
    /// The client has this id for another.
    ExternalIdTaken,
    /// Another person goes by this user name.
    UserNameTaken,
    /// Somebody in the trash goes by this user name.
    UserNameInTrash,
    /// Administrators get mail addresses, and access back, from other administrators alone.
    Administrator,
    /// They would have more mail addresses than people may.
    TooManyAddresses,
    /// Somebody who is to be a member is not there.
    MemberGone,
    /// The group would be inside itself.
    Cycle,
    /// Too many members come or go at once, or are to be shown.
    TooManyMembers,
    /// Something else went wrong.
    Failed(Error),
}

impl From<Error> for Unwanted {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Unwanted {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Provisions people and groups.
#[derive(Clone, Debug)]
pub struct Provisioning {
    db: Database,
    clock: Clock,
}

/// Who provisions.
#[derive(Clone, Debug)]
pub struct Provisioner {
    /// Who answers for it in the audit trail.
    pub actor: Actor,
    /// Whose external ids are read and written.
    pub client: Uuid,
}

impl Provisioning {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Some people by id, nobody from the trash, as the client knows them.
    pub async fn people(
        &self,
        client: Uuid,
        narrow: &Narrow,
        rows: Rows,
    ) -> Result<Vec<ProvisionedPerson>, Error> {
        let db = self.db.client().await?;
        Ok(provisioned_people(&db, client, narrow, rows).await?)
    }

    /// Some groups by id, with their members if these are asked for.
    ///
    /// # Errors
    /// [`Unwanted::TooManyMembers`] when they have more than 50,000 between them.
    pub async fn groups(
        &self,
        client: Uuid,
        narrow: &Narrow,
        rows: Rows,
        with_members: bool,
    ) -> Result<Vec<ProvisionedGroup>, Unwanted> {
        let db = self.db.client().await?;
        let mut groups = provisioned_groups(&db, client, narrow, rows).await?;
        if with_members {
            let at = self.clock.now();
            groups = with_their_members(&db, groups, at).await?;
        }
        Ok(groups)
    }

    /// How many people and groups there are to provision.
    pub async fn totals(&self) -> Result<(i64, i64), Error> {
        let db = self.db.client().await?;
        let people = provisioned_people_count(&db).await?;
        Ok((people, provisioned_groups_count(&db).await?))
    }
}

/// The groups with who is directly in them.
async fn with_their_members(
    db: &impl platform_pg::GenericClient,
    mut groups: Vec<ProvisionedGroup>,
    at: jiff::Timestamp,
) -> Result<Vec<ProvisionedGroup>, Unwanted> {
    let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
    let one_more = i64::try_from(MOST_MEMBERS).unwrap_or(i64::MAX) + 1;
    let mut members = provisioned_members(db, &ids, at, one_more).await?;
    if members.values().map(Vec::len).sum::<usize>() > MOST_MEMBERS {
        return Err(Unwanted::TooManyMembers);
    }
    for group in &mut groups {
        group.members = Some(members.remove(&group.id).unwrap_or_default());
    }
    Ok(groups)
}

/// Keeps the client's own id for somebody or something, or forgets it.
async fn keep(
    tx: &impl InTransaction,
    by: &Provisioner,
    what: Member,
    external_id: Option<&str>,
) -> Result<(), Unwanted> {
    external_keep(tx, by.client, what, external_id)
        .await
        .map_err(|error| match error.constraint() {
            Some("provisioned_people_external_unique" | "provisioned_groups_external_unique") => {
                Unwanted::ExternalIdTaken
            }
            _ => error.into(),
        })
}
