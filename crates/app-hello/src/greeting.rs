//! The use cases: what to greet with, and sending a greeting.

use std::time::Duration;

use platform::Principal;
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use rpc::settings::Settings;

use crate::error::Error;

/// Key of the setting that holds the greeting.
pub(crate) const SETTING: &str = "greeting";

/// Greets people.
#[derive(Clone)]
pub(crate) struct Greeter {
    settings: Settings,
    notifications: NotificationsClient,
}

impl Greeter {
    /// With the words of the settings, and through notifications.
    pub(crate) fn new(settings: Settings, notifications: NotificationsClient) -> Self {
        Self {
            settings,
            notifications,
        }
    }

    /// The greeting in force: one atomic load, changed while the app runs.
    pub(crate) fn words(&self) -> String {
        self.settings.get(SETTING)
    }

    /// Leaves a greeting in the inbox of `who`. The same `key` leaves only one, however often it is sent.
    pub(crate) async fn send(&self, who: &Principal, key: &str) -> Result<(), Error> {
        let words = self.words();
        let text = format!("{words}, {}", who.display_name);
        let request = SendNotificationRequest {
            idempotency_key: key.to_owned(),
            recipient_ids: vec![who.user_id.to_string()],
            kind: "hello.greeting".to_owned(),
            title: Some(LocalizedText {
                en: text.clone(),
                de: text,
            }),
            body: None,
            path: "/app/hello".to_owned(),
        };
        self.notifications
            .send_notification(Call::new(Duration::from_secs(2)), request)
            .await?;
        Ok(())
    }
}
