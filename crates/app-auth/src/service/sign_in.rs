//! Signing in with a name and a password, and proving oneself again later.
//!
//! Whatever was wrong, the answer and the work are the same: count, look up, hash, write one audit line.

use std::sync::Arc;
use std::time::Duration;

use platform::http::LocalPath;

use crate::domain::factor::Factor;
use crate::domain::login::LoginKey;
use crate::domain::password::Password;
use crate::domain::subject::{Subject, UserId};
use crate::error::{BUSY_RETRY, Error};
use crate::service::Core;
use crate::service::admission::{Admission, Admitted, Arrival};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::sessions::Acting;
use crate::store::passwords::{password_hold, password_note_alone, password_rehash};
use crate::store::subjects::{
    subject_admin_exists, subject_find, subject_find_by_login, subject_hold,
};

/// What somebody submitted.
#[derive(Debug)]
pub(crate) struct Attempt {
    /// Name or mail address as typed.
    pub(crate) login: String,
    /// Password as typed.
    pub(crate) password: Password,
    /// From which browser.
    pub(crate) client: Client,
    /// Where it leads.
    pub(crate) return_to: LocalPath,
    /// The session this browser is in, when it signs in anew.
    pub(crate) replaces: Option<Acting>,
}

/// How it went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The password was right; what became of that.
    Admitted(Admitted),
    /// Name and password do not belong together, or the person may not sign in: nobody learns which.
    Refused,
    /// Too many attempts; come back after this long.
    Limited(Duration),
    /// Too many people sign in at this moment; come back after this long.
    Busy(Duration),
}

/// A password that was checked, and what it was checked against.
struct Proven {
    subject: Subject,
    phc: String,
    password: Password,
}

/// Use cases around signing in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SignIn {
    core: Arc<Core>,
    admission: Admission,
}

impl SignIn {
    pub(crate) fn new(core: Arc<Core>, admission: Admission) -> Self {
        Self { core, admission }
    }

    /// Whether strangers may ask for an account.
    pub(crate) fn offers_account(&self) -> bool {
        self.core.settings.may_ask_for_account()
    }

    /// Whether there is anybody who could run the platform.
    pub(crate) async fn is_set_up(&self) -> Result<bool, Error> {
        let client = self.core.db.client().await?;
        Ok(subject_admin_exists(&client).await?)
    }

    /// Signs in.
    pub(crate) async fn attempt(&self, attempt: Attempt) -> Result<Outcome, Error> {
        match self.try_to(attempt).await {
            Err(Error::Limited(wait)) => Ok(Outcome::Limited(wait)),
            Err(Error::Busy) => Ok(Outcome::Busy(BUSY_RETRY)),
            other => other,
        }
    }

    /// Proves again that the person in a session is who they were, by their password; the session gets a new id.
    pub(crate) async fn confirm(
        &self,
        acting: Acting,
        (password, return_to): (Password, LocalPath),
        client: Client,
    ) -> Result<Outcome, Error> {
        let db = self.core.db.client().await?;
        let subject = subject_find(&db, acting.user_id)
            .await?
            .ok_or(Error::SubjectNotFound)?;
        drop(db);
        let attempt = Attempt {
            login: subject.username,
            password,
            client,
            return_to,
            replaces: Some(acting),
        };
        self.attempt(attempt).await
    }

    async fn try_to(&self, attempt: Attempt) -> Result<Outcome, Error> {
        let login = LoginKey::of(&attempt.login);
        self.core.count_guess(&login, &attempt.client).await?;
        let client = self.core.db.client().await?;
        let found = subject_find_by_login(&client, &login).await?;
        drop(client);
        let (subject, phc) = match found {
            Some((subject, phc)) => (Some(subject), phc),
            None => (None, None),
        };
        let matched = self
            .core
            .hasher
            .matches(phc.as_deref(), &attempt.password)
            .await?;
        let reason = match &subject {
            None => "unknown",
            Some(subject) if !subject.may_sign_in() => "disabled",
            Some(_) => "password",
        };
        let known = subject.as_ref().map(|subject| subject.user_id);
        match (subject, phc) {
            (Some(subject), Some(phc)) if matched && subject.may_sign_in() => {
                self.begin(
                    Proven {
                        subject,
                        phc,
                        password: attempt.password.clone(),
                    },
                    &attempt,
                )
                .await
            }
            _ => self.refuse(reason, known, &attempt).await,
        }
    }

    async fn begin(&self, proven: Proven, attempt: &Attempt) -> Result<Outcome, Error> {
        let rehashed = self.rehash(&proven).await?;
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        // While the password was hashed the person may have been disabled or the password changed; from here on
        // whoever does that waits for this transaction and then ends its session too.
        let id = proven.subject.user_id;
        let subject = subject_hold(&tx, id).await?.filter(Subject::may_sign_in);
        let Some(subject) = subject.filter(|subject| subject.user_id == id) else {
            drop(tx);
            drop(client);
            return self.refuse("disabled", Some(id), attempt).await;
        };
        if !password_hold(&tx, id, &proven.phc).await? {
            drop(tx);
            drop(client);
            return self.refuse("password", Some(id), attempt).await;
        }
        let arrival = Arrival {
            subject: &subject,
            factors: &[Factor::Password],
            login: &attempt.login,
            client: &attempt.client,
            return_to: &attempt.return_to,
            notify: true,
            replaces: attempt.replaces,
        };
        let admitted = self.admission.admit(&tx, arrival, now).await?;
        if proven.password.stands_alone() {
            // Of one that was set before this was noted.
            password_note_alone(&tx, id, &proven.phc).await?;
        }
        if let Some(phc) = rehashed {
            password_rehash(&tx, id, (&proven.phc, &phc)).await?;
        }
        tx.commit().await?;
        drop(client);
        self.admission.announce(&admitted, now).await;
        Ok(Outcome::Admitted(admitted))
    }

    /// The same password at today's cost, when it was stored at a lower one. Never at the price of the sign-in.
    async fn rehash(&self, proven: &Proven) -> Result<Option<String>, Error> {
        if !self.core.hasher.is_outdated(&proven.phc) {
            return Ok(None);
        }
        match self.core.hasher.hash(&proven.password).await {
            Ok(phc) => Ok(Some(phc)),
            Err(Error::Busy) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn refuse(
        &self,
        reason: &'static str,
        who: Option<UserId>,
        attempt: &Attempt,
    ) -> Result<Outcome, Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        Audit::refused("sign_in", reason)
            .subject(who)
            .client(&attempt.client)
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        Ok(Outcome::Refused)
    }
}
