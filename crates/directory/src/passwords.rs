//! Passwords that a directory keeps: whether one is somebody's, and another in its place.
//!
//! Whom it is about is found by the id that never changes, with the account that reads: never by a name that was typed,
//! and wherever the entry is by now. Their password is tried on a connection of its own, so that nothing on it was ever
//! allowed to anybody else. A password is in memory for as long as that takes, and in no error.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::{LdapOp, LdapPasswordModifyRequest, LdapResult, LdapResultCode};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::connection::{Connection, Pace, said};
use crate::error::{Error, Step, Why};
use crate::find::{Sought, find};
use crate::ipa::password::change_password;
use crate::limits::Limits;
use crate::password_control::{PasswordControl, PolicyError};
use crate::server::{Bind, Server, Source};
use crate::snapshot::{EntryId, Standing};
use crate::standing::standing;
use crate::verdict::{Verdict, verdict};
use crate::wire::Received;

/// Passwords tried at one server at once; whoever comes then waits as long as for an answer.
const AT_ONCE: usize = 16;

/// What came of changing a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The new one is theirs.
    Done,
    /// The old one did not open anything: so it stands with it.
    NotOpened(Verdict),
    /// The directory does not take the new one.
    Refused(Refusal),
}

/// Why a directory does not take a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is too easy.
    TooWeak,
    /// It has too few characters.
    TooShort,
    /// It was theirs lately.
    InHistory,
    /// The one before it is too new to be changed.
    TooYoung,
    /// People may not change theirs there.
    NotAllowed,
    /// It says no more than that its rules forbid it.
    Rules,
}

/// Asks directories about passwords, at no server too many at once.
#[derive(Debug, Default)]
pub struct Passwords {
    doors: Mutex<HashMap<(String, u16), Arc<Semaphore>>>,
}

/// The entry of somebody, as far as signing in goes.
struct Entrant {
    dn: String,
    standing: Standing,
    password_ends_at: Option<Timestamp>,
}

/// What came of trying a password.
struct Opened {
    verdict: Verdict,
    /// The name of their entry, if there is one.
    dn: String,
    /// The connection that it opened.
    connection: Option<Connection>,
}

impl Opened {
    fn nothing(verdict: Verdict) -> Self {
        Self {
            verdict,
            dn: String::new(),
            connection: None,
        }
    }
}

/// Whom it is about, and when.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The id that never changes.
    pub id: &'a EntryId,
    /// The time it is.
    pub now: Timestamp,
}

impl Passwords {
    /// Says how it stands with a password. An empty one is nobody's, and is not sent: servers take it for nobody in
    /// particular and say yes (RFC 4513 section 5.1.2).
    ///
    /// # Errors
    /// The directory cannot be asked.
    pub async fn verify(
        &self,
        (source, limits): (&Source, &Limits),
        whose: Whose<'_>,
        password: &SecretString,
    ) -> Result<Verdict, Error> {
        let opened = self.open((source, limits), whose, password).await?;
        if let Some(connection) = opened.connection {
            connection.close().await;
        }
        Ok(match opened.verdict {
            // With it nothing opens any more, but another can be chosen.
            Verdict::Expired if source.web.is_some() => Verdict::MustChange,
            verdict => verdict,
        })
    }

    /// Puts a new password in the place of the old one, as the person themselves (RFC 3062).
    ///
    /// # Errors
    /// The directory cannot be asked.
    pub async fn change(
        &self,
        (source, limits): (&Source, &Limits),
        whose: Whose<'_>,
        (old, new): (&SecretString, &SecretString),
    ) -> Result<Changed, Error> {
        if new.expose_secret().is_empty() {
            return Ok(Changed::Refused(Refusal::TooShort));
        }
        let opened = self.open((source, limits), whose, old).await?;
        let Some(mut connection) = opened.connection else {
            return match (opened.verdict, source.web) {
                (Verdict::Expired, Some(port)) => {
                    let (at, pace) = ((&source.server, port), Pace::new(limits));
                    change_password(at, pace, &opened.dn, (old, new)).await
                }
                (verdict, _) => Ok(Changed::NotOpened(verdict)),
            };
        };
        let request = LdapPasswordModifyRequest {
            // Of whoever is signed in.
            user_identity: None,
            old_password: Some(old.expose_secret().to_owned()),
            new_password: Some(new.expose_secret().to_owned()),
        };
        let at = (Step::Bind, source.server.host.as_str());
        let request = LdapOp::ExtendedRequest(request.into());
        connection.ask(at, request, policy_control()).await?;
        let Received { message, password } = connection.whole_answer(at).await?;
        let LdapOp::ExtendedResponse(answer) = message.op else {
            return Err(Error::new(at.0, Why::Malformed, at.1));
        };
        connection.close().await;
        changed(&answer.res, &password)
    }

