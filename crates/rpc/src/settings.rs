//! app-settings: typed settings and secrets, in force in every app without a restart.
//!
//! [`follow`] gives an app its [`Settings`]: a snapshot in memory that a stream from app-settings replaces
//! whole at every change. Reading is one atomic load. While app-settings is away the last snapshot holds;
//! before its first answer the seeds of the environment and the declared defaults do.

package!("cloud.settings.v1");

#[cfg(feature = "settings")]
mod follow;
pub mod organisation;
#[cfg(feature = "settings")]
mod snapshot;
#[cfg(feature = "settings")]
mod typed;

#[cfg(feature = "settings")]
pub use follow::{follow, follow_as};
#[cfg(feature = "settings")]
pub use snapshot::{Handle, Settings, Undeclared};
#[cfg(feature = "settings")]
pub use typed::{Setting, SettingValue};
#[cfg(feature = "settings")]
pub use v1::SettingsClient;

/// The client of app-settings. Apps use [`follow`] instead.
#[cfg(feature = "settings")]
pub fn client(origin: impl Into<crate::Origin>) -> SettingsClient {
    SettingsClient::new(crate::Channel::new(origin, "settings"))
}
