//! Keys for programs: making, rolling, ending and recognising them.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use platform::http::network_of;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::domain::api_key::{ApiKey, KeyId, KeyKind, TOUCH_EVERY, expiry};
use crate::domain::reach::Reach;
use crate::domain::session::{SessionId, earlier, later};
use crate::domain::subject::{Subject, UserId};
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::tell::{Both, Tell};
use crate::store::api_keys::{
    Behind, Holder, ListedKey, NewKey, StoredKey, api_key_find, api_key_get, api_key_insert,
    api_key_list, api_key_live_count, api_key_revoke, api_key_shorten, api_key_touch,
};
use crate::store::service_accounts::service_account_list;
use crate::store::subjects::subject_hold;

/// Most working keys of one person or service account.
pub(crate) const MOST_KEYS: i64 = 50;
/// Most keys of a list.
const MOST_LISTED: i64 = 500;
/// The old key works no longer than this beside its successor.
const MOST_OVERLAP: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A key somebody wants.
#[derive(Debug)]
pub(crate) struct Wish {
    /// For whom.
    pub(crate) holder: Holder,
    /// What to call it, 1 to 80 characters.
    pub(crate) name: String,
    /// How far it reaches.
    pub(crate) reach: Reach,
    /// For how many days, 1 to 365.
    pub(crate) days: u16,
}

/// A key that was just made: the only moment its text is known.
#[derive(Debug)]
pub(crate) struct MadeKey {
    /// Its id.
    pub(crate) key_id: KeyId,
    /// What its owner calls it.
    pub(crate) name: String,
    /// The key itself.
    pub(crate) text: Zeroizing<String>,
    /// Until when.
    pub(crate) expires_at: Timestamp,
}

/// What became of a wish.
#[derive(Debug)]
pub(crate) enum Made {
    /// Here it is.
    Key(MadeKey),
    /// The holder has [`MOST_KEYS`] working keys.
    TooMany,
    /// The holder may not act.
    Disabled,
}

/// Whose keys somebody may reach.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    /// Their own.
    Of(Uuid),
    /// Everybody's: an administrator or the operator.
    Anybodys,
}

/// A key that opens something, and for whom.
#[derive(Debug)]
pub(crate) struct Recognised {
    /// The key.
    pub(crate) key: StoredKey,
    /// The person or service account as apps see them.
    pub(crate) subject: Subject,
}

/// Use cases around keys. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ApiKeys {
    core: Arc<Core>,
}

