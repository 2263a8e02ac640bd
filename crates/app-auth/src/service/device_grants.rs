//! Letting a program without a browser act for a person (RFC 8628): it asks, somebody who is signed in decides, and
//! what it gets is an ordinary key of theirs, which reaches neither credentials nor other keys.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use platform_pg::InTransaction;

use crate::domain::device_grant::{Asked, INTERVAL, LIFETIME};
use crate::domain::session::later;
use crate::domain::subject::UserId;
use crate::domain::token::Token;
use crate::domain::user_code::UserCode;
use crate::error::Error;
use crate::service::Core;
use crate::service::api_keys::{ApiKeys, MOST_KEYS, Made, MadeKey, Wish};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::sessions::Acting;
use crate::store::api_keys::{Holder, api_key_live_count};
use crate::store::device_grants::{
    DeviceGrant, NewGrant, device_grant_decide, device_grant_find_waiting, device_grant_hold,
    device_grant_insert, device_grant_poll, device_grant_use,
};

/// Requests of one network that may wait for a decision at once.
const MOST_OF_NETWORK: i64 = 50;
/// The same of everybody.
const MOST: i64 = 5_000;
/// When to come back while as many wait as may.
const FULL_RETRY: Duration = Duration::from_mins(1);

/// A request that waits, as its program learns of it.
#[derive(Debug)]
pub(crate) struct Begun {
    /// With this the program looks.
    pub(crate) device_code: Token,
    /// This a person types.
    pub(crate) user_code: UserCode,
    /// Seconds between two looks.
    pub(crate) interval: i16,
}

/// What became of a code that somebody typed.
#[derive(Debug)]
pub(crate) enum Typed<T> {
    /// It is known.
    Known(T),
    /// Nothing that waits has it.
    Unknown,
    /// Too many wrong ones.
    Limited(Duration),
    /// Whoever says yes has as many working keys as one may have; it still waits.
    NoRoom,
}

/// What a program is told.
#[derive(Debug)]
pub(crate) enum Looked {
    /// Here is its key, with the scopes it has.
    Key(MadeKey, Vec<String>),
    /// Nobody decided yet.
    Pending,
    /// It looks too often.
    TooOften,
    /// Somebody said no, or said yes and may have no further key.
    Denied,
    /// Nobody decided in time.
    Expired,
    /// It is no code, or one that was used.
    Unknown,
}

/// Use cases around such requests. Cheap to clone.
#[derive(Clone)]
pub(crate) struct DeviceGrants {
    core: Arc<Core>,
    keys: ApiKeys,
}

impl DeviceGrants {
    pub(crate) fn new(core: Arc<Core>, keys: ApiKeys) -> Self {
        Self { core, keys }
    }

    /// A program asks. Nothing is told to anybody yet.
    pub(crate) async fn begin(&self, asked: &Asked, client: &Client) -> Result<Begun, Error> {
        self.core.limits.device_grant(client).await?;
        let now = self.core.clock.now();
        let (device_code, user_code) = (Token::random()?, UserCode::random()?);
        let grant = NewGrant {
            device: &device_code.hash(),
            user_hash: &self.core.secrets.user_code_mac(&user_code),
            asked,
            from: (&client.address_text(), &client.network()),
            life: (now, later(now, LIFETIME)),
            interval: INTERVAL,
        };
        let db = self.core.db.client().await?;
        if !device_grant_insert(&db, &grant, (MOST_OF_NETWORK, MOST)).await? {
            return Err(Error::Limited(FULL_RETRY));
        }
        Ok(Begun {
            device_code,
            user_code,
            interval: INTERVAL,
        })
    }

    /// What waits behind a typed code. Decides nothing.
    pub(crate) async fn find(
        &self,
        who: UserId,
        typed: &str,
        client: &Client,
    ) -> Result<Typed<DeviceGrant>, Error> {
        if let Some(wait) = self.count(who, client).await? {
            return Ok(Typed::Limited(wait));
        }
        let found = self.read(typed).await?;
        self.refund(&found, (who, client)).await?;
        Ok(found)
    }

    async fn read(&self, typed: &str) -> Result<Typed<DeviceGrant>, Error> {
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let found = self.waiting(&tx, typed, self.core.clock.now()).await?;
        Ok(found.map_or(Typed::Unknown, Typed::Known))
    }

    /// Somebody decides. Of two decisions at once the first counts.
    pub(crate) async fn decide(
        &self,
        acting: Acting,
        (typed, approved): (&str, bool),
        client: &Client,
    ) -> Result<Typed<Asked>, Error> {
        let who = acting.user_id;
        if let Some(wait) = self.count(who, client).await? {
            return Ok(Typed::Limited(wait));
        }
        let decided = self.write_down(acting, (typed, approved), client).await?;
        self.refund(&decided, (who, client)).await?;
        Ok(decided)
    }

