//! Mail to strangers who ask for an account.

use platform_pg::{Database, Failed, Job, Worker};
use rpc::Call;
use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{MailClass, MailRecipient};
use rpc::settings::{Settings, organisation};
use ui::Language;
use uuid::Uuid;

use super::mailer::{Mail, Mailer, PATIENCE, PATIENCE_OF_JOB, Sent, language_of};
use super::registrations::LINK_LASTS;
use crate::domain::registration::{AccountRequest, AccountRequestId};
use crate::domain::token::Token;
use crate::error::Error;
use crate::store::registration::registration_find;

/// Kind of the job that tells somebody that their request was denied.
pub(super) const TELL_DENIED: &str = "accounts.tell_request_denied";

/// Writes to strangers who ask for an account.
#[derive(Clone, Debug)]
pub struct RegistrationMails {
    db: Database,
    mailer: Mailer,
}

impl RegistrationMails {
    /// Over the tables of this app, and mail.
    pub fn new(db: Database, mailer: Mailer) -> Self {
        Self { db, mailer }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker, settings: &Settings) -> Worker {
        let (mails, settings) = (self.clone(), settings.clone());
        worker.on(TELL_DENIED, move |job| {
            let (mails, settings) = (mails.clone(), settings.clone());
            async move { mails.tell_denied(&job, &settings).await }
        })
    }

    /// Answers a request: with a link, or with the word that there is an account or a request already. `false`: no
    /// mail could be sent.
    pub(super) async fn answer(
        &self,
        request: &AccountRequest,
        token: Option<&Token>,
    ) -> Result<bool, Error> {
        let language = Language::from_code(&request.locale).unwrap_or_default();
        let text = |key: &str| self.mailer.text(language, key);
        let blocks = match token {
            Some(token) => vec![
                Block::Paragraph(text("accounts-mail-register-intro")),
                self.mailer.button(
                    text("accounts-register-confirm"),
                    &format!("/app/accounts/register/{}", *token.text()),
                ),
                Block::Note(text("accounts-mail-register-note")),
            ],
            None => vec![
                Block::Paragraph(text("accounts-mail-register-known")),
                self.mailer
                    .button(text("accounts-mail-register-sign-in"), "/auth/sign-in"),
                Block::Note(text("accounts-mail-register-note")),
            ],
        };
        let mail = Mail {
            key: format!("account-request-{}", Uuid::now_v7()),
            recipient: to(request),
            template: "accounts.register",
            language,
            class: MailClass::Security,
            subject: text("accounts-mail-register-heading"),
            blocks,
            expires_at: Some(request.created_at + LINK_LASTS),
        };
        let sent = self.mailer.send(Call::new(PATIENCE), mail).await?;
        Ok(sent == Sent::Yes)
    }

    async fn tell_denied(&self, job: &Job, settings: &Settings) -> Result<(), Failed> {
        let id = AccountRequestId(job.payload()?);
        let client = self.db.client().await?;
        let Some(request) = registration_find(&client, id).await? else {
            return Ok(());
        };
        drop(client);
        let language = language_of(&request.locale, settings);
        let organisation: String = settings.get(organisation::NAME);
        let of = [("organisation", organisation.as_str())];
        let text = |key: &str| self.mailer.text_with(language, key, &of);
        let mut blocks = vec![Block::Paragraph(text("accounts-mail-denied-intro"))];
        if !request.reason.is_empty() {
            blocks.push(Block::Paragraph(request.reason.clone()));
        }
        let mail = Mail {
            key: format!("account-request-denied-{id}"),
            recipient: to(&request),
            template: "accounts.request_denied",
            language,
            class: MailClass::Normal,
            subject: text("accounts-mail-denied-heading"),
            blocks,
            expires_at: None,
        };
        let call = Call::new(PATIENCE_OF_JOB).wait_for_ready();
        match self.mailer.send(call, mail).await? {
            // Without a mail server there is nobody to tell.
            Sent::Yes | Sent::NoServer => Ok(()),
            Sent::Away => Err(Failed::transient("notifications does not answer")),
        }
    }
}

/// A stranger: no person of this platform.
fn to(request: &AccountRequest) -> MailRecipient {
    MailRecipient {
        address: request.email.clone(),
        name: request.display_name.clone(),
        person_id: String::new(),
    }
}
