//! Signing in by mail: one mail holds a link and a code, both for one use within ten minutes.
//!
//! The link works in the browser that asked; everywhere else the code does, typed where the sign-in began. Looking
//! at a link uses nothing up: mail scanners look too. Whatever name was typed, the answer and the work of a request
//! are the same: the person is looked up in a job.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform_pg::InTransaction;
use platform_pg::jobs::{self, Enqueue};
use rpc::notifications::v1::mail_block::Block;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use ui::Language;
use uuid::Uuid;

use crate::domain::factor::Factor;
use crate::domain::login::LoginKey;
use crate::domain::session::later;
use crate::domain::subject::Subject;
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::Core;
use crate::service::admission::{Admission, Admitted, Arrival};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::mailer::{Letter, Mailer, minutes};
use crate::service::sessions::Acting;
use crate::store::flows::flow_find;
use crate::store::mail_links::{
    MailLink, mail_link_address, mail_link_find, mail_link_find_by_handle, mail_link_find_by_token,
    mail_link_insert, mail_link_use, mail_link_wrong,
};
use crate::store::subjects::{subject_find_by_login, subject_hold};

/// How long link and code work.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// Wrong codes after which a code works no more.
const MOST_WRONG: i32 = 5;

/// A mail about to be written.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MailLinkJob {
    mail_link_id: Uuid,
    /// Code of the language the page was in.
    language: String,
}

impl MailLinkJob {
    /// Kind of the job.
    pub(crate) const KIND: &str = "mail_link";
}

/// What came of asking for a mail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// If somebody has that name, a mail is on its way.
    Noted,
    /// There is no such sign-in any more.
    Gone,
    /// Too many mails; come back after this long.
    Limited(Duration),
}

/// What a link is where it was opened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// This browser asked for it: it may be followed.
    Here,
    /// Another browser asked for it: the code is to be typed there.
    Elsewhere,
    /// Unknown, used or expired.
    Dead,
}

/// What somebody shows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown<'a> {
    /// The secret of a link, and the sign-in that the browser is in.
    Link(&'a str, Option<&'a str>),
    /// The handle of a sign-in, and a code as typed.
    Code(&'a str, &'a str),
}

/// How a proof went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It was right; what became of that.
    Admitted(Admitted),
    /// The code is wrong.
    Wrong,
    /// Link or code work no more.
    Dead,
    /// Too many tries; come back after this long.
    Limited(Duration),
}

/// Use cases around signing in by mail. Cheap to clone.
#[derive(Clone)]
pub(crate) struct MailLinks {
    core: Arc<Core>,
    admission: Admission,
    mailer: Mailer,
}

impl MailLinks {
    pub(crate) fn new(core: Arc<Core>, (admission, mailer): (Admission, Mailer)) -> Self {
        Self {
            core,
            admission,
            mailer,
        }
    }

    /// Whether signing in by mail is offered: to everybody or to nobody.
    pub(crate) fn is_offered(&self) -> bool {
        self.mailer.is_ready()
    }

    /// Asks for a mail for a sign-in on its way. Looks nobody up.
    pub(crate) async fn ask(
        &self,
        handle: &str,
        language: Language,
        client: &Client,
    ) -> Result<Asked, Error> {
        let Some(handle) = Token::parse(handle) else {
            return Ok(Asked::Gone);
        };
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let flow = flow_find(&db, &handle.hash()).await?;
        let Some(flow) = flow.filter(|flow| flow.is_live(now) && flow.proof.is_none()) else {
            return Ok(Asked::Gone);
        };
        match self
            .core
            .limits
            .mail(&LoginKey::of(&flow.login), client)
            .await
        {
            Err(Error::Limited(wait)) => return Ok(Asked::Limited(wait)),
            other => other?,
        }
        let id = Uuid::now_v7();
        let token = self.core.secrets.mail_token("sign-in", id);
        let job = MailLinkJob {
            mail_link_id: id,
            language: language.code().to_owned(),
        };
        let tx = db.transaction().await?;
        let hashes = (&handle.hash(), &token.hash());
        mail_link_insert(&tx, id, hashes, (now, later(now, LIFETIME))).await?;
        jobs::enqueue(&tx, MailLinkJob::KIND, &job, Enqueue::once(id.to_string())).await?;
        tx.commit().await?;
        Ok(Asked::Noted)
    }

    /// Writes the mail, if there is somebody to write to. Repetitions are harmless: link and code stay the same.
    pub(crate) async fn write(&self, job: &MailLinkJob) -> Result<(), Error> {
        let db = self.core.db.client().await?;
        let Some(link) = mail_link_find(&db, job.mail_link_id).await? else {
            return Ok(());
        };
        let found = subject_find_by_login(&db, &LoginKey::of(&link.login)).await?;
        let subject = found.map(|(subject, _)| subject);
        let Some(subject) = subject.filter(Subject::may_sign_in) else {
            return Ok(());
        };
        if !link.is_live(self.core.clock.now()) {
            return Ok(());
        }
        mail_link_address(&db, link.id, subject.user_id).await?;
        drop(db);
        let asked_in = Language::from_code(&job.language).unwrap_or_default();
        self.mailer
            .send(self.letter(&link, &subject, asked_in))
            .await
    }

