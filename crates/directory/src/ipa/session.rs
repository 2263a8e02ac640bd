//! Signing in to the web interface, and calls of its JSON interface as whom that signed in.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::header::SET_COOKIE;
use http::{HeaderValue, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::answer::Said;
use super::http::{Answer, Question, ask, door};
use super::refusal::NotDone;
use crate::connection::Pace;
use crate::error::{Error, Step, Why};
use crate::find::{Sought, find};
use crate::limits::Limits;
use crate::name::{first, fold};
use crate::server::{Place, Server, Source};
use crate::snapshot::EntryId;

/// Where one signs in.
const SIGN_IN: &str = "/ipa/session/login_password";
/// Where commands are called.
const CALL: &str = "/ipa/session/json";
/// Why nobody was let in.
const REJECTED: &str = "x-ipa-rejection-reason";
/// Holds the session.
const COOKIE: &str = "ipa_session=";
/// The interface as FreeIPA 4.9 has it and those after it: moments are told from text.
const VERSION: &str = "2.231";

/// What people sign in to FreeIPA as with the account of that name; nothing for accounts of the system, which it lets in
/// over LDAP alone.
pub fn account(dn: &str) -> Option<String> {
    let is_of_system = fold(dn).contains(",cn=sysaccounts,");
    first(dn, "uid").filter(|_| !is_of_system)
}

/// A FreeIPA that is asked as the account that reads its directory. The session is kept until it ends.
pub struct Ipa {
    source: Source,
    door: Server,
    account: String,
    password: SecretString,
    session: Mutex<Option<HeaderValue>>,
}

impl fmt::Debug for Ipa {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Ipa({})", self.door.host)
    }
}

/// A command of the JSON interface.
pub(super) struct Command {
    pub(super) step: Step,
    pub(super) method: &'static str,
    pub(super) args: Vec<String>,
    pub(super) options: Map<String, Value>,
}

/// A command about people.
pub(super) fn asking(method: &'static str, args: &[&str], options: &[(&str, Value)]) -> Command {
    let options = options.iter().cloned();
    Command {
        step: Step::People,
        method,
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        options: options
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}

impl Ipa {
    /// The one of that source, where it has a web interface and an account that may use it.
    pub fn of(source: &Source) -> Option<Self> {
        let bind = source.bind.as_ref()?;
        Some(Self {
            door: door(&source.server, source.web?),
            account: account(&bind.dn)?,
            password: bind.password.clone(),
            source: source.clone(),
            session: Mutex::default(),
        })
    }

    /// What the person of that id is called by now; nothing if there is none.
    ///
    /// # Errors
    /// The directory cannot be asked.
    pub async fn login_of(&self, id: &EntryId, limits: &Limits) -> Result<Option<String>, Error> {
        let place = &self.source.people;
        self.name_of((Step::People, place, id), "uid", limits).await
    }

    /// What the group of that id is called by now; nothing if there is none.
    ///
    /// # Errors
    /// The directory cannot be asked.
    pub async fn group_of(&self, id: &EntryId, limits: &Limits) -> Result<Option<String>, Error> {
        let Some(place) = &self.source.groups else {
            return Ok(None);
        };
        self.name_of((Step::Groups, place, id), "cn", limits).await
    }

    async fn name_of(
        &self,
        (step, place, id): (Step, &Place, &EntryId),
        attribute: &str,
        limits: &Limits,
    ) -> Result<Option<String>, Error> {
        let sought = Sought {
            step,
            place,
            id,
            attributes: Vec::new(),
        };
        let asked = (&self.source, limits);
        let found = find(asked, sought, Pace::new(limits), |_| Ok(())).await?;
        Ok(found.and_then(|(dn, ())| first(&dn, attribute)))
    }

    /// Calls a command. A session that has ended is begun anew, once: what it was to do was not done.
    pub(super) async fn call(&self, pace: Pace, command: Command) -> Result<Said, NotDone> {
        let step = command.step;
        let mut options = command.options;
        options.insert("version".to_owned(), Value::from(VERSION));
        let body = json!({
            "method": command.method,
            "params": [command.args, options],
            "id": 0,
        })
        .to_string();
        let kept = self.kept();
        let was_kept = kept.is_some();
        let cookie = match kept {
            Some(cookie) => cookie,
            None => self.sign_in(pace).await?,
        };
        let mut answer = self.post((step, pace), cookie, body.clone()).await?;
        if answer.status == StatusCode::UNAUTHORIZED && was_kept {
            let cookie = self.sign_in(pace).await?;
            answer = self.post((step, pace), cookie, body).await?;
        }
        match answer.status {
            StatusCode::OK => Said::read(step, &answer.body),
            StatusCode::UNAUTHORIZED => Err(rejected(&answer).into()),
            status => {
                let said = format!("{CALL}: {status}");
                Err(Error::new(step, Why::Refused, said).into())
            }
        }
    }

    async fn post(
        &self,
        at: (Step, Pace),
        cookie: HeaderValue,
        body: String,
    ) -> Result<Answer, Error> {
        let question = Question {
            path: CALL,
            content: "application/json",
            cookie: Some(cookie),
            body,
        };
        let answer = ask(&self.door, at, question).await?;
        // Each answer may lengthen the session.
        if let Some(cookie) = session(&answer) {
            self.keep(Some(cookie));
        }
        Ok(answer)
    }

    async fn sign_in(&self, pace: Pace) -> Result<HeaderValue, Error> {
        self.keep(None);
        let form = Serializer::new(String::new())
            .append_pair("user", &self.account)
            .append_pair("password", self.password.expose_secret())
            .finish();
        let question = Question {
            path: SIGN_IN,
            content: "application/x-www-form-urlencoded",
            cookie: None,
            body: form,
        };
        let answer = ask(&self.door, (Step::Bind, pace), question).await?;
        match answer.status {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return Err(rejected(&answer)),
            status => {
                let said = format!("{SIGN_IN}: {status}");
                return Err(Error::new(Step::Bind, Why::Refused, said));
            }
        }
        let cookie = session(&answer);
        let cookie = cookie
            .ok_or_else(|| Error::new(Step::Bind, Why::Malformed, "no session of FreeIPA"))?;
        self.keep(Some(cookie.clone()));
        Ok(cookie)
    }

    fn kept(&self) -> Option<HeaderValue> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        session.clone()
    }

    fn keep(&self, cookie: Option<HeaderValue>) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = cookie;
    }
}

/// The session that an answer begins or goes on with.
fn session(answer: &Answer) -> Option<HeaderValue> {
    let fields = answer.headers.get_all(SET_COOKIE);
    let found = fields.iter().find_map(|field| {
        let cookie = field.to_str().ok()?.split(';').next()?.trim();
        (cookie.starts_with(COOKIE) && cookie.len() > COOKIE.len()).then_some(cookie)
    });
    let mut value = HeaderValue::from_str(found?).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Nobody was let in.
fn rejected(answer: &Answer) -> Error {
    match answer.field(REJECTED) {
        Some("invalid-password") => Error::new(Step::Bind, Why::WrongPassword, SIGN_IN),
        reason => Error::new(Step::Bind, Why::BindRefused, reason.unwrap_or(SIGN_IN)),
    }
}
