//! Sessions: beginning, recognising, listing and ending them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use platform_pg::InTransaction;
use platform_pg::outbox::{self, Event};
use rpc::events::auth as events;
use rpc::events::auth::SessionCreated;

use crate::domain::factor::{Factor, names};
use crate::domain::login::LoginKey;
use crate::domain::session::{Cutoffs, EndReason, Lifetime, SessionId, SessionPolicy};
use crate::domain::subject::{Subject, UserId};
use crate::domain::token::{Token, TokenHash};
use crate::error::Error;
use crate::service::Core;
use crate::service::account_mails::{AccountMail, Occasion};
use crate::service::aside::Aside;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::device_cookie::DeviceCookie;
use crate::service::notices::NewSignIn;
use crate::service::step_up::owes_from;
use crate::store::active_sessions::{ActiveSession, session_list_everybody};
use crate::store::devices::device_seen;
use crate::store::sessions::{
    FoundSession, ListedSession, NewSession, SessionKey, session_end, session_end_all,
    session_find, session_insert, session_list, session_touch,
};

/// Most sessions of the administrators' list.
const MOST_ACTIVE: i64 = 200;

/// The session somebody acts in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acting {
    /// Who.
    pub(crate) user_id: UserId,
    /// In which session.
    pub(crate) session_id: SessionId,
}

/// How a session comes about.
#[derive(Debug)]
pub(crate) struct Opening<'a> {
    /// Whose it will be.
    pub(crate) subject: &'a Subject,
    /// How they proved it.
    pub(crate) factors: &'a [Factor],
    /// From which browser.
    pub(crate) client: &'a Client,
    /// The browser's device cookie from now on.
    pub(crate) device: DeviceCookie,
    /// Whether the person is told when the browser is new.
    pub(crate) notify: bool,
    /// The session this browser is in until now. It ends, so that nothing is left behind under a lost cookie; one of
    /// another person is put aside.
    pub(crate) replaces: Option<Acting>,
}

/// What the browser is handed.
#[derive(Debug)]
pub(crate) struct Opened {
    /// Value of the session cookie.
    pub(crate) token: Token,
    /// Value of the device cookie.
    pub(crate) device: DeviceCookie,
    /// How long the browser keeps the session cookie.
    pub(crate) stays: SignedDuration,
    /// What opens the sessions of the other accounts of this browser from now on.
    pub(crate) others: Vec<Token>,
    /// Ended by this; to be made known after the commit.
    pub(crate) replaced: Vec<SessionKey>,
}

/// A live session and the token its forms carry.
#[derive(Debug)]
pub(crate) struct Introspected {
    /// When it is over at the latest.
    pub(crate) ends_at: Timestamp,
    /// The session and its person.
    pub(crate) session: FoundSession,
    /// Anti-forgery token.
    pub(crate) csrf_token: String,
    /// Less was proven in the session than policy asks of an administrator: their pages wait for more.
    pub(crate) owes_factor: bool,
}

/// Use cases around sessions. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sessions {
    core: Arc<Core>,
}

impl Sessions {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Begins a session in the caller's transaction. The id is always new: nothing a browser presented is adopted.
    pub(crate) async fn open(
        &self,
        tx: &impl InTransaction,
        opening: Opening<'_>,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        let (subject, client) = (opening.subject, opening.client);
        let token = Token::random()?;
        let session_id = SessionId::new();
        let (device, address) = (client.device(), client.address_text());
        let aside = Aside::make_room(tx, &opening, now).await?;
        let policy = self.core.session_policy();
        let remembered = aside.remembered.unwrap_or(client.remember);
        session_insert(
            tx,
            &NewSession {
                session_id,
                user_id: subject.user_id,
                token_hash: &token.hash(),
                factors: &names(opening.factors),
                device: &device,
                address: &address,
                lifetime: Lifetime::beginning(now, remembered, policy),
                former: opening.replaces.map(|former| former.session_id),
            },
        )
        .await?;
        let new_device = device_seen(tx, subject.user_id, &opening.device.hash(), now).await?;
        let created = SessionCreated {
            user_id: subject.user_id.0.to_string(),
            session_id: session_id.0.to_string(),
            device: device.clone(),
            address: address.clone(),
            new_device,
        };
        outbox::publish(
            tx,
            Event::new(events::SESSION_CREATED, subject.user_id.0, &created),
        )
        .await?;
        if new_device && opening.notify {
            let notice = NewSignIn {
                user_id: subject.user_id,
                session_id: session_id.0,
                device,
                address,
                at: now,
            };
            notice.enqueue(tx).await?;
            AccountMail::about(subject.user_id, Occasion::NewDevice, client, now)
                .enqueue(tx)
                .await?;
        }
        Audit::success("sign_in")
            .actor(subject.user_id)
            .subject(Some(subject.user_id))
            .session(session_id)
            .client(client)
            .record(tx, now)
            .await?;
        Ok(Opened {
            token,
            device: opening.device,
            stays: policy.whole(remembered),
            others: aside.others,
            replaced: aside.ended,
        })
    }

    /// Resolves a cookie to the session it stands for, if that is live. Answers from Redis when it can and asks
    /// PostgreSQL when in doubt; records the use at most once a minute.
    pub(crate) async fn introspect(&self, text: &str) -> Result<Option<Introspected>, Error> {
        let Some(token) = Token::parse(text) else {
            return Ok(None);
        };
        let (hash, now) = (token.hash(), self.core.clock.now());
        let session = match self.copied(&hash, now).await {
            Some(session) => Some(session),
            None => self.stored(&hash, now).await?,
        };
        Ok(session.map(|session| Introspected {
            ends_at: session.lifetime.ends_at(self.core.session_policy()),
            owes_factor: session.owes_from.is_some_and(|from| from <= now),
            csrf_token: self.core.secrets.csrf_token(session.lineage),
            session,
        }))
    }

