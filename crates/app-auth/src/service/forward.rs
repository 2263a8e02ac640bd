//! Forward-auth: answering the proxies of tools, and carrying a sign-in to a tool's host.
//!
//! A browser without a sign-in at the tool gets a cookie that only says which browser it is, and is sent here. Here it
//! is given a ticket for that browser, tool and host, and sent back. There the ticket becomes the tool's own cookie. So
//! nobody can be signed in by a link that somebody else made.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::domain::forward::{Address, Tool};
use crate::domain::session::{earlier, later};
use crate::domain::subject::{Subject, UserId};
use crate::domain::token::{Token, TokenHash};
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::sessions::{Acting, counts};
use crate::store::forward::{
    Binding, StoredTool, forward_client_asked, forward_client_delete, forward_client_find,
    forward_client_list, forward_client_put, forward_session_find, forward_session_insert,
    forward_ticket_count, forward_ticket_insert, forward_ticket_take,
};
use crate::store::sessions::{FoundSession, session_touch};
use crate::store::subjects::subject_find;

/// How long a ticket counts.
const TICKET_HOLDS: SignedDuration = SignedDuration::from_secs(60);
/// Tickets for one tool and session within [`LOOP_WITHIN`]; who needs more goes round in circles.
const MOST_TICKETS: i64 = 3;
const LOOP_WITHIN: SignedDuration = SignedDuration::from_secs(60);
/// How often the last question of a proxy is noted.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// What a browser holds at the host of a tool.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// The tool's own cookie.
    pub(crate) session: Option<Token>,
    /// What says which browser it is.
    pub(crate) browser: Option<Token>,
}

/// A cookie for the host of a tool.
#[derive(Debug)]
pub(crate) enum ToolCookie {
    /// Opens the tool.
    Session(Token),
    /// Says which browser it is.
    Browser(Token),
}

/// What a proxy is told.
#[derive(Debug)]
pub(crate) enum Answer {
    /// This person may.
    Admitted(Box<Subject>),
    /// This person may not.
    Forbidden(Box<Subject>),
    /// The browser has to sign in here, as this browser.
    SignIn(TokenHash, Option<ToolCookie>),
    /// The browser goes on at the same address without the ticket.
    Again(Address, Option<ToolCookie>),
    /// The browser came back with a ticket but keeps no cookies at that host.
    NoCookies,
}

/// What becomes of a browser that was sent here by a tool.
#[derive(Debug)]
pub(crate) enum Sent {
    /// Back, with a ticket.
    Back(String),
    /// The person may not use the tool.
    Forbidden,
    /// It was here three times within a minute.
    Circles,
}

/// Use cases around tools behind proxies. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Forward {
    core: Arc<Core>,
}

impl Forward {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// All tools.
    pub(crate) async fn list(&self) -> Result<Vec<StoredTool>, Error> {
        let db = self.core.db.client().await?;
        Ok(forward_client_list(&db).await?)
    }

