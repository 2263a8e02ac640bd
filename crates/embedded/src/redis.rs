//! A private Redis (or Valkey) on a Unix socket.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::watch;

use crate::identity::Identity;
use crate::supervisor::{Server, Silence, Status, Supervisor};
use crate::{Account, DataDir, Error, binaries, files};

/// How a private Redis is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedisOptions {
    /// Keep an append-only file, synced every second. Off for tests.
    pub durable: bool,
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self { durable: true }
    }
}

/// A private Redis that is kept running.
pub struct Redis(Supervisor<Instance>);

impl Redis {
    /// Starts it, or takes over the one an earlier owner of the directory left.
    pub async fn start(directory: &DataDir, options: RedisOptions) -> Result<Self, Error> {
        let instance = Instance::prepare(directory, options)?;
        Ok(Self(Supervisor::start(directory, "redis", instance).await?))
    }

    /// Its address, e.g. `redis+unix:///var/lib/cloud/servers/run/redis.sock`.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// The socket it listens on, and nowhere else.
    pub fn socket(&self) -> &Path {
        &self.0.server().socket
    }

    /// What it is doing; changes when it dies and is restarted.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.0.status()
    }

    /// Stops it; what it holds is on disk when it is durable.
    pub async fn stop(self) -> Result<(), Error> {
        self.0.stop().await
    }

    /// Kills it without warning and does not restart it, for fault tests.
    pub async fn kill(self) -> Result<(), Error> {
        self.0.kill().await
    }

    /// Lets it run without an owner; the next `start` in the directory takes it over.
    pub fn leave(self) {
        self.0.leave();
    }
}

struct Instance {
    program: PathBuf,
    account: Account,
    config_path: PathBuf,
    config: String,
    socket: PathBuf,
    own_pid_file: PathBuf,
}

impl Instance {
    fn prepare(directory: &DataDir, options: RedisOptions) -> Result<Self, Error> {
        let account = directory.account();
        let home = directory.server("redis");
        files::directory(&home, 0o700, account.uid)?;
        account.own(&home)?;
        let socket = directory.run().join("redis.sock");
        let own_pid_file = directory.run().join("redis-server.pid");
        let config = configuration(&home, &socket, &own_pid_file, options);
        let config_path = directory.server("redis.conf");
        files::write(&config_path, &config, 0o644)?;
        Ok(Self {
            program: binaries::redis()?,
            account,
            config_path,
            config,
            socket,
            own_pid_file,
        })
    }
}

fn configuration(home: &Path, socket: &Path, pid_file: &Path, options: RedisOptions) -> String {
    let durability = if options.durable {
        "appendonly yes\nappendfsync everysec\n"
    } else {
        "appendonly no\n"
    };
    format!(
        "# Written at every start.\nport 0\nunixsocket {}\nunixsocketperm 700\ndaemonize no\nsupervised no\n\
         pidfile {}\ndir {}\nlogfile \"\"\nloglevel notice\nalways-show-logo no\nsave \"\"\n{durability}",
        quoted(socket),
        quoted(pid_file),
        quoted(home),
    )
}

/// A path as Redis's configuration wants it.
fn quoted(path: &Path) -> String {
    format!(
        "\"{}\"",
        path.display()
            .to_string()
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
    )
}

impl Server for Instance {
    const NAME: &'static str = "Redis";
    const STOP: &'static [(Signal, Duration)] = &[(Signal::TERM, Duration::from_secs(15))];

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(&self.config_path);
        self.account.apply(&mut command);
        command
    }

    fn configuration(&self) -> String {
        self.config.clone()
    }

    fn clear(&self) -> Result<(), Error> {
        files::remove(&self.socket)
    }

    fn stray(&self) -> Option<Identity> {
        let pid = files::read(&self.own_pid_file).ok()??.trim().parse().ok()?;
        // Redis rewrites its command line to show the socket it listens on.
        Identity::of(pid).filter(|identity| identity.command_names(&self.socket) == Some(true))
    }

    async fn probe(&self) -> Result<(), Silence> {
        match tokio::time::timeout(Duration::from_secs(2), ping(&self.socket)).await {
            Ok(Ok(answer)) if answer.starts_with("+PONG") => Ok(()),
            Ok(Ok(answer)) if answer.starts_with("-LOADING") => Err(Silence::Loading(answer)),
            Ok(Ok(answer)) => Err(Silence::Silent(format!("answered {answer:?}"))),
            Ok(Err(error)) => Err(Silence::Silent(error.to_string())),
            Err(_) => Err(Silence::Silent("no answer within 2 s".to_owned())),
        }
    }
}

async fn ping(socket: &Path) -> std::io::Result<String> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(b"PING\r\n").await?;
    let mut answer = [0_u8; 128];
    let length = stream.read(&mut answer).await?;
    Ok(
        String::from_utf8_lossy(answer.get(..length).unwrap_or_default())
            .trim_end()
            .to_owned(),
    )
}
