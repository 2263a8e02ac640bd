//! The environment of this app beyond what every app reads.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use platform::Reader;
use platform_pg::DatabaseConfig;

use crate::domain::hashing::Cost;

/// Most passwords hashed at once unless told otherwise: with 46 MiB each they stay below 200 MiB.
const MOST_WORKERS: usize = 4;
/// What may be said about the cost of a hash.
const COST_EXPECTATION: &str = "must be calibrated or floor";
/// Passwords that may wait for a worker unless told otherwise: about two seconds of work on two cores.
const QUEUE: usize = 100;

/// Configuration as read at start.
#[derive(Debug)]
pub(crate) struct Config {
    /// Where the tables are.
    pub(crate) database: DatabaseConfig,
    /// How passwords are hashed.
    pub(crate) hashing: HashingConfig,
    /// File that holds the set-up link while there is no administrator; without it the link goes to the
    /// standard output of the process.
    pub(crate) setup_link_file: Option<PathBuf>,
}

/// How passwords are hashed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HashingConfig {
    /// Cost of one hash; without one it is measured at start.
    pub(crate) cost: Option<Cost>,
    /// Hashes computed at once.
    pub(crate) workers: usize,
    /// Hashes that may wait.
    pub(crate) queue: usize,
}

impl Config {
    /// Reads it; problems are collected by the reader.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let workers = reader.parse(
            "AUTH_HASH_WORKERS",
            cores.min(MOST_WORKERS),
            "must be a number of passwords hashed at once, 1 to 64",
        );
        if !(1..=64).contains(&workers) {
            reader.problem(
                "AUTH_HASH_WORKERS",
                "must be a number of passwords hashed at once, 1 to 64",
            );
        }
        let queue = reader.parse(
            "AUTH_HASH_QUEUE",
            QUEUE,
            "must be a number of passwords that may wait, 0 to 10000",
        );
        if queue > 10_000 {
            reader.problem(
                "AUTH_HASH_QUEUE",
                "must be a number of passwords that may wait, 0 to 10000",
            );
        }
        Self {
            database: platform_pg::config(reader),
            hashing: HashingConfig {
                cost: cost(reader),
                workers: workers.clamp(1, 64),
                queue: queue.min(10_000),
            },
            setup_link_file: reader.optional("SETUP_LINK_FILE").map(PathBuf::from),
        }
    }
}

/// Measured unless told otherwise; while developing the least that is acceptable, so that nobody waits for it.
fn cost(reader: &mut Reader<'_>) -> Option<Cost> {
    let default = match reader.environment().get("CLOUD_ENV") {
        Some("dev") => "floor",
        _ => "calibrated",
    };
    match reader
        .optional("AUTH_HASH_COST")
        .as_deref()
        .unwrap_or(default)
    {
        "calibrated" => None,
        "floor" => Some(Cost::FLOOR),
        _ => {
            reader.problem("AUTH_HASH_COST", COST_EXPECTATION);
            None
        }
    }
}
