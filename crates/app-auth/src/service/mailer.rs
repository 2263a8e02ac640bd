//! Mail to people about their account: what it says, in their language. How it looks, whose name it is in and how
//! it travels is the business of notifications.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::{Boot, Class, Classify as _};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{
    GetMailReadinessRequest, MailAction, MailBlock, MailClass, MailContent, MailFact, MailFacts,
    MailRecipient, SendMailRequest,
};
use rpc::settings::{Settings, organisation};
use ui::Language;
use ui::catalogue::{Args, Messages};
use url::Url;

use crate::domain::subject::Subject;
use crate::error::Error;

/// A job waits for this long for somebody who takes the mail; then it is tried again later.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks whether mail can be sent.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// The same while nobody answers.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A mail to a person.
pub(crate) struct Letter<'a> {
    /// Says that a repetition is one.
    pub(crate) key: String,
    /// Which mail it is, such as `auth.sign_in`.
    pub(crate) template: &'static str,
    /// To whom.
    pub(crate) subject: &'a Subject,
    /// The language it is written in.
    pub(crate) language: Language,
    /// The heading.
    pub(crate) heading: String,
    /// What it says.
    pub(crate) blocks: Vec<Block>,
    /// Not sent after this; three days when there is none.
    pub(crate) expires_at: Option<Timestamp>,
}

/// Sends mail. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Mailer {
    client: NotificationsClient,
    messages: Arc<Messages>,
    app_url: Url,
    settings: Settings,
    ready: Arc<AtomicBool>,
}

impl Mailer {
    pub(crate) fn new(boot: &Boot, settings: &Settings) -> Self {
        Self {
            client: rpc::notifications::client(boot),
            messages: Arc::new(Messages::new(&crate::CATALOGUE)),
            app_url: boot.config.app_url.clone(),
            settings: settings.clone(),
            ready: Arc::default(),
        }
    }

    /// Whether mail could be sent at the last look: what it makes possible is offered to everybody or to nobody.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Looks now and then whether mail can be sent.
    pub(crate) async fn watch(self) {
        loop {
            let call = Call::new(PATIENCE).wait_for_ready();
            let asked = self
                .client
                .get_mail_readiness(call, GetMailReadinessRequest {})
                .await;
            let pause = match asked {
                Ok(answer) => {
                    self.ready.store(answer.ready, Ordering::Relaxed);
                    LOOK_EVERY
                }
                // What was known stays known: a mail that cannot leave now waits.
                Err(_) => LOOK_AGAIN,
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// The language to write to somebody in: their own, else the one of the browser that asks.
    pub(crate) fn language(subject: &Subject, asked_in: Language) -> Language {
        Language::from_code(&subject.locale).unwrap_or(asked_in)
    }

    /// The language to write to somebody in whom no browser of theirs asked: their own, else the organisation's.
    pub(crate) fn language_of(&self, subject: &Subject) -> Language {
        let organisation: String = self.settings.get(organisation::LANGUAGE);
        Self::language(
            subject,
            Language::from_code(&organisation).unwrap_or_default(),
        )
    }

    /// The text of a key.
    pub(crate) fn text(&self, language: Language, key: &str) -> String {
        self.messages.text(language, key, None).into_owned()
    }

    /// The text of a key with one argument.
    pub(crate) fn text_with(&self, language: Language, key: &str, arg: (&str, &str)) -> String {
        let args = Args::new().with(arg.0, arg.1);
        self.messages.text(language, key, Some(&args)).into_owned()
    }

    /// The full address of a page of this platform.
    pub(crate) fn address(&self, path: &str) -> String {
        let mut url = self.app_url.clone();
        url.set_path(path);
        url.to_string()
    }

    /// A button that leads to a page of this platform.
    pub(crate) fn button(&self, label: String, path: &str) -> Block {
        Block::Action(MailAction {
            label,
            url: self.address(path),
        })
    }

    /// Hands a mail over. Somebody without an address, or a platform without a mail server, gets none: that is no
    /// error, there are other ways.
    pub(crate) async fn send(&self, letter: Letter<'_>) -> Result<(), Error> {
        if letter.subject.email.is_empty() {
            return Ok(());
        }
        let call = Call::new(PATIENCE).wait_for_ready();
        match self.client.send_mail(call, request(letter)).await {
            Ok(_) => Ok(()),
            Err(error)
                if error.outcome() == (Class::Unprocessable, "notifications.mail_unconfigured") =>
            {
                self.ready.store(false, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").finish_non_exhaustive()
    }
}

fn request(letter: Letter<'_>) -> SendMailRequest {
    let blocks = letter
        .blocks
        .into_iter()
        .map(|block| MailBlock { block: Some(block) });
    SendMailRequest {
        idempotency_key: letter.key,
        recipient: Some(MailRecipient {
            address: letter.subject.email.clone(),
            name: letter.subject.display_name.clone(),
            person_id: letter.subject.user_id.0.to_string(),
        }),
        template: letter.template.to_owned(),
        language: letter.language.code().to_owned(),
        class: MailClass::Security.into(),
        content: Some(MailContent {
            subject: letter.heading,
            blocks: blocks.collect(),
        }),
        expires_at: letter.expires_at.map_or(0, Timestamp::as_second),
    }
}

/// Names with values.
pub(crate) fn facts(facts: impl IntoIterator<Item = (String, String)>) -> Block {
    let facts = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| MailFact { name, value });
    Block::Facts(MailFacts {
        facts: facts.collect(),
    })
}

/// A moment as people of a language write it.
pub(crate) fn moment(language: Language, at: Timestamp) -> String {
    let form = match language {
        Language::German => "%d.%m.%Y, %H:%M UTC",
        Language::English => "%Y-%m-%d %H:%M UTC",
    };
    at.strftime(form).to_string()
}

/// A length of time in whole minutes, for people.
pub(crate) fn minutes(of: SignedDuration) -> String {
    of.as_mins().to_string()
}
