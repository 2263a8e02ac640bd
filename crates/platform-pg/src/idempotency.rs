//! Creating once, however often it is asked for (draft-ietf-httpapi-idempotency-key-header-07).
//!
//! A use case opens its transaction, calls [`begin`], makes the thing, calls [`keep`] and commits: thing and answer
//! are there together or not at all. A refusal made nothing and is not kept, so the same key may succeed later.
//! Answers must hold no secret: they are kept in plain text for 24 hours.

use jiff::{SignedDuration, Timestamp};
use platform::error::{Class, Classify, FieldProblem};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::Error;
use crate::generic::InTransaction;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// One attempt to create something: whose, under which key, and what.
#[derive(Debug, Clone)]
pub struct Attempt {
    caller: Uuid,
    key: String,
    fingerprint: [u8; 32],
}

impl Attempt {
    /// What `caller` asks of `operation` (`POST /api/accounts/groups`) with `body`. Two bodies are the same when they
    /// read the same, whatever their spaces and the order of their fields. `None` without a key.
    ///
    /// # Errors
    /// [`Error::Encode`] when the body cannot be written as JSON.
    pub fn new(
        caller: Uuid,
        key: Option<String>,
        operation: &str,
        body: &impl Serialize,
    ) -> Result<Option<Self>, Error> {
        let Some(key) = key else {
            return Ok(None);
        };
        let body = serde_json::to_vec(body).map_err(Error::Encode)?;
        let mut hash = Sha256::new();
        hash.update(operation.as_bytes());
        hash.update([0]);
        hash.update(body);
        Ok(Some(Self {
            caller,
            key,
            fingerprint: hash.finalize().into(),
        }))
    }
}

/// What was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Where the thing is; may be empty.
    pub location: String,
    /// JSON, at most 64 KiB.
    pub body: String,
}

/// What to do about an attempt.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// Make the thing.
    First,
    /// It was made: answer this.
    Repeated(Answer),
    /// Make nothing, and say why.
    Refused(Refusal),
}

/// Why nothing is made under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something else was made under the key.
    #[error("the Idempotency-Key was used for another request")]
    OtherRequest,
    /// Another request with the key is being worked on.
    #[error("a request with this Idempotency-Key is being worked on")]
    InFlight,
}

impl Classify for Refusal {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::OtherRequest => (Class::Unprocessable, "idempotency.other_request"),
            Self::InFlight => (Class::Conflict, "idempotency.in_flight"),
        }
    }

    fn detail(&self) -> Option<String> {
        let remedy = match self {
            Self::OtherRequest => {
                "Something else was asked for with this Idempotency-Key. Choose a new key."
            }
            Self::InFlight => {
                "A request with this Idempotency-Key is being worked on. Repeat it in a moment for its answer."
            }
        };
        Some(remedy.to_owned())
    }

    fn fields(&self) -> Vec<FieldProblem> {
        let (_, code) = self.outcome();
        let message = self.detail().unwrap_or_default();
        vec![FieldProblem::new("Idempotency-Key", code, message)]
    }
}

/// Looks whether the thing was made. Unless it was, nobody else begins with the same key until the transaction ends.
pub async fn begin(
    transaction: &impl InTransaction,
    attempt: Option<&Attempt>,
) -> Result<Begun, Error> {
    let Some(attempt) = attempt else {
        return Ok(Begun::First);
    };
    // Before the lock: a transaction that is dropped lets go of it only after the answer is out, and whoever asks a
    // third time at once is not to be told that somebody is at it.
    if let Some(kept) = find(transaction, attempt).await? {
        return Ok(kept);
    }
    let sql = include_str!("../sql/idempotency_lock.sql");
    let locked: bool = transaction
        .query_one(sql, &[&attempt.caller, &attempt.key])
        .await?
        .try_get("locked")?;
    if !locked {
        return Ok(Begun::Refused(Refusal::InFlight));
    }
    Ok(find(transaction, attempt).await?.unwrap_or(Begun::First))
}

async fn find(transaction: &impl InTransaction, attempt: &Attempt) -> Result<Option<Begun>, Error> {
    let since = now(transaction)? - KEPT;
    let sql = include_str!("../sql/idempotency_find.sql");
    let row = transaction
        .query_opt(sql, &[&attempt.caller, &attempt.key, &since])
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    if row.try_get::<_, &[u8]>("fingerprint")? != attempt.fingerprint {
        return Ok(Some(Begun::Refused(Refusal::OtherRequest)));
    }
    let status: i16 = row.try_get("status")?;
    Ok(Some(Begun::Repeated(Answer {
        status: u16::try_from(status).unwrap_or_default(),
        location: row.try_get("location")?,
        body: row.try_get("body")?,
    })))
}

/// Keeps what is answered, in the transaction that made the thing.
///
/// # Errors
/// Violates `idempotency_keys_body_check` for a body of more than 64 KiB.
pub async fn keep(
    transaction: &impl InTransaction,
    attempt: Option<&Attempt>,
    answer: &Answer,
) -> Result<(), Error> {
    let Some(attempt) = attempt else {
        return Ok(());
    };
    let status = i16::try_from(answer.status).unwrap_or_default();
    transaction
        .execute(
            include_str!("../sql/idempotency_keep.sql"),
            &[
                &attempt.caller,
                &attempt.key,
                &attempt.fingerprint.as_slice(),
                &status,
                &answer.location,
                &answer.body,
                &now(transaction)?,
            ],
        )
        .await?;
    Ok(())
}

fn now(transaction: &impl InTransaction) -> Result<Timestamp, Error> {
    Ok(transaction.connected()?.shared().clock.now())
}