    async fn copied(&self, hash: &TokenHash, now: Timestamp) -> Option<FoundSession> {
        let copy = self.core.copies.read(hash).await?;
        let trusted = counts(&copy, now, self.core.session_policy())
            && !copy.lifetime.wants_touch(now)
            && !self.core.revocations.veto(hash, &copy);
        trusted.then_some(copy)
    }

    async fn stored(
        &self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<FoundSession>, Error> {
        let generation = self.core.copies.generation().await;
        let client = self.core.db.client().await?;
        let Some(mut session) = session_find(&client, hash).await? else {
            return Ok(None);
        };
        let policy = self.core.session_policy();
        if !counts(&session, now, policy) {
            return Ok(None);
        }
        if session.lifetime.wants_touch(now) {
            if session_touch(&client, session.session_id, now).await? {
                session.lifetime.last_seen_at = now;
            } else {
                // Ended meanwhile, or used at the same moment through another instance whose clock is ahead.
                let again = session_find(&client, hash).await?;
                let Some(again) = again.filter(|session| counts(session, now, policy)) else {
                    return Ok(None);
                };
                session = again;
            }
        }
        session.owes_from = owes_from(&client, &session).await?;
        drop(client);
        self.core.copies.fill(hash, &session, generation).await;
        Ok(Some(session))
    }

    /// Live sessions of a person, newest first, at most 100.
    pub(crate) async fn list(&self, who: UserId) -> Result<Vec<ListedSession>, Error> {
        let now = self.core.clock.now();
        let client = self.core.db.client().await?;
        let live = Cutoffs::at(now, self.core.session_policy());
        Ok(session_list(&client, who, live).await?)
    }

    /// Live sessions of everybody whose name or address fits, last used first, at most 200.
    pub(crate) async fn list_everybody(&self, words: &str) -> Result<Vec<ActiveSession>, Error> {
        let now = self.core.clock.now();
        let words = LoginKey::of(words);
        let client = self.core.db.client().await?;
        let live = Cutoffs::at(now, self.core.session_policy());
        Ok(session_list_everybody(&client, live, words.as_str(), MOST_ACTIVE).await?)
    }

    /// Ends the session somebody acts in.
    pub(crate) async fn sign_out(&self, acting: Acting, client: &Client) -> Result<(), Error> {
        let audit = Audit::success("sign_out")
            .actor(acting.user_id)
            .client(client);
        let own = (acting.user_id, acting.session_id);
        self.end(own, (EndReason::SignedOut, audit)).await.map(drop)
    }

    /// Ends one session of the person who acts. Somebody else's is not found.
    pub(crate) async fn end_own(
        &self,
        acting: Acting,
        session: SessionId,
        client: &Client,
    ) -> Result<(), Error> {
        let audit = Audit::success("session.end")
            .actor(acting.user_id)
            .client(client);
        let end = (EndReason::EndedByOwner, audit);
        if self.end((acting.user_id, session), end).await? {
            Ok(())
        } else {
            Err(Error::SessionNotFound)
        }
    }

    async fn end(
        &self,
        (who, session): (UserId, SessionId),
        (reason, audit): (EndReason, Audit),
    ) -> Result<bool, Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let ended = session_end(&tx, (who, session), (now, reason.name())).await?;
        let Some(key) = ended else {
            return Ok(false);
        };
        audit
            .reason(reason.name())
            .subject(Some(who))
            .session(session)
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        drop(client);
        self.core
            .revocations
            .ended(&self.core.db, &[key], now)
            .await;
        Ok(true)
    }

    /// Ends all sessions of the person who acts but the one they act in; returns how many.
    pub(crate) async fn end_others(&self, acting: Acting, client: &Client) -> Result<usize, Error> {
        let audit = Audit::success("session.end")
            .actor(acting.user_id)
            .client(client);
        self.end_all(
            (acting.user_id, Some(acting.session_id)),
            (EndReason::EndedByOwner, audit),
        )
        .await
    }

    /// Ends one or all sessions of a person for another service; returns how many.
    pub(crate) async fn end_for(
        &self,
        who: UserId,
        session: Option<SessionId>,
        audit: Audit,
    ) -> Result<usize, Error> {
        match session {
            None => {
                self.end_all((who, None), (EndReason::EndedByOperator, audit))
                    .await
            }
            Some(session) => {
                let end = (EndReason::EndedByOperator, audit);
                Ok(usize::from(self.end((who, session), end).await?))
            }
        }
    }

    async fn end_all(
        &self,
        (who, except): (UserId, Option<SessionId>),
        (reason, audit): (EndReason, Audit),
    ) -> Result<usize, Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let keys = session_end_all(&tx, (who, except), (now, reason.name())).await?;
        if !keys.is_empty() {
            audit
                .reason(reason.name())
                .subject(Some(who))
                .record(&tx, now)
                .await?;
        }
        tx.commit().await?;
        drop(client);
        self.core.revocations.ended(&self.core.db, &keys, now).await;
        Ok(keys.len())
    }

    /// Makes ends known that were committed by another use case.
    pub(crate) async fn announce(&self, keys: &[SessionKey], now: Timestamp) {
        self.core.revocations.ended(&self.core.db, keys, now).await;
    }
}

/// Whether a session that was not ended still stands for its person.
pub(crate) fn counts(session: &FoundSession, now: Timestamp, policy: SessionPolicy) -> bool {
    session.lifetime.is_live(now, policy) && session.subject.may_sign_in()
}
