//! Why could this person not get in? The event, and what stands in the way now.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::domain::login::LoginKey;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::guesses::{NAME, NETWORK};
use crate::store::passwords::password_find;
use crate::store::sign_in_events::{SignInEvent, sign_in_event_list};
use crate::store::subjects::subject_find;

/// Most events of a list.
const MOST_LISTED: i64 = 200;
/// Most events on a person's own page.
const MOST_OWN: i64 = 10;

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub(crate) enum Finding {
    /// Nobody has the name that was typed.
    NobodyNamed,
    /// The password did not fit.
    WrongPassword,
    /// The password fitted, the code or recovery code after it did not.
    WrongCode,
    /// The passkey did not fit.
    WrongPasskey,
    /// The passkey fitted, but its counter went back.
    CopiedPasskey,
    /// They signed in.
    SignedIn,
    /// A limit held them back.
    Limited,
    /// The code from a mail was wrong.
    WrongMailCode,
    /// The break-glass code was wrong or used.
    WrongBreakGlass,
    /// The password has to be changed in the directory first.
    DirectoryChange,
    /// The password in the directory is over.
    DirectoryExpired,
    /// The account in the directory is locked or not let in.
    DirectoryLocked,
    /// The directory does not know them any more.
    DirectoryNobody,
    /// The directory could not be asked.
    DirectoryAway,
    /// Too many wrong passwords came before for the directory to be asked.
    DirectorySpared,
    /// It went wrong for a reason of this name.
    Other(String),
    /// The person may sign in.
    PersonActive,
    /// The person is disabled now.
    PersonDisabled,
    /// There is no password to match.
    NoPassword,
    /// A directory of this name keeps the password.
    KeptElsewhere(String),
    /// The network may not try anything for this long.
    NetworkBlocked(Duration),
    /// Unknown browsers may not try this name for this long.
    NameBlocked(Duration),
    /// Nothing is in the way of browsers now.
    NothingBlocked,
}

/// Use cases around sign-in events. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Explain {
    core: Arc<Core>,
}

impl Explain {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Events, newest first; of one person when named.
    pub(crate) async fn list(&self, who: Option<UserId>) -> Result<Vec<SignInEvent>, Error> {
        let client = self.core.db.client().await?;
        Ok(sign_in_event_list(&client, (who, None), MOST_LISTED).await?)
    }

    /// The last events of somebody, for themselves.
    pub(crate) async fn own(&self, who: UserId) -> Result<Vec<SignInEvent>, Error> {
        let client = self.core.db.client().await?;
        Ok(sign_in_event_list(&client, (Some(who), None), MOST_OWN).await?)
    }

    /// Lets a network begin anew. One that is not blocked needs no forgiving.
    pub(crate) async fn forgive_network(&self, network: &str, audit: Audit) -> Result<(), Error> {
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let guesses = self.core.limits.guesses();
        if guesses.forgive_network(&tx, network).await? {
            audit.record(&tx, self.core.clock.now()).await?;
        }
        Ok(tx.commit().await?)
    }

    /// An event, what it says, and what stands in the way now.
    pub(crate) async fn event(&self, id: Uuid) -> Result<(SignInEvent, Vec<Finding>), Error> {
        let client = self.core.db.client().await?;
        let found = sign_in_event_list(&client, (None, Some(id)), 1).await?;
        let event = found.into_iter().next().ok_or(Error::EventNotFound)?;
        let mut findings = vec![match (event.outcome.as_str(), event.reason.as_str()) {
            ("success", _) => Finding::SignedIn,
            ("limited", _) => Finding::Limited,
            (_, "unknown") => Finding::NobodyNamed,
            (_, "password") => Finding::WrongPassword,
            (_, "code") => Finding::WrongCode,
            (_, "mail_code") => Finding::WrongMailCode,
            (_, "break_glass") => Finding::WrongBreakGlass,
            (_, "passkey") => Finding::WrongPasskey,
            (_, "passkey_counter") => Finding::CopiedPasskey,
            (_, "directory_change") => Finding::DirectoryChange,
            (_, "directory_expired") => Finding::DirectoryExpired,
            (_, "directory_locked") => Finding::DirectoryLocked,
            (_, "directory_nobody") => Finding::DirectoryNobody,
            (_, "directory_away") => Finding::DirectoryAway,
            (_, "directory_spared") => Finding::DirectorySpared,
            (_, other) => Finding::Other(other.to_owned()),
        }];
        let mut names = Vec::new();
        if let Some(who) = event.user_id
            && let Some(subject) = subject_find(&client, who).await?
        {
            findings.push(if subject.may_sign_in() {
                Finding::PersonActive
            } else {
                Finding::PersonDisabled
            });
            if subject.signs_in_by_directory() {
                let name = subject.password_directory.clone();
                findings.push(Finding::KeptElsewhere(name));
            } else if password_find(&client, who).await?.is_none() {
                findings.push(Finding::NoPassword);
            }
            names = vec![
                LoginKey::of(&subject.username),
                LoginKey::of(&subject.email),
            ];
        }
        drop(client);
        let before = findings.len();
        let (guesses, secrets) = (self.core.limits.guesses(), &self.core.secrets);
        let network = (&NETWORK, event.network.as_str());
        if let Some(wait) = guesses.blocked_for(secrets, network).await? {
            findings.push(Finding::NetworkBlocked(wait));
        }
        for name in names {
            if let Some(wait) = guesses.blocked_for(secrets, (&NAME, name.as_str())).await? {
                findings.push(Finding::NameBlocked(wait));
            }
        }
        if findings.len() == before {
            findings.push(Finding::NothingBlocked);
        }
        Ok((event, findings))
    }
}
