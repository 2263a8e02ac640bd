//! Mailing links to invited people. A link is made only when its mail is written, and nobody but the mail holds it.

use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use platform_pg::{Database, Failed, Job, Worker};
use rpc::Call;
use rpc::notifications::v1::MailClass;
use rpc::notifications::v1::mail_block::Block;
use rpc::settings::{Settings, organisation};
use ui::Language;

use super::entering::{SEND, Send};
use super::invitations::Invitations;
use super::mailer::{Mail, Mailer, PATIENCE_OF_JOB, Sent, at_address, language_of};
use crate::domain::invitation::{Invitation, Stage};
use crate::domain::person::{Person, PersonId, State};
use crate::error::Error;
use crate::store::invitation::{invitation_find, invitation_settle};
use crate::store::person::person_find;

/// Attempts after which an administrator is shown that no mail could be sent.
const ATTEMPTS: u32 = 8;
/// The longest that notifications keeps a mail which cannot be delivered.
const MAIL_KEEPS: SignedDuration = SignedDuration::from_hours(72);

/// Mails links to invited people.
#[derive(Clone)]
pub struct InvitationMails {
    db: Database,
    clock: Clock,
    invitations: Invitations,
    mailer: Mailer,
    settings: Settings,
}

impl InvitationMails {
    /// Over the tables of this app and notifications. Who has chosen no language is written to in the organisation's.
    pub fn new(
        (db, clock): (Database, Clock),
        invitations: Invitations,
        mailer: Mailer,
        settings: &Settings,
    ) -> Self {
        Self {
            db,
            clock,
            invitations,
            mailer,
            settings: settings.clone(),
        }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let mails = self.clone();
        worker.on(SEND, move |job| {
            let mails = mails.clone();
            async move { mails.send(&job).await }
        })
    }

    async fn send(&self, job: &Job) -> Result<(), Failed> {
        let Send { person } = job.payload()?;
        let id = PersonId(person);
        let Some((person, invitation)) = self.awaited(id).await? else {
            return Ok(());
        };
        match self.attempt(job, &person, &invitation).await {
            Ok(()) => Ok(()),
            Err(failed) if job.attempt() < ATTEMPTS => Err(failed),
            Err(failed) => {
                self.settle(id, Stage::Unsent, None).await?;
                Err(failed)
            }
        }
    }

    /// Makes a link and hands its mail over.
    async fn attempt(
        &self,
        job: &Job,
        person: &Person,
        invitation: &Invitation,
    ) -> Result<(), Failed> {
        let call = Call::new(PATIENCE_OF_JOB).wait_for_ready();
        let by = invitation.invited_by.as_ref().map(|(id, _)| *id);
        let link = (by, invitation.lasts);
        let link = self.invitations.make_link(person, link, call.clone());
        let link = link.await?;
        // Taken back while the link was made: nobody has it, and auth drops it with their access.
        if self.awaited(person.id).await?.is_none() {
            return Ok(());
        }
        let expires_at = Timestamp::from_second(link.expires_at).unwrap_or_default();
        // An attempt makes a link of its own, and only the last one works: each is a mail of its own, too.
        let key = format!("invitation-{}-{}", job.id(), job.attempt());
        let mail = self.written(key, (person, invitation), &link.path, expires_at);
        match self.mailer.send(call, mail).await? {
            Sent::Yes => Ok(self
                .settle(person.id, Stage::Sent, Some(expires_at))
                .await?),
            Sent::NoServer => Ok(self.settle(person.id, Stage::Unsent, None).await?),
            Sent::Away => Err(Failed::transient("notifications does not answer")),
        }
    }

    /// Whom a link is still to be mailed, with their invitation.
    async fn awaited(&self, id: PersonId) -> Result<Option<(Person, Invitation)>, Error> {
        let client = self.db.client().await?;
        let person = person_find(&client, id).await?;
        let person = person.filter(|person| person.state == State::Invited);
        let invitation = invitation_find(&client, id).await?;
        let invitation = invitation.filter(|invitation| invitation.stage == Stage::Sending);
        Ok(person.zip(invitation))
    }

    async fn settle(
        &self,
        id: PersonId,
        stage: Stage,
        expires_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let client = self.db.client().await?;
        Ok(invitation_settle(&client, id, stage, self.clock.now(), expires_at).await?)
    }

    fn written(
        &self,
        key: String,
        (person, invitation): (&Person, &Invitation),
        path: &str,
        expires_at: Timestamp,
    ) -> Mail {
        let language = language_of(&person.locale, &self.settings);
        let organisation: String = self.settings.get(organisation::NAME);
        let inviter = invitation
            .invited_by
            .as_ref()
            .map(|(_, name)| name.as_str());
        let of = [
            ("organisation", organisation.as_str()),
            ("username", person.username.as_str()),
            ("inviter", inviter.unwrap_or_default()),
        ];
        let text = |key: &str| self.mailer.text_with(language, key, &of);
        let intro = match inviter {
            Some(_) => "accounts-mail-invitation-intro",
            None => "accounts-mail-invitation-intro-nobody",
        };
        let mut blocks = vec![Block::Paragraph(text(intro))];
        if !invitation.message.is_empty() {
            let paragraphs = invitation.message.split("\n\n");
            let paragraphs = paragraphs.filter(|paragraph| !paragraph.trim().is_empty());
            blocks.extend(
                paragraphs
                    .take(20)
                    .map(|text| Block::Paragraph(text.to_owned())),
            );
        }
        blocks.push(Block::Paragraph(text("accounts-mail-invitation-username")));
        let label = text("accounts-mail-invitation-button");
        blocks.push(self.mailer.button(label, path));
        blocks.push(Block::Note(self.note(language, expires_at)));
        let latest = self.clock.now() + MAIL_KEEPS;
        Mail {
            key,
            recipient: at_address(person, &person.email),
            template: "accounts.invitation",
            language,
            class: MailClass::Normal,
            subject: text("accounts-mail-invitation-heading"),
            blocks,
            expires_at: (expires_at < latest).then_some(expires_at),
        }
    }

    fn note(&self, language: Language, expires_at: Timestamp) -> String {
        let until = expires_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        let until = [("until", until.as_str())];
        self.mailer
            .text_with(language, "accounts-mail-invitation-note", &until)
    }
}
