//! Files that only their owner may read, replaced whole: whoever reads one finds the old text or the new.

use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::error::Error;

/// Puts `text` into the file.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let write = || {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(text.as_bytes())?;
        std::fs::rename(&draft, path)
    };
    write().map_err(Error::io("write", path))
}

/// Reads a file that nobody else may read; nothing when there is none.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Error> {
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    let mut text = String::new();
    let mut read = || {
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            return Err(std::io::Error::other(
                "others may read or change it; run `chmod 600` on it, or remove it and sign in again",
            ));
        }
        file.read_to_string(&mut text)
    };
    read().map_err(Error::io("read", path))?;
    Ok(Some(text))
}

/// Makes a directory that only its owner may enter, and what is above it.
pub(crate) fn make_directory(path: &Path) -> Result<(), Error> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(Error::io("make", path))
}
