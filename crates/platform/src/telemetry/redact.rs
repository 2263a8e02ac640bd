//! Which fields never reach a log, whatever somebody puts into them.
//!
//! The first defence are types: secrets are `SecretString`, errors of the stores carry no values.
//! This is the second, for the day somebody writes `tracing::info!(password = ..)`.

use tracing::Metadata;

/// What is shown instead.
pub(super) const REDACTED: &str = "[redacted]";

/// Parts of field names that promise a secret.
const SECRET_WORDS: [&str; 9] = [
    "password",
    "passphrase",
    "secret",
    "token",
    "cookie",
    "authorization",
    "api_key",
    "private_key",
    "credential",
];

/// Whether a field of this name is shown as [`REDACTED`].
pub(super) fn is_secret(field: &str) -> bool {
    SECRET_WORDS.iter().any(|word| field.contains(word))
}

/// Whether an event or span has a field that must not leave the process. Asked once per call site.
pub(super) fn carries_secret(metadata: &Metadata<'_>) -> bool {
    metadata
        .fields()
        .iter()
        .any(|field| is_secret(field.name()))
}
