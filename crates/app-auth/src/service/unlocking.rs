//! What a person has to prove who they are with, seen from outside, and helping them when it is in their way.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::login::LoginKey;
use crate::domain::second_factor::Failures;
use crate::domain::session::EndReason;
use crate::domain::subject::{Subject, UserId};
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::guesses::NAME;
use crate::service::sessions::Sessions;
use crate::store::break_glass::{break_glass_code_count, break_glass_code_discard_of};
use crate::store::passkeys::{passkey_delete_all, passkey_list};
use crate::store::passwords::password_find;
use crate::store::second_factors::{
    recovery_code_count, recovery_code_discard_of, second_factor_failures_lock,
    second_factor_failures_put, standing_find, totp_delete, totp_find,
};
use crate::store::sessions::session_end_all;
use crate::store::subjects::{subject_find, subject_hold_alone};

/// What a person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holdings {
    /// A password.
    pub(crate) password: bool,
    /// One-time passwords.
    pub(crate) totp: bool,
    /// Passkeys.
    pub(crate) passkeys: i64,
    /// Recovery codes that were not used.
    pub(crate) recovery_codes: i64,
    /// Break-glass codes that were not used.
    pub(crate) break_glass_codes: i64,
    /// Policy asks for more.
    pub(crate) owes_more: bool,
    /// For how long no second proof of theirs is looked at.
    pub(crate) held_back_for: Option<Duration>,
}

/// Use cases of those who help. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Unlocking {
    core: Arc<Core>,
    sessions: Sessions,
}

impl Unlocking {
    pub(crate) fn new(core: Arc<Core>, sessions: Sessions) -> Self {
        Self { core, sessions }
    }

    /// What a person has.
    pub(crate) async fn holdings(&self, who: UserId) -> Result<Holdings, Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let subject = subject_find(&tx, who).await?;
        let subject = subject.ok_or(Error::SubjectNotFound)?;
        let failures = second_factor_failures_lock(&tx, who, now).await?;
        let holdings = Holdings {
            password: subject.signs_in_by_directory() || password_find(&tx, who).await?.is_some(),
            totp: totp_find(&tx, who).await?.is_some(),
            passkeys: i64::try_from(passkey_list(&tx, who).await?.len()).unwrap_or(i64::MAX),
            recovery_codes: recovery_code_count(&tx, who).await?,
            break_glass_codes: break_glass_code_count(&tx, who).await?,
            owes_more: !standing_find(&tx, &subject).await?.can_meet_policy(),
            held_back_for: failures.wait(now).map(jiff::SignedDuration::unsigned_abs),
        };
        tx.commit().await?;
        Ok(holdings)
    }

    /// Removes everything but the password, and ends all sessions; returns how many ended. What is asked of the person
    /// stays: the next sign-in sets it up anew.
    pub(crate) async fn remove_factors(&self, who: UserId, audit: Audit) -> Result<usize, Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let held = subject_hold_alone(&tx, who).await?;
        held.ok_or(Error::SubjectNotFound)?;
        totp_delete(&tx, who).await?;
        passkey_delete_all(&tx, who).await?;
        recovery_code_discard_of(&tx, who).await?;
        break_glass_code_discard_of(&tx, who).await?;
        let end = (now, EndReason::FactorRemoved.name());
        let ended = session_end_all(&tx, (who, None), end).await?;
        FactorNotice::to(who, Happening::FactorsRemoved, now)
            .enqueue(&tx)
            .await?;
        audit.subject(Some(who)).record(&tx, now).await?;
        tx.commit().await?;
        drop(db);
        self.sessions.announce(&ended, now).await;
        Ok(ended.len())
    }

    /// For how long somebody is held back: unknown browsers under their names, or their second proof.
    pub(crate) async fn held_back_for(&self, subject: &Subject) -> Result<Option<Duration>, Error> {
        let (guesses, secrets) = (self.core.limits.guesses(), &self.core.secrets);
        let mut longest = self.holdings(subject.user_id).await?.held_back_for;
        for name in names_of(subject) {
            let blocked = guesses.blocked_for(secrets, (&NAME, name.as_str())).await?;
            longest = longest.max(blocked);
        }
        Ok(longest)
    }

    /// Forgets wrong proofs of a person: what strangers spent of the budgets of their names, and the second factor's.
    pub(crate) async fn unlock(&self, who: UserId, audit: Audit) -> Result<(), Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let subject = subject_find(&tx, who).await?;
        let subject = subject.ok_or(Error::SubjectNotFound)?;
        let guesses = self.core.limits.guesses();
        for name in names_of(&subject) {
            guesses.forgive_name(&tx, &self.core.secrets, &name).await?;
        }
        guesses
            .forgive_directory(&tx, &self.core.secrets, who)
            .await?;
        second_factor_failures_lock(&tx, who, now).await?;
        let none = Failures {
            count: 0,
            last_at: now,
        };
        second_factor_failures_put(&tx, who, none).await?;
        audit.subject(Some(who)).record(&tx, now).await?;
        Ok(tx.commit().await?)
    }
}

/// What somebody may type to sign in.
fn names_of(subject: &Subject) -> Vec<LoginKey> {
    [&subject.username, &subject.email]
        .into_iter()
        .filter(|name| !name.is_empty())
        .map(|name| LoginKey::of(name))
        .collect()
}
