//! A fresh database per test on the shared server.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use tokio_postgres::{Client, NoTls};

use crate::shared::Shared;

/// A database of one test. Dropped when the test passes; kept, and named on standard error, when it
/// fails.
pub struct TestDatabase {
    /// Address for the owner, a superuser, who may create roles and schemas.
    pub owner_url: String,
    /// Its name.
    pub name: String,
    /// Address of the database `postgres` on the same server.
    admin_url: String,
}

/// Creates an empty database.
pub async fn database() -> TestDatabase {
    create("template0")
        .await
        .unwrap_or_else(|error| panic!("no test database: {error:#}"))
}

/// Creates a database like the one that `prepare` makes. `prepare` runs once for each `key` (name
/// the migrations and their hash in it), on the server, not in each process: it gets the owner's
/// address of an empty database, and later tests get copies.
pub async fn database_like<F>(key: &str, prepare: F) -> TestDatabase
where
    F: AsyncFnOnce(&str) -> Result<()>,
{
    let make = async {
        let template = format!("template_{:016x}", hash(key));
        ensure_template(&template, prepare).await?;
        create(&template).await
    };
    make.await
        .unwrap_or_else(|error| panic!("no test database like {key}: {error:#}"))
}

impl TestDatabase {
    /// A connection as the owner.
    pub async fn client(&self) -> Client {
        connect(&self.owner_url)
            .await
            .expect("a connection to the test database")
    }

    /// Address for another role of this server.
    pub fn url_for(&self, role: &str, password: &str) -> String {
        let mut url = url::Url::parse(&self.owner_url).expect("the owner's address");
        url.set_username(role).expect("a role name");
        url.set_password(Some(password)).expect("a password");
        url.into()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "testkit: the database is kept for a day: {}",
                self.owner_url
            );
            return;
        }
        let (url, name) = (self.admin_url.clone(), self.name.clone());
        // A drop cannot wait on the test's own runtime; this takes some 10 ms.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let client = connect(&url).await?;
                client
                    .batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"))
                    .await?;
                anyhow::Ok(())
            })
        });
        if let Ok(Err(error)) = dropped.join() {
            eprintln!(
                "testkit: the database {} was not dropped: {error:#}",
                self.name
            );
        }
    }
}

async fn create(template: &str) -> Result<TestDatabase> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let shared = Shared::join().await;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{}_{number}", stamp(), std::process::id());
    let admin_url = shared.url_of("postgres");
    let client = connect(&admin_url).await?;
    client
        .batch_execute(&format!(
            "CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" STRATEGY file_copy"
        ))
        .await?;
    Ok(TestDatabase {
        owner_url: shared.url_of(&name),
        name,
        admin_url,
    })
}

/// Makes the template database unless it exists. Under a lock on the server, because the tests of
/// one app start together.
async fn ensure_template<F>(template: &str, prepare: F) -> Result<()>
where
    F: AsyncFnOnce(&str) -> Result<()>,
{
    let shared = Shared::join().await;
    let admin = connect(&shared.url_of("postgres")).await?;
    // Released with the connection.
    admin
        .execute("SELECT pg_advisory_lock(hashtext($1))", &[&template])
        .await?;
    let found = admin
        .query("SELECT 1 FROM pg_database WHERE datname = $1", &[&template])
        .await?;
    if !found.is_empty() {
        return Ok(());
    }
    let attempt = format!("{template}_new");
    admin
        .batch_execute(&format!(
            "DROP DATABASE IF EXISTS \"{attempt}\" WITH (FORCE)"
        ))
        .await?;
    admin
        .batch_execute(&format!("CREATE DATABASE \"{attempt}\" TEMPLATE template0"))
        .await?;
    prepare(&shared.url_of(&attempt))
        .await
        .context("prepare the template")?;
    // A connection that `prepare` left open would forbid the renaming.
    let close = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
    admin.query(close, &[&attempt]).await?;
    admin
        .batch_execute(&format!(
            "ALTER DATABASE \"{attempt}\" RENAME TO \"{template}\""
        ))
        .await?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the driver's task ends with the client; there is no lifecycle in a test"
)]
async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        anyhow!("{error}: {}", cause.unwrap_or_default())
    })?;
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

/// Seconds since 1970, for names that tell their age.
#[expect(
    clippy::disallowed_methods,
    reason = "the age of a left-over database is real time"
)]
pub(crate) fn stamp() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|since| since.as_secs())
        .unwrap_or_default()
}

/// 64-bit FNV-1a: the same in every build, unlike the standard library's.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
