//! The command line as a caller of services: it finds them in the registry and signs as `cloud`.

use std::time::Duration;

use platform::{AppId, Clock, CoreConfig};
use registry::{Watch, WatchTiming};
use rpc::{Call, Origin};
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::installation::Installation;
use crate::instance::Instance;

/// The service id of the command line.
const CALLER: &str = "cloud";
/// Longest wait for a service.
const DEADLINE: Duration = Duration::from_secs(10);
/// Longest wait for the registry.
const REGISTRY: Duration = Duration::from_secs(5);

/// An operator of a running installation.
pub(crate) struct Operator {
    config: CoreConfig,
    registry: Watch,
    stop: CancellationToken,
}

impl Operator {
    /// Finds the running installation: the one of the data directory, or of the environment.
    pub(crate) async fn connect(installation: &Installation) -> Result<Self, Error> {
        let mut environment = installation.environment_with_found_secret()?;
        if environment.get("REDIS_URL").is_none() && environment.get("REDIS_URL_FILE").is_none() {
            let nothing = || Error::NotRunning(installation.data_dir().to_owned());
            let instance = Instance::read(installation.data_dir())?.ok_or_else(nothing)?;
            environment = environment.with("APP_URL", &instance.app_url);
            environment = environment.with("REDIS_URL", instance.redis_url.ok_or_else(nothing)?);
        }
        let config = CoreConfig::from_environment(&environment)?;
        let redis = registry::connect(config.redis_url.expose_secret())
            .await
            .map_err(|error| Error::Registry(platform::error::chain(&error)))?;
        let stop = CancellationToken::new();
        let registry = Watch::start(
            redis,
            config.app_secret.clone(),
            WatchTiming::default(),
            stop.clone(),
        );
        let read = tokio::time::timeout(REGISTRY, registry.ready()).await;
        read.map_err(|_| Error::Registry("no answer".to_owned()))?;
        Ok(Self {
            config,
            registry,
            stop,
        })
    }

    /// Who is registered.
    pub(crate) fn registry(&self) -> &Watch {
        &self.registry
    }

    /// Who calls.
    pub(crate) fn origin(&self) -> Result<Origin, Error> {
        Ok(Origin {
            app: AppId::new(CALLER).map_err(|error| Error::Usage(error.to_string()))?,
            keyring: self.config.app_secret.clone(),
            registry: self.registry.clone(),
            clock: Clock::system(),
        })
    }

    /// The terms of a call.
    pub(crate) fn call() -> Call {
        Call::new(DEADLINE).wait_for_ready()
    }

    /// The public address of a path.
    pub(crate) fn link(&self, path: &str) -> String {
        format!(
            "{}{path}",
            self.config.app_url.as_str().trim_end_matches('/')
        )
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
