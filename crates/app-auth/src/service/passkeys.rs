//! A person's own passkeys: adding, naming and removing them.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;
use uuid::Uuid;

use crate::domain::passkey;
use crate::domain::session::{EndReason, earlier, later};
use crate::domain::subject::{Subject, UserId};
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::ceremonies::{Begun, Ceremonies};
use crate::service::client::Client;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::sessions::{Acting, Sessions};
use crate::store::passkeys::{
    ListedPasskey, NewPasskey, Purpose, passkey_challenge_insert, passkey_challenge_purge,
    passkey_challenge_take, passkey_delete, passkey_insert, passkey_is_worth_offering,
    passkey_keys_of, passkey_list, passkey_refusal_put, passkey_rename,
};
use crate::store::passwords::password_find;
use crate::store::sessions::session_end_all;
use crate::store::subjects::{subject_find, subject_hold_alone};

/// How long a challenge may be answered.
pub(crate) const CHALLENGE_HOLDS: SignedDuration = SignedDuration::from_mins(5);
/// How long nobody is offered a passkey again who said "not now".
const REFUSAL_HOLDS: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A challenge for a browser.
#[derive(Debug)]
pub(crate) struct Challenge {
    /// To be sent back with the answer.
    pub(crate) token: Token,
    /// What the browser asks its authenticators.
    pub(crate) options: Value,
}

/// What a browser answered to a challenge.
#[derive(Debug)]
pub(crate) struct Response {
    /// Names the challenge.
    pub(crate) challenge: String,
    /// The authenticator's answer as JSON.
    pub(crate) credential: String,
    /// From which browser.
    pub(crate) client: Client,
}

/// How adding a passkey went.
#[derive(Debug)]
pub(crate) enum Added {
    /// It is there under this name.
    Done(String),
    /// The answer was wrong, too late, or the authenticator is known already.
    Refused,
    /// There are as many as there may be.
    TooMany,
}

/// How removing a passkey went.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// It is gone.
    Done,
    /// It is the only way in that is left.
    LastWayIn,
}

/// Use cases around one's own passkeys. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Passkeys {
    core: Arc<Core>,
    sessions: Sessions,
    ceremonies: Arc<Ceremonies>,
}

impl Passkeys {
    pub(crate) fn new(core: Arc<Core>, sessions: Sessions, ceremonies: Arc<Ceremonies>) -> Self {
        Self {
            core,
            sessions,
            ceremonies,
        }
    }

    /// Whether there can be passkeys here at all.
    pub(crate) fn are_possible(&self) -> bool {
        self.ceremonies.are_possible()
    }

    /// The passkeys of a person.
    pub(crate) async fn list(&self, who: UserId) -> Result<Vec<ListedPasskey>, Error> {
        let db = self.core.db.client().await?;
        Ok(passkey_list(&db, who).await?)
    }

    /// One of them. Somebody else's is not there.
    pub(crate) async fn find(&self, who: UserId, id: Uuid) -> Result<ListedPasskey, Error> {
        let mut all = self.list(who).await?.into_iter();
        all.find(|one| one.passkey_id == id)
            .ok_or(Error::PasskeyNotFound)
    }

    /// Whether a person who just typed their password should be told that there is something better.
    pub(crate) async fn is_worth_offering(&self, who: UserId) -> Result<bool, Error> {
        let since = earlier(self.core.clock.now(), REFUSAL_HOLDS);
        let db = self.core.db.client().await?;
        Ok(self.are_possible() && passkey_is_worth_offering(&db, who, since).await?)
    }

    /// Does not offer one again for a while.
    pub(crate) async fn refuse_offer(&self, who: UserId) -> Result<(), Error> {
        let db = self.core.db.client().await?;
        Ok(passkey_refusal_put(&db, who, self.core.clock.now()).await?)
    }

    /// A challenge with which a person adds a passkey.
    pub(crate) async fn begin_adding(
        &self,
        who: UserId,
        client: &Client,
    ) -> Result<Challenge, Error> {
        self.core.limits.passkey_challenge(client).await?;
        let db = self.core.db.client().await?;
        let subject = subject_find(&db, who).await?;
        let subject = subject.ok_or(Error::SubjectNotFound)?;
        let have = passkey_keys_of(&db, who).await?;
        drop(db);
        let begun = self.ceremonies.begin_adding(&subject, &have)?;
        keep(&self.core, Purpose::Add(who), begun).await
    }

