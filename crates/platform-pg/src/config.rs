//! What an operator may say about the database, checked before anything connects.

use std::path::PathBuf;
use std::time::Duration;

use platform::Reader;
use secrecy::{ExposeSecret, SecretString};

use crate::target::Target;

/// The database of an app.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    pub(crate) access: Access,
    pub(crate) ca_file: Option<PathBuf>,
    /// Sizes and times; the defaults fit production.
    pub limits: Limits,
}

/// Whose URL was given.
#[derive(Debug, Clone)]
pub(crate) enum Access {
    /// `DATABASE_URL`: the app's own role.
    Own(SecretString),
    /// `DATABASE_OWNER_URL`: a role that may create the app's own.
    Owner(SecretString),
}

/// Sizes and times of one app's connections.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most connections at once.
    pub pool_size: usize,
    /// Connections kept while nothing happens.
    pub idle_size: usize,
    /// How long a connection beyond those may go unused.
    pub idle_after: Duration,
    /// How long a request may wait for a connection before it is told that the database is unavailable.
    pub acquire: Duration,
    /// How long one attempt to connect may take.
    pub connect: Duration,
    /// How long one statement may take.
    pub statement: Duration,
    /// How long a statement may wait for a lock.
    pub lock: Duration,
    /// How long a transaction may sit between two statements.
    pub idle_in_transaction: Duration,
    /// How long another process's migration may take before this one gives up.
    pub migration_lock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pool_size: 8,
            idle_size: 1,
            idle_after: Duration::from_secs(30),
            acquire: Duration::from_secs(2),
            connect: Duration::from_secs(2),
            statement: Duration::from_secs(15),
            lock: Duration::from_secs(5),
            idle_in_transaction: Duration::from_secs(30),
            migration_lock: Duration::from_mins(10),
        }
    }
}

/// Reads `DATABASE_URL` or `DATABASE_OWNER_URL`, `DATABASE_CA_FILE` and `DATABASE_POOL_SIZE`.
///
/// With an owner's URL the app's own role and schema are made and kept in order at every start; with its own
/// URL the app needs nothing else. The own URL wins when both are set.
pub fn config(reader: &mut Reader<'_>) -> DatabaseConfig {
    let own = reader.secret("DATABASE_URL");
    let owner = reader.secret("DATABASE_OWNER_URL");
    let ca_file = reader.optional("DATABASE_CA_FILE").map(PathBuf::from);
    let defaults = Limits::default();
    let pool_size = reader.parse(
        "DATABASE_POOL_SIZE",
        defaults.pool_size,
        "must be a number of connections",
    );
    if !(2..=1000).contains(&pool_size) {
        reader.problem("DATABASE_POOL_SIZE", "must be between 2 and 1000");
    }
    let (name, access) = match (own, owner) {
        (Some(url), _) => ("DATABASE_URL", Access::Own(url)),
        (None, Some(url)) => ("DATABASE_OWNER_URL", Access::Owner(url)),
        (None, None) => {
            reader.problem("DATABASE_URL", "(or DATABASE_OWNER_URL) must be set");
            ("DATABASE_URL", Access::Own(SecretString::default()))
        }
    };
    let (Access::Own(url) | Access::Owner(url)) = &access;
    if !url.expose_secret().is_empty() && Target::parse(url).is_err() {
        reader.problem(
            name,
            "must be postgres://user:password@host:port/database, with sslmode=disable, prefer, require, verify-ca \
             or verify-full",
        );
    }
    DatabaseConfig {
        access,
        ca_file,
        limits: Limits {
            pool_size,
            ..defaults
        },
    }
}
