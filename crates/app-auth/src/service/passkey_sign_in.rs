//! Signing in with a passkey, and proving oneself again with one.
//!
//! Whoever asks gets a challenge that fits any passkey of this origin: nothing is looked up, so nothing is told of
//! who has one. Whatever is wrong with an answer, what is said is the same.

use std::sync::Arc;

use platform::http::LocalPath;
use platform_pg::InTransaction;
use serde_json::Value;

use crate::domain::factor::Factor;
use crate::domain::subject::{Subject, UserId};
use crate::error::Error;
use crate::service::Core;
use crate::service::admission::{Admission, Admitted, Arrival};
use crate::service::audit::Audit;
use crate::service::ceremonies::{Answer, Answered, Ceremonies, Verified};
use crate::service::client::Client;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::passkeys::{Challenge, Response, keep, take};
use crate::service::sessions::Acting;
use crate::store::passkeys::{Purpose, passkey_hold_of, passkey_keys_of, passkey_used};
use crate::store::subjects::subject_hold;

/// Use cases around coming in with a passkey. Cheap to clone.
#[derive(Clone)]
pub(crate) struct PasskeySignIn {
    core: Arc<Core>,
    admission: Admission,
    ceremonies: Arc<Ceremonies>,
}

/// Where an answer leads, and the session this browser is in until then.
#[derive(Debug)]
pub(crate) struct Whither<'a> {
    /// Where to.
    pub(crate) return_to: &'a LocalPath,
    /// The session that ends by it.
    pub(crate) replaces: Option<Acting>,
}

/// Why an answer is refused: for the audit trail, never for whoever sent it.
struct Refusal {
    reason: &'static str,
    who: Option<UserId>,
}

impl PasskeySignIn {
    pub(crate) fn new(core: Arc<Core>, admission: Admission, ceremonies: Arc<Ceremonies>) -> Self {
        Self {
            core,
            admission,
            ceremonies,
        }
    }

    /// A challenge for whoever can answer it.
    pub(crate) async fn begin(&self, client: &Client) -> Result<Challenge, Error> {
        self.core.limits.passkey_challenge(client).await?;
        let begun = self.ceremonies.begin_signing_in(&[])?;
        keep(&self.core, Purpose::SignIn, begun).await
    }

    /// A challenge for somebody who is signed in and proves again that it is them.
    pub(crate) async fn begin_confirming(
        &self,
        who: UserId,
        client: &Client,
    ) -> Result<Challenge, Error> {
        self.core.limits.passkey_challenge(client).await?;
        let db = self.core.db.client().await?;
        let have = passkey_keys_of(&db, who).await?;
        drop(db);
        let begun = self.ceremonies.begin_signing_in(&have)?;
        keep(&self.core, Purpose::Confirm(who), begun).await
    }

    /// Signs in whoever answered a challenge; nobody when the answer is wrong.
    pub(crate) async fn finish(
        &self,
        response: Response,
        whither: Whither<'_>,
    ) -> Result<Option<Admitted>, Error> {
        self.answer(Purpose::SignIn, &response, &whither).await
    }

    /// Proves that the person in a session is who they were; the session gets a new id.
    pub(crate) async fn confirm(
        &self,
        acting: Acting,
        response: Response,
        return_to: &LocalPath,
    ) -> Result<Option<Admitted>, Error> {
        let whither = Whither {
            return_to,
            replaces: Some(acting),
        };
        let purpose = Purpose::Confirm(acting.user_id);
        self.answer(purpose, &response, &whither).await
    }

    async fn answer(
        &self,
        purpose: Purpose,
        response: &Response,
        whither: &Whither<'_>,
    ) -> Result<Option<Admitted>, Error> {
        self.core.limits.passkey_answer(&response.client).await?;
        let state = take(&self.core, purpose, &response.challenge).await?;
        let answer = Answer::parse(&response.credential);
        let named = answer.as_ref().and_then(Answer::names);
        let (Some(state), Some(answer), Some(who)) = (state, answer, named) else {
            let refusal = Refusal {
                reason: "passkey",
                who: None,
            };
            return self.refuse(refusal, &response.client).await;
        };
        if matches!(purpose, Purpose::Confirm(owner) if owner != who) {
            let refusal = Refusal {
                reason: "passkey",
                who: Some(who),
            };
            return self.refuse(refusal, &response.client).await;
        }
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let (subject, verified) = match self.verify(&tx, who, (state, &answer)).await? {
            Ok(proven) => proven,
            Err(refusal) => {
                drop(tx);
                drop(db);
                return self.refuse(refusal, &response.client).await;
            }
        };
        let used = (who, verified.credential_id.as_slice());
        passkey_used(&tx, used, &verified.credential, now).await?;
        let arrival = Arrival {
            subject: &subject,
            factors: &[Factor::Passkey],
            login: &subject.username,
            client: &response.client,
            return_to: whither.return_to,
            notify: true,
            replaces: whither.replaces,
        };
        let admitted = self.admission.admit(&tx, arrival, now).await?;
        tx.commit().await?;
        drop(db);
        self.admission.announce(&admitted, now).await;
        Ok(Some(admitted))
    }

    /// Whose passkey it is and what to store of it from now on.
    async fn verify(
        &self,
        tx: &impl InTransaction,
        who: UserId,
        (state, answer): (Value, &Answer),
    ) -> Result<Result<(Subject, Verified), Refusal>, Error> {
        let held = subject_hold(tx, who).await?;
        let have = passkey_hold_of(tx, who).await?;
        let refusal = |reason, who| Ok(Err(Refusal { reason, who }));
        let Some(subject) = held else {
            return refusal("passkey", None);
        };
        match self.ceremonies.finish_signing_in(state, answer, &have)? {
            Answered::Right(_) if !subject.may_sign_in() => refusal("disabled", Some(who)),
            Answered::Right(verified) => Ok(Ok((subject, verified))),
            Answered::CounterBack => refusal("passkey_counter", Some(who)),
            Answered::Wrong => refusal("passkey", Some(who)),
        }
    }

    /// Writes the refusal down. The name in an answer proves nothing, but a counter that went back comes with a
    /// signature: then the owner hears of it.
    async fn refuse(&self, refusal: Refusal, client: &Client) -> Result<Option<Admitted>, Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        Audit::refused("sign_in", refusal.reason)
            .subject(refusal.who)
            .client(client)
            .record(&tx, now)
            .await?;
        if let (Some(who), "passkey_counter") = (refusal.who, refusal.reason) {
            FactorNotice::to(who, Happening::PasskeyCopied, now)
                .enqueue(&tx)
                .await?;
        }
        tx.commit().await?;
        Ok(None)
    }
}
