//! Telling people that an account is about to end, by mail and in their inbox, with a link by which whoever may lets it
//! go on. A link is made only when its mail is written, and nobody but the mail holds it.

use platform::{Clock, Role};
use platform_pg::{Database, Failed, GenericClient, Job, Worker};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{LocalizedText, MailClass, SendNotificationRequest};
use rpc::settings::organisation;

use super::expiry_terms::ExpiryTerms;
use super::mailer::{Mail, Mailer, PATIENCE_OF_JOB, Sent, at_address, language_of};
use super::people::today;
use crate::domain::expiry::{Extension, Reminder};
use crate::domain::person::{Person, PersonId, State};
use crate::domain::sponsorship::Sponsor;
use crate::domain::token::Token;
use crate::error::Error;
use crate::store::expiry::{expiry_of_kind, reminder_add_link, reminder_find};
use crate::store::person::person_find;
use crate::store::sponsorship::sponsor_of;

/// Kind of the job that tells people of an end.
pub(super) const REMIND: &str = "accounts.remind_of_end";

/// Tells people of ends.
#[derive(Clone)]
pub struct ExpiryReminders {
    db: Database,
    clock: Clock,
    terms: ExpiryTerms,
    mailer: Mailer,
    notifications: NotificationsClient,
}

impl ExpiryReminders {
    /// Over the tables of this app, the settings, mail and inboxes.
    pub fn new(
        (db, clock): (Database, Clock),
        terms: ExpiryTerms,
        mailer: Mailer,
        notifications: NotificationsClient,
    ) -> Self {
        Self {
            db,
            clock,
            terms,
            mailer,
            notifications,
        }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let reminders = self.clone();
        worker.on(REMIND, move |job| {
            let reminders = reminders.clone();
            async move { reminders.remind(&job).await }
        })
    }

    async fn remind(&self, job: &Job) -> Result<(), Failed> {
        let Some((reminder, person, sponsor)) = self.read(job).await? else {
            return Ok(());
        };
        if let Some(sponsor) = &sponsor {
            self.tell(&reminder, &person, sponsor).await?;
        }
        self.tell(&reminder, &person, &person).await
    }

    /// The reminder, whose account it is about and who answers for them; none when it is not true any more.
    async fn read(&self, job: &Job) -> Result<Option<(Reminder, Person, Option<Person>)>, Failed> {
        let client = self.db.client().await?;
        let reminder = reminder_find(&client, job.payload()?).await?;
        let Some(reminder) = reminder.filter(|reminder| !reminder.is_used) else {
            return Ok(None);
        };
        let person = person_find(&client, reminder.person).await?;
        let Some(person) = person.filter(|person| person.state == State::Active) else {
            return Ok(None);
        };
        let ends_on = match person.ends_on {
            Some(day) => Some(day),
            None => expiry_of_kind(&client, person.id).await?,
        };
        let is_true = ends_on == Some(reminder.ends_on);
        if !is_true || reminder.ends_on < today(self.clock.now()) {
            return Ok(None);
        }
        let sponsor = match sponsor_of(&client, person.id).await? {
            Some(sponsor) if person.role == Role::Guest && sponsor.answers() => {
                person_find(&client, sponsor.id).await?
            }
            _ => None,
        };
        Ok(Some((reminder, person, sponsor)))
    }

    /// Tells one of them, in the inbox first: mail may not be set up.
    async fn tell(
        &self,
        reminder: &Reminder,
        person: &Person,
        whom: &Person,
    ) -> Result<(), Failed> {
        let call = Call::new(PATIENCE_OF_JOB).wait_for_ready();
        let message = notice(reminder, person, whom);
        self.notifications
            .send_notification(call.clone(), message)
            .await?;
        let link = match reminder.extender {
            Some(extender) if extender == whom.id => Some(self.link(reminder).await?),
            _ => None,
        };
        let mail = self.written(reminder, person, (whom, link.as_ref()));
        match self.mailer.send(call, mail).await? {
            // Without a mail server the inbox has to do.
            Sent::Yes | Sent::NoServer => Ok(()),
            Sent::Away => Err(Failed::transient("notifications does not answer")),
        }
    }

    async fn link(&self, reminder: &Reminder) -> Result<Token, Error> {
        let token = Token::random()?;
        let client = self.db.client().await?;
        reminder_add_link(&client, reminder.id, &token).await?;
        Ok(token)
    }

    fn written(
        &self,
        reminder: &Reminder,
        person: &Person,
        (whom, link): (&Person, Option<&Token>),
    ) -> Mail {
        let settings = self.terms.settings();
        let language = language_of(&whom.locale, settings);
        let organisation: String = settings.get(organisation::NAME);
        let day = reminder.ends_on.to_string();
        let of = [
            ("organisation", organisation.as_str()),
            ("name", person.display_name.as_str()),
            ("day", day.as_str()),
        ];
        let text = |key: &str| self.mailer.text_with(language, key, &of);
        let is_own = whom.id == person.id;
        let (heading, intro) = if is_own {
            ("accounts-mail-end-heading", "accounts-mail-end-intro")
        } else {
            (
                "accounts-mail-guest-end-heading",
                "accounts-mail-guest-end-intro",
            )
        };
        let mut blocks = vec![Block::Paragraph(text(intro))];
        match link {
            Some(token) => {
                let path = format!("/app/accounts/extend/{}", *token.text());
                blocks.push(self.mailer.button(text("accounts-extend"), &path));
                blocks.push(Block::Note(text("accounts-mail-end-link-note")));
            }
            None if is_own => blocks.push(Block::Note(text("accounts-mail-end-note"))),
            None => {}
        }
        Mail {
            key: key(reminder, whom.id),
            recipient: at_address(whom, &whom.email),
            template: "accounts.end",
            language,
            class: MailClass::Normal,
            subject: text(heading),
            blocks,
            expires_at: None,
        }
    }
}

/// One message about each reminder for each of them, however often it is handed over.
fn key(reminder: &Reminder, whom: PersonId) -> String {
    format!("expiry-{}-{whom}", reminder.id)
}

fn notice(reminder: &Reminder, person: &Person, whom: &Person) -> SendNotificationRequest {
    let (day, name) = (reminder.ends_on, &person.display_name);
    let is_own = whom.id == person.id;
    let title = if is_own {
        LocalizedText {
            en: format!("Your account ends on {day}"),
            de: format!("Ihr Konto endet am {day}"),
        }
    } else {
        LocalizedText {
            en: format!("The account of {name} ends on {day}"),
            de: format!("Das Konto von {name} endet am {day}"),
        }
    };
    SendNotificationRequest {
        idempotency_key: key(reminder, whom.id),
        recipient_ids: vec![whom.id.to_string()],
        kind: "accounts.account_ends".to_owned(),
        title: Some(title),
        body: None,
        path: "/app/accounts".to_owned(),
    }
}

/// Who is sent the link of somebody's reminder: for guests whoever answers for them, else the person.
pub(super) async fn extender(
    client: &impl GenericClient,
    extension: Extension,
    person: &Person,
) -> Result<Option<PersonId>, Error> {
    Ok(match (extension, person.role) {
        (Extension::Sponsors | Extension::Everybody, Role::Guest) => {
            let sponsor = sponsor_of(client, person.id).await?;
            sponsor.filter(Sponsor::answers).map(|sponsor| sponsor.id)
        }
        (Extension::Everybody, Role::User) => Some(person.id),
        _ => None,
    })
}
