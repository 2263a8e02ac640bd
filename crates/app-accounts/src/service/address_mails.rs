//! Mail about mail addresses: the link that proves one, and the notice to the address that mail no longer goes to.

use jiff::Timestamp;
use platform_pg::jobs::{self, Enqueue};
use platform_pg::{Failed, InTransaction, Job, Worker};
use rpc::Call;
use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{MailClass, MailFact, MailFacts, MailRecipient};
use rpc::settings::Settings;
use serde::{Deserialize, Serialize};
use ui::Language;
use uuid::Uuid;

use super::actor::Actor;
use super::mailer::{Mail, Mailer, PATIENCE, PATIENCE_OF_JOB, Sent, at_address, language_of};
use crate::domain::address::Claim;
use crate::domain::person::Person;
use crate::domain::token::Token;
use crate::error::Error;

/// Kind of the job that tells a former primary address.
const TELL_FORMER: &str = "accounts.tell_former_address";

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
#[derive(Clone, Debug)]
pub struct AddressMails {
    mailer: Mailer,
}

impl AddressMails {
    /// Over notifications.
    pub fn new(mailer: Mailer) -> Self {
        Self { mailer }
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
        let text = |key: &str| self.mailer.text(language, key);
        let name = [("name", person.username.as_str())];
        let intro = "accounts-mail-confirm-intro";
        let path = format!("/app/accounts/addresses/confirm/{}", *token.text());
        let mail = Mail {
            key: format!("address-claim-{}", claim.id),
            recipient: at_address(person, &claim.address),
            template: "accounts.confirm_address",
            language,
            class: MailClass::Security,
            subject: text("accounts-mail-confirm-heading"),
            blocks: vec![
                Block::Paragraph(self.mailer.text_with(language, intro, &name)),
                self.mailer.button(text("accounts-confirm-address"), &path),
                Block::Note(text("accounts-mail-confirm-note")),
            ],
            expires_at: Some(claim.expires_at),
        };
        Ok(self.mailer.send(Call::new(PATIENCE), mail).await?)
    }

    async fn tell_former(&self, job: &Job, settings: &Settings) -> Result<(), Failed> {
        let former: Former = job.payload()?;
        let language = language_of(&former.locale, settings);
        let text = |key: &str| self.mailer.text(language, key);
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
        let mail = Mail {
            key: format!("former-address-{}", former.id),
            recipient: MailRecipient {
                address: former.address,
                name: former.name,
                person_id: former.person.to_string(),
            },
            template: "accounts.former_address",
            language,
            class: MailClass::Security,
            subject: text("accounts-mail-former-heading"),
            blocks: vec![
                Block::Paragraph(text("accounts-mail-former-intro")),
                Block::Facts(MailFacts { facts }),
                Block::Paragraph(text("accounts-mail-former-not-me")),
            ],
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
