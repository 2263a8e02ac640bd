//! What can go wrong here.

/// Failures of the registry.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An app id breaks its rule.
    #[error(
        "an app id is a lower-case letter followed by up to 39 lower-case letters, digits or hyphens"
    )]
    AppId,
    /// An instance id breaks its rule.
    #[error("an instance id has 1 to 64 letters, digits or hyphens")]
    InstanceId,
    /// A role is not one of the known ones.
    #[error("a role is one of guest, user and admin")]
    Role,
    /// APP_SECRET is too short to derive keys from.
    #[error("the secret must have at least 32 bytes")]
    ShortSecret,
    /// The text form of an app key cannot be read.
    #[error("an app key has the form that `cloud app-key` prints")]
    AppKey,
    /// A process tried to sign as an app whose key it does not hold.
    #[error("this process holds no key of app {0}")]
    ForeignApp(crate::AppId),
    /// A route prefix breaks the rules or belongs to somebody else.
    #[error("route prefix {prefix:?}: {fault}")]
    Prefix {
        /// The prefix as given.
        prefix: String,
        /// What is wrong with it.
        fault: crate::PrefixFault,
    },
    /// The address of Redis cannot be understood.
    #[error("the address of Redis is not usable")]
    Address(#[source] fred::error::Error),
    /// Redis did not answer, or refused.
    #[error("the registry is not reachable")]
    Redis(#[from] fred::error::Error),
    /// An entry is larger than the registry accepts.
    #[error("an entry of {0} bytes exceeds the limit of 65536")]
    Oversized(usize),
    /// An entry cannot be turned into JSON.
    #[error("an entry cannot be encoded")]
    Encode(#[source] serde_json::Error),
    /// A newer process took this instance's place.
    #[error("a newer process has taken the place of this instance")]
    Fenced,
}

impl Error {
    /// The error with its causes, on one line, for a log.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}
