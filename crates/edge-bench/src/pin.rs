//! The harness's own place: on the load's core, alone on the machine, with enough file descriptors.

use std::fs::File;
use std::io::Write;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setpriority_process, setrlimit};
use rustix::thread::{CpuSet, sched_setaffinity};

/// Enough for 10,000 connections and what else a proxy opens.
const FILES: u64 = 11_000;
/// Niceness of everything that is measured or measures: first in line, but others are not starved.
const PRIORITY: i32 = -10;
/// Niceness of the session.
const SESSION: &str = "/proc/self/autogroup";

/// Moves this thread, and whatever it starts, to one core.
pub(crate) fn to(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(None, &set).with_context(|| format!("core {core}"))
}

/// While it lives, this process and whatever it starts go before others who share the cores, where that is allowed.
pub(crate) struct First {
    before: Option<String>,
}

impl First {
    pub(crate) fn go() -> Self {
        let priority = setpriority_process(None, PRIORITY);
        // Where sessions share the cores evenly, niceness counts between sessions only as that of the whole session.
        let before = std::fs::read_to_string(SESSION).ok();
        let before = before.and_then(|text| Some(text.rsplit(' ').next()?.trim().to_owned()));
        let session = match before {
            Some(_) => std::fs::write(SESSION, PRIORITY.to_string()),
            None => Ok(()),
        };
        if priority.is_err() || session.is_err() {
            eprintln!("no right to go before other programs: expect noise");
        }
        Self {
            before: before.filter(|_| session.is_ok()),
        }
    }
}

impl Drop for First {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // The session of whoever started this lives on.
            std::fs::write(SESSION, before).ok();
        }
    }
}

/// Lets this process and whatever it starts open as many files as the system allows without a privilege.
pub(crate) fn raise_files() -> Result<()> {
    let now = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: now.maximum,
        maximum: now.maximum,
    };
    setrlimit(Resource::Nofile, raised).context("raising the limit of open files")?;
    if now.maximum.is_some_and(|maximum| maximum < FILES) {
        eprintln!("fewer than {FILES} open files are allowed: the case memory will fail");
    }
    Ok(())
}

/// Waits until nobody else measures on this machine. The lock ends with the file.
pub(crate) fn alone() -> Result<File> {
    let path = std::env::temp_dir().join("edge-bench.lock");
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| path.display().to_string())?;
    if file.try_lock().is_err() {
        eprintln!("waiting for another measurement to end");
        file.lock()?;
    }
    writeln!(file, "{}", std::process::id())?;
    Ok(file)
}
