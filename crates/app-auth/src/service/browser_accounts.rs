//! Several accounts in one browser: one acts, the others wait, and each change of roles has new secrets.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::domain::session::EndReason;
use crate::domain::subject::UserId;
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::Core;
use crate::service::aside::{Aside, acting, found};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::sessions::{Acting, counts};
use crate::store::sessions::{FoundSession, session_end};

/// An account that waits.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// Whose.
    pub(crate) user_id: UserId,
    /// Name to show.
    pub(crate) display_name: String,
    /// Sign-in name.
    pub(crate) username: String,
}

/// What the browser is handed when another account acts.
#[derive(Debug)]
pub(crate) struct Switched {
    /// Value of the session cookie.
    pub(crate) token: Token,
    /// How long the browser keeps it.
    pub(crate) stays: SignedDuration,
    /// What opens the sessions of the others from now on.
    pub(crate) others: Vec<Token>,
}

/// Use cases around the accounts of one browser. Cheap to clone.
#[derive(Clone)]
pub(crate) struct BrowserAccounts {
    core: Arc<Core>,
}

impl BrowserAccounts {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The accounts that wait in this browser, the last one in front.
    pub(crate) async fn waiting(&self, client: &Client) -> Result<Vec<Waiting>, Error> {
        if client.others.is_empty() {
            return Ok(Vec::new());
        }
        let live = self.live(&client.others).await?;
        Ok(live
            .into_iter()
            .map(|(_, session)| Waiting {
                user_id: session.subject.user_id,
                display_name: session.subject.display_name,
                username: session.subject.username,
            })
            .collect())
    }

    /// Lets the waiting account of a person act; who acted until now waits. Nothing when it waits no more.
    pub(crate) async fn switch(
        &self,
        to: UserId,
        acts: Option<Acting>,
        client: &Client,
    ) -> Result<Option<Switched>, Error> {
        let (chosen, rest): (Vec<_>, Vec<_>) = self
            .live(&client.others)
            .await?
            .into_iter()
            .partition(|(_, session)| session.subject.user_id == to);
        let Some((_, session)) = chosen.into_iter().next() else {
            return Ok(None);
        };
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let mut aside = Aside::default();
        let Some(token) = aside.renew(&tx, acting(&session), now).await? else {
            return Ok(None);
        };
        if let Some(acts) = acts {
            aside.put(&tx, acts, now).await?;
        }
        Audit::success("session.switch")
            .actor(to)
            .subject(Some(to))
            .client(client)
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        drop(db);
        self.core
            .revocations
            .ended(&self.core.db, &aside.ended, now)
            .await;
        aside
            .others
            .extend(rest.into_iter().map(|(token, _)| token));
        let remembered = session.lifetime.remembered;
        Ok(Some(Switched {
            token,
            stays: self.core.session_policy().whole(remembered),
            others: aside.others,
        }))
    }

    /// Signs waiting accounts out: of one person, or all. Returns what opens those that are left.
    pub(crate) async fn leave(
        &self,
        who: Option<UserId>,
        client: &Client,
    ) -> Result<Vec<Token>, Error> {
        let (leaving, left): (Vec<_>, Vec<_>) = self
            .live(&client.others)
            .await?
            .into_iter()
            .partition(|(_, session)| who.is_none_or(|who| session.subject.user_id == who));
        let now = self.core.clock.now();
        let mut ended = Vec::new();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        for (_, session) in &leaving {
            let Acting {
                user_id,
                session_id,
            } = acting(session);
            let end = (now, EndReason::SignedOut.name());
            ended.extend(session_end(&tx, (user_id, session_id), end).await?);
            Audit::success("sign_out")
                .actor(user_id)
                .subject(Some(user_id))
                .session(session_id)
                .client(client)
                .record(&tx, now)
                .await?;
        }
        tx.commit().await?;
        drop(db);
        self.core
            .revocations
            .ended(&self.core.db, &ended, now)
            .await;
        Ok(left.into_iter().map(|(token, _)| token).collect())
    }

    async fn live(&self, tokens: &[Token]) -> Result<Vec<(Token, FoundSession)>, Error> {
        let (now, policy) = (self.core.clock.now(), self.core.session_policy());
        let db = self.core.db.client().await?;
        let mut sessions = found(&db, tokens).await?;
        sessions.retain(|(_, session)| counts(session, now, policy));
        Ok(sessions)
    }
}
