//! The copy in the state directory: one file, replaced in one step, readable by its owner only. What is in it is sealed
//! as it is in Redis.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::Record;

const NAME: &str = "tls.json";

#[derive(Debug)]
pub(super) struct Disk {
    directory: PathBuf,
}

impl Disk {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// What an earlier gateway has left; nothing when there is nothing to read.
    pub(super) fn load(&self) -> BTreeMap<String, Record> {
        let path = self.directory.join(NAME);
        let read = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return BTreeMap::new(),
            Err(error) => Err(error),
        };
        read.unwrap_or_else(|error| {
            tracing::warn!(path = %path.display(), %error, "the certificates of the last run cannot be read");
            BTreeMap::new()
        })
    }

    /// Replaces the file. A failure is logged: what is served does not depend on it.
    pub(super) fn save(&self, records: &BTreeMap<String, Record>) {
        if let Err(error) = self.try_save(records) {
            tracing::warn!(
                path = %self.directory.display(), %error,
                "certificates cannot be kept in the state directory; a start without Redis would have none"
            );
        }
    }

    fn try_save(&self, records: &BTreeMap<String, Record>) -> io::Result<()> {
        let json = serde_json::to_vec(records)?;
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.directory)?;
        let draft = self
            .directory
            .join(format!("{NAME}.{}", std::process::id()));
        write_private(&draft, &json)?;
        std::fs::rename(draft, self.directory.join(NAME))
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_was_saved_is_loaded_and_only_the_owner_reads_it() {
        let directory = tempfile::tempdir().unwrap();
        let disk = Disk::new(directory.path().join("state"));
        assert!(disk.load().is_empty());
        let record = Record {
            stamp: 1,
            sealed: "AQ".to_owned(),
        };
        let records = BTreeMap::from([("account".to_owned(), record)]);
        disk.save(&records);
        disk.save(&records);
        assert_eq!(disk.load(), records);
        let path = directory.path().join("state").join(NAME);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&path, "{").unwrap();
        assert!(disk.load().is_empty());
    }
}
