//! Which process is meant: its id together with the moment it started.
//!
//! A process id alone says nothing after a restart: the kernel hands it out again. Nothing in this
//! crate signals a process without having compared both.

use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};

use crate::{Error, files};

/// A process that is told apart from any later one with the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) pid: u32,
    started: String,
}

impl Identity {
    /// The identity of the live process with this id.
    pub(crate) fn of(pid: u32) -> Option<Self> {
        let started = if Path::new("/proc/self/stat").exists() {
            started_by_proc(pid)
        } else {
            started_by_ps(pid)
        };
        started.map(|started| Self { pid, started })
    }

    /// Whether this very process still runs.
    pub(crate) fn is_alive(&self) -> bool {
        Self::of(self.pid).as_ref() == Some(self)
    }

    /// Sends a signal, if this very process still runs. A process gone meanwhile is no failure.
    pub(crate) fn signal(&self, signal: Signal) {
        if !self.is_alive() {
            return;
        }
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else {
            return;
        };
        if let Err(error) = kill_process(pid, signal) {
            tracing::debug!(pid = self.pid, %error, "signal not delivered");
        }
    }

    /// Whether the process's command line names `path`. `None` when it cannot be read.
    pub(crate) fn command_names(&self, path: &Path) -> Option<bool> {
        let wanted = path.to_str()?;
        let command = if Path::new("/proc/self/cmdline").exists() {
            let bytes = std::fs::read(format!("/proc/{}/cmdline", self.pid)).ok()?;
            String::from_utf8_lossy(&bytes).replace('\0', " ")
        } else {
            ps(self.pid, "command=")?
        };
        Some(command.contains(wanted))
    }
}

/// A started server, as remembered on disk for the next owner of the data directory.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) identity: Identity,
    /// Of the command and configuration it was started with.
    pub(crate) fingerprint: String,
}

impl Record {
    /// Reads the record; a damaged one counts as missing.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Error> {
        let text = files::read(path)?.unwrap_or_default();
        let mut lines = text.lines().map(str::to_owned);
        let record = (|| {
            let pid = lines.next()?.parse().ok()?;
            let identity = Identity {
                pid,
                started: lines.next()?,
            };
            Some(Self {
                identity,
                fingerprint: lines.next()?,
            })
        })();
        Ok(record)
    }

    /// Writes the record. The process id stands alone on the first line, as in any pid file.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Error> {
        files::write(
            path,
            &format!(
                "{}\n{}\n{}\n",
                self.identity.pid, self.identity.started, self.fingerprint
            ),
            0o644,
        )
    }
}

/// Boot and start tick from `/proc`; nothing for a process that is gone or a zombie.
fn started_by_proc(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name is in parentheses and may hold anything, parentheses included.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    let ticks = fields.nth(18)?;
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    Some(format!("{}:{ticks}", boot.trim()))
}

/// Start time as `ps` words it, where there is no `/proc`.
fn started_by_ps(pid: u32) -> Option<String> {
    let state = ps(pid, "state=")?;
    if state.starts_with('Z') {
        return None;
    }
    ps(pid, "lstart=")
}

fn ps(pid: u32, column: &str) -> Option<String> {
    let output = Command::new("ps")
        .args(["-o", column, "-p", &pid.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use std::path::Path;

    use super::{Identity, Record};

    #[test]
    fn tells_a_process_from_a_later_one_with_its_id() {
        let own = Identity::of(std::process::id()).unwrap();
        assert!(own.is_alive());
        assert!(
            !Identity {
                pid: own.pid,
                started: "long ago".to_owned()
            }
            .is_alive()
        );
        assert_eq!(own.command_names(Path::new("/no/such/place")), Some(false));
    }

    #[test]
    fn a_zombie_counts_as_gone() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let state = || std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
        while !state().contains(") Z ") {
            std::thread::yield_now();
        }
        assert_eq!(Identity::of(child.id()), None);
        child.wait().unwrap();
    }

    #[test]
    fn a_record_survives_the_disk_and_a_damaged_one_is_none() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.pid");
        let identity = Identity::of(std::process::id()).unwrap();
        Record {
            identity: identity.clone(),
            fingerprint: "abc".to_owned(),
        }
        .write(&path)
        .unwrap();
        let read = Record::read(&path).unwrap().unwrap();
        assert_eq!(
            (read.identity, read.fingerprint.as_str()),
            (identity, "abc")
        );
        std::fs::write(&path, "12\n").unwrap();
        assert!(Record::read(&path).unwrap().is_none());
    }
}
