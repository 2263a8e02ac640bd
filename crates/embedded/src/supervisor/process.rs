//! One running server process, our child or adopted.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use tokio::process::Child;

use super::Server;
use crate::Error;
use crate::identity::Identity;

/// An adopted process is not our child, so its end is found by looking.
const LOOK_EVERY: Duration = Duration::from_millis(250);

pub(crate) struct Process {
    pub(crate) identity: Identity,
    child: Option<Child>,
    /// Until it answers, a process goes down with its handle: nobody else would know of it.
    kill_on_drop: bool,
}

impl Process {
    pub(crate) fn adopted(identity: Identity) -> Self {
        Self {
            identity,
            child: None,
            kill_on_drop: false,
        }
    }

    /// Starts the command in a process group of its own (Ctrl-C in a terminal must reach only the
    /// parent), with its output in the log.
    pub(crate) fn spawn(mut command: Command, log: File, log_path: &Path) -> Result<Self, Error> {
        let program = Path::new(command.get_program()).to_owned();
        let second = log.try_clone().map_err(Error::io("open", log_path))?;
        command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(second)
            .process_group(0);
        let mut child = tokio::process::Command::from(command)
            .spawn()
            .map_err(Error::io("run", &program))?;
        let Some(identity) = child.id().and_then(Identity::of) else {
            // Gone already. Its log says why; the caller reads it.
            drop(child.start_kill());
            let reason = std::io::Error::other("the process ended at once");
            return Err(Error::io("run", &program)(reason));
        };
        Ok(Self {
            identity,
            child: Some(child),
            kill_on_drop: true,
        })
    }

    /// From now on the process outlives its handle.
    pub(crate) fn keep(mut self) -> Self {
        self.kill_on_drop = false;
        self
    }

    /// Waits for the end and says how it came.
    pub(crate) async fn exited(&mut self) -> String {
        if let Some(child) = &mut self.child {
            return match child.wait().await {
                Ok(status) => status.to_string(),
                Err(error) => error.to_string(),
            };
        }
        while self.identity.is_alive() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        "adopted process gone".to_owned()
    }

    /// Stops the process with the server's signals, and at last with SIGKILL.
    pub(crate) async fn stop<S: Server>(&mut self) -> Result<(), Error> {
        for (signal, patience) in S::STOP {
            self.identity.signal(*signal);
            // A frozen process takes the signal only once it goes on.
            self.identity.signal(Signal::CONT);
            if tokio::time::timeout(*patience, self.exited()).await.is_ok() {
                return Ok(());
            }
            tracing::warn!(
                server = S::NAME,
                pid = self.identity.pid,
                ?signal,
                "server does not stop"
            );
        }
        self.kill::<S>().await
    }

    /// Kills the process.
    pub(crate) async fn kill<S: Server>(&mut self) -> Result<(), Error> {
        self.identity.signal(Signal::KILL);
        match tokio::time::timeout(Duration::from_secs(10), self.exited()).await {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::DoesNotStop {
                server: S::NAME,
                pid: self.identity.pid,
            }),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.kill_on_drop {
            self.identity.signal(Signal::KILL);
        }
    }
}
