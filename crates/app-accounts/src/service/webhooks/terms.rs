//! Where webhooks may reach, as it is set.

use std::fmt;

use platform::{Label, Mode, SettingDeclaration, SettingKind};
use rpc::settings::Settings;
use serde_json::json;

use crate::domain::reachable::Reach;

const PRIVATE: &str = "webhooks.private_networks";

/// The declaration, with the default that holds while app-settings is away.
pub fn declaration() -> SettingDeclaration {
    let label = Label::new(
        "Webhooks within private networks",
        "Webhooks in private Netze",
    );
    SettingDeclaration::new(PRIVATE, label, SettingKind::Boolean, json!(false))
        .hint(Label::new(
            "Whether webhooks may reach addresses of private networks and this machine. Whoever declares webhooks can then send requests to what is only reachable from here.",
            "Ob Webhooks Adressen privater Netze und diese Maschine erreichen dürfen. Wer Webhooks anlegt, kann dann Anfragen an das richten, was nur von hier erreichbar ist.",
        ))
        .group(Label::new("Webhooks", "Webhooks"))
        .env("WEBHOOKS_PRIVATE_NETWORKS")
}

/// Follows the setting.
#[derive(Clone)]
pub struct WebhookTerms {
    settings: Settings,
    mode: Mode,
}

impl WebhookTerms {
    /// Over the settings in force. Developers reach their own machine.
    pub fn new(settings: Settings, mode: Mode) -> Self {
        Self { settings, mode }
    }

    /// Where webhooks may reach now.
    pub fn reach(&self) -> Reach {
        let private = self.settings.get(PRIVATE);
        Reach {
            loopback: private || self.mode == Mode::Dev,
            private,
        }
    }
}

impl fmt::Debug for WebhookTerms {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WebhookTerms")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Reach, Settings, WebhookTerms, declaration};

    #[test]
    fn nothing_private_is_reached_unless_that_is_set() {
        let reach = |mode| WebhookTerms::new(Settings::fixed([declaration()]), mode).reach();
        assert_eq!(reach(Mode::Production), Reach::default());
        assert!(reach(Mode::Dev).loopback);
        assert!(!reach(Mode::Dev).private);
    }
}
