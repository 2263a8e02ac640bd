//! Creating under an `Idempotency-Key`: thing and answer in one transaction.

use platform_pg::InTransaction;
use platform_pg::idempotency::{Answer, Attempt, Begun, begin};

use crate::error::Error;

/// What came of creating something.
#[derive(Debug)]
pub enum Once<T> {
    /// It is there, and this is answered: now, or when it was made.
    Done(Answer),
    /// Why it was not made.
    Refused(T),
}

/// The answer that was given before; `None`: make the thing.
///
/// # Errors
/// [`Error::Idempotency`] when the key is in use.
pub(super) async fn answered(
    tx: &impl InTransaction,
    attempt: Option<&Attempt>,
) -> Result<Option<Answer>, Error> {
    match begin(tx, attempt).await? {
        Begun::First => Ok(None),
        Begun::Repeated(answer) => Ok(Some(answer)),
        Begun::Refused(refusal) => Err(refusal.into()),
    }
}
