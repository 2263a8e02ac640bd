//! Telling people that something changed about how they sign in: by the bell and by mail.

use jiff::Timestamp;
use platform_pg::InTransaction;
use platform_pg::jobs::{self, Enqueue};
use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use serde::{Deserialize, Serialize};
use ui::Language;
use uuid::Uuid;

use crate::domain::subject::{Subject, UserId};
use crate::error::Error;
use crate::service::Core;
use crate::service::mailer::{Letter, Mailer, facts, moment};
use crate::store::subjects::subject_find;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Happening {
    /// One-time passwords were set up.
    TotpAdded,
    /// One-time passwords were removed.
    TotpRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// A passkey was used whose counter went back.
    PasskeyCopied,
    /// An administrator asks for more from now on.
    FactorRequired,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// New break-glass codes were made.
    BreakGlassMade,
    /// A break-glass code was used.
    BreakGlassUsed,
    /// An administrator or operator started a reset of the password.
    ResetStarted,
    /// An administrator or operator removed all second factors.
    FactorsRemoved,
    /// Somebody who knows the password guessed at the second factor.
    CodesGuessed,
    /// A program was let act for the person, and has a key now.
    DeviceConnected,
    /// A key was made that acts for the person.
    KeyMade,
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
            Self::PasskeyAdded => ("A passkey was added", "Ein Passkey wurde hinzugefügt"),
            Self::PasskeyRemoved => ("A passkey was removed", "Ein Passkey wurde entfernt"),
            Self::PasskeyCopied => (
                "One of your passkeys may have been copied",
                "Einer Ihrer Passkeys könnte kopiert worden sein",
            ),
            Self::FactorRequired => (
                "You need a second factor from now on",
                "Sie brauchen ab jetzt einen zweiten Faktor",
            ),
            Self::RecoveryCodesMade => (
                "New recovery codes were made",
                "Neue Wiederherstellungscodes wurden erzeugt",
            ),
            Self::RecoveryCodeUsed => (
                "A recovery code was used",
                "Ein Wiederherstellungscode wurde benutzt",
            ),
            Self::BreakGlassMade => (
                "New break-glass codes were made",
                "Neue Notfallcodes wurden erzeugt",
            ),
            Self::BreakGlassUsed => (
                "A break-glass code was used",
                "Ein Notfallcode wurde benutzt",
            ),
            Self::ResetStarted => (
                "A reset of your password was started",
                "Ein neues Passwort wurde für Sie angefordert",
            ),
            Self::FactorsRemoved => (
                "Your second factors were removed",
                "Ihre zweiten Faktoren wurden entfernt",
            ),
            Self::CodesGuessed => (
                "Somebody guesses at your second factor",
                "Jemand rät an Ihrem zweiten Faktor",
            ),
            Self::DeviceConnected => (
                "A program was connected to your account",
                "Ein Programm wurde mit Ihrem Konto verbunden",
            ),
            Self::KeyMade => (
                "An API key was made for your account",
                "Für Ihr Konto wurde ein API-Schlüssel erzeugt",
            ),
        }
    }

    /// Where to look, and the key of the word for what it is about.
    fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::DeviceConnected => ("/auth/security/keys", "auth-mail-device"),
            Self::KeyMade => ("/auth/security/keys", "auth-mail-key"),
            _ => ("/auth/security", "auth-mail-whose"),
        }
    }

    /// What to do, in English and German.
    fn advice(self) -> (&'static str, &'static str) {
        match self {
            Self::CodesGuessed => (
                "They know your password. Change it now.",
                "Ihr Passwort ist der Person bekannt. Ändern Sie es jetzt.",
            ),
            Self::BreakGlassUsed => (
                "It opened the account of an administrator without a password and without a second factor. If you do not know why, end all sessions of this person now.",
                "Er hat das Konto einer Administratorin oder eines Administrators ohne Passwort und ohne zweiten Faktor geöffnet. Wenn Sie nicht wissen, warum, beenden Sie jetzt alle Sitzungen dieser Person.",
            ),
            Self::ResetStarted | Self::FactorsRemoved => (
                "An administrator did this. If you did not ask for it, ask them why.",
                "Das war eine Administratorin oder ein Administrator. Wenn Sie nicht darum gebeten haben, fragen Sie nach.",
            ),
            Self::FactorRequired => (
                "You set it up the next time you sign in, if you have none.",
                "Sie richten ihn bei der nächsten Anmeldung ein, wenn Sie keinen haben.",
            ),
            Self::DeviceConnected => (
                "It has a key that acts for you. If this was not you, end that key, end all other sessions and change your password.",
                "Es hat einen Schlüssel, der für Sie handelt. Wenn Sie das nicht waren, beenden Sie diesen Schlüssel, beenden Sie alle anderen Sitzungen und ändern Sie Ihr Passwort.",
            ),
            Self::KeyMade => (
                "Whoever has it acts for you. If this was not you, end that key, end all other sessions and change your password.",
                "Wer ihn hat, handelt für Sie. Wenn Sie das nicht waren, beenden Sie diesen Schlüssel, beenden Sie alle anderen Sitzungen und ändern Sie Ihr Passwort.",
            ),
            Self::PasskeyCopied => (
                "A sign-in with it was refused. Remove the passkey and add it anew.",
                "Eine Anmeldung damit wurde abgelehnt. Entfernen Sie den Passkey und fügen Sie ihn neu hinzu.",
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
    /// Whose account and from where, when it is told to others.
    #[serde(default)]
    about: String,
    at: Timestamp,
}

impl FactorNotice {
    /// Kind of the job that rings the bell.
    pub(crate) const JOB: &str = "factor_changed";
    /// Kind of the job that writes the mail.
    pub(crate) const MAIL: &str = "factor_mail";

    /// To the person it happened to.
    pub(crate) fn to(who: UserId, happening: Happening, at: Timestamp) -> Self {
        Self {
            id: Uuid::now_v7(),
            recipients: vec![who],
            happening,
            about: String::new(),
            at,
        }
    }

    /// To these people instead.
    pub(crate) fn alarming(mut self, recipients: Vec<UserId>) -> Self {
        self.recipients = recipients;
        self
    }

    /// Whose account it is, and from where.
    pub(crate) fn about(mut self, about: String) -> Self {
        self.about = about;
        self
    }

    /// Has it told and written once the transaction is committed.
    pub(crate) async fn enqueue(&self, tx: &impl InTransaction) -> Result<(), Error> {
        let once = || Enqueue::once(self.id.to_string());
        jobs::enqueue(tx, Self::JOB, self, once()).await?;
        jobs::enqueue(tx, Self::MAIL, self, once()).await?;
        Ok(())
    }

    /// Writes the mail: whoever took an account over is signed in, and its owner perhaps not any more. Repetitions
    /// are harmless: the key says that it is the same.
    pub(crate) async fn write(&self, core: &Core, mailer: &Mailer) -> Result<(), Error> {
        for who in &self.recipients {
            let db = core.db.client().await?;
            let subject = subject_find(&db, *who).await?;
            drop(db);
            if let Some(subject) = subject {
                mailer.send(self.letter(&subject, mailer)).await?;
            }
        }
        Ok(())
    }

    fn letter<'a>(&self, subject: &'a Subject, mailer: &Mailer) -> Letter<'a> {
        let language = mailer.language_of(subject);
        let in_language = |(en, de): (&str, &str)| match language {
            Language::English => en.to_owned(),
            Language::German => de.to_owned(),
        };
        let text = |key: &str| mailer.text(language, key);
        let (path, label) = self.happening.place();
        Letter {
            key: format!("factor:{}:{}", self.id, subject.user_id.0),
            template: "auth.factor",
            subject,
            language,
            heading: in_language(self.happening.title()),
            blocks: vec![
                facts([
                    (text(label), self.about.clone()),
                    (text("auth-mail-when"), moment(language, self.at)),
                ]),
                Block::Paragraph(in_language(self.happening.advice())),
                mailer.button(text("auth-mail-security"), path),
            ],
            expires_at: None,
        }
    }

    /// What notifications is sent.
    pub(crate) fn request(&self) -> SendNotificationRequest {
        let (title, titel) = self.happening.title();
        let (advice, rat) = self.happening.advice();
        let time = self.at.strftime("%Y-%m-%d %H:%M UTC");
        let zeit = self.at.strftime("%d.%m.%Y, %H:%M UTC");
        let about = match self.about.as_str() {
            "" => String::new(),
            about => format!("{about}, "),
        };
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
                en: format!("{about}{time}. {advice}"),
                de: format!("{about}{zeit}. {rat}"),
            }),
            path: self.happening.place().0.to_owned(),
        }
    }
}