impl ApiKeys {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Makes a key.
    pub(crate) async fn create(&self, wish: &Wish, audit: Audit) -> Result<Made, Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let made = self.create_in(&tx, wish, (audit, now)).await?;
        if matches!(made, Made::Key(_)) {
            tell_holder(&tx, wish, now).await?;
            tx.commit().await?;
        }
        Ok(made)
    }

    /// Makes a key together with what else a transaction does.
    pub(crate) async fn create_in(
        &self,
        tx: &impl platform_pg::InTransaction,
        wish: &Wish,
        (audit, now): (Audit, Timestamp),
    ) -> Result<Made, Error> {
        // Held, so that whoever disables the holder at this moment waits and then ends this key too.
        let kind = match wish.holder {
            Holder::Person(id) => {
                let subject = subject_hold(tx, id).await?.ok_or(Error::SubjectNotFound)?;
                if !subject.may_sign_in() {
                    return Ok(Made::Disabled);
                }
                KeyKind::Personal
            }
            Holder::Account(id) => {
                let found = service_account_list(tx, Some(id)).await?;
                found.first().ok_or(Error::AccountNotFound)?;
                KeyKind::Service
            }
        };
        if api_key_live_count(tx, wish.holder.id(), now).await? >= MOST_KEYS {
            return Ok(Made::TooMany);
        }
        let made = insert(tx, (kind, wish), (now, expiry(now, wish.days))).await?;
        audit
            .subject(Some(UserId(wish.holder.id())))
            .session(SessionId(made.key_id.0))
            .record(tx, now)
            .await?;
        Ok(Made::Key(made))
    }

    /// Keys of one holder or of everybody, newest first, at most 500.
    pub(crate) async fn list(&self, whose: Whose) -> Result<Vec<ListedKey>, Error> {
        let holder = match whose {
            Whose::Of(id) => Some(id),
            Whose::Anybodys => None,
        };
        let client = self.core.db.client().await?;
        Ok(api_key_list(&client, holder, MOST_LISTED).await?)
    }

    /// Makes a successor that reaches as far; the old key ends after `overlap`, at most seven days.
    pub(crate) async fn roll(
        &self,
        (whose, id): (Whose, KeyId),
        overlap: SignedDuration,
        audit: Audit,
    ) -> Result<MadeKey, Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let old = self.of(&tx, whose, id).await?.key;
        if !old.validity.is_live(now) {
            return Err(Error::KeyNotFound);
        }
        let days = old
            .validity
            .expires_at
            .duration_since(old.created_at)
            .as_hours()
            / 24;
        let (kind, wish) = (
            match old.holder {
                Holder::Person(_) => KeyKind::Personal,
                Holder::Account(_) => KeyKind::Service,
            },
            Wish {
                holder: old.holder,
                name: old.name.clone(),
                reach: old.reach.clone(),
                days: u16::try_from(days).unwrap_or(1),
            },
        );
        let made = insert(&tx, (kind, &wish), (now, expiry(now, wish.days))).await?;
        tell_holder(&tx, &wish, now).await?;
        let overlap = overlap.clamp(SignedDuration::ZERO, MOST_OVERLAP);
        let ended = if overlap.is_zero() {
            api_key_revoke(&tx, id, (now, "rolled")).await?
        } else {
            api_key_shorten(&tx, id, later(now, overlap)).await?;
            None
        };
        audit
            .subject(Some(UserId(old.holder.id())))
            .session(SessionId(id.0))
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        drop(client);
        // What gateways remember of the old one has another end now.
        let key = ended.unwrap_or_else(|| crate::store::sessions::SessionKey {
            session_id: SessionId(id.0),
            user_id: UserId(old.holder.id()),
            token_hash: old.secret_hash.clone(),
        });
        self.core.revocations.changed_key(&self.core.db, &key).await;
        Ok(made)
    }

    /// Ends a key. One that is somebody else's, or over, is not found.
    pub(crate) async fn revoke(
        &self,
        (whose, id): (Whose, KeyId),
        reason: &'static str,
        audit: Audit,
    ) -> Result<(), Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let old = self.of(&tx, whose, id).await?.key;
        let ended = api_key_revoke(&tx, id, (now, reason)).await?;
        let ended = ended.ok_or(Error::KeyNotFound)?;
        audit
            .reason(reason)
            .subject(Some(UserId(old.holder.id())))
            .session(SessionId(id.0))
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        drop(client);
        self.core
            .revocations
            .ended(&self.core.db, &[ended], now)
            .await;
        Ok(())
    }

    /// Somebody found a key where it should not be: it ends at once and its owner is told. Nobody learns whether it
    /// was one.
    pub(crate) async fn report_leak(&self, text: &str, client: &Client) -> Result<(), Error> {
        self.core.limits.report(client).await?;
        self.end_presented(text, "leaked", client).await
    }

    /// Whoever has a key gives it back: it ends at once (RFC 7009). Nobody learns whether it was one.
    pub(crate) async fn give_back(&self, text: &str, client: &Client) -> Result<(), Error> {
        self.core.limits.returned_key(client).await?;
        self.end_presented(text, "returned", client).await
    }

    async fn end_presented(
        &self,
        text: &str,
        reason: &'static str,
        client: &Client,
    ) -> Result<(), Error> {
        let Some(key) = ApiKey::parse(text.trim()) else {
            return Ok(());
        };
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let Some((stored, behind)) = api_key_find(&tx, key.public_id()).await? else {
            return Ok(());
        };
        if !key.matches(&stored.secret_hash) {
            return Ok(());
        }
        let Some(ended) = api_key_revoke(&tx, stored.key_id, (now, reason)).await? else {
            return Ok(());
        };
        let owner = match behind {
            Behind::Person(subject) => Some(subject.user_id),
            Behind::Account(account) => account.owner_id,
        };
        if let Some(owner) = owner.filter(|_| reason == "leaked") {
            leaked(owner, &stored, client).enqueue(&tx).await?;
        }
        Audit::success("key.revoke")
            .reason(reason)
            .subject(Some(UserId(stored.holder.id())))
            .session(SessionId(stored.key_id.0))
            .client(client)
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        drop(db);
        self.core
            .revocations
            .ended(&self.core.db, &[ended], now)
            .await;
        Ok(())
    }

    /// Who is behind a key, if it opens anything. Whether it may be used from `address` is for the gateway to
    /// enforce, which sees each request; here a wrong one is only written down, once a minute.
    pub(crate) async fn recognise(
        &self,
        text: &str,
        address: Option<IpAddr>,
    ) -> Result<Option<Recognised>, Error> {
        let Some(presented) = ApiKey::parse(text) else {
            return Ok(None);
        };
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let Some((key, behind)) = api_key_find(&client, presented.public_id()).await? else {
            return Ok(None);
        };
        let subject = match behind {
            Behind::Person(subject) => *subject,
            Behind::Account(account) => account.subject(),
        };
        let opens = presented.matches(&key.secret_hash)
            && key.validity.is_live(now)
            && subject.may_sign_in();
        if !opens {
            return Ok(None);
        }
        if !key.reach.admits(address) {
            if self
                .core
                .limits
                .is_worth_a_line(&format!("key|{}", key.public_id))
                .await
            {
                let tx = client.transaction().await?;
                Audit::refused("key.use", "network")
                    .subject(Some(subject.user_id))
                    .session(SessionId(key.key_id.0))
                    .client(&Client {
                        address,
                        ..Client::default()
                    })
                    .record(&tx, now)
                    .await?;
                tx.commit().await?;
            }
        } else if key
            .last_used_at
            .is_none_or(|last| now >= later(last, TOUCH_EVERY))
        {
            let times = (now, earlier(now, TOUCH_EVERY));
            let from = address.map(network_of).unwrap_or_default();
            api_key_touch(&client, key.key_id, times, &from).await?;
        }
        Ok(Some(Recognised { key, subject }))
    }

    async fn of(
        &self,
        tx: &impl platform_pg::InTransaction,
        whose: Whose,
        id: KeyId,
    ) -> Result<ListedKey, Error> {
        let found = api_key_get(tx, id).await?.ok_or(Error::KeyNotFound)?;
        match whose {
            Whose::Of(holder) if found.key.holder.id() != holder => Err(Error::KeyNotFound),
            Whose::Of(_) | Whose::Anybodys => Ok(found),
        }
    }
}

