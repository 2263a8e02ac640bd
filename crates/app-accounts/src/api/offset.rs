//! A place in a list that is counted from the first row, for lists that are short or seldom read to their end.

use crate::error::Error;
use crate::store::membership::Span;

/// Most rows of an answer.
const MOST: i64 = 200;
/// Deepest place a list is read from.
const DEEPEST: u32 = 1_000_000;

/// The rows of an answer that leaves out the first `offset`.
pub(super) fn from(offset: u32) -> Result<Span, Error> {
    if offset > DEEPEST {
        return Err(Error::NotAWord("offset", "at most 1000000"));
    }
    Ok(Span {
        limit: MOST,
        offset: offset.into(),
    })
}
