//! What every measurement stands on: an origin, a scratch folder, and which core is for what.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{Output, Process, on_core};

/// Which core is for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cores {
    pub(crate) proxy: usize,
    pub(crate) load: usize,
}

/// A proxy, or what stands in its place, that serves.
pub(crate) struct Seat {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    /// Where it speaks HTTP/2 without TLS; `None` when it does not.
    pub(crate) h2c: Option<SocketAddr>,
}

/// The surroundings of the proxies.
pub(crate) struct Bed {
    pub(crate) cores: Cores,
    pub(crate) origin: SocketAddr,
    pub(crate) socket: PathBuf,
    scratch: tempfile::TempDir,
    _origin: Process,
}

impl Bed {
    pub(crate) async fn start(cores: Cores) -> Result<Self> {
        let scratch = tempfile::tempdir()?;
        let socket = scratch.path().join("origin.sock");
        let (process, origin) = origin(cores.load, Some(&socket)).await?;
        Ok(Self {
            cores,
            origin,
            socket,
            scratch,
            _origin: process,
        })
    }

    /// An empty folder.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.scratch.path().join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// An origin where a proxy would be: what no proxy at all costs.
    pub(crate) async fn direct(&self) -> Result<Seat> {
        let (process, address) = origin(self.cores.proxy, None).await?;
        Ok(Seat {
            process,
            address,
            h2c: None,
        })
    }
}

async fn origin(core: usize, socket: Option<&Path>) -> Result<(Process, SocketAddr)> {
    let mut command = on_core(core, std::env::current_exe()?);
    command.arg("origin");
    if let Some(socket) = socket {
        command.arg("--socket").arg(socket);
    }
    let mut process = Process::start(command, Output::Read)?;
    let line = process.line().await.context("the origin")?;
    Ok((process, line.parse()?))
}
