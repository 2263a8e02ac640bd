//! Telling people that something changed about how they sign in.

use jiff::Timestamp;
use platform_pg::InTransaction;
use platform_pg::jobs::{self, Enqueue};
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::subject::UserId;
use crate::error::Error;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Happening {
    /// One-time passwords were set up.
    TotpAdded,
    /// One-time passwords were removed.
    TotpRemoved,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// Somebody who knows the password guessed at the second factor.
    CodesGuessed,
}

impl Happening {
    /// Title in English and German.
    fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::TotpAdded => (
                "One-time passwords were set up",
                "Einmalpasswörter wurden eingerichtet",
            ),
            Self::TotpRemoved => (
                "One-time passwords were removed",
                "Einmalpasswörter wurden entfernt",
            ),
            Self::RecoveryCodesMade => (
                "New recovery codes were made",
                "Neue Wiederherstellungscodes wurden erzeugt",
            ),
            Self::RecoveryCodeUsed => (
                "A recovery code was used",
                "Ein Wiederherstellungscode wurde benutzt",
            ),
            Self::CodesGuessed => (
                "Somebody guesses at your second factor",
                "Jemand rät an Ihrem zweiten Faktor",
            ),
        }
    }

    /// What to do, in English and German.
    fn advice(self) -> (&'static str, &'static str) {
        match self {
            Self::CodesGuessed => (
                "They know your password. Change it now.",
                "Ihr Passwort ist der Person bekannt. Ändern Sie es jetzt.",
            ),
            _ => (
                "If this was not you, end all other sessions and change your password.",
                "Wenn Sie das nicht waren, beenden Sie alle anderen Sitzungen und ändern Sie Ihr Passwort.",
            ),
        }
    }
}

/// A notice on its way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FactorNotice {
    id: Uuid,
    recipients: Vec<UserId>,
    happening: Happening,
    at: Timestamp,
}

impl FactorNotice {
    /// Kind of the job.
    pub(crate) const JOB: &str = "factor_changed";

    /// To the person it happened to.
    pub(crate) fn to(who: UserId, happening: Happening, at: Timestamp) -> Self {
        Self {
            id: Uuid::now_v7(),
            recipients: vec![who],
            happening,
            at,
        }
    }

    /// Has it told once the transaction is committed.
    pub(crate) async fn enqueue(&self, tx: &impl InTransaction) -> Result<(), Error> {
        jobs::enqueue(tx, Self::JOB, self, Enqueue::once(self.id.to_string())).await?;
        Ok(())
    }

    /// What notifications is sent.
    pub(crate) fn request(&self) -> SendNotificationRequest {
        let (title, titel) = self.happening.title();
        let (advice, rat) = self.happening.advice();
        let time = self.at.strftime("%Y-%m-%d %H:%M UTC");
        let zeit = self.at.strftime("%d.%m.%Y, %H:%M UTC");
        SendNotificationRequest {
            idempotency_key: format!("factor:{}", self.id),
            recipient_ids: self
                .recipients
                .iter()
                .map(|who| who.0.to_string())
                .collect(),
            kind: "auth.factor".to_owned(),
            title: Some(LocalizedText {
                en: title.to_owned(),
                de: titel.to_owned(),
            }),
            body: Some(LocalizedText {
                en: format!("{time}. {advice}"),
                de: format!("{zeit}. {rat}"),
            }),
            path: "/auth/security".to_owned(),
        }
    }
}
