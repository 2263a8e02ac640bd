//! What an operator is shown of TLS: for each name, what is served and what went wrong.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::store::Source;

/// TLS at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// One for each configured domain, in their order.
    pub names: Vec<NameStatus>,
    /// Imported files that are no good.
    pub files: Vec<FileFault>,
    /// The authority that certificates are ordered from.
    pub authority: String,
    /// Whether this gateway is the one that orders.
    pub orders: bool,
}

/// One domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NameStatus {
    /// The domain.
    pub name: String,
    /// How well it is served.
    pub state: State,
    /// What is served, if anything is.
    pub served: Option<Served>,
    /// When it is replaced, if that happens by itself.
    pub renew_at: Option<Timestamp>,
    /// What went wrong last, until it goes well again.
    pub last_error: Option<LastError>,
}

/// How well a domain is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// With a valid certificate.
    Valid,
    /// With a valid certificate that should have been replaced by now.
    Expiring,
    /// With an expired certificate, or one that is not valid yet.
    Invalid,
    /// Not at all: handshakes are refused.
    Missing,
}

/// The certificate that is served for a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Served {
    /// Where it came from.
    pub source: Source,
    /// Who issued it.
    pub issuer: String,
    /// Since when it is valid.
    pub valid_from: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// SHA-256 of the certificate.
    pub fingerprint: String,
}

/// What went wrong with a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastError {
    /// When; absent when it goes on.
    pub at: Option<Timestamp>,
    /// What, in a sentence.
    pub message: String,
    /// When it is tried again, if that happens by itself.
    pub retry_at: Option<Timestamp>,
}

/// An imported file that is no good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileFault {
    /// The certificate's file.
    pub path: PathBuf,
    /// What is wrong and what to do about it.
    pub message: String,
}
