//! Signing in with a name and a password, and proving oneself again later.
//!
//! Whatever was wrong, the answer and the work are the same: count, look up, hash, write one audit line.

mod by_directory;

use std::sync::Arc;
use std::time::Duration;

use platform::http::LocalPath;
use platform_pg::InTransaction;

use self::by_directory::{arrive, of_directory, renewed};
use crate::domain::factor::Factor;
use crate::domain::login::LoginKey;
use crate::domain::password::{Beside, Password, PasswordProblem};
use crate::domain::subject::{Subject, UserId};
use crate::error::{BUSY_RETRY, Error};
use crate::service::Core;
use crate::service::admission::{Admission, Admitted, Arrival};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::directory::Refusal;
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
    /// The same, or a directory that keeps passwords cannot be asked: nobody learns which.
    RefusedOrAway,
    /// The password was right, and has to be changed in the directory first.
    MustChange,
    /// The password was right and is over, in the directory of this name.
    Expired(String),
    /// The directory does not take the new password.
    NotTaken(Refusal),
    /// The new password may not be one.
    Unacceptable(PasswordProblem),
    /// Too many attempts; come back after this long.
    Limited(Duration),
    /// Too many people sign in at this moment; come back after this long.
    Busy(Duration),
}

/// A password that was checked, and what it was checked against.
struct Proven {
    subject: Subject,
    kept: Kept,
    password: Password,
}

/// Where the password is.
enum Kept {
    /// Here, as this hash.
    Here(String),
    /// In a directory, where it was changed just now or not.
    InDirectory { changed: bool },
}

