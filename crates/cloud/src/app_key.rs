//! `cloud app-key`: the key for an app that should not hold APP_SECRET.

use std::process::ExitCode;

use platform::{AppId, CoreConfig};
use registry::Keyring;

use crate::error::Error;
use crate::installation::Installation;
use crate::output::say;

/// Stands in where the configuration wants a Redis that this command does not use.
const NO_REDIS: &str = "redis://127.0.0.1";

/// Prints the key alone, so that it can be piped into a file.
pub(crate) fn run(installation: &Installation, id: &str) -> Result<ExitCode, Error> {
    let app = AppId::new(id).map_err(|error| Error::Usage(error.to_string()))?;
    let mut environment = installation.environment_with_found_secret()?;
    if environment.get("REDIS_URL").is_none() {
        environment = environment.with("REDIS_URL", NO_REDIS);
    }
    match CoreConfig::from_environment(&environment)?.app_secret {
        Keyring::Secret(secret) => say(&secret.app_key(&app).to_string()),
        Keyring::Key(_) => {
            return Err(Error::Usage(
                "an app's key cannot make another app's: APP_SECRET is needed".to_owned(),
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
