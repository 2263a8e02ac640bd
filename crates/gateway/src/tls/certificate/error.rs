//! Why a certificate cannot be served, and what to do about it.

use jiff::Timestamp;

/// What is wrong with a chain or its key. Each message names the remedy; none repeats what was read of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Nothing between `BEGIN CERTIFICATE` and `END CERTIFICATE`.
    #[error(
        "there is no certificate: the file must be PEM, with the server's certificate first and those of its issuers \
         after it"
    )]
    NoCertificate,
    /// Not PEM, or not X.509.
    #[error("a certificate cannot be read: export it again as PEM")]
    Unreadable,
    /// No private key in PEM.
    #[error(
        "there is no private key: the file must be PEM, with BEGIN PRIVATE KEY, BEGIN EC PRIVATE KEY or BEGIN RSA \
         PRIVATE KEY"
    )]
    NoKey,
    /// A key behind a passphrase.
    #[error("the private key is encrypted: write it without a passphrase, with openssl pkey")]
    EncryptedKey,
    /// A key that cannot sign for TLS.
    #[error(
        "the private key is of no supported kind: use ECDSA P-256 or P-384, Ed25519, or RSA from 2048 bits"
    )]
    KeyKind,
    /// The key belongs to another certificate.
    #[error(
        "the private key belongs to none of the certificates: name the key that this certificate was requested with"
    )]
    KeyMismatch,
    /// An issuer within the chain is missing.
    #[error("the chain has a gap: append the certificate of {0}")]
    Gap(String),
    /// A certificate that does not belong.
    #[error("the certificate of {0} is no part of the chain: remove it")]
    Foreign(String),
    /// Only a common name, which no client reads.
    #[error(
        "the certificate names no host: have it issued anew with subject alternative names, clients ignore the common \
         name"
    )]
    NoNames,
    /// Too late.
    #[error("the certificate expired at {0}: renew it")]
    Expired(Timestamp),
    /// Too early.
    #[error("the certificate is valid from {0} only: wait, or set the clock of this machine")]
    NotYetValid(Timestamp),
}
