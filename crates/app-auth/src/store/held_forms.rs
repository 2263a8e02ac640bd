//! Forms that wait for their sender. What they hold is sealed before it gets here.

use jiff::Timestamp;
use platform_pg::{GenericClient, InTransaction};

use super::Result;
use crate::domain::held_form::FormId;
use crate::domain::subject::UserId;

/// Keeps a form; of the others of that person the newest, `most` in all.
pub(crate) async fn held_form_insert(
    tx: &impl InTransaction,
    (form, who): (FormId, UserId),
    sealed: &[u8],
    (now, most): (Timestamp, i64),
) -> Result<()> {
    let sql = include_str!("../../sql/held_form_insert.sql");
    tx.execute(sql, &[&form, &who, &sealed, &now]).await?;
    let sql = include_str!("../../sql/held_form_make_room.sql");
    tx.execute(sql, &[&who, &most]).await?;
    Ok(())
}

/// What a person's form of that id holds, if it was kept after `since`.
pub(crate) async fn held_form_find(
    client: &impl GenericClient,
    (form, who): (FormId, UserId),
    since: Timestamp,
) -> Result<Option<Vec<u8>>> {
    let sql = include_str!("../../sql/held_form_find.sql");
    let row = client.query_opt(sql, &[&form, &who, &since]).await?;
    row.map(|row| row.try_get("sealed"))
        .transpose()
        .map_err(Into::into)
}

/// Forgets a person's form.
pub(crate) async fn held_form_delete(
    client: &impl GenericClient,
    (form, who): (FormId, UserId),
) -> Result<()> {
    let sql = include_str!("../../sql/held_form_delete.sql");
    client.execute(sql, &[&form, &who]).await?;
    Ok(())
}

/// Removes what was kept before `before`.
pub(crate) async fn held_form_purge(client: &impl GenericClient, before: Timestamp) -> Result<u64> {
    client
        .execute(include_str!("../../sql/held_form_purge.sql"), &[&before])
        .await
}