    /// How it stands with a password, and the connection that it opened.
    async fn open(
        &self,
        (source, limits): (&Source, &Limits),
        whose: Whose<'_>,
        password: &SecretString,
    ) -> Result<Opened, Error> {
        if password.expose_secret().is_empty() {
            return Ok(Opened::nothing(Verdict::Wrong));
        }
        let pace = Pace::new(limits);
        let _place = self.place(&source.server, pace).await?;
        let Some(entrant) = find_entrant((source, limits), whose, pace).await? else {
            return Ok(Opened::nothing(Verdict::Gone));
        };
        if entrant.standing != Standing::Active {
            return Ok(Opened::nothing(Verdict::Locked));
        }
        let mut connection = Connection::open(&source.server, pace, limits.message).await?;
        let account = Bind {
            dn: entrant.dn,
            password: password.clone(),
        };
        let (answer, controls) = connection.try_bind(&account, policy_control()).await?;
        let stands = (source.mapping.locks, entrant.password_ends_at, whose.now);
        let Some(verdict) = verdict(&answer, &controls, stands) else {
            return Err(Error::new(Step::Bind, Why::BindRefused, said(&answer)));
        };
        let is_open = matches!(verdict, Verdict::Right | Verdict::MustChange);
        Ok(Opened {
            verdict,
            dn: account.dn,
            connection: is_open.then_some(connection),
        })
    }

    /// A place among those who ask this server.
    async fn place(&self, server: &Server, pace: Pace) -> Result<OwnedSemaphorePermit, Error> {
        let door = {
            let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody is at the others.
            doors.retain(|_, door| door.available_permits() < AT_ONCE);
            let key = (server.host.clone(), server.port);
            let door = doors.entry(key);
            Arc::clone(door.or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
        };
        let about = (Step::Connect, server.host.as_str());
        let admitted = pace.wait(about, door.acquire_owned()).await?;
        admitted.map_err(|_| Error::new(about.0, Why::TookTooLong, about.1))
    }
}

/// Asks the server to say how it stands with the password; one that does not know that ignores it.
fn policy_control() -> Vec<LdapControl> {
    vec![LdapControl::PasswordPolicyRequest { criticality: false }]
}

/// The one entry of that id among the people of the directory.
async fn find_entrant(
    (source, limits): (&Source, &Limits),
    whose: Whose<'_>,
    pace: Pace,
) -> Result<Option<Entrant>, Error> {
    let mapping = &source.mapping;
    let locks = mapping.locks.attributes().iter();
    let sought = Sought {
        step: Step::People,
        place: &source.people,
        id: whose.id,
        attributes: locks.map(|name| (*name).to_owned()).collect(),
    };
    let found = find((source, limits), sought, pace, |entry| {
        standing(entry, mapping.locks, whose.now)
    });
    Ok(found
        .await?
        .map(|(dn, (standing, password_ends_at))| Entrant {
            dn,
            standing,
            password_ends_at,
        }))
}

/// What came of asking for another password.
fn changed(answer: &LdapResult, controls: &[PasswordControl]) -> Result<Changed, Error> {
    let error = controls.iter().find_map(|control| match control {
        PasswordControl::Policy { error, .. } => *error,
        PasswordControl::Expired | PasswordControl::Expiring => None,
    });
    let refusal = match (&answer.code, error) {
        (LdapResultCode::Success, _) => return Ok(Changed::Done),
        (_, Some(PolicyError::TooWeak)) => Refusal::TooWeak,
        (_, Some(PolicyError::TooShort)) => Refusal::TooShort,
        (_, Some(PolicyError::InHistory)) => Refusal::InHistory,
        (_, Some(PolicyError::TooYoung)) => Refusal::TooYoung,
        (_, Some(PolicyError::NotAllowed))
        | (
            LdapResultCode::InsufficentAccessRights
            | LdapResultCode::UnwillingToPerform
            // It knows no such operation.
            | LdapResultCode::ProtocolError,
            _,
        ) => Refusal::NotAllowed,
        (LdapResultCode::ConstraintViolation, _) => Refusal::Rules,
        (LdapResultCode::InvalidCredentials, _) => return Ok(Changed::NotOpened(Verdict::Wrong)),
        _ => return Err(Error::new(Step::Bind, Why::Refused, said(answer))),
    };
    Ok(Changed::Refused(refusal))
}
