//! The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): a client's name for one attempt to
//! create something. What was made under it is a matter of the database.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, HeaderName};

use crate::error::{Class, FieldProblem};
use crate::problem::Problem;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key, in characters.
const LONGEST: usize = 200;

/// The key a client sent, if it sent one: 1 to 200 printable ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl IdempotencyKey {
    /// Reads the header. The draft asks for quotes; many clients leave them out, and mean the same.
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut values = headers.get_all(HEADER).iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        let text = value.to_str().unwrap_or_default().trim();
        let bare = match text.strip_prefix('"') {
            Some(quoted) => quoted.strip_suffix('"').unwrap_or_default(),
            None => text,
        };
        let fits = (1..=LONGEST).contains(&bare.len())
            && bare
                .bytes()
                .all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\');
        if !fits || values.next().is_some() {
            return Err(malformed());
        }
        Ok(Self(Some(bare.to_owned())))
    }
}

fn malformed() -> Problem {
    let remedy =
        "Send it once: 1 to 200 printable ASCII characters in double quotes, best a random UUID.";
    Problem::new(Class::Invalid, "idempotency.key_malformed")
        .detail("The Idempotency-Key cannot be read; `errors` says how to send it.")
        .field(FieldProblem::new(
            "Idempotency-Key",
            "field.invalid",
            remedy,
        ))
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.headers)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> Result<Option<String>, u16> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        IdempotencyKey::of(&headers)
            .map(|key| key.0)
            .map_err(|problem| problem.status)
    }

    #[test]
    fn a_key_is_read_with_quotes_and_without() {
        assert_eq!(read(&[]), Ok(None));
        for value in ["8e03978e", "\"8e03978e\"", " 8e03978e "] {
            assert_eq!(read(&[value]), Ok(Some("8e03978e".to_owned())), "{value}");
        }
        let long = "k".repeat(200);
        assert_eq!(read(&[&long]), Ok(Some(long.clone())));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = "k".repeat(201);
        for values in [
            &[""][..],
            &["\"\""],
            &["\"open"],
            &["a\"b"],
            &["a\\b"],
            &["kéy"],
            &[&long],
            &["one", "two"],
        ] {
            assert_eq!(read(values), Err(400), "{values:?}");
        }
    }
}