    /// Adds a passkey.
    pub(crate) async fn add(
        &self,
        who: UserId,
        typed: &str,
        response: Response,
    ) -> Result<Added, Error> {
        let now = self.core.clock.now();
        let taken = take(&self.core, Purpose::Add(who), &response.challenge).await?;
        let Some(state) = taken else {
            return Ok(Added::Refused);
        };
        let made = self.ceremonies.finish_adding(state, &response.credential)?;
        let Some(made) = made else {
            return Ok(Added::Refused);
        };
        let model = passkey::model(&authenticator_data(&response.credential));
        let name = passkey::name(typed, model, &response.client.device());
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let held = subject_hold_alone(&tx, who).await?;
        held.filter(Subject::may_sign_in)
            .ok_or(Error::SubjectNotFound)?;
        if passkey_keys_of(&tx, who).await?.len() >= passkey::MOST {
            return Ok(Added::TooMany);
        }
        let new = NewPasskey {
            passkey_id: Uuid::now_v7(),
            user_id: who,
            credential_id: &made.credential_id,
            credential: &made.credential,
            name: &name,
            model,
        };
        if !passkey_insert(&tx, &new, now).await? {
            return Ok(Added::Refused);
        }
        let client = &response.client;
        Audit::success("passkey.add")
            .actor(who)
            .subject(Some(who))
            .client(client)
            .record(&tx, now)
            .await?;
        FactorNotice::to(who, Happening::PasskeyAdded, now)
            .enqueue(&tx)
            .await?;
        tx.commit().await?;
        drop(db);
        self.core.has_other_factors(who).await;
        Ok(Added::Done(name))
    }

    /// Gives a passkey of the person who acts another name.
    pub(crate) async fn rename(&self, who: UserId, id: Uuid, name: &str) -> Result<(), Error> {
        let db = self.core.db.client().await?;
        let renamed = passkey_rename(&db, (who, id), name).await?;
        renamed.then_some(()).ok_or(Error::PasskeyNotFound)
    }

    /// Removes a passkey of the person who acts, and ends all other sessions if asked to. Somebody else's is not
    /// there.
    pub(crate) async fn remove(
        &self,
        acting: Acting,
        (id, end_others): (Uuid, bool),
        client: &Client,
    ) -> Result<Removed, Error> {
        let (who, now) = (acting.user_id, self.core.clock.now());
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let held = subject_hold_alone(&tx, who).await?;
        if !passkey_delete(&tx, (who, id)).await? {
            return Err(Error::PasskeyNotFound);
        }
        let is_last = passkey_keys_of(&tx, who).await?.is_empty();
        let elsewhere = held.is_some_and(|subject| subject.signs_in_by_directory());
        if is_last && !elsewhere && password_find(&tx, who).await?.is_none() {
            return Ok(Removed::LastWayIn);
        }
        let mut ended = Vec::new();
        if end_others {
            let end = (now, EndReason::FactorRemoved.name());
            ended = session_end_all(&tx, (who, Some(acting.session_id)), end).await?;
        }
        Audit::success("passkey.remove")
            .actor(who)
            .subject(Some(who))
            .session(acting.session_id)
            .client(client)
            .record(&tx, now)
            .await?;
        FactorNotice::to(who, Happening::PasskeyRemoved, now)
            .enqueue(&tx)
            .await?;
        tx.commit().await?;
        drop(db);
        self.sessions.announce(&ended, now).await;
        self.core.has_other_factors(who).await;
        Ok(Removed::Done)
    }
}

/// Stores what a challenge needs when it is answered, and gives it a name.
pub(super) async fn keep(core: &Core, purpose: Purpose, begun: Begun) -> Result<Challenge, Error> {
    let now = core.clock.now();
    let token = Token::random()?;
    let db = core.db.client().await?;
    passkey_challenge_purge(&db, now).await?;
    let key = (&token.hash(), purpose);
    passkey_challenge_insert(&db, key, &begun.state, later(now, CHALLENGE_HOLDS)).await?;
    Ok(Challenge {
        token,
        options: begun.options,
    })
}

/// Takes a challenge up for good, before its answer is looked at.
pub(super) async fn take(
    core: &Core,
    purpose: Purpose,
    token: &str,
) -> Result<Option<Value>, Error> {
    let Some(token) = Token::parse(token) else {
        return Ok(None);
    };
    let db = core.db.client().await?;
    Ok(passkey_challenge_take(&db, (&token.hash(), purpose), core.clock.now()).await?)
}

/// What an authenticator says of itself, as the browser repeats it. A hint for the name, nothing else.
fn authenticator_data(credential: &str) -> String {
    let value: Option<Value> = serde_json::from_str(credential).ok();
    value
        .as_ref()
        .and_then(|value| value.pointer("/response/authenticatorData"))
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