/// What came of holding a password against what is kept.
enum Checked {
    /// It is theirs.
    Proven(Proven),
    /// Whoever it is, it does not let them in, for this reason.
    Refused(Option<UserId>, &'static str),
    /// It is theirs, and the directory wants something first.
    Held(Subject, Outcome, &'static str),
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

    /// Puts another password in the place of one that a directory wants changed, and signs in. Nothing was kept of the one
    /// until now: it is typed once more, and counted and checked like at any sign-in.
    pub(crate) async fn renew(&self, attempt: Attempt, new: Password) -> Result<Outcome, Error> {
        // Against what was typed: whose name it is must not show.
        let names = [attempt.login.clone()];
        let policy = &self.core.policy;
        if let Err(problem) = policy.judge(&new, &names, Beside::SecondFactor) {
            return Ok(Outcome::Unacceptable(problem));
        }
        match self.try_with(attempt, Some(&new)).await {
            Err(Error::Limited(wait)) => Ok(Outcome::Limited(wait)),
            Err(Error::Busy) => Ok(Outcome::Busy(BUSY_RETRY)),
            other => other,
        }
    }

    async fn try_to(&self, attempt: Attempt) -> Result<Outcome, Error> {
        self.try_with(attempt, None).await
    }

    async fn try_with(&self, attempt: Attempt, new: Option<&Password>) -> Result<Outcome, Error> {
        let login = LoginKey::of(&attempt.login);
        self.core.count_guess(&login, &attempt.client).await?;
        match self.check(&login, &attempt, new).await? {
            Checked::Proven(proven) => self.begin(proven, &attempt).await,
            Checked::Refused(who, reason) => self.refuse(reason, who, &attempt).await,
            Checked::Held(subject, outcome, reason) => {
                self.note_refusal(reason, Some(subject.user_id), &attempt)
                    .await?;
                Ok(outcome)
            }
        }
    }

    /// Holds the password against what is kept. One hash is computed in any case, beside whatever a directory is asked:
    /// the time that takes says neither whether somebody has the name, nor where their password is.
    async fn check(
        &self,
        login: &LoginKey,
        attempt: &Attempt,
        new: Option<&Password>,
    ) -> Result<Checked, Error> {
        let client = self.core.db.client().await?;
        let found = subject_find_by_login(&client, login).await?;
        drop(client);
        let (subject, phc) = match found {
            Some((subject, phc)) => (Some(subject), phc),
            None => (None, None),
        };
        let elsewhere = subject.as_ref().filter(|subject| {
            // Whoever may not sign in is not asked about.
            subject.signs_in_by_directory() && subject.may_sign_in()
        });
        // What a directory keeps is not matched here, nor can it be renewed anywhere else.
        let phc = phc.filter(|_| elsewhere.is_none() && new.is_none());
        let (matched, changed) = tokio::try_join!(
            self.core.hasher.matches(phc.as_deref(), &attempt.password),
            self.ask(elsewhere, (login, attempt), new),
        )?;
        let who = subject.as_ref().map(|subject| subject.user_id);
        let password = attempt.password.clone();
        Ok(match (subject, phc, changed) {
            (None, ..) => Checked::Refused(None, "unknown"),
            (Some(subject), ..) if !subject.may_sign_in() => Checked::Refused(who, "disabled"),
            (Some(subject), _, Some(asked)) => of_directory(subject, asked, (attempt, new)),
            (Some(subject), Some(phc), None) if matched => Checked::Proven(Proven {
                subject,
                kept: Kept::Here(phc),
                password,
            }),
            (Some(_), _, None) => Checked::Refused(who, "password"),
        })
    }

    async fn begin(&self, proven: Proven, attempt: &Attempt) -> Result<Outcome, Error> {
        let rehashed = self.rehash(&proven).await?;
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        // While the password was checked the person may have been disabled or the password changed; from here on
        // whoever does that waits for this transaction and then ends its session too.
        let id = proven.subject.user_id;
        let subject = subject_hold(&tx, id).await?.filter(Subject::may_sign_in);
        let Some(subject) = subject.filter(|subject| subject.user_id == id) else {
            drop(tx);
            drop(client);
            return self.refuse("disabled", Some(id), attempt).await;
        };
        if !still_counts(&tx, &subject, &proven.kept).await? {
            drop(tx);
            drop(client);
            return self.refuse("password", Some(id), attempt).await;
        }
        let mut ended = Vec::new();
        if let Kept::InDirectory { changed } = proven.kept {
            arrive(&tx, &subject, now).await?;
            if changed {
                ended = renewed(&tx, id, &attempt.client, now).await?;
            }
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
        if let Kept::Here(phc) = &proven.kept {
            if proven.password.stands_alone() {
                // Of one that was set before this was noted.
                password_note_alone(&tx, id, phc).await?;
            }
            if let Some(rehashed) = rehashed {
                password_rehash(&tx, id, (phc, &rehashed)).await?;
            }
        }
        tx.commit().await?;
        drop(client);
        self.core
            .revocations
            .ended(&self.core.db, &ended, now)
            .await;
        self.admission.announce(&admitted, now).await;
        Ok(Outcome::Admitted(admitted))
    }

    /// The same password at today's cost, when it was stored at a lower one. Never at the price of the sign-in.
    async fn rehash(&self, proven: &Proven) -> Result<Option<String>, Error> {
        let Kept::Here(phc) = &proven.kept else {
            return Ok(None);
        };
        if !self.core.hasher.is_outdated(phc) {
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
        self.note_refusal(reason, who, attempt).await?;
        // To everybody the same, or it would say whose password is in the directory.
        Ok(if self.core.directory.is_away() {
            Outcome::RefusedOrAway
        } else {
            Outcome::Refused
        })
    }

    async fn note_refusal(
        &self,
        reason: &'static str,
        who: Option<UserId>,
        attempt: &Attempt,
    ) -> Result<(), Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        Audit::refused("sign_in", reason)
            .subject(who)
            .client(&attempt.client)
            .record(&tx, now)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Whether what was proven is still what counts for the person.
async fn still_counts(
    tx: &impl InTransaction,
    subject: &Subject,
    kept: &Kept,
) -> Result<bool, Error> {
    Ok(match kept {
        Kept::InDirectory { .. } => subject.signs_in_by_directory(),
        Kept::Here(_) if subject.signs_in_by_directory() => false,
        Kept::Here(phc) => password_hold(tx, subject.user_id, phc).await?,
    })
}
