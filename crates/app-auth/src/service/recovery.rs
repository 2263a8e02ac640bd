//! A new password by mail, for whoever reads the mail of the account: signed in or not, with a password or without.
//!
//! A request looks nobody up and is answered the same for every name. The link is for one use within an hour; a
//! second factor is still asked for, and everybody else who was signed in is not any more.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform_pg::InTransaction;
use platform_pg::jobs::{self, Enqueue};
use rpc::notifications::v1::mail_block::Block;
use serde::{Deserialize, Serialize};
use ui::Language;
use uuid::Uuid;

use crate::domain::flow::kept;
use crate::domain::login::LoginKey;
use crate::domain::session::later;
use crate::domain::subject::Subject;
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::mailer::{Letter, Mailer, minutes};
use crate::store::invitations::{NewInvitation, invitation_insert};
use crate::store::subjects::subject_find_by_login;

/// How long a link works.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// A mail about to be written.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ResetJob {
    reset_id: Uuid,
    /// The name as typed.
    login: String,
    /// Code of the language the page was in.
    language: String,
    asked_at: Timestamp,
}

impl ResetJob {
    /// Kind of the job.
    pub(crate) const KIND: &str = "reset_mail";

    /// To a person, at somebody else's wish.
    pub(crate) fn to(subject: &Subject, at: Timestamp) -> Self {
        Self {
            reset_id: Uuid::now_v7(),
            login: subject.username.clone(),
            language: String::new(),
            asked_at: at,
        }
    }

    /// Has the mail written once the transaction is committed.
    pub(crate) async fn enqueue(&self, tx: &impl InTransaction) -> Result<(), Error> {
        let once = Enqueue::once(self.reset_id.to_string());
        jobs::enqueue(tx, Self::KIND, self, once).await?;
        Ok(())
    }
}

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// If somebody has that name, a mail is on its way.
    Noted,
    /// Too many mails; come back after this long.
    Limited(Duration),
}

/// Use cases around forgotten passwords. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Recovery {
    core: Arc<Core>,
    mailer: Mailer,
}

impl Recovery {
    pub(crate) fn new(core: Arc<Core>, mailer: Mailer) -> Self {
        Self { core, mailer }
    }

    /// Whether a link by mail is offered.
    pub(crate) fn is_offered(&self) -> bool {
        self.mailer.is_ready()
    }

    /// Asks for a link. Looks nobody up.
    pub(crate) async fn ask(
        &self,
        login: &str,
        language: Language,
        client: &Client,
    ) -> Result<Asked, Error> {
        match self.core.limits.mail(&LoginKey::of(login), client).await {
            Err(Error::Limited(wait)) => return Ok(Asked::Limited(wait)),
            other => other?,
        }
        let now = self.core.clock.now();
        let job = ResetJob {
            reset_id: Uuid::now_v7(),
            login: kept(login),
            language: language.code().to_owned(),
            asked_at: now,
        };
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        job.enqueue(&tx).await?;
        Audit::success("recovery.ask")
            .client(client)
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        Ok(Asked::Noted)
    }

    /// Makes the link and writes the mail, if there is somebody to write to. Repetitions are harmless: the link
    /// stays the same.
    pub(crate) async fn write(&self, job: &ResetJob) -> Result<(), Error> {
        let expires_at = later(job.asked_at, LIFETIME);
        if self.core.clock.now() >= expires_at {
            return Ok(());
        }
        let db = self.core.db.client().await?;
        let found = subject_find_by_login(&db, &LoginKey::of(&job.login)).await?;
        let subject = found.map(|(subject, _)| subject);
        let addressed = |subject: &Subject| subject.may_sign_in() && !subject.email.is_empty();
        let Some(subject) = subject.filter(addressed) else {
            return Ok(());
        };
        if subject.signs_in_by_directory() {
            drop(db);
            return self.point_elsewhere(job, &subject, expires_at).await;
        }
        let token = self.core.secrets.mail_token("reset", job.reset_id);
        let link = NewInvitation {
            token_hash: &token.hash(),
            user_id: subject.user_id,
            invited_by: None,
            created_at: job.asked_at,
            expires_at,
        };
        invitation_insert(&db, &link).await?;
        drop(db);
        let language = match Language::from_code(&job.language) {
            Some(asked_in) => Mailer::language(&subject, asked_in),
            None => self.mailer.language_of(&subject),
        };
        let text = |key: &str| self.mailer.text(language, key);
        let path = format!("/auth/reset/{}", *token.text());
        let lifetime = minutes(LIFETIME);
        let letter = Letter {
            key: format!("reset:{}", job.reset_id),
            template: "auth.reset",
            subject: &subject,
            language,
            heading: text("auth-mail-reset-heading"),
            blocks: vec![
                Block::Paragraph(self.mailer.text_with(
                    language,
                    "auth-mail-reset-intro",
                    ("username", &subject.username),
                )),
                self.mailer.button(text("auth-mail-reset-button"), &path),
                Block::Note(self.mailer.text_with(
                    language,
                    "auth-mail-reset-note",
                    ("minutes", &lifetime),
                )),
            ],
            expires_at: Some(expires_at),
        };
        self.mailer.send(letter).await
    }

    /// Says where the password is kept: it cannot be chosen here.
    async fn point_elsewhere(
        &self,
        job: &ResetJob,
        subject: &Subject,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let language = match Language::from_code(&job.language) {
            Some(asked_in) => Mailer::language(subject, asked_in),
            None => self.mailer.language_of(subject),
        };
        let named = |key: &str| {
            let directory = ("directory", subject.password_directory.as_str());
            self.mailer.text_with(language, key, directory)
        };
        self.mailer
            .send(Letter {
                key: format!("reset:{}", job.reset_id),
                template: "auth.reset",
                subject,
                language,
                heading: named("auth-mail-elsewhere-heading"),
                blocks: vec![
                    Block::Paragraph(named("auth-mail-elsewhere-text")),
                    Block::Note(named("auth-mail-elsewhere-note")),
                ],
                expires_at: Some(expires_at),
            })
            .await
    }
}
