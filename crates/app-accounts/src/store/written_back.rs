//! Who and what comes from a directory that is written to, and as what it is known there.

use directory::EntryId;
use platform_pg::{Error, GenericClient};

use crate::domain::membership::Member;
use crate::domain::source::DirectoryId;

/// Where somebody or something is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenBack {
    /// Which directory.
    pub directory: DirectoryId,
    /// As what it is known there.
    pub entry: EntryId,
}

/// Where a person or a group is written to, if anywhere.
pub async fn written_back(
    client: &impl GenericClient,
    what: Member,
) -> Result<Option<WrittenBack>, Error> {
    let (sql, id) = match what {
        Member::Person(id) => (
            include_str!("../../sql/directories/written_back_person.sql"),
            id.0,
        ),
        Member::Group(id) => (
            include_str!("../../sql/directories/written_back_group.sql"),
            id.0,
        ),
    };
    let row = client.query_opt(sql, &[&id]).await?;
    row.map(|row| {
        Ok(WrittenBack {
            directory: DirectoryId(row.try_get("id")?),
            entry: EntryId(row.try_get("external_id")?),
        })
    })
    .transpose()
}

/// As what a directory knows a person or a group, if it does.
pub async fn entry_of(
    client: &impl GenericClient,
    directory: DirectoryId,
    what: Member,
) -> Result<Option<EntryId>, Error> {
    let (sql, id) = match what {
        Member::Person(id) => (
            include_str!("../../sql/directories/entry_of_person.sql"),
            id.0,
        ),
        Member::Group(id) => (
            include_str!("../../sql/directories/entry_of_group.sql"),
            id.0,
        ),
    };
    let row = client.query_opt(sql, &[&directory.0, &id]).await?;
    row.map(|row| Ok(EntryId(row.try_get("external_id")?)))
        .transpose()
}
