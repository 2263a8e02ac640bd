//! The second proof of a sign-in: a one-time password or a recovery code.
//!
//! One at a time for each person, counted in PostgreSQL: neither another sign-in nor a lost Redis gives an
//! attacker who knows the password new guesses.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use platform::http::LocalPath;
use platform_pg::InTransaction;

use crate::domain::factor::{Factor, Standing, Verdict};
use crate::domain::flow::{Flow, Proof};
use crate::domain::recovery_code::RecoveryCode;
use crate::domain::second_factor::Failures;
use crate::domain::subject::{Subject, UserId};
use crate::domain::token::Token;
use crate::domain::totp::{Seed, digits};
use crate::error::Error;
use crate::service::Core;
use crate::service::admission::{Admission, Admitted, Arrival};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::sessions::Acting;
use crate::store::flows::{flow_delete, flow_find, flow_hold};
use crate::store::second_factors::{
    recovery_code_consume, second_factor_failures_lock, second_factor_failures_put, standing_find,
    totp_find, totp_take_step,
};
use crate::store::subjects::{subject_find, subject_hold};

/// What somebody submits.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The handle as in the address.
    pub(crate) handle: String,
    /// One-time password or recovery code as typed.
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
    /// It was wrong, or used before.
    Refused,
    /// Too many were wrong; come back after this long.
    Limited(Duration),
    /// There is nothing any more that it would complete.
    Gone,
}

/// A person halfway in, and what is asked of them.
#[derive(Debug)]
pub(crate) struct Halfway {
    /// Who.
    pub(crate) subject: Subject,
    /// What is missing.
    pub(crate) verdict: Verdict,
    /// What they have, and what is asked of them.
    pub(crate) standing: Standing,
    /// Where the sign-in leads.
    pub(crate) return_to: LocalPath,
}

/// Use cases around the second proof. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SecondFactor {
    core: Arc<Core>,
    admission: Admission,
}

impl SecondFactor {
    pub(crate) fn new(core: Arc<Core>, admission: Admission) -> Self {
        Self { core, admission }
    }

    /// What a live flow with a proof still needs; nothing when there is no such flow or person.
    pub(crate) async fn halfway(&self, handle: &str) -> Result<Option<Halfway>, Error> {
        let Some(handle) = Token::parse(handle) else {
            return Ok(None);
        };
        let db = self.core.db.client().await?;
        let flow = flow_find(&db, &handle.hash()).await?;
        let Some((proof, flow)) = flow.and_then(|flow| live(flow, self.core.clock.now())) else {
            return Ok(None);
        };
        let subject = subject_find(&db, proof.user_id).await?;
        let Some(subject) = subject.filter(Subject::may_sign_in) else {
            return Ok(None);
        };
        let standing = standing_find(&db, &subject).await?;
        Ok(Some(Halfway {
            subject,
            verdict: standing.judge(&proof.factors),
            standing,
            return_to: flow.return_to,
        }))
    }

    /// Checks a second proof and lets the person in.
    pub(crate) async fn answer(&self, answer: Answer) -> Result<Outcome, Error> {
        let Some(handle) = Token::parse(&answer.handle) else {
            return Ok(Outcome::Gone);
        };
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let flow = flow_hold(&tx, &handle.hash()).await?;
        let Some((proof, flow)) = flow.and_then(|flow| live(flow, now)) else {
            return Ok(Outcome::Gone);
        };
        let subject = subject_hold(&tx, proof.user_id).await?;
        let Some(subject) = subject.filter(Subject::may_sign_in) else {
            return Ok(Outcome::Gone);
        };
        let who = subject.user_id;
        let failures = second_factor_failures_lock(&tx, who, now).await?;
        if let Some(wait) = failures.wait(now) {
            drop(tx);
            drop(db);
            let line = Audit::limited("sign_in.second_factor").subject(Some(who));
            let line = line.client(&answer.client);
            self.core.note_limited(&who.0.to_string(), line).await?;
            return Ok(Outcome::Limited(wait.unsigned_abs()));
        }
        let Some(factor) = self.check(&tx, who, (&answer.code, now)).await? else {
            let failures = failures.and_another(now);
            self.note_failure(&tx, who, (failures, &answer.client))
                .await?;
            tx.commit().await?;
            return Ok(Outcome::Refused);
        };
        let cleared = Failures {
            count: 0,
            last_at: now,
        };
        second_factor_failures_put(&tx, who, cleared).await?;
        if factor == Factor::RecoveryCode {
            FactorNotice::to(who, Happening::RecoveryCodeUsed, now)
                .enqueue(&tx)
                .await?;
        }
        let proof = Proof {
            user_id: who,
            factors: [proof.factors.as_slice(), &[factor]].concat(),
        };
        let whence = (&answer.client, answer.replaces);
        let admitted = self
            .finish(&tx, (&handle, &flow, &proof), &subject, whence)
            .await?;
        tx.commit().await?;
        drop(db);
        self.admission.announce(&admitted, now).await;
        Ok(Outcome::Admitted(admitted))
    }

