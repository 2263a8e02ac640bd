//! The data directory: its lock, its layout, its secrets.
//!
//! ```text
//! <data directory>/lock            held while an owner runs; names the owner's process
//! <data directory>/<secret>        generated, mode 0600
//! <data directory>/servers/        what the servers own: postgres/ redis/ log/ run/
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::{Account, Error, files};

/// Where servers live when their account cannot enter the data directory (a checkout under
/// `/root`): a link in the data directory points there.
const ELSEWHERE: &str = "/var/lib/cloud-servers";

/// The kernel's limit for a socket's path, without the terminating zero; macOS has four less.
const SOCKET_LIMIT: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// The longest name of a socket in the run directory: PostgreSQL's, and the slash before it.
const SOCKET_NAME: usize = "/.s.PGSQL.5432".len();

/// A data directory that this process owns while the value lives.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    servers: PathBuf,
    run: PathBuf,
    account: Account,
    _lock: File,
}

impl DataDir {
    /// Creates the directory if need be and takes its lock, or says who holds it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let account = Account::for_servers()?;
        let own = rustix::process::geteuid().as_raw();
        // Root's servers run under another account, which must be able to pass through.
        files::directory(path, if own == 0 { 0o711 } else { 0o700 }, own)?;
        let path = path.canonicalize().map_err(Error::io("resolve", path))?;
        let lock = take_lock(&path)?;
        let servers = place_servers(&path, account)?;
        let run = place_run(&servers, account)?;
        for directory in [servers.join("log"), run.clone()] {
            files::directory(&directory, 0o700, account.uid)?;
            account.own(&directory)?;
        }
        Ok(Self {
            path,
            servers,
            run,
            account,
            _lock: lock,
        })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The account that servers under this directory run as.
    pub fn account(&self) -> Account {
        self.account
    }

    /// Where the sockets are.
    pub fn run(&self) -> &Path {
        &self.run
    }

    /// The directory of one server's data.
    pub(crate) fn server(&self, name: &str) -> PathBuf {
        self.servers.join(name)
    }

    /// The log of one server.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.servers.join("log").join(format!("{name}.log"))
    }

    /// The record of one server's process.
    pub(crate) fn record(&self, name: &str) -> PathBuf {
        self.servers.join(format!("{name}.pid"))
    }

    /// Reads a secret kept in this directory, or makes one of 32 random bytes, written as 64
    /// hexadecimal digits in a file only its owner can read.
    pub fn secret(&self, name: &str) -> Result<String, Error> {
        let path = self.path.join(name);
        if let Some(text) = files::read(&path)? {
            let text = text.trim();
            if !text.is_empty() {
                return Ok(text.to_owned());
            }
        }
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::io("make a secret for", &path)(std::io::Error::other(error.to_string()))
        })?;
        let text: String = bytes
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect();
        files::write(&path, &format!("{text}\n"), 0o600)?;
        Ok(text)
    }
}

/// Takes the lock file, and writes this process's id into it for others to read.
fn take_lock(path: &Path) -> Result<File, Error> {
    let name = path.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&name)
        .map_err(Error::io("open", &name))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let read = file.read_to_string(&mut holder);
            let holder = match holder.trim() {
                pid if read.is_ok() && !pid.is_empty() => format!("process {pid}"),
                _ => "another process".to_owned(),
            };
            return Err(Error::InUse {
                path: path.to_owned(),
                holder,
            });
        }
        Err(TryLockError::Error(error)) => return Err(Error::io("lock", &name)(error)),
    }
    let write = |file: &mut File| {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())
    };
    write(&mut file).map_err(Error::io("write", &name))?;
    Ok(file)
}

/// The directory for the servers' data: in the data directory, unless their account cannot reach it.
fn place_servers(path: &Path, account: Account) -> Result<PathBuf, Error> {
    let servers = path.join("servers");
    let linked = fs::symlink_metadata(&servers).is_ok_and(|meta| meta.is_symlink());
    if !linked && !account.can_enter(&servers) {
        // A random name: the data of a data directory that was deleted must not come back.
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::io("name a directory for", path)(std::io::Error::other(error.to_string()))
        })?;
        let target = Path::new(ELSEWHERE).join(files::fingerprint(&bytes));
        files::directory(&target, 0o711, 0)?;
        std::os::unix::fs::symlink(&target, &servers).map_err(Error::io("create", &servers))?;
        tracing::info!(data = %target.display(), "the servers' account cannot enter {}; their data lies elsewhere", path.display());
    }
    let servers = if linked || fs::symlink_metadata(&servers).is_ok_and(|meta| meta.is_symlink()) {
        let target = fs::read_link(&servers).map_err(Error::io("read", &servers))?;
        files::directory(&target, 0o711, 0)?;
        target
    } else {
        files::directory(
            &servers,
            if rustix::process::geteuid().as_raw() == 0 {
                0o711
            } else {
                0o700
            },
            account.uid,
        )?;
        servers
    };
    servers
        .canonicalize()
        .map_err(Error::io("resolve", &servers))
}

/// The directory for sockets: beside the data, or a short one when the path is too long for a
/// socket or holds characters that the servers' configuration would have to quote.
fn place_run(servers: &Path, account: Account) -> Result<PathBuf, Error> {
    let beside = servers.join("run");
    let plain = beside.to_str().is_some_and(|text| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
    });
    if plain && beside.as_os_str().len() + SOCKET_NAME <= SOCKET_LIMIT {
        return Ok(beside);
    }
    let name = format!(
        "cloud-{}",
        files::fingerprint(servers.as_os_str().as_encoded_bytes())
    );
    let own = rustix::process::geteuid().as_raw();
    let base = if own == 0 && Path::new("/run").is_dir() {
        Path::new("/run")
    } else {
        Path::new("/tmp")
    };
    let run = base.join(name);
    files::directory(&run, 0o700, account.uid)?;
    Ok(run)
}
