//! Who calls: what a client needs of its own process.

use platform::Boot;
use registry::{AppId, Keyring, Watch};

/// The calling app and its means: the keys to say who it is, the registry to find callees in.
#[derive(Clone)]
pub struct Origin {
    /// The calling app.
    pub app: AppId,
    /// Signs the service assertion.
    pub keyring: Keyring,
    /// Where callees are found.
    pub registry: Watch,
    /// The time that assertions are made by.
    pub clock: platform::Clock,
}

impl From<&Boot> for Origin {
    fn from(boot: &Boot) -> Self {
        Self {
            app: boot.app.clone(),
            keyring: boot.config.app_secret.clone(),
            registry: boot.registry.clone(),
            clock: boot.clock.clone(),
        }
    }
}
