//! Telling people what happened to their account.

use std::time::Duration;

use jiff::Timestamp;
use platform_pg::InTransaction;
use platform_pg::jobs::{self, Enqueue};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::factor_notices::FactorNotice;

/// A job waits for this long for somebody who takes the notice; then it is tried again later.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody signed in with a browser that never did before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NewSignIn {
    /// Who.
    pub(crate) user_id: UserId,
    /// In which session.
    pub(crate) session_id: Uuid,
    /// "Firefox on Linux" or empty.
    pub(crate) device: String,
    /// Network address or empty.
    pub(crate) address: String,
    /// When.
    pub(crate) at: Timestamp,
}

impl NewSignIn {
    /// Kind of the job.
    pub(crate) const JOB: &str = "new_sign_in";

    /// Has the person told once the transaction is committed.
    pub(crate) async fn enqueue(&self, tx: &impl InTransaction) -> Result<(), Error> {
        jobs::enqueue(
            tx,
            Self::JOB,
            self,
            Enqueue::once(self.session_id.to_string()),
        )
        .await?;
        Ok(())
    }

    fn request(&self) -> SendNotificationRequest {
        let time = self.at.strftime("%Y-%m-%d %H:%M UTC");
        let zeit = self.at.strftime("%d.%m.%Y, %H:%M UTC");
        let (device, geraet) = if self.device.is_empty() {
            (
                "an unknown browser".to_owned(),
                "einem unbekannten Browser".to_owned(),
            )
        } else {
            (self.device.clone(), self.device.replace(" on ", " auf "))
        };
        let (from, von) = if self.address.is_empty() {
            (String::new(), String::new())
        } else {
            (
                format!(" from {}", self.address),
                format!(" von {}", self.address),
            )
        };
        SendNotificationRequest {
            idempotency_key: format!("new-sign-in:{}", self.session_id),
            recipient_ids: vec![self.user_id.0.to_string()],
            kind: "auth.new_sign_in".to_owned(),
            title: Some(LocalizedText {
                en: "New sign-in to your account".to_owned(),
                de: "Neue Anmeldung an Ihrem Konto".to_owned(),
            }),
            body: Some(LocalizedText {
                en: format!(
                    "{device}{from}, {time}. If this was not you, end the session and change your password."
                ),
                de: format!(
                    "{geraet}{von}, {zeit}. Wenn Sie das nicht waren, beenden Sie die Sitzung und ändern Sie Ihr Passwort."
                ),
            }),
            path: "/auth/security".to_owned(),
        }
    }
}

/// Sends notices. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Notices {
    client: NotificationsClient,
}

impl Notices {
    pub(crate) fn new(client: NotificationsClient) -> Self {
        Self { client }
    }

    /// Hands a notice over. Repetitions are harmless: the key says that it is the same.
    pub(crate) async fn send(&self, notice: &NewSignIn) -> Result<(), Error> {
        let call = Call::new(PATIENCE).wait_for_ready();
        self.client
            .send_notification(call, notice.request())
            .await?;
        Ok(())
    }

    /// The same for what happened to somebody's factors.
    pub(crate) async fn send_factor(&self, notice: &FactorNotice) -> Result<(), Error> {
        let call = Call::new(PATIENCE).wait_for_ready();
        self.client
            .send_notification(call, notice.request())
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn notice(device: &str, address: &str) -> SendNotificationRequest {
        NewSignIn {
            user_id: UserId::new(),
            session_id: Uuid::nil(),
            device: device.to_owned(),
            address: address.to_owned(),
            at: "2026-11-20T07:05:00Z".parse().unwrap(),
        }
        .request()
    }

    #[test]
    fn the_notice_names_device_network_and_time_in_both_languages() {
        let body = notice("Firefox on Linux", "192.0.2.7").body.unwrap();
        assert!(
            body.en
                .starts_with("Firefox on Linux from 192.0.2.7, 2026-11-20 07:05 UTC."),
            "{}",
            body.en
        );
        assert!(
            body.de
                .starts_with("Firefox auf Linux von 192.0.2.7, 20.11.2026, 07:05 UTC."),
            "{}",
            body.de
        );
        let body = notice("", "").body.unwrap();
        assert!(
            body.en.starts_with("an unknown browser, 2026"),
            "{}",
            body.en
        );
    }
}
