//! Writing mail through notifications: texts in the language of whoever gets it, links to pages of this platform, and
//! what may keep a mail from leaving.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use platform::{Boot, Class, Classify as _};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{
    GetMailReadinessRequest, MailAction, MailBlock, MailClass, MailContent, MailRecipient,
    SendMailRequest,
};
use rpc::settings::{Settings, organisation};
use ui::Language;
use ui::catalogue::{Args, Messages};
use url::Url;

use crate::domain::person::Person;

/// How long notifications may take while somebody waits for the page.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// How long a job waits for notifications, a restart of it included.
pub(super) const PATIENCE_OF_JOB: Duration = Duration::from_secs(10);
/// How notifications refuses mail while no server is set.
const NO_SERVER: (Class, &str) = (Class::Unprocessable, "notifications.mail_unconfigured");

/// Whether a mail left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is stored, and will be tried until it arrives.
    Yes,
    /// No mail server is set.
    NoServer,
    /// Notifications does not answer.
    Away,
}

/// A mail to one recipient.
pub(super) struct Mail {
    /// One mail for each, however often it is handed over.
    pub(super) key: String,
    /// Who gets it.
    pub(super) recipient: MailRecipient,
    /// Which mail it is, such as `accounts.confirm_address`.
    pub(super) template: &'static str,
    /// The language it is written in.
    pub(super) language: Language,
    /// How urgent it is.
    pub(super) class: MailClass,
    /// One line.
    pub(super) subject: String,
    /// What it says.
    pub(super) blocks: Vec<Block>,
    /// Not sent after this; three days when there is none.
    pub(super) expires_at: Option<Timestamp>,
}

/// Writes and hands over mail.
#[derive(Clone)]
pub struct Mailer {
    client: NotificationsClient,
    messages: Arc<Messages>,
    app_url: Url,
}

impl Mailer {
    /// Over notifications.
    pub fn new(boot: &Boot) -> Self {
        Self {
            client: rpc::notifications::client(boot),
            messages: Arc::new(Messages::new(&crate::CATALOGUE)),
            app_url: boot.config.app_url.clone(),
        }
    }

    /// The text of a key.
    pub(super) fn text(&self, language: Language, key: &str) -> String {
        self.messages.text(language, key, None).into_owned()
    }

    /// The text of a key with arguments.
    pub(super) fn text_with(&self, language: Language, key: &str, args: &[(&str, &str)]) -> String {
        let args = args
            .iter()
            .fold(Args::new(), |args, (name, value)| args.with(name, *value));
        self.messages.text(language, key, Some(&args)).into_owned()
    }

    /// A button that leads to a page of this platform.
    pub(super) fn button(&self, label: String, path: &str) -> Block {
        let mut url = self.app_url.clone();
        url.set_path(path);
        Block::Action(MailAction {
            label,
            url: url.to_string(),
        })
    }

    /// Whether mail could be sent now. Where notifications does not answer it cannot be said, and a mail would wait.
    pub(super) async fn is_ready(&self) -> bool {
        let asked = GetMailReadinessRequest {};
        let answer = self
            .client
            .get_mail_readiness(Call::new(PATIENCE), asked)
            .await;
        match answer {
            Ok(answer) => answer.ready,
            Err(error) => {
                platform::error::log(&error);
                true
            }
        }
    }

    /// Hands a mail over.
    ///
    /// # Errors
    /// Notifications refuses it for good. That it is away is an answer.
    pub(super) async fn send(&self, call: Call, mail: Mail) -> Result<Sent, rpc::Error> {
        let blocks = mail
            .blocks
            .into_iter()
            .map(|block| MailBlock { block: Some(block) });
        let request = SendMailRequest {
            idempotency_key: mail.key,
            recipient: Some(mail.recipient),
            template: mail.template.to_owned(),
            language: mail.language.code().to_owned(),
            class: mail.class.into(),
            content: Some(MailContent {
                subject: mail.subject,
                blocks: blocks.collect(),
            }),
            expires_at: mail.expires_at.map_or(0, Timestamp::as_second),
        };
        match self.client.send_mail(call, request).await {
            Ok(_) => Ok(Sent::Yes),
            Err(error) if error.outcome() == NO_SERVER => Ok(Sent::NoServer),
            Err(error) if error.outcome().0 == Class::Unavailable => {
                platform::error::log(&error);
                Ok(Sent::Away)
            }
            Err(error) => Err(error),
        }
    }
}

/// The language to write to somebody in whose browser is not at hand: their own, else the organisation's.
pub(super) fn language_of(locale: &str, settings: &Settings) -> Language {
    let organisation: String = settings.get(organisation::LANGUAGE);
    Language::from_code(locale)
        .or_else(|| Language::from_code(&organisation))
        .unwrap_or_default()
}

/// A person at one of their addresses.
pub(super) fn at_address(person: &Person, address: &str) -> MailRecipient {
    MailRecipient {
        address: address.to_owned(),
        name: person.display_name.clone(),
        person_id: person.id.to_string(),
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").finish_non_exhaustive()
    }
}
