//! Everything that keeps a command from doing its work, worded for the operator.

use std::io;
use std::path::{Path, PathBuf};

use platform::config::ConfigError;
use platform::{Classify as _, StartError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The private servers or the data directory.
    #[error(transparent)]
    Embedded(#[from] embedded::Error),
    /// The host, an app or the gateway.
    #[error("{}", .0.chain())]
    Start(#[from] StartError),
    /// An app, by name.
    #[error("{app} does not start: {}", error.chain())]
    App {
        /// The app.
        app: String,
        /// Why.
        error: StartError,
    },
    /// The environment.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// No platform runs where one was expected.
    #[error("nothing is running with the data directory {}; start it with `cloud up`", .0.display())]
    NotRunning(PathBuf),
    /// A platform runs where none may.
    #[error("a platform is running with the data directory {}; it migrates by itself when it starts", .0.display())]
    Running(PathBuf),
    /// APP_SECRET is needed and not to be found.
    #[error("APP_SECRET is not set, and {} does not exist: run this with the environment of `cloud up`, or say which place is meant with --data-dir, or with --dev", .0.display())]
    NoSecret(PathBuf),
    /// The registry cannot be asked.
    #[error("Redis cannot be reached: {0}")]
    Registry(String),
    /// A service refused or is away.
    #[error("{}", said(.0))]
    Call(#[from] rpc::Error),
    /// Nobody is signed in there from here.
    #[error("you are not signed in{}; run `cloud login --url https://...`", if .0.is_empty() { String::new() } else { format!(" to {}", .0) })]
    NotSignedIn(String),
    /// The key of the sign-in does not work any more.
    #[error("the sign-in to {0} has ended or expired; run `cloud login --url {0}`")]
    SignedOut(String),
    /// A platform somewhere else gives no answer.
    #[error("{address} {reason}")]
    Unreachable {
        /// Which.
        address: String,
        /// Why.
        reason: String,
    },
    /// A platform somewhere else refuses.
    #[error("{address} refuses: {reason}")]
    Remote {
        /// Which.
        address: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Somebody said no, or nobody said anything in time.
    #[error("{0}")]
    NotApproved(&'static str),
    /// What the operator asked for makes no sense.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// For `map_err` on file operations.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// The exit code: 64 for a wrong configuration, 4 when nobody is
    /// signed in, 3 when nothing runs, 2 for wrong usage.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Start(error) | Self::App { error, .. } => error.exit_code(),
            Self::Config(_) | Self::NoSecret(_) => 64,
            Self::NotRunning(_) => 3,
            Self::NotSignedIn(_) | Self::SignedOut(_) | Self::NotApproved(_) => 4,
            Self::Usage(_) => 2,
            _ => 1,
        }
    }
}

/// What a service tells people where it refused, else what happened on the way.
fn said(error: &rpc::Error) -> String {
    error
        .detail()
        .unwrap_or_else(|| platform::error::chain(error))
}
