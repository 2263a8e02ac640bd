//! What can go wrong in app-settings.

use platform::error::{Class, Classify};

use crate::domain::seal::{KeyId, SealError};

/// Failures; expected refusals are outcomes of the service instead.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No app of this name has declared settings.
    #[error("app {0} has no settings")]
    UnknownApp(String),
    /// The app declares no such setting.
    #[error("setting {0} is not declared")]
    UnknownSetting(String),
    /// The setting changed after the caller read it.
    #[error("setting {0} was changed by somebody else")]
    Changed(String),
    /// The value is not one the setting admits.
    #[error("setting {key}: {fault}")]
    Value {
        /// The setting.
        key: String,
        /// Why not.
        fault: registry::ValueFault,
    },
    /// Secrets are changed on their own, never with plain values or over the API.
    #[error("setting {0} is a secret")]
    Secret(String),
    /// The database holds secrets that the present `APP_SECRET` does not open.
    #[error(
        "{count} stored secrets are sealed under key {stored}, but APP_SECRET yields key {ours}; \
         start with the APP_SECRET they were stored under"
    )]
    ForeignKey {
        /// How many.
        count: usize,
        /// The key of the first of them.
        stored: KeyId,
        /// The key of this process.
        ours: KeyId,
    },
    /// A stored secret was altered.
    #[error("the stored secret {app}/{key} is damaged")]
    DamagedSecret {
        /// The app.
        app: String,
        /// The key.
        key: String,
    },
    /// This process holds no `APP_SECRET` to derive the key of secrets from.
    #[error("app-settings needs APP_SECRET: with APP_KEY alone it cannot open secrets")]
    NoSecret,
    /// A secret cannot be sealed.
    #[error("a secret cannot be sealed")]
    Seal(#[from] SealError),
    /// A stored row is not of the form this version writes.
    #[error("stored {0} cannot be read")]
    Stored(&'static str),
    /// The database failed.
    #[error("storage")]
    Storage(#[from] platform_pg::Error),
    /// A value or declaration cannot be turned into JSON.
    #[error("encoding")]
    Encode(#[from] serde_json::Error),
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::UnknownApp(_) => (Class::NotFound, "settings.app_unknown"),
            Self::UnknownSetting(_) => (Class::NotFound, "settings.setting_unknown"),
            Self::Changed(_) => (Class::Conflict, "settings.changed"),
            Self::Value { .. } => (Class::Unprocessable, "settings.value"),
            Self::Secret(_) => (Class::Unprocessable, "settings.secret"),
            Self::ForeignKey { .. } | Self::NoSecret => (Class::Internal, "settings.key"),
            Self::DamagedSecret { .. } | Self::Seal(_) => (Class::Internal, "settings.seal"),
            Self::Stored(_) => (Class::Internal, "settings.stored"),
            Self::Storage(error) => error.outcome(),
            Self::Encode(_) => (Class::Internal, "settings.encode"),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::UnknownApp(_)
            | Self::UnknownSetting(_)
            | Self::Changed(_)
            | Self::Value { .. }
            | Self::Secret(_) => Some(self.to_string()),
            _ => None,
        }
    }
}

platform::impl_into_response!(Error);