/// Tells a person of a key that acts for them: it may be somebody else who made it.
async fn tell_holder(
    tx: &impl platform_pg::InTransaction,
    wish: &Wish,
    now: Timestamp,
) -> Result<(), Error> {
    let Holder::Person(who) = wish.holder else {
        return Ok(());
    };
    FactorNotice::to(who, Happening::KeyMade, now)
        .about(wish.name.clone())
        .enqueue(tx)
        .await
}

async fn insert(
    tx: &impl platform_pg::InTransaction,
    (kind, wish): (KeyKind, &Wish),
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<MadeKey, Error> {
    let (key, key_id) = (ApiKey::random(kind)?, KeyId::new());
    let new = NewKey {
        key_id,
        public_id: key.public_id(),
        secret_hash: &key.hash(),
        holder: wish.holder,
        name: &wish.name,
        reach: &wish.reach,
        created_at: now,
        expires_at,
    };
    api_key_insert(tx, &new).await?;
    Ok(MadeKey {
        key_id,
        name: wish.name.clone(),
        text: key.text(),
        expires_at,
    })
}

fn leaked(owner: UserId, key: &StoredKey, client: &Client) -> Tell {
    let name = &key.name;
    let (from, von) = match client.address_text() {
        address if address.is_empty() => (String::new(), String::new()),
        address => (format!(" from {address}"), format!(" von {address}")),
    };
    Tell {
        user_id: owner,
        once: format!("key-leaked:{}", key.key_id.0),
        kind: "auth.key_leaked".to_owned(),
        title: Both::new(
            "A key was reported as leaked",
            "Ein Schlüssel wurde als öffentlich gemeldet",
        ),
        body: Both::new(
            format!(
                "The key \u{201c}{name}\u{201d} was reported{from} and works no more. Make a new one, and find out where the old one could be read."
            ),
            format!(
                "Der Schlüssel \u{201e}{name}\u{201c} wurde{von} gemeldet und gilt nicht mehr. Erstellen Sie einen neuen und klären Sie, wo der alte zu lesen war."
            ),
        ),
        path: "/auth/security/keys".to_owned(),
    }
}
