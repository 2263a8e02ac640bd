//! From a URL to a schema that is up to date: provisioning and migration at start and by the `migrate` subcommand.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use platform::AppId;
use platform::boot::StartError;
use platform::config::{CoreConfig, Environment};
use refinery::Runner;
use registry::Keyring;
use tokio::time::Instant;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::config::{Access, DatabaseConfig, Limits};
use crate::provision::{Provisioning, password};
use crate::target::{self, Target};
use crate::{Error, Schema, connection, migrate as migrations};

/// Pause between two attempts.
const PAUSE: Duration = Duration::from_millis(500);

/// Everything that is needed to prepare one app's schema.
pub(crate) struct Setup {
    schema: Schema,
    limits: Limits,
    tls: MakeRustlsConnect,
    /// As the app itself.
    target: Target,
    provisioning: Option<Provisioning>,
}

impl Setup {
    pub(crate) fn new(
        app: &AppId,
        keyring: &Keyring,
        config: &DatabaseConfig,
    ) -> Result<Self, Error> {
        let schema = Schema::of(app)?;
        let tls = target::tls(config.ca_file.as_deref())?;
        let (target, provisioning) = match &config.access {
            Access::Own(url) => (own(app, keyring, Target::parse(url)?), None),
            Access::Owner(url) => {
                let Some(secret) = keyring.secret() else {
                    let reason = "DATABASE_OWNER_URL needs APP_SECRET, from which the app's password is derived";
                    return Err(Error::Config(reason.to_owned()));
                };
                let provisioning = Provisioning::new(app, &schema, secret, Target::parse(url)?);
                (provisioning.service().clone(), Some(provisioning))
            }
        };
        Ok(Self {
            schema,
            limits: config.limits,
            tls,
            target,
            provisioning,
        })
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(crate) fn tls(&self) -> &MakeRustlsConnect {
        &self.tls
    }

    pub(crate) fn session(&self, name: &str) -> tokio_postgres::Config {
        self.target.session(&self.schema, &self.limits, name)
    }

    /// Where the app connects, without its password.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Whether the server takes connections.
    pub(crate) async fn reach(&self) -> Result<(), Error> {
        let target = self
            .provisioning
            .as_ref()
            .map_or(&self.target, Provisioning::owner);
        let config = target.maintenance(&self.schema, &self.limits, "cloud/start");
        let (client, wire) = connection::open(&config, &self.tls)
            .await
            .map_err(|error| Error::connecting(&error))?;
        connection::drive(wire, async move {
            client.batch_execute("SELECT 1").await.map_err(Error::from)
        })
        .await
    }

    /// Role, schema and tables, as this program needs them.
    pub(crate) async fn prepare(&self, runner: &Runner) -> Result<(), Error> {
        if let Some(provisioning) = &self.provisioning {
            provisioning.ensure(&self.tls, &self.limits).await?;
        }
        let config = self
            .target
            .maintenance(&self.schema, &self.limits, "cloud/migrate");
        let (client, wire) = connection::open(&config, &self.tls)
            .await
            .map_err(|error| Error::connecting(&error))?;
        let work = migrations::up(client, &self.schema, runner, self.limits.migration_lock);
        Box::pin(connection::drive(wire, work)).await
    }
}

/// An own URL without a password stands for a role that was provisioned, by `cloud migrate` or another start.
fn own(app: &AppId, keyring: &Keyring, target: Target) -> Target {
    match keyring.secret() {
        Some(secret) if !target.has_password() => target.with_password(&password(app, secret)),
        _ => target,
    }
}

/// Tries until it succeeds or `limit` has passed.
pub(crate) async fn within<T, E, F>(limit: Duration, mut attempt: impl FnMut() -> F) -> Result<T, E>
where
    E: Display,
    F: Future<Output = Result<T, E>>,
{
    let deadline = Instant::now() + limit;
    loop {
        match attempt().await {
            Err(error) if Instant::now() < deadline => {
                tracing::warn!(%error, "the database is not ready yet");
                tokio::time::sleep(PAUSE).await;
            }
            other => return other,
        }
    }
}

/// The `migrate` subcommand of an app: provisions and migrates without serving.
///
/// ```no_run
/// # fn app(app: platform::App, migrations: fn() -> refinery::Runner) -> platform::App {
/// app.also_migrate(move |environment| async move {
///     platform_pg::migrate(&environment, "hello", &migrations()).await
/// })
/// # }
/// ```
pub async fn migrate(
    environment: &Environment,
    app: &str,
    runner: &Runner,
) -> Result<(), StartError> {
    let core = CoreConfig::from_environment(environment)?;
    let mut reader = environment.reader();
    let config = crate::config(&mut reader);
    reader.finish()?;
    let failed = |error: Error| StartError::failed("the database cannot be migrated", error);
    let app = AppId::new(app).map_err(|error| StartError::Declaration(error.to_string()))?;
    let setup = Setup::new(&app, &core.app_secret, &config).map_err(failed)?;
    let attempt = async || match setup.prepare(runner).await {
        Err(error) if error.is_transient() => Err(error),
        other => Ok(other),
    };
    let unavailable = |error: Error| StartError::Unavailable {
        what: "PostgreSQL".to_owned(),
        reason: error.to_string(),
    };
    within(core.start_wait, attempt)
        .await
        .map_err(unavailable)?
        .map_err(failed)
}
