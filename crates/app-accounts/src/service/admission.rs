//! The settings that say whether strangers may ask for accounts.

use std::fmt;

use rpc::settings::{Settings, organisation};

use super::registrations::Policy;
use crate::domain::registration::{Domains, Mode};

/// Follows the settings about strangers.
#[derive(Clone)]
pub struct Admission {
    settings: Settings,
}

impl Admission {
    /// Over the settings in force.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Who may come in as it is now.
    pub fn policy(&self) -> Policy {
        let mode: String = self.settings.get(organisation::REGISTRATION);
        let domains: String = self.settings.get(organisation::REGISTRATION_DOMAINS);
        Policy {
            mode: mode.parse().unwrap_or(Mode::Off),
            domains: Domains::read(&domains),
        }
    }
}

impl fmt::Debug for Admission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Admission").finish_non_exhaustive()
    }
}