    async fn write_down(
        &self,
        acting: Acting,
        (typed, approved): (&str, bool),
        client: &Client,
    ) -> Result<Typed<Asked>, Error> {
        let (who, now) = (acting.user_id, self.core.clock.now());
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let Some(grant) = self.waiting(&tx, typed, now).await? else {
            return Ok(Typed::Unknown);
        };
        if approved && api_key_live_count(&tx, who.0, now).await? >= MOST_KEYS {
            return Ok(Typed::NoRoom);
        }
        device_grant_decide(&tx, &grant.device, (who, approved)).await?;
        let action = if approved {
            "device.approve"
        } else {
            "device.deny"
        };
        Audit::success(action)
            .actor(who)
            .subject(Some(who))
            .session(acting.session_id)
            .client(client)
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        Ok(Typed::Known(grant.asked))
    }

    /// The program looks, and gets its key if it may: once. The key is of whoever said yes, and made now: nothing
    /// that opens anything is kept in between.
    pub(crate) async fn look(&self, device_code: &str, client: &Client) -> Result<Looked, Error> {
        self.core.limits.device_poll(client).await?;
        let Some(device) = Token::parse(device_code).map(|token| token.hash()) else {
            return Ok(Looked::Unknown);
        };
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let Some(mut grant) = device_grant_hold(&tx, &device).await? else {
            return Ok(Looked::Unknown);
        };
        if grant.used_at.is_some() {
            return Ok(Looked::Unknown);
        }
        if now >= grant.expires_at {
            return Ok(Looked::Expired);
        }
        let in_time = grant.pace.look(now);
        device_grant_poll(&tx, &device, grant.pace).await?;
        let looked = match grant.decision {
            _ if !in_time => Looked::TooOften,
            None => Looked::Pending,
            Some((_, false)) => Looked::Denied,
            Some((who, true)) => self.hand_over(&tx, (&grant, who), (now, client)).await?,
        };
        tx.commit().await?;
        Ok(looked)
    }

    async fn hand_over(
        &self,
        tx: &impl InTransaction,
        (grant, who): (&DeviceGrant, UserId),
        (now, client): (Timestamp, &Client),
    ) -> Result<Looked, Error> {
        let wish = Wish {
            holder: Holder::Person(who),
            name: grant.asked.name.clone(),
            reach: grant.asked.reach.clone(),
            days: grant.asked.days,
        };
        let audit = Audit::success("key.create")
            .reason("device")
            .actor(who)
            .client(client);
        let Made::Key(made) = self.keys.create_in(tx, &wish, (audit, now)).await? else {
            return Ok(Looked::Denied);
        };
        if !device_grant_use(tx, &grant.device, now).await? {
            return Err(Error::KeyNotFound);
        }
        let about = match client.address_text() {
            address if address.is_empty() => wish.name,
            address => format!("{} · {address}", wish.name),
        };
        FactorNotice::to(who, Happening::DeviceConnected, now)
            .about(about)
            .enqueue(tx)
            .await?;
        Ok(Looked::Key(made, grant.asked.reach.granted()))
    }

    async fn waiting(
        &self,
        tx: &impl InTransaction,
        typed: &str,
        now: Timestamp,
    ) -> Result<Option<DeviceGrant>, Error> {
        let Some(code) = UserCode::parse(typed) else {
            return Ok(None);
        };
        let hash = self.core.secrets.user_code_mac(&code);
        Ok(device_grant_find_waiting(tx, &hash, now).await?)
    }

    /// Counts a code before it is looked up; for how long nothing may be tried.
    async fn count(&self, who: UserId, client: &Client) -> Result<Option<Duration>, Error> {
        let guesses = self.core.limits.guesses();
        match guesses.user_code(&self.core.secrets, (who, client)).await {
            Err(Error::Limited(wait)) => {
                let line = Audit::limited("device.approve").actor(who).client(client);
                self.core.note_limited(&who.0.to_string(), line).await?;
                Ok(Some(wait))
            }
            other => other.map(|()| None),
        }
    }

    /// Only wrong codes count.
    async fn refund<T>(&self, typed: &Typed<T>, by: (UserId, &Client)) -> Result<(), Error> {
        if matches!(typed, Typed::Unknown | Typed::Limited(_)) {
            return Ok(());
        }
        let guesses = self.core.limits.guesses();
        guesses.user_code_was_right(&self.core.secrets, by).await
    }
}
