//! One PostgreSQL for all test processes of this user.
//!
//! A test runner starts one process per test. The first starts the server, the others find it by a
//! file; each holds a shared lock while it lives. A small shell stops the server once nobody has
//! held the lock for half a minute. The data stays, with its template databases, so the next run
//! starts in a fraction of a second.

use std::fs::{self, File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use embedded::{DataDir, Postgres, PostgresOptions};
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;

use crate::place;

const OPTIONS: PostgresOptions = PostgresOptions {
    durable: false,
    connections: 400,
};

/// `$1` the lock, `$2` the server's process, `$3` its data directory, `$4` idle seconds.
const WATCHDOG: &str = r#"
exec 9<>"$1" || exit 1
lock() {
    if command -v flock >/dev/null 2>&1; then flock "$1" -n 9
    else perl -e 'open(my $f, "+<&=", 9) or exit 2; exit(flock($f, $ARGV[0] eq "-x" ? 6 : 8) ? 0 : 1)' -- "$1"; fi
}
ours() {
    { tr '\000' ' ' <"/proc/$2/cmdline" 2>/dev/null || ps -o command= -p "$2" 2>/dev/null; } | grep -qF -- "$3"
}
idle=0
while ours "$@"; do
    sleep 5
    if ! lock -x; then idle=0; continue; fi
    idle=$((idle + 5))
    if [ $idle -ge "$4" ]; then
        # The lock is kept: who comes now waits, and then starts the server anew.
        kill -INT "$2"
        while ours "$@"; do sleep 0.1; done
        exit 0
    fi
    lock -u
done
"#;

/// Seconds without any test process after which the server is stopped.
const IDLE: &str = "30";

/// Databases of failed tests are kept this long.
const KEPT: std::time::Duration = std::time::Duration::from_hours(24);

/// The shared server, as this process knows it.
pub(crate) struct Shared {
    /// Address of the database `postgres`; [`Shared::url_of`] names another.
    url: String,
    /// Held while this process lives.
    _user: File,
}

impl Shared {
    /// Joins the other users of the server, or starts it.
    pub(crate) async fn join() -> &'static Self {
        static SHARED: OnceCell<Shared> = OnceCell::const_new();
        SHARED
            .get_or_init(|| async {
                start_or_find()
                    .await
                    .unwrap_or_else(|error| panic!("no PostgreSQL for tests: {error:#}"))
            })
            .await
    }

    /// Address of a database for its owner.
    pub(crate) fn url_of(&self, database: &str) -> String {
        self.url
            .rsplit_once('/')
            .map(|(server, _)| format!("{server}/{database}"))
            .unwrap_or_default()
    }
}

async fn start_or_find() -> Result<Shared> {
    let root = place::root().join("pg");
    place::make(&root);
    let users = root.join("users.lock");
    let user = tokio::task::spawn_blocking({
        let users = users.clone();
        move || lock_file(&users, false)
    })
    .await??;
    // Held while looking and starting, by one process at a time.
    let starting = tokio::task::spawn_blocking({
        let path = root.join("start.lock");
        move || lock_file(&path, true)
    })
    .await??;
    let address = root.join("address");
    if let Ok(url) = fs::read_to_string(&address)
        && let Ok((client, connection)) = tokio_postgres::connect(&url, NoTls).await
    {
        drop((client, connection));
        return Ok(Shared { url, _user: user });
    }
    let url = match start(&root, &users).await {
        Ok(url) => url,
        Err(error) => {
            // Without fsync a power loss leaves rubble; nothing in it is worth keeping.
            eprintln!("testkit: creating the test PostgreSQL anew: {error:#}");
            fs::remove_dir_all(root.join("data")).context("remove the old data")?;
            start(&root, &users).await?
        }
    };
    fs::write(&address, &url)?;
    drop(starting);
    Ok(Shared { url, _user: user })
}

async fn start(root: &Path, users: &Path) -> Result<String> {
    let data = root.join("data");
    let directory = DataDir::open(&data)?;
    let server = Postgres::start(&directory, OPTIONS).await?;
    let url = server.url_of("postgres");
    let pid = server.status().borrow().pid.context("the server runs")?;
    forget_old_databases(&url).await?;
    shorten_handshakes(&url).await?;
    server.leave();
    watch(users, pid, &data)?;
    Ok(url)
}

fn watch(users: &Path, pid: u32, data: &Path) -> Result<()> {
    Command::new("sh")
        .args(["-c", WATCHDOG, "testkit-watchdog"])
        .arg(users)
        .arg(pid.to_string())
        .arg(data)
        .arg(IDLE)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("a shell to watch the server")?;
    Ok(())
}

fn lock_file(path: &PathBuf, exclusive: bool) -> Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    if exclusive {
        file.lock()?;
    } else {
        file.lock_shared()?;
    }
    Ok(file)
}

/// A test that ends in the middle of a handshake leaves a connection that answers nobody, and creating or dropping
/// any database waits for it: for a minute, unless the server gives such handshakes up sooner.
async fn shorten_handshakes(url: &str) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let work = async {
        client
            .batch_execute("ALTER SYSTEM SET authentication_timeout = '5s'")
            .await?;
        client.batch_execute("SELECT pg_reload_conf()").await?;
        drop(client);
        anyhow::Ok(())
    };
    let (worked, _closed) = tokio::join!(work, connection);
    worked
}

/// Drops databases of tests that failed or were killed more than a day ago.
async fn forget_old_databases(url: &str) -> Result<()> {
    let oldest = crate::database::stamp().saturating_sub(KEPT.as_secs());
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let work = async {
        for row in client
            .query(
                "SELECT datname::text FROM pg_database WHERE datname LIKE 'test\\_%'",
                &[],
            )
            .await?
        {
            let name: String = row.try_get(0)?;
            let made = name
                .split('_')
                .nth(1)
                .and_then(|stamp| stamp.parse().ok())
                .unwrap_or(0_u64);
            if made < oldest {
                client
                    .batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"))
                    .await?;
            }
        }
        Ok(())
    };
    tokio::select! {
        biased;
        done = work => done,
        broken = connection => broken.context("the connection broke"),
    }
}