    /// Lets somebody in who set one-time passwords up on the way; nothing when the flow is over.
    pub(crate) async fn after_set_up(
        &self,
        handle: &str,
        client: &Client,
        replaces: Option<Acting>,
    ) -> Result<Option<Admitted>, Error> {
        let Some(handle) = Token::parse(handle) else {
            return Ok(None);
        };
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let flow = flow_hold(&tx, &handle.hash()).await?;
        let Some((mut proof, flow)) = flow.and_then(|flow| live(flow, now)) else {
            return Ok(None);
        };
        let subject = subject_hold(&tx, proof.user_id).await?;
        let Some(subject) = subject.filter(Subject::may_sign_in) else {
            return Ok(None);
        };
        proof.factors.push(Factor::Totp);
        let whence = (client, replaces);
        let admitted = self
            .finish(&tx, (&handle, &flow, &proof), &subject, whence)
            .await?;
        tx.commit().await?;
        drop(db);
        self.admission.announce(&admitted, now).await;
        Ok(Some(admitted))
    }

    /// Ends the flow and brings its person to the door with all they proved.
    async fn finish(
        &self,
        tx: &impl InTransaction,
        (handle, flow, proof): (&Token, &Flow, &Proof),
        subject: &Subject,
        (client, replaces): (&Client, Option<Acting>),
    ) -> Result<Admitted, Error> {
        flow_delete(tx, &handle.hash()).await?;
        let arrival = Arrival {
            subject,
            factors: &proof.factors,
            login: &flow.login,
            client,
            return_to: &flow.return_to,
            notify: true,
            replaces,
        };
        self.admission
            .admit(tx, arrival, self.core.clock.now())
            .await
    }

    /// Which factor a code proves. What it proves it by is used up.
    async fn check(
        &self,
        tx: &impl InTransaction,
        who: UserId,
        (typed, now): (&str, Timestamp),
    ) -> Result<Option<Factor>, Error> {
        if let Some(code) = digits(typed) {
            let Some((sealed, _)) = totp_find(tx, who).await? else {
                return Ok(None);
            };
            let seed = Seed::of(
                self.core
                    .secrets
                    .open(&super::totp::context(who), &sealed)?,
            );
            let Some(step) = seed.step_of(&code, now) else {
                return Ok(None);
            };
            let taken = totp_take_step(tx, who, step).await?;
            return Ok(taken.then_some(Factor::Totp));
        }
        let Some(code) = RecoveryCode::parse(typed) else {
            return Ok(None);
        };
        let hash = self.core.secrets.recovery_mac(who, &code);
        let used = recovery_code_consume(tx, who, &hash, now).await?;
        Ok(used.then_some(Factor::RecoveryCode))
    }

    async fn note_failure(
        &self,
        tx: &impl InTransaction,
        who: UserId,
        (failures, client): (Failures, &Client),
    ) -> Result<(), Error> {
        second_factor_failures_put(tx, who, failures).await?;
        if failures.is_alarming() {
            FactorNotice::to(who, Happening::CodesGuessed, failures.last_at)
                .enqueue(tx)
                .await?;
        }
        Audit::refused("sign_in.second_factor", "code")
            .subject(Some(who))
            .client(client)
            .record(tx, failures.last_at)
            .await
    }
}

/// The proof of a flow that still goes on.
fn live(mut flow: Flow, now: Timestamp) -> Option<(Proof, Flow)> {
    let proof = flow.proof.take().filter(|_| flow.is_live(now))?;
    Some((proof, flow))
}
