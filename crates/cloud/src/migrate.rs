//! `cloud migrate`: every app's database brought up to date, without serving.

use std::process::ExitCode;

use embedded::DataDir;
use platform::telemetry::Telemetry;
use platform::{CoreConfig, Environment};

use crate::apps::{self, AppEnvironments};
use crate::error::Error;
use crate::installation::Installation;
use crate::output::say;
use crate::stores::Stores;

/// A migration never speaks to Redis, but the configuration of an app names it.
const NO_REDIS: &str = "redis://127.0.0.1";

/// Migrates the configured database, or the private one when nothing is running with it.
pub(crate) async fn run(installation: &Installation) -> Result<ExitCode, Error> {
    let data = DataDir::open(installation.data_dir()).map_err(|error| match error {
        embedded::Error::InUse { path, .. } => Error::Running(path),
        other => Error::Embedded(other),
    })?;
    let environment = installation.environment_with_secret(&data)?;
    let stores = Stores::start_database(&data, &environment).await?;
    let outcome = migrate_all(installation, stores.join(environment)).await;
    stores.stop().await?;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn migrate_all(installation: &Installation, environment: Environment) -> Result<(), Error> {
    let environment = match environment.get("REDIS_URL") {
        Some(_) => environment,
        None => environment.with("REDIS_URL", NO_REDIS),
    };
    // Nothing receives telemetry during a migration.
    let environment = environment.without("OTEL_EXPORTER_OTLP_ENDPOINT");
    let config = CoreConfig::from_environment(&environment)?;
    let telemetry = Telemetry::start("cloud", &config);
    let environments = AppEnvironments::new(environment);
    let mut outcome = Ok(());
    for app in apps::all(installation.mode()) {
        let id = app.declaration().id.clone();
        match app.migrate(&environments.of(&id)).await {
            Ok(0) => {}
            Ok(_) => say(&format!("{id}: up to date")),
            Err(error) => {
                outcome = Err(Error::App { app: id, error });
                break;
            }
        }
    }
    telemetry.shutdown().await;
    outcome
}
