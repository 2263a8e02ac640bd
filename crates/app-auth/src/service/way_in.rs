//! A way in for the owner of a name at which strangers guessed too often.
//!
//! Whoever tries a blocked name from an unknown browser gets the same answer, for the same work, whether or not
//! somebody has it. Its owner gets a mail, at most one in half an hour, with a link for one use within ten minutes.
//! The link opens nothing: it makes the browser in which it is followed one that is known under that name, so that
//! it has a budget of its own. Password and second factor are asked for as ever.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use platform::http::LocalPath;
use platform_pg::jobs::{self, Enqueue};
use rpc::notifications::v1::mail_block::Block;
use serde::{Deserialize, Serialize};
use ui::Language;
use uuid::Uuid;

use crate::domain::flow::{Flow, kept};
use crate::domain::login::LoginKey;
use crate::domain::session::{earlier, later};
use crate::domain::subject::Subject;
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::device_cookie::DeviceCookie;
use crate::service::mailer::{Letter, Mailer, facts, minutes, moment};
use crate::store::flows::flow_insert;
use crate::store::subjects::{subject_find_by_login, subject_hold, subject_hold_alone};
use crate::store::ways_in::{NewWayIn, way_in_insert, way_in_is_live, way_in_use};

/// How long a link works.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// For how long a person gets no other.
const PAUSE: SignedDuration = SignedDuration::from_mins(30);

/// A mail about to be written.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WayInJob {
    way_in_id: Uuid,
    /// The name as typed.
    login: String,
    /// What was held back, and from where.
    device: String,
    address: String,
    at: Timestamp,
}

impl WayInJob {
    /// Kind of the job.
    pub(crate) const KIND: &str = "way_in_mail";
}

/// What a followed link gives a browser.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The browser is known under the name from now on.
    pub(crate) device: DeviceCookie,
    /// A sign-in with that name on its way.
    pub(crate) handle: Token,
}

/// Use cases around such links. Cheap to clone.
#[derive(Clone)]
pub(crate) struct WayIn {
    core: Arc<Core>,
    mailer: Mailer,
}

impl WayIn {
    pub(crate) fn new(core: Arc<Core>, mailer: Mailer) -> Self {
        Self { core, mailer }
    }

    /// Writes the mail, if there is somebody to write to who got none lately. Repetitions are harmless: the link
    /// stays the same.
    pub(crate) async fn write(&self, job: &WayInJob) -> Result<(), Error> {
        let expires_at = later(job.at, LIFETIME);
        if self.core.clock.now() >= expires_at || !self.mailer.is_ready() {
            return Ok(());
        }
        let mut db = self.core.db.client().await?;
        let found = subject_find_by_login(&db, &LoginKey::of(&job.login)).await?;
        let Some((found, _)) = found else {
            return Ok(());
        };
        let tx = db.transaction().await?;
        let subject = subject_hold_alone(&tx, found.user_id).await?;
        let addressed = |subject: &Subject| subject.may_sign_in() && !subject.email.is_empty();
        let Some(subject) = subject.filter(addressed) else {
            return Ok(());
        };
        let token = self.core.secrets.mail_token("way-in", job.way_in_id);
        let link = NewWayIn {
            id: job.way_in_id,
            token: &token.hash(),
            user_id: subject.user_id,
            login: &job.login,
            created_at: job.at,
            expires_at,
        };
        if !way_in_insert(&tx, &link, earlier(job.at, PAUSE)).await? {
            return Ok(());
        }
        tx.commit().await?;
        drop(db);
        self.mailer.send(self.letter(job, &subject, &token)).await
    }

    fn letter<'a>(&self, job: &WayInJob, subject: &'a Subject, token: &Token) -> Letter<'a> {
        // Whoever was held back may be anybody: their browser does not choose the language.
        let language = self.mailer.language_of(subject);
        let text = |key: &str| self.mailer.text(language, key);
        let with = |key: &str, arg| self.mailer.text_with(language, key, arg);
        let device = match language {
            Language::German => job.device.replace(" on ", " auf "),
            Language::English => job.device.clone(),
        };
        Letter {
            key: format!("way-in:{}", job.way_in_id),
            template: "auth.way_in",
            subject,
            language,
            heading: text("auth-mail-way-in-heading"),
            blocks: vec![
                Block::Paragraph(with(
                    "auth-mail-way-in-intro",
                    ("username", &subject.username),
                )),
                facts([
                    (text("auth-mail-when"), moment(language, job.at)),
                    (text("auth-mail-device"), device),
                    (text("auth-mail-address"), job.address.clone()),
                ]),
                Block::Paragraph(text("auth-mail-way-in-you")),
                self.mailer.button(
                    text("auth-mail-way-in-button"),
                    &format!("/auth/way-in/{}", *token.text()),
                ),
                Block::Note(with(
                    "auth-mail-way-in-note",
                    ("minutes", &minutes(LIFETIME)),
                )),
            ],
            expires_at: Some(later(job.at, LIFETIME)),
        }
    }

    /// Whether a link works. Uses nothing up: mail scanners look too.
    pub(crate) async fn is_live(&self, token: &str, client: &Client) -> Result<bool, Error> {
        self.core.limits.link(client).await?;
        let Some(token) = Token::parse(token) else {
            return Ok(false);
        };
        let db = self.core.db.client().await?;
        Ok(way_in_is_live(&db, &token.hash(), self.core.clock.now()).await?)
    }

    /// Uses a link up and makes the browser known; `None` when the link works no more.
    pub(crate) async fn open(&self, token: &str, client: &Client) -> Result<Option<Opened>, Error> {
        self.core.limits.link(client).await?;
        let Some(token) = Token::parse(token) else {
            return Ok(None);
        };
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let Some((who, login)) = way_in_use(&tx, &token.hash(), now).await? else {
            return Ok(None);
        };
        let subject = subject_hold(&tx, who).await?;
        if subject.is_none_or(|subject| !subject.may_sign_in()) {
            return Ok(None);
        }
        let before = client.device_cookie.as_deref();
        let before = before.and_then(DeviceCookie::parse);
        let key = LoginKey::of(&login);
        let device = DeviceCookie::issue(&self.core.secrets, before.as_ref(), &key)?;
        let handle = Token::random()?;
        let flow = Flow::beginning(&login, LocalPath::default(), now);
        flow_insert(&tx, &handle.hash(), &flow, now).await?;
        Audit::success("sign_in.way_in")
            .subject(Some(who))
            .client(client)
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        Ok(Some(Opened { device, handle }))
    }
}

impl Core {
    /// A try was refused for too many guesses at this name: its owner is written to. The same work for a name nobody
    /// has; the owner is looked up in the job.
    pub(crate) async fn offer_way_in(
        &self,
        login: &LoginKey,
        client: &Client,
    ) -> Result<(), Error> {
        if !self.limits.is_worth_a_way_in(login).await {
            return Ok(());
        }
        let job = WayInJob {
            way_in_id: Uuid::now_v7(),
            login: kept(login.as_str()),
            device: client.device(),
            address: client.address_text(),
            at: self.clock.now(),
        };
        let db = self.db.client().await?;
        let once = Enqueue::once(job.way_in_id.to_string());
        jobs::enqueue(&db, WayInJob::KIND, &job, once).await?;
        Ok(())
    }
}
