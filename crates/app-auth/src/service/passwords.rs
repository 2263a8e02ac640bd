//! Changing one's own password.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use platform_pg::InTransaction;

use crate::domain::password::{Beside, Password, PasswordProblem};
use crate::domain::session::EndReason;
use crate::domain::subject::{Subject, UserId};
use crate::error::{BUSY_RETRY, Error};
use crate::service::Core;
use crate::service::account_mails::{AccountMail, Occasion};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::directory::{Changed, Refusal, Verdict};
use crate::service::sessions::{Acting, Sessions};
use crate::store::passwords::{password_find, password_note_alone, password_replace};
use crate::store::second_factors::standing_find;
use crate::store::sessions::{SessionKey, session_end_all};
use crate::store::subjects::subject_find;

/// What somebody asks for.
#[derive(Debug)]
pub(crate) struct Change {
    /// The password until now.
    pub(crate) old: Password,
    /// The password from now on.
    pub(crate) new: Password,
    /// Whether all other sessions end.
    pub(crate) end_others: bool,
}

/// How it went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The password changed, and the other sessions ended if asked to.
    Changed,
    /// The old password is not right.
    WrongOld,
    /// The new password is the old one.
    Same,
    /// The new password may not be one.
    Unacceptable(PasswordProblem),
    /// The directory that keeps the password does not take the new one.
    NotTaken(Refusal),
    /// The directory does not let the person in at all.
    Closed,
    /// The directory cannot be asked now.
    Away,
    /// Too many wrong old passwords; come back after this long.
    Limited(Duration),
    /// Too many passwords are being checked; come back after this long.
    Busy(Duration),
}

/// Use cases around passwords. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Passwords {
    core: Arc<Core>,
    sessions: Sessions,
}

impl Passwords {
    pub(crate) fn new(core: Arc<Core>, sessions: Sessions) -> Self {
        Self { core, sessions }
    }

    /// Changes the password of the person who acts.
    pub(crate) async fn change(
        &self,
        acting: Acting,
        change: Change,
        client: &Client,
    ) -> Result<Outcome, Error> {
        match self.try_to(acting, change, client).await {
            Err(Error::Limited(wait)) => Ok(Outcome::Limited(wait)),
            Err(Error::Busy) => Ok(Outcome::Busy(BUSY_RETRY)),
            other => other,
        }
    }

    async fn try_to(
        &self,
        acting: Acting,
        change: Change,
        client: &Client,
    ) -> Result<Outcome, Error> {
        let who = acting.user_id;
        let db = self.core.db.client().await?;
        let subject = subject_find(&db, who)
            .await?
            .ok_or(Error::SubjectNotFound)?;
        if subject.signs_in_by_directory() {
            drop(db);
            return self.change_there(acting, &subject, (&change, client)).await;
        }
        let phc = password_find(&db, who).await?;
        let beside = standing_find(&db, &subject).await?.beside_password();
        drop(db);
        let names = subject.context_words();
        if let Err(problem) = self.core.policy.judge(&change.new, &names, beside) {
            return Ok(Outcome::Unacceptable(problem));
        }
        self.core.limits.password_change(who).await?;
        let proven = self
            .core
            .hasher
            .matches(phc.as_deref(), &change.old)
            .await?;
        let Some(old_phc) = phc.filter(|_| proven) else {
            return self.refuse(acting, client).await;
        };
        self.core.limits.password_change_proven(who).await;
        if change.new.as_bytes() == change.old.as_bytes() {
            return Ok(Outcome::Same);
        }
        let new_phc = self.core.hasher.hash(&change.new).await?;
        self.replace(acting, (&old_phc, &new_phc), (&change, client))
            .await
    }

    /// The name of the directory that keeps somebody's password; empty when it is kept here.
    pub(crate) async fn kept_in(&self, who: UserId) -> Result<String, Error> {
        let db = self.core.db.client().await?;
        let subject = subject_find(&db, who).await?;
        Ok(subject.ok_or(Error::SubjectNotFound)?.password_directory)
    }

    /// In the directory that keeps it, whose rules decide; what anybody would guess is not sent there.
    async fn change_there(
        &self,
        acting: Acting,
        subject: &Subject,
        (change, client): (&Change, &Client),
    ) -> Result<Outcome, Error> {
        let who = acting.user_id;
        let names = subject.context_words();
        let policy = &self.core.policy;
        if let Err(problem) = policy.judge(&change.new, &names, Beside::SecondFactor) {
            return Ok(Outcome::Unacceptable(problem));
        }
        self.core.limits.password_change(who).await?;
        if change.new.as_bytes() == change.old.as_bytes() {
            return Ok(Outcome::Same);
        }
        let directory = &self.core.directory;
        match directory.change(who, (&change.old, &change.new)).await {
            Changed::Done => {}
            Changed::Refused(refusal) => {
                self.core.limits.password_change_proven(who).await;
                return Ok(Outcome::NotTaken(refusal));
            }
            Changed::NotOpened(Verdict::Away) => return Ok(Outcome::Away),
            Changed::NotOpened(Verdict::Wrong) => return self.refuse(acting, client).await,
            Changed::NotOpened(_) => return Ok(Outcome::Closed),
        }
        self.core.limits.password_change_proven(who).await;
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let ended = note_change(&tx, acting, (change, client), now).await?;
        tx.commit().await?;
        drop(db);
        self.sessions.announce(&ended, now).await;
        Ok(Outcome::Changed)
    }

    async fn replace(
        &self,
        acting: Acting,
        (old, new): (&str, &str),
        (change, client): (&Change, &Client),
    ) -> Result<Outcome, Error> {
        let who = acting.user_id;
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        if !password_replace(&tx, who, (old, new), now).await? {
            // Changed in another tab at the same moment: the old one is not right any more.
            return Ok(Outcome::WrongOld);
        }
        if change.new.stands_alone() {
            password_note_alone(&tx, who, new).await?;
        }
        let ended = note_change(&tx, acting, (change, client), now).await?;
        tx.commit().await?;
        drop(db);
        self.sessions.announce(&ended, now).await;
        Ok(Outcome::Changed)
    }

    async fn refuse(&self, acting: Acting, client: &Client) -> Result<Outcome, Error> {
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        Audit::refused("password.change", "password")
            .actor(acting.user_id)
            .subject(Some(acting.user_id))
            .session(acting.session_id)
            .client(client)
            .record(&tx, self.core.clock.now())
            .await?;
        tx.commit().await?;
        Ok(Outcome::WrongOld)
    }
}

/// What follows when a password is another one: sessions end if that was asked for, and its owner is told.
async fn note_change(
    tx: &impl InTransaction,
    acting: Acting,
    (change, client): (&Change, &Client),
    now: Timestamp,
) -> Result<Vec<SessionKey>, Error> {
    let who = acting.user_id;
    let ended = if change.end_others {
        let end = (now, EndReason::PasswordChanged.name());
        session_end_all(tx, (who, Some(acting.session_id)), end).await?
    } else {
        Vec::new()
    };
    AccountMail::about(who, Occasion::PasswordChanged, client, now)
        .enqueue(tx)
        .await?;
    Audit::success("password.change")
        .actor(who)
        .subject(Some(who))
        .session(acting.session_id)
        .client(client)
        .record(tx, now)
        .await?;
    Ok(ended)
}
