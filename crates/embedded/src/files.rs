//! Small files written so that a crash leaves the old or the new one, never half of one.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::Error;

/// Logs beyond this size are set aside when a server starts.
const LOG_LIMIT: u64 = 8 * 1024 * 1024;

/// Writes a file whole, with the mode, by way of a temporary name.
pub(crate) fn write(path: &Path, content: &str, mode: u32) -> Result<(), Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let temporary = PathBuf::from(name);
    let attempt = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&temporary)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    attempt().map_err(Error::io("write", path))
}

/// Reads a file that may be missing.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Removes a file that may be missing.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Creates a directory with its parents and gives it the mode; refuses one of another owner.
pub(crate) fn directory(path: &Path, mode: u32, owner: u32) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(0o755)
        .create(path)
        .map_err(Error::io("create", path))?;
    let found = fs::metadata(path).map_err(Error::io("read", path))?;
    if found.uid() != owner && found.uid() != rustix::process::geteuid().as_raw() {
        return Err(Error::ForeignDirectory {
            path: path.to_owned(),
            owner: found.uid(),
            expected: owner,
        });
    }
    if found.mode() & 0o777 != mode {
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
            .map_err(Error::io("change the mode of", path))?;
    }
    Ok(())
}

/// Opens a server's log for appending; a long one is set aside first.
pub(crate) fn open_log(path: &Path) -> Result<fs::File, Error> {
    if fs::metadata(path).is_ok_and(|meta| meta.len() > LOG_LIMIT) {
        fs::rename(path, path.with_extension("log.1")).map_err(Error::io("rotate", path))?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o640)
        .open(path)
        .map_err(Error::io("open", path))
}

/// The last lines of a log, for an error message.
pub(crate) fn tail(path: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = fs::File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(1500)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        let last = lines
            .iter()
            .skip(lines.len().saturating_sub(8))
            .map(|line| format!("  {line}"));
        Ok(last.collect::<Vec<_>>().join("\n"))
    };
    read().unwrap_or_else(|error| format!("  ({} cannot be read: {error})", path.display()))
}

/// 64-bit FNV-1a: a short name for a path or a command, the same in every build.
pub(crate) fn fingerprint(text: &[u8]) -> String {
    let hash = text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
