//! The way in for the day nothing else works: codes that an administrator printed before.
//!
//! Needs PostgreSQL and nothing else: neither mail nor a directory nor Redis. One code is enough, without a password
//! and without a second factor, so every use alarms all administrators.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use platform::http::LocalPath;
use platform_pg::InTransaction;
use uuid::Uuid;

use crate::domain::break_glass::{BreakGlassCode, COUNT};
use crate::domain::factor::Factor;
use crate::domain::login::LoginKey;
use crate::domain::subject::{Role, Subject, UserId};
use crate::error::Error;
use crate::service::Core;
use crate::service::admission::{Admission, Admitted, Arrival};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::sessions::Acting;
use crate::store::break_glass::{
    break_glass_code_consume, break_glass_code_count, break_glass_code_discard_of,
    break_glass_code_insert,
};
use crate::store::subjects::{subject_admin_ids, subject_find_by_login, subject_hold};

/// What somebody submits.
#[derive(Debug)]
pub(crate) struct Attempt {
    /// Name or mail address as typed.
    pub(crate) login: String,
    /// The code as typed.
    pub(crate) code: String,
    /// From which browser.
    pub(crate) client: Client,
    /// The session this browser is in.
    pub(crate) replaces: Option<Acting>,
}

/// How it went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It was right; what became of that.
    Admitted(Admitted),
    /// Name and code do not belong together, or the code was used before: nobody learns which.
    Refused,
    /// Too many attempts; come back after this long.
    Limited(Duration),
}

/// Use cases around break-glass codes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct BreakGlass {
    core: Arc<Core>,
    admission: Admission,
}

impl BreakGlass {
    pub(crate) fn new(core: Arc<Core>, admission: Admission) -> Self {
        Self { core, admission }
    }

    /// How many codes a person has left.
    pub(crate) async fn left(&self, who: UserId) -> Result<i64, Error> {
        let db = self.core.db.client().await?;
        Ok(break_glass_code_count(&db, who).await?)
    }

    /// New codes for an administrator; the ones before stop working.
    pub(crate) async fn make(
        &self,
        acting: Acting,
        client: &Client,
    ) -> Result<Vec<BreakGlassCode>, Error> {
        let (who, now) = (acting.user_id, self.core.clock.now());
        let codes = BreakGlassCode::several(COUNT)?;
        let hash = |code: &BreakGlassCode| self.core.secrets.break_glass_mac(who, code);
        let hashes: Vec<_> = codes.iter().map(hash).collect();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let subject = subject_hold(&tx, who).await?.filter(may_break_glass);
        subject.ok_or(Error::SubjectNotFound)?;
        break_glass_code_discard_of(&tx, who).await?;
        break_glass_code_insert(&tx, who, &hashes, now).await?;
        Audit::success("break_glass.create")
            .actor(who)
            .subject(Some(who))
            .session(acting.session_id)
            .client(client)
            .record(&tx, now)
            .await?;
        FactorNotice::to(who, Happening::BreakGlassMade, now)
            .enqueue(&tx)
            .await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Lets an administrator in by a code. Of several at once exactly one wins.
    pub(crate) async fn enter(&self, attempt: Attempt) -> Result<Outcome, Error> {
        let guesses = self.core.limits.guesses();
        match guesses
            .break_glass(&self.core.secrets, &attempt.client)
            .await
        {
            Err(Error::Limited(wait)) => {
                let line = Audit::limited("sign_in").client(&attempt.client);
                let network = attempt.client.network();
                self.core.note_limited(&network, line).await?;
                return Ok(Outcome::Limited(wait));
            }
            other => other?,
        }
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let found = subject_find_by_login(&tx, &LoginKey::of(&attempt.login)).await?;
        let found = found.map(|(subject, _)| subject);
        let Some(subject) = self
            .check(&tx, (found.as_ref(), &attempt.code), now)
            .await?
        else {
            Audit::refused("sign_in", "break_glass")
                .subject(found.map(|subject| subject.user_id))
                .client(&attempt.client)
                .record(&tx, now)
                .await?;
            tx.commit().await?;
            return Ok(Outcome::Refused);
        };
        let admitted = self.admit(&tx, (&subject, &attempt), now).await?;
        tx.commit().await?;
        drop(db);
        self.admission.announce(&admitted, now).await;
        Ok(Outcome::Admitted(admitted))
    }

    /// Uses a code up; whose it was, as they are in this transaction. The same work for a name that nobody has.
    async fn check(
        &self,
        tx: &impl InTransaction,
        (found, typed): (Option<&Subject>, &str),
        now: Timestamp,
    ) -> Result<Option<Subject>, Error> {
        let who = found.map_or(UserId(Uuid::nil()), |subject| subject.user_id);
        let held = subject_hold(tx, who).await?.filter(may_break_glass);
        let Some(code) = BreakGlassCode::parse(typed) else {
            return Ok(None);
        };
        // Before it is known whether this person may use one: a code that was shown once is spent.
        let hash = self.core.secrets.break_glass_mac(who, &code);
        let used = break_glass_code_consume(tx, who, &hash, now).await?;
        Ok(held.filter(|_| used))
    }

    async fn admit(
        &self,
        tx: &impl InTransaction,
        (subject, attempt): (&Subject, &Attempt),
        now: Timestamp,
    ) -> Result<Admitted, Error> {
        let who = subject.user_id;
        Audit::success("break_glass.use")
            .actor(who)
            .subject(Some(who))
            .client(&attempt.client)
            .record(tx, now)
            .await?;
        let address = attempt.client.address_text();
        FactorNotice::to(who, Happening::BreakGlassUsed, now)
            .alarming(subject_admin_ids(tx).await?)
            .about(format!("{} · {address}", subject.display_name))
            .enqueue(tx)
            .await?;
        let arrival = Arrival {
            subject,
            factors: &[Factor::BreakGlass],
            login: &attempt.login,
            client: &attempt.client,
            return_to: &LocalPath::default(),
            notify: true,
            replaces: attempt.replaces,
        };
        self.admission.admit(tx, arrival, now).await
    }
}

fn may_break_glass(subject: &Subject) -> bool {
    subject.may_sign_in() && subject.role == Role::Admin
}
