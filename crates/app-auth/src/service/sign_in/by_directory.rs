//! What is different for whoever has their password in a directory.

use jiff::Timestamp;
use platform_pg::InTransaction;
use platform_pg::outbox::{self, Event};
use rpc::events::auth as events;
use rpc::events::auth::InvitationAccepted;

use super::{Attempt, Checked, Kept, Outcome, Proven, SignIn};
use crate::domain::login::LoginKey;
use crate::domain::password::Password;
use crate::domain::session::EndReason;
use crate::domain::subject::{State, Subject, UserId};
use crate::error::Error;
use crate::service::account_mails::{AccountMail, Occasion};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::directory::{Changed, Verdict};
use crate::store::invitations::invitation_discard_of;
use crate::store::sessions::{SessionKey, session_end_all};
use crate::store::subjects::subject_activate;

/// What came of asking a directory.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    /// It was not asked, for too many wrong passwords before.
    Spared,
    /// That.
    Said(Changed),
}

impl SignIn {
    /// What the directory says, if there is one to be asked. Browsers that are not known may have it asked a few times
    /// only: it would lock its account for strangers.
    pub(super) async fn ask(
        &self,
        subject: Option<&Subject>,
        (login, attempt): (&LoginKey, &Attempt),
        new: Option<&Password>,
    ) -> Result<Option<Asked>, Error> {
        let Some(subject) = subject else {
            return Ok(None);
        };
        let (core, who) = (&self.core, subject.user_id);
        let guesses = core.limits.guesses();
        let from = (login, &attempt.client);
        if !guesses.directory(&core.secrets, who, from).await? {
            core.offer_way_in(login, &attempt.client).await?;
            return Ok(Some(Asked::Spared));
        }
        let changed = match new {
            None => match core.directory.verify(who, &attempt.password).await {
                Verdict::Right => Changed::Done,
                verdict => Changed::NotOpened(verdict),
            },
            Some(new) => core.directory.change(who, (&attempt.password, new)).await,
        };
        let minded = matches!(changed, Changed::NotOpened(verdict) if verdict.counts());
        if !minded {
            guesses
                .directory_did_not_mind(&core.secrets, who, from)
                .await?;
        }
        Ok(Some(Asked::Said(changed)))
    }
}

/// What the answer of a directory means for whoever signs in.
pub(super) fn of_directory(
    subject: Subject,
    asked: Asked,
    (attempt, new): (&Attempt, Option<&Password>),
) -> Checked {
    let who = Some(subject.user_id);
    let changed = match asked {
        Asked::Spared => return Checked::Refused(who, "directory_spared"),
        Asked::Said(changed) => changed,
    };
    match changed {
        Changed::Done => Checked::Proven(Proven {
            subject,
            kept: Kept::InDirectory {
                changed: new.is_some(),
            },
            password: attempt.password.clone(),
        }),
        Changed::NotOpened(verdict @ Verdict::MustChange) => {
            Checked::Held(subject, Outcome::MustChange, verdict.reason())
        }
        Changed::NotOpened(verdict @ Verdict::Expired) => {
            let outcome = Outcome::Expired(subject.password_directory.clone());
            Checked::Held(subject, outcome, verdict.reason())
        }
        Changed::NotOpened(verdict) => Checked::Refused(who, verdict.reason()),
        Changed::Refused(refusal) => {
            let outcome = Outcome::NotTaken(refusal);
            Checked::Held(subject, outcome, Verdict::MustChange.reason())
        }
    }
}

/// Somebody invited who has a password in the directory needs no link: they are here.
pub(super) async fn arrive(
    tx: &impl InTransaction,
    subject: &Subject,
    now: Timestamp,
) -> Result<(), Error> {
    if subject.state != State::Invited {
        return Ok(());
    }
    let who = subject.user_id;
    subject_activate(tx, who, now).await?;
    invitation_discard_of(tx, who).await?;
    let accepted = InvitationAccepted {
        user_id: who.0.to_string(),
        invited_by: String::new(),
    };
    let event = Event::new(events::INVITATION_ACCEPTED, who.0, &accepted);
    outbox::publish(tx, event).await?;
    Audit::success("invitation.accept")
        .reason("directory")
        .actor(who)
        .subject(Some(who))
        .record(tx, now)
        .await
}

/// The password is another one: nobody stays signed in who knew the one before, and its owner is told.
pub(super) async fn renewed(
    tx: &impl InTransaction,
    who: UserId,
    client: &Client,
    now: Timestamp,
) -> Result<Vec<SessionKey>, Error> {
    let end = (now, EndReason::PasswordChanged.name());
    let ended = session_end_all(tx, (who, None), end).await?;
    AccountMail::about(who, Occasion::PasswordChanged, client, now)
        .enqueue(tx)
        .await?;
    Audit::success("password.change")
        .reason("directory")
        .actor(who)
        .subject(Some(who))
        .client(client)
        .record(tx, now)
        .await?;
    Ok(ended)
}
