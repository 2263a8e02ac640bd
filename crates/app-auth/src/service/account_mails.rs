//! Mail to the owner of an account about what happened to it.

use jiff::Timestamp;
use platform_pg::InTransaction;
use platform_pg::jobs::{self, Enqueue};
use rpc::notifications::v1::mail_block::Block;
use serde::{Deserialize, Serialize};
use ui::Language;
use uuid::Uuid;

use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::Core;
use crate::service::client::Client;
use crate::service::mailer::{Letter, Mailer, facts, moment};
use crate::store::subjects::subject_find;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Occasion {
    /// Somebody signed in with a browser that never did before.
    NewDevice,
    /// The password changed.
    PasswordChanged,
    /// Somebody signed in after several wrong passwords.
    Guessed,
}

impl Occasion {
    /// Name of the mail, and the keys of its heading and its first sentence.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NewDevice => (
                "auth.new_device",
                "auth-mail-device-heading",
                "auth-mail-device-intro",
            ),
            Self::PasswordChanged => (
                "auth.password_changed",
                "auth-mail-password-heading",
                "auth-mail-password-intro",
            ),
            Self::Guessed => (
                "auth.guessed",
                "auth-mail-guessed-heading",
                "auth-mail-guessed-intro",
            ),
        }
    }
}

/// A mail on its way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccountMail {
    id: Uuid,
    user_id: UserId,
    occasion: Occasion,
    device: String,
    address: String,
    at: Timestamp,
}

impl AccountMail {
    /// Kind of the job.
    pub(crate) const JOB: &str = "account_mail";

    /// About something that was done from a browser.
    pub(crate) fn about(who: UserId, occasion: Occasion, client: &Client, at: Timestamp) -> Self {
        Self {
            id: Uuid::now_v7(),
            user_id: who,
            occasion,
            device: client.device(),
            address: client.address_text(),
            at,
        }
    }

    /// Has it written once the transaction is committed.
    pub(crate) async fn enqueue(&self, tx: &impl InTransaction) -> Result<(), Error> {
        jobs::enqueue(tx, Self::JOB, self, Enqueue::once(self.id.to_string())).await?;
        Ok(())
    }

    /// Writes it. Repetitions are harmless: the key says that it is the same.
    pub(crate) async fn write(&self, core: &Core, mailer: &Mailer) -> Result<(), Error> {
        let db = core.db.client().await?;
        let Some(subject) = subject_find(&db, self.user_id).await? else {
            return Ok(());
        };
        drop(db);
        let language = mailer.language_of(&subject);
        let text = |key: &str| mailer.text(language, key);
        let (template, heading, intro) = self.occasion.words();
        let device = match language {
            Language::German => self.device.replace(" on ", " auf "),
            Language::English => self.device.clone(),
        };
        let letter = Letter {
            key: format!("account:{}", self.id),
            template,
            subject: &subject,
            language,
            heading: text(heading),
            blocks: vec![
                Block::Paragraph(text(intro)),
                facts([
                    (text("auth-mail-when"), moment(language, self.at)),
                    (text("auth-mail-device"), device),
                    (text("auth-mail-address"), self.address.clone()),
                ]),
                Block::Paragraph(text("auth-mail-not-me")),
                mailer.button(text("auth-mail-security"), "/auth/security"),
            ],
            expires_at: None,
        };
        mailer.send(letter).await
    }
}
