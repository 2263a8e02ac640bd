//! What apps declare.

use jiff::Timestamp;
use platform_pg::InTransaction;
use registry::{Entry, SettingDeclaration};

use crate::error::Error;

/// The instance an app's declarations come from, and when it started.
pub(crate) async fn instance(
    transaction: &impl InTransaction,
    app: &str,
) -> Result<Option<(String, Timestamp)>, Error> {
    let sql = include_str!("../../sql/app_instance.sql");
    let row = transaction.query_opt(sql, &[&app]).await?;
    row.map(|row| {
        Ok((
            row.try_get("instance")?,
            row.try_get("instance_started_at")?,
        ))
    })
    .transpose()
}

/// Takes over how an app describes itself.
pub(crate) async fn put_app(transaction: &impl InTransaction, entry: &Entry) -> Result<(), Error> {
    let name = serde_json::to_value(&entry.name)?;
    let sql = include_str!("../../sql/app_upsert.sql");
    transaction
        .execute(
            sql,
            &[
                &entry.id.as_str(),
                &name,
                &entry.icon,
                &entry.version,
                &entry.instance.as_str(),
                &entry.started_at,
            ],
        )
        .await?;
    Ok(())
}

/// Replaces the declarations of an app.
pub(crate) async fn replace(
    transaction: &impl InTransaction,
    app: &str,
    declarations: &[SettingDeclaration],
) -> Result<(), Error> {
    transaction
        .execute(include_str!("../../sql/declarations_delete.sql"), &[&app])
        .await?;
    let sql = include_str!("../../sql/declaration_insert.sql");
    for (position, declaration) in (0_i32..).zip(declarations) {
        let json = serde_json::to_value(declaration)?;
        transaction
            .execute(sql, &[&app, &declaration.key, &position, &json])
            .await?;
    }
    Ok(())
}
