//! The one door: whatever way somebody proved who they are, here it is decided whether that is enough.
//!
//! Every use case that ends in a session comes through [`Admission::admit`], in its own transaction, with the
//! person held. Must not check a proof: that was done by whoever calls.

use std::sync::Arc;

use jiff::Timestamp;
use platform::http::LocalPath;
use platform_pg::InTransaction;

use crate::domain::factor::Factor;
use crate::domain::login::LoginKey;
use crate::domain::subject::Subject;
use crate::error::Error;
use crate::service::Core;
use crate::service::client::Client;
use crate::service::device_cookie::DeviceCookie;
use crate::service::sessions::{Acting, Opened, Opening, Sessions};
use crate::store::sessions::SessionKey;

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
    /// The session this browser is in until now.
    pub(crate) replaces: Option<Acting>,
}

/// What became of them.
#[derive(Debug)]
pub(crate) enum Admitted {
    /// A session began.
    In(Opened, LocalPath),
}

impl Admitted {
    /// Sessions that ended by this; to be made known after the commit.
    pub(crate) fn replaced(&self) -> &[SessionKey] {
        match self {
            Self::In(opened, _) => opened.replaced.as_slice(),
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

    /// Lets somebody in. Call [`Self::announce`] after the commit.
    pub(crate) async fn admit(
        &self,
        tx: &impl InTransaction,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Admitted, Error> {
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

    /// Makes known what ended by coming in, once that is committed.
    pub(crate) async fn announce(&self, admitted: &Admitted, now: Timestamp) {
        self.sessions.announce(admitted.replaced(), now).await;
    }
}
