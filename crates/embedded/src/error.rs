//! What can go wrong with the embedded servers, worded for the operator.

use std::io;
use std::path::{Path, PathBuf};

/// Why an embedded server or its data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process holds the data directory.
    #[error("the data directory {} is in use by {holder}; stop it, or choose another with --data-dir", path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
        /// Who holds it, e.g. `process 4711`.
        holder: String,
    },
    /// A server's program is not installed.
    #[error("{server} is not installed: looked in {looked_in}. Install it with {hint}")]
    NotInstalled {
        /// Name of the server.
        server: &'static str,
        /// Directories that were searched.
        looked_in: String,
        /// Commands that install it.
        hint: &'static str,
    },
    /// The data was written by another major version than the installed one.
    #[error(
        "the data in {} is of PostgreSQL {data}, which is not installed; install that version or move the data with pg_upgrade",
        path.display()
    )]
    DataVersion {
        /// The server's data directory.
        path: PathBuf,
        /// Major version in the data.
        data: String,
    },
    /// Running as root without an unprivileged account to run the servers under.
    #[error(
        "PostgreSQL does not run as root, and none of the accounts {tried} exists to run it under"
    )]
    NoAccount {
        /// Accounts that were tried.
        tried: &'static str,
    },
    /// A file or directory could not be used.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried, e.g. `create`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A directory belongs to somebody else.
    #[error("{} belongs to user id {owner}; it must belong to user id {expected}", path.display())]
    ForeignDirectory {
        /// The directory.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// The owner it should have.
        expected: u32,
    },
    /// `initdb` failed.
    #[error("PostgreSQL's data could not be created: {output}")]
    Initdb {
        /// What initdb printed last.
        output: String,
    },
    /// A server ended while starting.
    #[error("{server} ended while starting ({reason}); the last lines of its log:\n{log}")]
    Ended {
        /// Name of the server.
        server: &'static str,
        /// How it ended.
        reason: String,
        /// Tail of its log.
        log: String,
    },
    /// A server runs but does not answer.
    #[error(
        "{server} does not answer after {seconds} s: {reason}; the last lines of its log:\n{log}"
    )]
    NotReady {
        /// Name of the server.
        server: &'static str,
        /// How long was waited.
        seconds: u64,
        /// The last failure.
        reason: String,
        /// Tail of its log.
        log: String,
    },
    /// A server could not be told to stop, or did not.
    #[error("{server} (process {pid}) does not stop")]
    DoesNotStop {
        /// Name of the server.
        server: &'static str,
        /// Its process id.
        pid: u32,
    },
    /// A statement that prepares the database failed.
    #[error("PostgreSQL refused a statement while being prepared")]
    Statement(#[source] tokio_postgres::Error),
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
}
