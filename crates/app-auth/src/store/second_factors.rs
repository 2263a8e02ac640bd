//! Seeds of one-time passwords, recovery codes, wrong second proofs, and what is asked of whom.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::factor::{Requirement, Standing};
use crate::domain::second_factor::Failures;
use crate::domain::subject::{Subject, UserId};

/// The sealed seed of a person and since when they have it.
pub(crate) async fn totp_find(
    client: &impl GenericClient,
    id: UserId,
) -> Result<Option<(Vec<u8>, Timestamp)>> {
    let row = client
        .query_opt(include_str!("../../sql/totp_find.sql"), &[&id])
        .await?;
    row.map(|row| Ok((row.try_get("sealed_seed")?, row.try_get("created_at")?)))
        .transpose()
}

/// Sets a seed, of which `step` was used already.
pub(crate) async fn totp_put(
    client: &impl GenericClient,
    id: UserId,
    (sealed, step): (&[u8], i64),
    at: Timestamp,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/totp_put.sql"),
            &[&id, &sealed, &step, &at],
        )
        .await?;
    Ok(())
}

/// Uses a step up; of several at once exactly one succeeds.
pub(crate) async fn totp_take_step(
    client: &impl GenericClient,
    id: UserId,
    step: i64,
) -> Result<bool> {
    let rows = client
        .execute(include_str!("../../sql/totp_take_step.sql"), &[&id, &step])
        .await?;
    Ok(rows == 1)
}

/// Removes a seed; returns whether there was one.
pub(crate) async fn totp_delete(client: &impl GenericClient, id: UserId) -> Result<bool> {
    let rows = client
        .execute(include_str!("../../sql/totp_delete.sql"), &[&id])
        .await?;
    Ok(rows == 1)
}

/// Stores codes by their hash.
pub(crate) async fn recovery_code_insert(
    client: &impl GenericClient,
    id: UserId,
    hashes: &[Vec<u8>],
    at: Timestamp,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/recovery_code_insert.sql"),
            &[&id, &hashes, &at],
        )
        .await?;
    Ok(())
}

/// Removes all codes of a person.
pub(crate) async fn recovery_code_discard_of(
    client: &impl GenericClient,
    id: UserId,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/recovery_code_discard_of.sql"),
            &[&id],
        )
        .await?;
    Ok(())
}

/// Uses a code up; of several at once exactly one succeeds.
pub(crate) async fn recovery_code_consume(
    client: &impl GenericClient,
    id: UserId,
    hash: &[u8],
    at: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/recovery_code_consume.sql"),
            &[&id, &hash, &at],
        )
        .await?;
    Ok(rows == 1)
}

/// How many codes of a person were not used yet.
pub(crate) async fn recovery_code_count(client: &impl GenericClient, id: UserId) -> Result<i64> {
    let row = client
        .query_one(include_str!("../../sql/recovery_code_count.sql"), &[&id])
        .await?;
    Ok(row.try_get("unused")?)
}

/// Wrong proofs so far; others of the same person wait until the transaction ends.
pub(crate) async fn second_factor_failures_lock(
    client: &impl GenericClient,
    id: UserId,
    now: Timestamp,
) -> Result<Failures> {
    let row = client
        .query_one(
            include_str!("../../sql/second_factor_failures_lock.sql"),
            &[&id, &now],
        )
        .await?;
    Ok(Failures {
        count: row.try_get("failures")?,
        last_at: row.try_get("last_failed_at")?,
    })
}

/// Stores how many there are now.
pub(crate) async fn second_factor_failures_put(
    client: &impl GenericClient,
    id: UserId,
    failures: Failures,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/second_factor_failures_put.sql"),
            &[&id, &failures.count, &failures.last_at],
        )
        .await?;
    Ok(())
}

/// What a person has set up and what is asked of them.
pub(crate) async fn standing_find(
    client: &impl GenericClient,
    subject: &Subject,
) -> Result<Standing> {
    let row = client
        .query_one(
            include_str!("../../sql/standing_find.sql"),
            &[&subject.user_id, &subject.role.name(), &subject.groups],
        )
        .await?;
    let requirements: Vec<String> = row.try_get("requirements")?;
    Ok(Standing {
        totp: row.try_get("totp")?,
        passkeys: row.try_get("passkeys")?,
        paper: row.try_get("paper")?,
        required: requirements
            .iter()
            .map(|word| Requirement::parse(word))
            .max()
            .unwrap_or_default(),
    })
}