    /// A tool.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<StoredTool>, Error> {
        let db = self.core.db.client().await?;
        Ok(forward_client_find(&db, id).await?)
    }

    /// Adds or replaces a tool; returns whether that was done. A new one replaces none.
    pub(crate) async fn put(
        &self,
        tool: &Tool,
        replace: bool,
        audit: Audit,
    ) -> Result<bool, Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let done = forward_client_put(&tx, tool, (now, replace)).await?;
        if done {
            audit.record(&tx, now).await?;
            tx.commit().await?;
        }
        Ok(done)
    }

    /// Removes a tool; nobody gets through its proxy from then on.
    pub(crate) async fn remove(&self, id: &str, audit: Audit) -> Result<(), Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        if !forward_client_delete(&tx, id).await? {
            return Err(Error::ToolNotFound);
        }
        audit.record(&tx, now).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a person may use a tool.
    pub(crate) async fn admits(&self, tool: &Tool, who: UserId) -> Result<bool, Error> {
        let db = self.core.db.client().await?;
        let subject = subject_find(&db, who).await?;
        Ok(subject.is_some_and(|subject| subject.may_sign_in() && tool.rule.admits(&subject)))
    }

    /// Notes that a proxy asked, and what was wrong with it.
    pub(crate) async fn note(&self, stored: &StoredTool, problem: &str) -> Result<(), Error> {
        let now = self.core.clock.now();
        let since = earlier(now, NOTED_EVERY);
        let is_news = stored.problem != problem || stored.asked_at.is_none_or(|at| at < since);
        if is_news {
            let db = self.core.db.client().await?;
            let what = (stored.tool.id.as_str(), problem);
            forward_client_asked(&db, what, (now, since)).await?;
        }
        Ok(())
    }

    /// Answers a proxy about one request.
    pub(crate) async fn ask(
        &self,
        tool: &Tool,
        address: &Address,
        held: Held,
    ) -> Result<Answer, Error> {
        if let Some((clean, ticket)) = address.take_ticket() {
            let Some(browser) = held.browser else {
                return Ok(Answer::NoCookies);
            };
            let bound = (&clean, browser.hash());
            let cookie = self.redeem(tool, bound, Token::parse(ticket)).await?;
            return Ok(Answer::Again(clean, cookie));
        }
        let session = match &held.session {
            Some(token) => self.session(tool, address, token).await?,
            None => None,
        };
        if let Some(session) = session {
            let subject = Box::new(session.subject);
            return Ok(if tool.rule.admits(&subject) {
                Answer::Admitted(subject)
            } else {
                Answer::Forbidden(subject)
            });
        }
        // The same browser stays the same: tabs that open at once do not take each other's way back.
        if let Some(browser) = held.browser {
            return Ok(Answer::SignIn(browser.hash(), None));
        }
        let browser = Token::random()?;
        let hash = browser.hash();
        Ok(Answer::SignIn(hash, Some(ToolCookie::Browser(browser))))
    }

    async fn session(
        &self,
        tool: &Tool,
        address: &Address,
        token: &Token,
    ) -> Result<Option<FoundSession>, Error> {
        let now = self.core.clock.now();
        let db = self.core.db.client().await?;
        let place = (tool.id.as_str(), address.host());
        let found = forward_session_find(&db, &token.hash(), place).await?;
        let policy = self.core.session_policy();
        let Some(session) = found.filter(|session| counts(session, now, policy)) else {
            return Ok(None);
        };
        if session.lifetime.wants_touch(now) {
            session_touch(&db, session.session_id, now).await?;
        }
        Ok(Some(session))
    }

    async fn redeem(
        &self,
        tool: &Tool,
        (address, browser): (&Address, TokenHash),
        ticket: Option<Token>,
    ) -> Result<Option<ToolCookie>, Error> {
        let Some(ticket) = ticket else {
            return Ok(None);
        };
        let now = self.core.clock.now();
        let bound = Binding {
            client_id: &tool.id,
            host: address.host(),
            browser: &browser,
        };
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let Some(session) = forward_ticket_take(&tx, &ticket.hash(), &bound, now).await? else {
            return Ok(None);
        };
        let token = Token::random()?;
        let place = (tool.id.as_str(), address.host());
        forward_session_insert(&tx, &token.hash(), place, (session, now)).await?;
        tx.commit().await?;
        Ok(Some(ToolCookie::Session(token)))
    }

    /// Decides about a browser that a tool sent here.
    pub(crate) async fn send_back(
        &self,
        tool: &Tool,
        (address, browser): (&Address, &TokenHash),
        (who, audit): (Acting, Audit),
    ) -> Result<Sent, Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let subject = subject_find(&tx, who.user_id).await?;
        if !subject.is_some_and(|subject| tool.rule.admits(&subject)) {
            return Ok(Sent::Forbidden);
        }
        let place = (who.session_id, tool.id.as_str(), address.host());
        let count = forward_ticket_count(&tx, place, earlier(now, LOOP_WITHIN)).await?;
        if count >= MOST_TICKETS {
            return Ok(Sent::Circles);
        }
        let ticket = Token::random()?;
        let bound = Binding {
            client_id: &tool.id,
            host: address.host(),
            browser,
        };
        let times = (now, later(now, TICKET_HOLDS));
        forward_ticket_insert(&tx, (&ticket.hash(), who.session_id), &bound, times).await?;
        audit
            .subject(Some(who.user_id))
            .session(who.session_id)
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        Ok(Sent::Back(address.with_ticket(&ticket.text())))
    }
}
