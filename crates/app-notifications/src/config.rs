//! The environment of this app beyond what every app reads.

use std::path::PathBuf;

use platform::{Mode, Reader};
use platform_pg::DatabaseConfig;

/// Configuration as read at start.
#[derive(Debug)]
pub struct Config {
    /// Where the tables are.
    pub(crate) database: DatabaseConfig,
    /// Where mail goes in development while no mail server is set.
    pub(crate) outbox: Option<PathBuf>,
}

impl Config {
    /// Reads it; problems are collected by the reader.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let outbox = reader.optional("MAIL_OUTBOX_DIR").map(PathBuf::from);
        // What is wrong with the variable itself is reported by whoever reads it for everybody.
        let is_dev = reader
            .environment()
            .get("CLOUD_ENV")
            .and_then(|mode| mode.parse().ok())
            == Some(Mode::Dev);
        if outbox.is_some() && !is_dev {
            reader.problem(
                "MAIL_OUTBOX_DIR",
                "is for CLOUD_ENV=dev only: mail would lie there in the clear",
            );
        }
        Self {
            database: platform_pg::config(reader),
            outbox,
        }
    }
}
