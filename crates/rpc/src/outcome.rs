//! How an error's class and code cross the wire: the metadata entry `cloud-code`.
//!
//! gRPC's sixteen codes cannot tell an invalid field from an unprocessable one, and carry no domain code.
//! The entry reads `<class> <code>`, for example `conflict account.email_taken`; a throttled call adds the
//! seconds to wait: `throttled;17 rate.limited`.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use platform::Class;

/// Metadata key.
pub(crate) const KEY: &str = "cloud-code";

/// Longest code accepted from a callee.
const MAX_CODE: usize = 64;

/// How many different codes are remembered; a callee cannot make the process grow beyond this.
const MAX_CODES: usize = 1024;

/// Stands for a code that is malformed or one too many.
const UNKNOWN: &str = "rpc.refused";

static CODES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);

/// The text form of an outcome.
pub(crate) fn encode(class: Class, code: &str) -> String {
    match class {
        Class::Throttled(wait) => {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            format!("throttled;{seconds} {code}")
        }
        other => format!("{} {code}", name(other)),
    }
}

/// Reads the text form back. `None` when it is not one.
pub(crate) fn decode(text: &str) -> Option<(Class, &'static str)> {
    let (class, code) = text.split_once(' ')?;
    Some((parse_class(class)?, intern(code)))
}

/// The same text with a static life, so that it can be an error's code here as it was there.
fn intern(code: &str) -> &'static str {
    let well_formed = (1..=MAX_CODE).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'_');
    if !well_formed {
        return UNKNOWN;
    }
    let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = codes.get(code) {
        return known;
    }
    if codes.len() >= MAX_CODES {
        return UNKNOWN;
    }
    let leaked: &'static str = Box::leak(code.to_owned().into_boxed_str());
    codes.insert(leaked);
    leaked
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Invalid => "invalid",
        Class::Unprocessable => "unprocessable",
        Class::Unauthenticated => "unauthenticated",
        Class::Forbidden => "forbidden",
        Class::NotFound => "not_found",
        Class::Conflict => "conflict",
        Class::TooLarge => "too_large",
        Class::Throttled(_) => "throttled",
        Class::Unavailable => "unavailable",
        Class::Timeout => "timeout",
        Class::Internal => "internal",
    }
}

fn parse_class(text: &str) -> Option<Class> {
    if let Some(seconds) = text.strip_prefix("throttled;") {
        return Some(Class::Throttled(Duration::from_secs(seconds.parse().ok()?)));
    }
    Some(match text {
        "invalid" => Class::Invalid,
        "unprocessable" => Class::Unprocessable,
        "unauthenticated" => Class::Unauthenticated,
        "forbidden" => Class::Forbidden,
        "not_found" => Class::NotFound,
        "conflict" => Class::Conflict,
        "too_large" => Class::TooLarge,
        "unavailable" => Class::Unavailable,
        "timeout" => Class::Timeout,
        "internal" => Class::Internal,
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_class_survives_the_wire() {
        for class in [
            Class::Invalid,
            Class::Unprocessable,
            Class::Unauthenticated,
            Class::Forbidden,
            Class::NotFound,
            Class::Conflict,
            Class::TooLarge,
            Class::Throttled(Duration::from_secs(17)),
            Class::Unavailable,
            Class::Timeout,
            Class::Internal,
        ] {
            let (back, code) = decode(&encode(class, "account.email_taken")).unwrap();
            assert_eq!(back, class);
            assert_eq!(code, "account.email_taken");
        }
    }

    #[test]
    fn a_fraction_of_a_second_to_wait_is_rounded_up() {
        let text = encode(
            Class::Throttled(Duration::from_millis(1_200)),
            "rate.limited",
        );
        assert_eq!(text, "throttled;2 rate.limited");
    }

    #[test]
    fn a_malformed_outcome_is_not_believed() {
        assert!(decode("").is_none());
        assert!(decode("conflict").is_none());
        assert!(decode("teapot a.b").is_none());
        assert!(decode("throttled;soon a.b").is_none());
        assert_eq!(decode("conflict Ä<script>").unwrap().1, UNKNOWN);
        let long = format!("conflict {}", "a".repeat(65));
        assert_eq!(decode(&long).unwrap().1, UNKNOWN);
    }

    #[test]
    fn a_code_is_kept_once() {
        let first = intern("outcome.test.once");
        let second = intern("outcome.test.once");
        assert!(std::ptr::eq(first, second));
    }
}