    fn letter<'a>(&self, link: &MailLink, subject: &'a Subject, asked_in: Language) -> Letter<'a> {
        let language = Mailer::language(subject, asked_in);
        let text = |key: &str| self.mailer.text(language, key);
        let token = self.core.secrets.mail_token("sign-in", link.id);
        let lifetime = minutes(LIFETIME);
        Letter {
            key: format!("mail-link:{}", link.id),
            template: "auth.sign_in",
            subject,
            language,
            heading: text("auth-mail-link-heading"),
            blocks: vec![
                Block::Paragraph(text("auth-mail-link-intro")),
                self.mailer.button(
                    text("auth-mail-link-button"),
                    &format!("/auth/mail/{}", *token.text()),
                ),
                Block::Paragraph(text("auth-mail-link-code")),
                Block::Code(self.core.secrets.mail_code(link.id)),
                Block::Note(self.mailer.text_with(
                    language,
                    "auth-mail-link-note",
                    ("minutes", &lifetime),
                )),
            ],
            expires_at: Some(link.expires_at()),
        }
    }

    /// What a link is in a browser that holds `flow`. Uses nothing up.
    pub(crate) async fn look(
        &self,
        token: &str,
        flow: Option<&str>,
        client: &Client,
    ) -> Result<Look, Error> {
        self.core.limits.link(client).await?;
        let Some(token) = Token::parse(token) else {
            return Ok(Look::Dead);
        };
        let db = self.core.db.client().await?;
        let link = mail_link_find_by_token(&db, &token.hash()).await?;
        Ok(match link {
            Some(link) if !link.is_live(self.core.clock.now()) => Look::Dead,
            Some(link) if is_from(&link, flow) => Look::Here,
            Some(_) => Look::Elsewhere,
            None => Look::Dead,
        })
    }

    /// Takes a link or a code and lets its person in. Of several at once exactly one wins.
    pub(crate) async fn prove(
        &self,
        shown: Shown<'_>,
        client: &Client,
        replaces: Option<Acting>,
    ) -> Result<Outcome, Error> {
        match self.count(&shown, client).await {
            Err(Error::Limited(wait)) => return Ok(Outcome::Limited(wait)),
            other => other?,
        }
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let found = match shown {
            Shown::Link(token, flow) => match Token::parse(token) {
                Some(token) => mail_link_find_by_token(&tx, &token.hash())
                    .await?
                    .filter(|link| is_from(link, flow)),
                None => None,
            },
            Shown::Code(handle, _) => match Token::parse(handle) {
                Some(handle) => mail_link_find_by_handle(&tx, &handle.hash())
                    .await?
                    .filter(|link| link.wrong_codes < MOST_WRONG),
                None => None,
            },
        };
        let Some(link) = found.filter(|link| link.is_live(now)) else {
            return Ok(Outcome::Dead);
        };
        if let Shown::Code(_, typed) = shown
            && !self.is_code_of(&link, typed)
        {
            mail_link_wrong(&tx, link.id).await?;
            Audit::refused("sign_in", "mail_code")
                .subject(link.user_id)
                .client(client)
                .record(&tx, now)
                .await?;
            tx.commit().await?;
            return Ok(Outcome::Wrong);
        }
        let admitted = self.admit(&tx, &link, (client, replaces)).await?;
        let Some(admitted) = admitted else {
            return Ok(Outcome::Dead);
        };
        tx.commit().await?;
        drop(db);
        self.admission.announce(&admitted, now).await;
        Ok(Outcome::Admitted(admitted))
    }

    /// Counts a try before it is looked at. A code is short enough to be guessed: it spends what a password does.
    async fn count(&self, shown: &Shown<'_>, client: &Client) -> Result<(), Error> {
        self.core.limits.link(client).await?;
        let Shown::Code(handle, _) = shown else {
            return Ok(());
        };
        let Some(handle) = Token::parse(handle) else {
            return Ok(());
        };
        let db = self.core.db.client().await?;
        let flow = flow_find(&db, &handle.hash()).await?;
        drop(db);
        match flow {
            Some(flow) => {
                self.core
                    .count_guess(&LoginKey::of(&flow.login), client)
                    .await
            }
            None => Ok(()),
        }
    }

    /// Whether what was typed is the code. The same work for a name that nobody has: there it was sent to nobody.
    fn is_code_of(&self, link: &MailLink, typed: &str) -> bool {
        let code = self.core.secrets.mail_code(link.id);
        let is_right: bool = code.as_bytes().ct_eq(digits(typed).as_bytes()).into();
        is_right && link.user_id.is_some()
    }

    async fn admit(
        &self,
        tx: &impl InTransaction,
        link: &MailLink,
        (client, replaces): (&Client, Option<Acting>),
    ) -> Result<Option<Admitted>, Error> {
        let now: Timestamp = self.core.clock.now();
        let Some(who) = link.user_id else {
            return Ok(None);
        };
        let Some(subject) = subject_hold(tx, who).await?.filter(Subject::may_sign_in) else {
            return Ok(None);
        };
        mail_link_use(tx, &link.handle, now).await?;
        let arrival = Arrival {
            subject: &subject,
            factors: &[Factor::Mail],
            login: &link.login,
            client,
            return_to: &link.return_to,
            notify: true,
            replaces,
        };
        Ok(Some(self.admission.admit(tx, arrival, now).await?))
    }
}

/// Whether the browser that holds `flow` is the one that asked.
fn is_from(link: &MailLink, flow: Option<&str>) -> bool {
    flow.and_then(Token::parse)
        .is_some_and(|handle| handle.hash() == link.handle)
}

/// A code as typed, without what people put between digits.
fn digits(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(16)
        .collect()
}
