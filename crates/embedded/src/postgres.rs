//! A private PostgreSQL on a Unix socket.

mod cluster;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustix::process::Signal;
use tokio::sync::watch;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use crate::identity::Identity;
use crate::supervisor::{Server, Silence, Status, Supervisor};
use crate::{Account, DataDir, Error, files};

/// The superuser and the database of a private cluster.
const OWNER: &str = "cloud";
const DATABASE: &str = "cloud";
/// Part of the socket's name; nothing listens on a network port.
const PORT: &str = "5432";

/// How a private PostgreSQL is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostgresOptions {
    /// Keep the promises of a commit through power loss. Off for tests.
    pub durable: bool,
    /// Connections it accepts at most.
    pub connections: u16,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            durable: true,
            connections: 200,
        }
    }
}

/// A private PostgreSQL that is kept running.
pub struct Postgres(Supervisor<Instance>);

impl Postgres {
    /// Starts it (creating its data the first time), or takes over the one an earlier owner of the
    /// directory left.
    pub async fn start(directory: &DataDir, options: PostgresOptions) -> Result<Self, Error> {
        let password = directory.secret("postgres.password")?;
        let data = directory.server("postgres");
        let bin = cluster::create(directory, &data, &password, options).await?;
        let config = cluster::write_configuration(directory, &data, options)?;
        let instance = Instance {
            bin,
            account: directory.account(),
            data,
            run: directory.run().to_owned(),
            config,
            password,
        };
        let postgres = Self(Supervisor::start(directory, "postgres", instance).await?);
        postgres.0.server().create_database().await?;
        Ok(postgres)
    }

    /// Address of the platform's database for its owner, a superuser. Holds the password.
    pub fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    /// The same for another database of this cluster.
    pub fn url_of(&self, database: &str) -> String {
        let server = self.0.server();
        let host = utf8_percent_encode(server.run.to_str().unwrap_or_default(), NON_ALPHANUMERIC);
        format!(
            "postgresql://{OWNER}:{}@{host}:{PORT}/{database}",
            server.password
        )
    }

    /// The directory of the socket it listens on, and nowhere else.
    pub fn socket_directory(&self) -> &Path {
        &self.0.server().run
    }

    /// What it is doing; changes when it dies and is restarted.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.0.status()
    }

    /// Stops it cleanly: open transactions are rolled back, everything committed is on disk.
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
    bin: PathBuf,
    account: Account,
    data: PathBuf,
    run: PathBuf,
    config: String,
    password: String,
}

impl Instance {
    fn connection(&self, database: &str) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config
            .host_path(&self.run)
            .user(OWNER)
            .password(&self.password)
            .dbname(database)
            .application_name("cloud-embedded")
            .connect_timeout(Duration::from_secs(5));
        config
    }

    /// Creates the platform's database the first time.
    async fn create_database(&self) -> Result<(), Error> {
        let (client, connection) = self
            .connection("postgres")
            .connect(NoTls)
            .await
            .map_err(Error::Statement)?;
        let work = async {
            let found = client
                .query("SELECT 1 FROM pg_database WHERE datname = $1", &[&DATABASE])
                .await?;
            if found.is_empty() {
                client
                    .batch_execute(&format!("CREATE DATABASE {DATABASE} TEMPLATE template0"))
                    .await?;
            }
            Ok(())
        };
        tokio::select! {
            biased;
            done = work => done.map_err(Error::Statement),
            broken = connection => broken.map_err(Error::Statement),
        }
    }

    fn own_pid_file(&self) -> PathBuf {
        self.data.join("postmaster.pid")
    }

    /// The process that PostgreSQL's own pid file names.
    fn postmaster(&self) -> Option<Identity> {
        let text = files::read(&self.own_pid_file()).ok()??;
        Identity::of(text.lines().next()?.trim().parse().ok()?)
    }
}

impl Server for Instance {
    const NAME: &'static str = "PostgreSQL";
    /// Fast shutdown (clients are disconnected), then immediate (recovery at the next start).
    const STOP: &'static [(Signal, Duration)] = &[
        (Signal::INT, Duration::from_secs(30)),
        (Signal::QUIT, Duration::from_secs(10)),
    ];

    fn command(&self) -> Command {
        let mut command = Command::new(self.bin.join("postgres"));
        command.arg("-D").arg(&self.data).current_dir("/");
        // These win over any configuration file: never a network port, never another socket.
        for setting in [
            "listen_addresses=".to_owned(),
            format!("port={PORT}"),
            format!("unix_socket_directories={}", self.run.display()),
        ] {
            command.arg("-c").arg(setting);
        }
        self.account.apply(&mut command);
        command
    }

    fn configuration(&self) -> String {
        self.config.clone()
    }

    fn clear(&self) -> Result<(), Error> {
        // PostgreSQL takes any live process of its account with the old id for a live server, and
        // would refuse to start for ever. Only a process that is certainly another one is cleared.
        if self
            .postmaster()
            .is_none_or(|identity| identity.command_names(&self.data) == Some(false))
        {
            files::remove(&self.own_pid_file())?;
            for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] {
                files::remove(&self.run.join(name))?;
            }
        }
        Ok(())
    }

    fn stray(&self) -> Option<Identity> {
        self.postmaster()
            .filter(|identity| identity.command_names(&self.data) == Some(true))
    }

    async fn probe(&self) -> Result<(), Silence> {
        let config = self.connection("postgres");
        match tokio::time::timeout(Duration::from_secs(5), config.connect(NoTls)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => {
                Err(Silence::Loading(error.to_string()))
            }
            Ok(Err(error)) => Err(Silence::Silent(explain(&error))),
            Err(_) => Err(Silence::Silent("no answer within 5 s".to_owned())),
        }
    }
}

/// The driver's message alone says only "db error"; the cause says which.
fn explain(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
