//! Making room in a browser for a session that begins: what it held of the same person ends, what it held of others
//! is put aside, a few at most.

use jiff::Timestamp;
use platform_pg::InTransaction;

use crate::domain::session::{EndReason, SessionId};
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::sessions::{Acting, Opening};
use crate::store::sessions::{
    FoundSession, SessionKey, session_end, session_find, session_is_remembered, session_renew,
};

/// Most accounts of one browser beside the one it acts as. Their cookie has 180 bytes then.
pub(crate) const MOST_OTHERS: usize = 4;

/// What became of what the browser held.
#[derive(Debug, Default)]
pub(crate) struct Aside {
    /// What opens the sessions of others from now on, the last one in front.
    pub(crate) others: Vec<Token>,
    /// Ended; to be made known after the commit.
    pub(crate) ended: Vec<SessionKey>,
    /// Whether the former session of the same person was a remembered one.
    pub(crate) remembered: Option<bool>,
}

impl Aside {
    /// Makes room for the session of `opening`.
    pub(crate) async fn make_room(
        tx: &impl InTransaction,
        opening: &Opening<'_>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let mut aside = Self::default();
        let who = opening.subject.user_id;
        match opening.replaces {
            Some(former) if former.user_id == who => {
                let session = (former.user_id, former.session_id);
                aside.remembered = Some(session_is_remembered(tx, session).await?);
                aside.end(tx, former, now).await?;
            }
            Some(former) => aside.put(tx, former, now).await?,
            None => {}
        }
        let held = opening.replaces.map(|former| former.user_id);
        for (token, session) in found(tx, &opening.client.others).await? {
            let owner = session.subject.user_id;
            if owner == who || held == Some(owner) || aside.others.len() == MOST_OTHERS {
                aside.end(tx, acting(&session), now).await?;
            } else {
                aside.others.push(token);
            }
        }
        Ok(aside)
    }

    /// Puts the session a browser acts in aside: it goes on under a new id and a new secret, so that the cookie that
    /// acts and the one that waits are never the same.
    pub(crate) async fn put(
        &mut self,
        tx: &impl InTransaction,
        session: Acting,
        now: Timestamp,
    ) -> Result<(), Error> {
        if let Some(token) = self.renew(tx, session, now).await? {
            self.others.insert(0, token);
        }
        Ok(())
    }

    /// Lets a session go on under a new id and a new secret; nothing when it is over.
    pub(crate) async fn renew(
        &mut self,
        tx: &impl InTransaction,
        session: Acting,
        now: Timestamp,
    ) -> Result<Option<Token>, Error> {
        if !self.end(tx, session, now).await? {
            return Ok(None);
        }
        let token = Token::random()?;
        let next = (SessionId::new(), &token.hash());
        session_renew(tx, session.session_id, next).await?;
        Ok(Some(token))
    }

    async fn end(
        &mut self,
        tx: &impl InTransaction,
        session: Acting,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let end = (now, EndReason::Replaced.name());
        let key = session_end(tx, (session.user_id, session.session_id), end).await?;
        let was_there = key.is_some();
        self.ended.extend(key);
        Ok(was_there)
    }
}

/// The sessions behind what a browser put aside, as far as they were not ended; each person once, and no more than
/// a browser may hold.
pub(crate) async fn found(
    client: &impl platform_pg::GenericClient,
    tokens: &[Token],
) -> Result<Vec<(Token, FoundSession)>, Error> {
    let mut sessions: Vec<(Token, FoundSession)> = Vec::new();
    for token in tokens.iter().take(MOST_OTHERS) {
        let Some(session) = session_find(client, &token.hash()).await? else {
            continue;
        };
        let owner = session.subject.user_id;
        if sessions
            .iter()
            .all(|(_, other)| other.subject.user_id != owner)
        {
            sessions.push((token.clone(), session));
        }
    }
    Ok(sessions)
}

/// The session itself.
pub(crate) fn acting(session: &FoundSession) -> Acting {
    Acting {
        user_id: session.subject.user_id,
        session_id: session.session_id,
    }
}
