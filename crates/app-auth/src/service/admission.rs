//! The one door: whatever way somebody proved who they are, here it is decided whether that is enough.
//!
//! Every use case that ends in a session comes through [`Admission::admit`], in its own transaction, with the
//! person held. Must not check a proof: that was done by whoever calls.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use platform::http::LocalPath;
use platform_pg::InTransaction;

use crate::domain::factor::{Factor, Verdict};
use crate::domain::flow::{Flow, Proof};
use crate::domain::login::LoginKey;
use crate::domain::session::earlier;
use crate::domain::subject::Subject;
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::Core;
use crate::service::account_mails::{AccountMail, Occasion};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::device_cookie::DeviceCookie;
use crate::service::sessions::{Acting, Opened, Opening, Sessions};
use crate::store::flows::flow_insert;
use crate::store::graces::grace_begin;
use crate::store::second_factors::standing_find;
use crate::store::sessions::SessionKey;
use crate::store::sign_in_events::sign_in_event_refused_lately;

/// Wrong proofs in a row, of whatever kind, after which the owner is told of the right one.
const WORTH_A_MAIL: i64 = 5;
/// For how long they count.
const LATELY: SignedDuration = SignedDuration::from_hours(24);

/// Somebody who proved something.
#[derive(Debug)]
pub(crate) struct Arrival<'a> {
    /// Who, as they are in the caller's transaction.
    pub(crate) subject: &'a Subject,
    /// By what.
    pub(crate) factors: &'a [Factor],
    /// The name they came with, under which the browser is remembered.
    pub(crate) login: &'a str,
    /// From which browser.
    pub(crate) client: &'a Client,
    /// Where they want to go.
    pub(crate) return_to: &'a LocalPath,
    /// Whether they are told when the browser is new.
    pub(crate) notify: bool,
    /// The session this browser is in until now, of the same person or another.
    pub(crate) replaces: Option<Acting>,
}

/// What became of them.
#[derive(Debug)]
pub(crate) enum Admitted {
    /// A session began, and leads here.
    In(Opened, LocalPath),
    /// A session began, but from this moment on one will not without a further factor.
    InForNow(Opened, LocalPath, Timestamp),
    /// More has to be proven or set up: the sign-in goes on under this handle.
    More(Token),
}

impl Admitted {
    /// Sessions that ended by this; to be made known after the commit.
    pub(crate) fn replaced(&self) -> &[SessionKey] {
        match self {
            Self::In(opened, _) | Self::InForNow(opened, _, _) => &opened.replaced,
            Self::More(_) => &[],
        }
    }
}

/// Use cases around coming in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Admission {
    core: Arc<Core>,
    sessions: Sessions,
}

impl Admission {
    pub(crate) fn new(core: Arc<Core>, sessions: Sessions) -> Self {
        Self { core, sessions }
    }

    /// Lets somebody in, or asks for more. Call [`Self::announce`] after the commit.
    pub(crate) async fn admit(
        &self,
        tx: &impl InTransaction,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Admitted, Error> {
        let standing = standing_find(tx, arrival.subject).await?;
        let ends_at = match standing.judge(arrival.factors) {
            Verdict::Enough => return self.open(tx, &arrival, now).await,
            Verdict::Prove => return self.ask(tx, &arrival, now).await,
            Verdict::SetUp(required) => {
                let who = arrival.subject.user_id;
                grace_begin(tx, (who, required), now).await?.ends_at()
            }
        };
        if now >= ends_at {
            return self.ask(tx, &arrival, now).await;
        }
        match self.open(tx, &arrival, now).await? {
            Admitted::In(opened, path) => Ok(Admitted::InForNow(opened, path, ends_at)),
            other => Ok(other),
        }
    }

    async fn open(
        &self,
        tx: &impl InTransaction,
        arrival: &Arrival<'_>,
        now: Timestamp,
    ) -> Result<Admitted, Error> {
        if arrival.notify {
            let who = arrival.subject.user_id;
            let refused = sign_in_event_refused_lately(tx, who, earlier(now, LATELY)).await?;
            if refused >= WORTH_A_MAIL {
                AccountMail::about(who, Occasion::Guessed, arrival.client, now)
                    .enqueue(tx)
                    .await?;
            }
        }
        let before = arrival
            .client
            .device_cookie
            .as_deref()
            .and_then(DeviceCookie::parse);
        let login = LoginKey::of(arrival.login);
        let opening = Opening {
            subject: arrival.subject,
            factors: arrival.factors,
            client: arrival.client,
            device: DeviceCookie::issue(&self.core.secrets, before.as_ref(), &login)?,
            notify: arrival.notify,
            replaces: arrival.replaces,
        };
        let opened = self.sessions.open(tx, opening, now).await?;
        Ok(Admitted::In(opened, arrival.return_to.clone()))
    }

    /// Keeps what was proven under a new handle: nobody who saw the one before gains by it.
    async fn ask(
        &self,
        tx: &impl InTransaction,
        arrival: &Arrival<'_>,
        now: Timestamp,
    ) -> Result<Admitted, Error> {
        let proof = Proof {
            user_id: arrival.subject.user_id,
            factors: arrival.factors.to_vec(),
        };
        let typed = (arrival.login, arrival.return_to.clone());
        let handle = Token::random()?;
        flow_insert(tx, &handle.hash(), &Flow::proven(proof, typed, now), now).await?;
        Audit::success("sign_in.first_factor")
            .actor(arrival.subject.user_id)
            .subject(Some(arrival.subject.user_id))
            .client(arrival.client)
            .record(tx, now)
            .await?;
        Ok(Admitted::More(handle))
    }

    /// Makes known what ended by coming in, once that is committed.
    pub(crate) async fn announce(&self, admitted: &Admitted, now: Timestamp) {
        self.sessions.announce(admitted.replaced(), now).await;
    }
}
