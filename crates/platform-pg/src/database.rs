//! The database of one app: its pool of connections and the bells of its outbox and its job queue.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime,
};
use platform::boot::StartError;
use platform::{AppId, Boot, Clock};
use refinery::Runner;
use tokio::sync::Notify;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::client::Client;
use crate::config::{DatabaseConfig, Limits};
use crate::generic::{GenericClient, Wake};
use crate::setup::{self, Setup};
use crate::{Error, Schema, upkeep};

/// A connection that was not used for this long is asked for a sign of life before it is handed out.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// An answer this recent says that a pool without a free connection is busy rather than cut off.
const ALIVE_FOR: Duration = Duration::from_secs(5);
/// Each half of a health check takes no longer than this: together less than the two seconds a check may take.
const PROBE: Duration = Duration::from_millis(800);

/// The app's database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pool: Pool,
    shared: Arc<Shared>,
}

/// What all connections of a database know.
pub(crate) struct Shared {
    pub(crate) app: AppId,
    pub(crate) schema: Schema,
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) outbox_bell: Notify,
    pub(crate) jobs_bell: Notify,
    opened: Instant,
    /// When the server last answered a statement, in milliseconds after `opened`.
    answered: AtomicU64,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("schema", &self.shared.schema)
            .field("pool", &self.pool.status())
            .finish()
    }
}

impl Shared {
    /// How long to wait for the answer to a statement: the server's own limit and a little more.
    pub(crate) fn patience(&self) -> Duration {
        self.limits.statement + Duration::from_secs(1)
    }

    /// Notes that the server is alive.
    pub(crate) fn note_answer(&self) {
        self.answered.store(self.now(), Ordering::Relaxed);
    }

    fn answered_within(&self, span: Duration) -> bool {
        let since = self
            .now()
            .saturating_sub(self.answered.load(Ordering::Relaxed));
        u128::from(since) <= span.as_millis()
    }

    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Rings for whoever waits for new events or jobs.
    pub(crate) fn wake(&self, wake: Wake) {
        match wake {
            Wake::Outbox => self.outbox_bell.notify_one(),
            // An app may have several workers; each listens before it looks.
            Wake::Jobs => self.jobs_bell.notify_waiters(),
        }
    }
}

impl Database {
    /// Waits for PostgreSQL, provisions the app's role and schema when it was given an owner's URL, brings the
    /// schema up to date (the app's own tables with `migrations`, and those of this crate), opens the pool and
    /// registers the health check `database`.
    pub async fn connect(
        boot: &Boot,
        config: DatabaseConfig,
        migrations: Runner,
    ) -> Result<Self, StartError> {
        let setup = Setup::new(&boot.app, &boot.config.app_secret, &config).map_err(refuse)?;
        boot.wait_for("PostgreSQL", || setup.reach()).await?;
        let prepared = async || match setup.prepare(&migrations).await {
            Err(error) if error.is_transient() => Err(error),
            other => Ok(other),
        };
        let prepared = setup::within(boot.config.start_wait, prepared);
        let prepared = boot.lifecycle.soft().run_until_cancelled(prepared).await;
        let unavailable = |error: Error| StartError::Unavailable {
            what: "PostgreSQL".to_owned(),
            reason: error.to_string(),
        };
        prepared
            .ok_or(StartError::Stopped)?
            .map_err(unavailable)?
            .map_err(refuse)?;
        let database = Self::open(boot, &setup, config.limits).map_err(refuse)?;
        tracing::info!(schema = %setup.schema(), server = %setup.target(), "the database is ready");
        database.register_health(boot);
        upkeep::start(boot, &database);
        Ok(database)
    }

    fn open(boot: &Boot, setup: &Setup, limits: Limits) -> Result<Self, Error> {
        let name = format!("{}/{}", boot.app, boot.instance);
        let config = setup.session(&name);
        let pool = pool(config, setup.tls().clone(), &limits)?;
        let shared = Shared {
            app: boot.app.clone(),
            schema: setup.schema().clone(),
            clock: boot.clock.clone(),
            limits,
            outbox_bell: Notify::new(),
            jobs_bell: Notify::new(),
            opened: Instant::now(),
            answered: AtomicU64::new(0),
        };
        Ok(Self {
            pool,
            shared: Arc::new(shared),
        })
    }

    /// A connection, or [`Error::Unavailable`] within two seconds.
    pub async fn client(&self) -> Result<Client, Error> {
        let patience = self.shared.limits.acquire;
        match tokio::time::timeout(patience, self.pool.get()).await {
            Ok(Ok(object)) => Ok(Client::new(object, Arc::clone(&self.shared))),
            Ok(Err(PoolError::Backend(error))) => Err(Error::connecting(&error)),
            Ok(Err(PoolError::Closed)) => Err(Error::Unavailable("the pool is closed".to_owned())),
            Ok(Err(PoolError::PostCreateHook(_) | PoolError::NoRuntimeSpecified)) => Err(
                Error::Unavailable("a connection could not be set up".to_owned()),
            ),
            Ok(Err(PoolError::Timeout(_))) | Err(_) => Err(Error::Unavailable(
                "no connection within the time allowed".to_owned(),
            )),
        }
    }

    /// The app's schema.
    pub fn schema(&self) -> &Schema {
        &self.shared.schema
    }

    /// The app this database belongs to.
    pub fn app(&self) -> &AppId {
        &self.shared.app
    }

    /// Connections at this moment, those handed out included.
    pub fn connections(&self) -> usize {
        self.pool.status().size
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Closes connections that nobody used for a while, except for the few that are kept.
    pub(crate) fn shrink(&self) {
        let limits = &self.shared.limits;
        let mut spare = self.pool.status().size.saturating_sub(limits.idle_size);
        self.pool.retain(|_, metrics| {
            let keep = spare == 0 || metrics.last_used() < limits.idle_after;
            if !keep {
                spare -= 1;
            }
            keep
        });
    }

    fn register_health(&self, boot: &Boot) {
        let database = self.clone();
        boot.health.register("database", move || {
            let database = database.clone();
            async move { database.probe().await.map_err(|error| error.to_string()) }
        });
    }

    async fn probe(&self) -> Result<(), Error> {
        let client = match tokio::time::timeout(PROBE, self.client()).await {
            Ok(client) => client?,
            // A health check that fails under load makes somebody restart what merely has a lot to do.
            Err(_) if self.shared.answered_within(ALIVE_FOR) => return Ok(()),
            Err(_) => return Err(Error::Unavailable("no connection in time".to_owned())),
        };
        match tokio::time::timeout(PROBE, client.batch_execute("SELECT 1")).await {
            Ok(result) => result,
            Err(_) => Err(Error::Unavailable("no answer".to_owned())),
        }
    }
}

fn pool(
    config: tokio_postgres::Config,
    tls: MakeRustlsConnect,
    limits: &Limits,
) -> Result<Pool, Error> {
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let patience = limits.acquire / 2;
    let alive = Hook::async_fn(
        move |client: &mut deadpool_postgres::ClientWrapper, metrics| {
            let trusted = metrics.last_used() < TRUSTED_FOR;
            Box::pin(async move {
                if trusted {
                    return Ok(());
                }
                match tokio::time::timeout(patience, client.simple_query("")).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(HookError::Backend(error)),
                    Err(_) => Err(HookError::message("no answer")),
                }
            })
        },
    );
    Pool::builder(Manager::from_config(config, tls, recycling))
        .max_size(limits.pool_size)
        .pre_recycle(alive)
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| Error::Config(error.to_string()))
}

fn refuse(error: Error) -> StartError {
    StartError::failed("the database cannot be used", error)
}
