//! What an administrator may change about sign-in while it runs.

use std::time::Duration;

use jiff::SignedDuration;
use platform::{Label, SettingDeclaration, SettingKind, StartError};
use rpc::settings::{Handle, Settings, organisation};
use serde_json::json;

use crate::domain::session::SessionPolicy;

const IDLE: &str = "session.idle";
const ABSOLUTE: &str = "session.absolute";
const REMEMBERED: &str = "session.remembered";

/// A shorter time would sign people out while they type.
const SHORTEST: SignedDuration = SignedDuration::from_mins(5);
/// Browsers keep no cookie for longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(400 * 24);

/// How long sessions last, as declared to app-settings.
pub(crate) fn declarations() -> [SettingDeclaration; 3] {
    let duration = |key, label, hint, default: &str| {
        SettingDeclaration::new(key, label, SettingKind::Duration, json!(default))
            .hint(hint)
            .group(Label::new("Sessions", "Sitzungen"))
    };
    [
        duration(
            IDLE,
            Label::new("Session without use", "Sitzung ohne Nutzung"),
            Label::new(
                "A session that is not used for this long ends; at least 5 minutes.",
                "Eine Sitzung, die so lange nicht genutzt wird, endet; mindestens 5 Minuten.",
            ),
            "12h",
        ),
        duration(
            ABSOLUTE,
            Label::new("Session in all", "Sitzung insgesamt"),
            Label::new(
                "A session ends after this long, used or not. Shorter counts at once, longer for new sessions.",
                "Eine Sitzung endet nach dieser Zeit, genutzt oder nicht. Kürzer gilt sofort, länger für neue Sitzungen.",
            ),
            "7d",
        ),
        duration(
            REMEMBERED,
            Label::new(
                "Session on a remembered device",
                "Sitzung auf gemerktem Gerät",
            ),
            Label::new(
                "How long a session lasts, used or not, when a person has the device remembered.",
                "Wie lange eine Sitzung dauert, genutzt oder nicht, wenn eine Person das Gerät merken lässt.",
            ),
            "30d",
        ),
    ]
}

/// The values in force. Cheap to clone.
#[derive(Clone)]
pub(crate) struct LiveSettings {
    idle: Handle<Duration>,
    absolute: Handle<Duration>,
    remembered: Handle<Duration>,
    registration: Handle<String>,
}

impl LiveSettings {
    /// Reads from what app-settings sends.
    pub(crate) fn of(settings: &Settings) -> Result<Self, StartError> {
        let handle = |key| {
            let found = settings.handle::<Duration>(key);
            found.map_err(|error| StartError::failed("a setting is not declared", error))
        };
        Ok(Self {
            idle: handle(IDLE)?,
            absolute: handle(ABSOLUTE)?,
            remembered: handle(REMEMBERED)?,
            registration: settings
                .handle::<String>(organisation::REGISTRATION)
                .map_err(|error| StartError::failed("a setting is not declared", error))?,
        })
    }

    /// Whether strangers may ask for an account.
    pub(crate) fn may_ask_for_account(&self) -> bool {
        self.registration.get() != "off"
    }

    /// How long sessions last at this moment.
    pub(crate) fn session_policy(&self) -> SessionPolicy {
        SessionPolicy {
            idle: bounded(self.idle.get()),
            absolute: bounded(self.absolute.get()),
            remembered: bounded(self.remembered.get()),
        }
    }
}

fn bounded(length: Duration) -> SignedDuration {
    SignedDuration::try_from(length)
        .unwrap_or(LONGEST)
        .clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn what_is_declared_is_the_default() {
        let settings = Settings::fixed(declarations());
        let live = LiveSettings::of(&settings).unwrap();
        assert_eq!(live.session_policy(), SessionPolicy::DEFAULT);
    }

    #[test]
    fn no_time_is_absurd() {
        assert_eq!(bounded(Duration::ZERO), SHORTEST);
        assert_eq!(bounded(Duration::MAX), LONGEST);
    }
}
