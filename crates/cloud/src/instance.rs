//! What a running platform leaves in its data directory for commands to find it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::private_file;

const NAME: &str = "instance.json";

/// A running platform.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Instance {
    /// Its process.
    pub(crate) pid: u32,
    /// Its version.
    pub(crate) version: String,
    /// When it started.
    pub(crate) started_at: jiff::Timestamp,
    /// Where people reach it.
    pub(crate) app_url: String,
    /// Where the gateway listens.
    pub(crate) gateway: String,
    /// The socket it answers commands on.
    pub(crate) control: PathBuf,
    /// Its private Redis; nothing when Redis was configured.
    pub(crate) redis_url: Option<String>,
}

impl Instance {
    /// Writes the file, readable by its owner only.
    pub(crate) fn write(&self, data_dir: &Path) -> Result<(), Error> {
        let path = data_dir.join(NAME);
        let text = serde_json::to_string_pretty(self)
            .map_err(std::io::Error::other)
            .map_err(Error::io("write", &path))?;
        private_file::replace(&path, &text)
    }

    /// Reads the file. It may be left over: whether the platform runs, its control socket tells.
    pub(crate) fn read(data_dir: &Path) -> Result<Option<Self>, Error> {
        let path = data_dir.join(NAME);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", &path)(error)),
        }
    }

    /// Removes the file when the platform has stopped.
    pub(crate) fn remove(data_dir: &Path) {
        let path = data_dir.join(NAME);
        if let Err(error) = std::fs::remove_file(&path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "the instance's file stays behind");
        }
    }
}
