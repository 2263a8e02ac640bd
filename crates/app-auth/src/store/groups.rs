//! Groups as auth knows them: by name, as a part of people and of rules.

use platform_pg::InTransaction;

use super::Result;

/// Gives a group another name: for the people in it, for what is asked of it and for the tools it may use. All at once,
/// or for a moment nothing would be asked of anybody.
pub(crate) async fn group_rename(tx: &impl InTransaction, before: &str, after: &str) -> Result<()> {
    for statement in [
        include_str!("../../sql/group_rename_in_subjects.sql"),
        include_str!("../../sql/group_rename_in_factor_requirements.sql"),
        include_str!("../../sql/group_rename_in_forward_clients.sql"),
    ] {
        tx.execute(statement, &[&before, &after]).await?;
    }
    Ok(())
}
