//! Programs the harness starts: each on one core, ended with the harness whatever happens to it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// How long a program may take to end when asked.
const PATIENCE: Duration = Duration::from_secs(3);

/// A running program.
pub(crate) struct Process {
    child: Child,
    pid: u32,
    lines: Option<Lines<BufReader<ChildStdout>>>,
}

/// What the program says goes nowhere, or is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Dropped,
    Read,
}

/// A command on one core that gets a signal when the harness ends. `taskset` and `setpriv` replace themselves, so
/// that the process id is the program's.
pub(crate) fn on_core(core: usize, program: impl Into<PathBuf>) -> Command {
    let mut command = Command::new("taskset");
    command
        .args(["-c", &core.to_string(), "setpriv", "--pdeathsig", "TERM"])
        .arg(program.into());
    command
}

impl Process {
    pub(crate) fn start(mut command: Command, output: Output) -> Result<Self> {
        let read = output == Output::Read;
        command
            .stdin(if read { Stdio::piped() } else { Stdio::null() })
            .stdout(if read { Stdio::piped() } else { Stdio::null() })
            .kill_on_drop(true);
        let shown = format!("{:?}", command.as_std());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {shown}"))?;
        let pid = child.id().context("it ended at once")?;
        let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
        Ok(Self { child, pid, lines })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// The next line it prints.
    pub(crate) async fn line(&mut self) -> Result<String> {
        let lines = self.lines.as_mut().context("nobody reads what it prints")?;
        match lines.next_line().await? {
            Some(line) => Ok(line),
            None => bail!("the program ended: {}", self.child.wait().await?),
        }
    }

    /// Lets it see the end of its input.
    pub(crate) fn close_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to end, and makes it.
    pub(crate) async fn stop(mut self) {
        self.terminate();
        if tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .is_err()
        {
            self.child.kill().await.ok();
        }
    }

    fn terminate(&self) {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself.
            kill_process(pid, Signal::TERM).ok();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Killed outright, a master would leave its workers behind.
        if self.is_running() {
            self.terminate();
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
