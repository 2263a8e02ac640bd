//! Mail about mail addresses: the link that proves one, and the notice to the address that mail no longer goes to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use platform::{Boot, Class, Classify as _};
use platform_pg::jobs::{self, Enqueue};
use platform_pg::{Failed, InTransaction, Job, Worker};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{
    MailAction, MailBlock, MailClass, MailContent, MailFact, MailFacts, MailRecipient,
    SendMailRequest,
};
use rpc::settings::{Settings, organisation};
use serde::{Deserialize, Serialize};
use ui::Language;
use ui::catalogue::{Args, Messages};
use url::Url;
use uuid::Uuid;

use super::actor::Actor;
use crate::domain::address::Claim;
use crate::domain::person::Person;
use crate::domain::token::Token;
use crate::error::Error;

/// Kind of the job that tells a former primary address.
const TELL_FORMER: &str = "accounts.tell_former_address";
/// How long notifications may take while somebody waits for the page.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a job waits for notifications, a restart of it included.
const PATIENCE_OF_JOB: Duration = Duration::from_secs(10);

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

/// Whom to tell that mail about somebody goes elsewhere.
#[derive(Debug, Serialize, Deserialize)]
struct Former {
    id: Uuid,
    person: Uuid,
    name: String,
    address: String,
    locale: String,
    by: String,
    at: Timestamp,
}

/// Writes mail about addresses.
#[derive(Clone)]
pub struct AddressMails {
    client: NotificationsClient,
    messages: Arc<Messages>,
    app_url: Url,
}

impl AddressMails {
    /// Over notifications.
    pub fn new(boot: &Boot) -> Self {
        Self {
            client: rpc::notifications::client(boot),
            messages: Arc::new(Messages::new(&crate::CATALOGUE)),
            app_url: boot.config.app_url.clone(),
        }
    }

    /// Adds the handler of the job. Who has chosen no language is written to in the organisation's.
    pub fn jobs(&self, worker: Worker, settings: &Settings) -> Worker {
        let (mails, settings) = (self.clone(), settings.clone());
        worker.on(TELL_FORMER, move |job| {
            let (mails, settings) = (mails.clone(), settings.clone());
            async move { mails.tell_former(&job, &settings).await }
        })
    }

    /// Sends the link by which a person proves that an address is theirs, in their language or else the page's.
    pub(super) async fn send_link(
        &self,
        person: &Person,
        claim: &Claim,
        token: &Token,
        page: Language,
    ) -> Result<Sent, Error> {
        let language = Language::from_code(&person.locale).unwrap_or(page);
        let text = |key: &str| self.messages.text(language, key, None).into_owned();
        let args = Args::new().with("name", person.username.as_str());
        let intro = "accounts-mail-confirm-intro";
        let intro = self.messages.text(language, intro, Some(&args));
        let mut url = self.app_url.clone();
        url.set_path(&format!(
            "/app/accounts/addresses/confirm/{}",
            *token.text()
        ));
        let blocks = vec![
            Block::Paragraph(intro.into_owned()),
            Block::Action(MailAction {
                label: text("accounts-confirm-address"),
                url: url.to_string(),
            }),
            Block::Note(text("accounts-mail-confirm-note")),
        ];
        let request = SendMailRequest {
            idempotency_key: format!("address-claim-{}", claim.id),
            recipient: Some(MailRecipient {
                address: claim.address.clone(),
                name: person.display_name.clone(),
                person_id: person.id.to_string(),
            }),
            template: "accounts.confirm_address".to_owned(),
            language: language.code().to_owned(),
            class: MailClass::Security.into(),
            content: Some(content(text("accounts-mail-confirm-heading"), blocks)),
            expires_at: claim.expires_at.as_second(),
        };
        match self.client.send_mail(Call::new(PATIENCE), request).await {
            Ok(_) => Ok(Sent::Yes),
            Err(error) if error.outcome() == NO_SERVER => Ok(Sent::NoServer),
            Err(error) if error.outcome().0 == Class::Unavailable => {
                platform::error::log(&error);
                Ok(Sent::Away)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn tell_former(&self, job: &Job, settings: &Settings) -> Result<(), Failed> {
        let former: Former = job.payload()?;
        let organisation: String = settings.get(organisation::LANGUAGE);
        let language = Language::from_code(&former.locale)
            .or_else(|| Language::from_code(&organisation))
            .unwrap_or_default();
        let text = |key: &str| self.messages.text(language, key, None).into_owned();
        let fact = |key: &str, value: String| MailFact {
            name: text(key),
            value,
        };
        let facts = vec![
            fact(
                "accounts-when",
                former.at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            ),
            fact("accounts-who", former.by),
        ];
        let blocks = vec![
            Block::Paragraph(text("accounts-mail-former-intro")),
            Block::Facts(MailFacts { facts }),
            Block::Paragraph(text("accounts-mail-former-not-me")),
        ];
        let request = SendMailRequest {
            idempotency_key: format!("former-address-{}", former.id),
            recipient: Some(MailRecipient {
                address: former.address,
                name: former.name,
                person_id: former.person.to_string(),
            }),
            template: "accounts.former_address".to_owned(),
            language: language.code().to_owned(),
            class: MailClass::Security.into(),
            content: Some(content(text("accounts-mail-former-heading"), blocks)),
            expires_at: 0,
        };
        let call = Call::new(PATIENCE_OF_JOB).wait_for_ready();
        match self.client.send_mail(call, request).await {
            Ok(_) => Ok(()),
            // Without a mail server there is nobody to tell.
            Err(error) if error.outcome() == NO_SERVER => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// How notifications refuses mail while no server is set.
const NO_SERVER: (Class, &str) = (Class::Unprocessable, "notifications.mail_unconfigured");

impl fmt::Debug for AddressMails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddressMails").finish_non_exhaustive()
    }
}

fn content(subject: String, blocks: Vec<Block>) -> MailContent {
    let blocks = blocks
        .into_iter()
        .map(|block| MailBlock { block: Some(block) });
    MailContent {
        subject,
        blocks: blocks.collect(),
    }
}

/// Has the address told that mail went to until now. `person` is as they were before.
pub(super) async fn tell_former(
    tx: &impl InTransaction,
    person: &Person,
    by: &Actor,
    at: Timestamp,
) -> Result<(), Error> {
    let former = Former {
        id: Uuid::now_v7(),
        person: person.id.0,
        name: person.display_name.clone(),
        address: person.email.clone(),
        locale: person.locale.clone(),
        by: by.name.clone(),
        at,
    };
    jobs::enqueue(
        tx,
        TELL_FORMER,
        &former,
        Enqueue::once(former.id.to_string()),
    )
    .await?;
    Ok(())
}
