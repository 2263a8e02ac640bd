//! Strangers ask for an account, prove their address, and administrators decide; or their domain does.

use std::time::Duration;

use jiff::SignedDuration;
use platform::{Clock, Role};
use platform_pg::{Database, Enqueue, Failed, InTransaction, Worker, jobs};
use platform_redis::{Decision, Quota, RateLimiter, Redis};
use serde_json::json;
use uuid::Uuid;

use super::actor::Actor;
use super::invitations::{Added, Invitations, Link};
use super::record::Deed;
use super::registration_mails::{RegistrationMails, TELL_DENIED};
use super::registration_notices::TELL_ASKED;
use crate::domain::group::GroupId;
use crate::domain::import_row::stand_in;
use crate::domain::invitation::{Invite, Letter};
use crate::domain::name::{EmailAddress, Line, Username};
use crate::domain::person::{NewPerson, PersonId};
use crate::domain::registration::{AccountRequest, AccountRequestId, Domains, Mode};
use crate::domain::token::Token;
use crate::error::Error;
use crate::store::person::{person_by_addresses, person_usernames_taken};
use crate::store::registration::{
    registration_count, registration_decide, registration_find_unproven, registration_list,
    registration_lock_open, registration_lock_unproven, registration_prove, registration_purge,
    registration_put, registration_waits,
};

/// How long a link works.
pub(super) const LINK_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// How long is kept what was decided.
const DECIDED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often it is looked what is too old.
const PURGED_EVERY: Duration = Duration::from_hours(1);
/// Requests from one network.
const FROM_NETWORK: Quota = Quota::per(20, Duration::from_hours(1));
/// Mails to one address, whoever asks and whether or not somebody has it.
const TO_ADDRESS: Quota = Quota::per(3, Duration::from_hours(24));
/// Requests shown to administrators.
const MOST_SHOWN: i64 = 100;
/// User names that are tried for somebody.
const NAMES_TRIED: u32 = 99;

/// Who may come in, as the settings have it.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether and how.
    pub mode: Mode,
    /// Whose addresses are let in.
    pub domains: Domains,
}

/// What came of asking. Says nothing about whether the address is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A mail is on its way.
    Sent,
    /// No mail could be sent.
    Unsent,
    /// Addresses of this domain are not let in.
    OtherDomain,
    /// Too many; come back after this long.
    Limited(Duration),
}

/// What came of following a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
    /// Administrators decide.
    Waits,
    /// They are in: here is where they set their password.
    Admitted(String),
    /// They are in: a mail says where they set their password.
    Mailed,
    /// Somebody has the address by now.
    Known,
    /// Used up, too old, or not wanted any more.
    Dead,
}

/// What came of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is so now.
    Done,
    /// Somebody decided before.
    Late,
    /// Somebody has the address by now.
    EmailTaken,
    /// One of the groups is gone.
    GroupGone,
}

/// Lets strangers ask for accounts.
#[derive(Clone, Debug)]
pub struct Registrations {
    db: Database,
    clock: Clock,
    invitations: Invitations,
    mails: RegistrationMails,
    from_network: RateLimiter,
    to_address: RateLimiter,
}

impl Registrations {
    /// Over the tables of this app, with budgets shared by all instances.
    pub fn new(
        (db, clock): (Database, Clock),
        redis: &Redis,
        invitations: Invitations,
        mails: RegistrationMails,
    ) -> Self {
        Self {
            db,
            clock,
            invitations,
            mails,
            from_network: RateLimiter::new(redis, "registrations-from-network", FROM_NETWORK),
            to_address: RateLimiter::new(redis, "registrations-to-address", TO_ADDRESS),
        }
    }

    /// Adds what happens by itself.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let registrations = self.clone();
        worker.every("accounts.purge_requests", PURGED_EVERY, move |_| {
            let registrations = registrations.clone();
            async move {
                let (client, now) = (registrations.db.client().await?, registrations.clock.now());
                registration_purge(&client, now, now - DECIDED_KEPT).await?;
                Ok::<_, Failed>(())
            }
        })
    }

    /// Somebody asks for an account. Their address gets a mail either way: with a link, or with the word that it has
    /// an account or a request already.
    pub async fn ask(
        &self,
        network: &str,
        policy: &Policy,
        request: &AccountRequest,
    ) -> Result<Asked, Error> {
        let address = EmailAddress::parse(&request.email);
        let address = address.map_err(|unfit| Error::Unfit("email", unfit))?;
        if let Some(wait) = self.spend(network, &address).await {
            return Ok(Asked::Limited(wait));
        }
        if policy.mode == Mode::Domains && !policy.domains.hold(&address) {
            return Ok(Asked::OtherDomain);
        }
        let token = Token::random()?;
        let client = self.db.client().await?;
        let known = person_by_addresses(&client, &[address.as_str()]).await?;
        let waits = registration_waits(&client, address.as_str()).await?;
        let is_new = known.is_empty() && !waits;
        // Written either way, so that both take as long. A link that nobody is sent works for nobody.
        let expires_at = request.created_at + LINK_LASTS;
        registration_put(&client, request, &token, expires_at).await?;
        drop(client);
        let sent = self.mails.answer(request, is_new.then_some(&token)).await?;
        Ok(if sent { Asked::Sent } else { Asked::Unsent })
    }

    /// Counts a request; how long to wait when there were too many.
    async fn spend(&self, network: &str, address: &EmailAddress) -> Option<Duration> {
        let wait = |decision| match decision {
            Decision::Allowed { .. } => None,
            Decision::Limited { retry_after } => Some(retry_after),
        };
        if let Some(long) = wait(self.from_network.check(network).await) {
            return Some(long);
        }
        let key = address.as_str().to_lowercase();
        wait(self.to_address.check(&key).await)
    }

    /// What a link is for, if it works. Uses nothing up: mail scanners follow links, too.
    pub async fn look(&self, token: &str) -> Result<Option<AccountRequest>, Error> {
        let Some(token) = Token::parse(token) else {
            return Ok(None);
        };
        let client = self.db.client().await?;
        Ok(registration_find_unproven(&client, &token, self.clock.now()).await?)
    }

    /// Somebody proves that the address is theirs; the link works no more.
    pub async fn prove(&self, policy: &Policy, token: &str) -> Result<Proven, Error> {
        let Some(token) = Token::parse(token) else {
            return Ok(Proven::Dead);
        };
        let at = self.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let Some(request) = registration_lock_unproven(&tx, &token, at).await? else {
            return Ok(Proven::Dead);
        };
        let address = EmailAddress::parse(&request.email);
        let address = address.map_err(|unfit| Error::Unfit("email", unfit))?;
        let comes_in = match policy.mode {
            Mode::Requests => false,
            Mode::Domains if policy.domains.hold(&address) => true,
            Mode::Domains | Mode::Off => return Ok(Proven::Dead),
        };
        let state = if comes_in { "approved" } else { "open" };
        match registration_prove(&tx, request.id, state, at).await {
            Ok(()) => {}
            // They followed two links: one request is enough.
            Err(error) if error.constraint() == Some("account_requests_one_each") => {
                return Ok(Proven::Waits);
            }
            Err(error) => return Err(error.into()),
        }
        let actor = Actor::platform("registration");
        Deed::new(&actor, "account.requested", at)
            .done_to("request", &tx, request.id.0, &request.display_name)
            .await?;
        if comes_in {
            let what = (Role::User, Vec::new(), Letter::default());
            match self.admit(&tx, &actor, &request, what).await? {
                Added::Done | Added::Repeated => {}
                _ => return Ok(Proven::Known),
            }
        }
        if !comes_in {
            let once = Enqueue::once(request.id.to_string());
            jobs::enqueue(&tx, TELL_ASKED, &request.id.0, once).await?;
        }
        tx.commit().await?;
        drop(client);
        if !comes_in {
            return Ok(Proven::Waits);
        }
        let id = PersonId(request.id.0);
        match self.invitations.link(&actor, id, None).await {
            Ok(Link::Made(link)) => Ok(Proven::Admitted(link.path)),
            Ok(Link::NotInvited) => Ok(Proven::Known),
            // Their link is used up: they get one by mail once auth answers again.
            Err(error) => {
                platform::error::log(&error);
                self.invitations.resend(&actor, id).await?;
                Ok(Proven::Mailed)
            }
        }
    }

    /// Requests that wait, oldest first; at most 100.
    pub async fn waiting(&self) -> Result<Vec<AccountRequest>, Error> {
        let client = self.db.client().await?;
        Ok(registration_list(&client, MOST_SHOWN).await?)
    }

    /// How many requests wait.
    pub async fn count(&self) -> Result<i64, Error> {
        let client = self.db.client().await?;
        Ok(registration_count(&client).await?)
    }

    /// An administrator lets somebody in: they are invited by mail. Administrators are not made this way.
    pub async fn approve(
        &self,
        actor: &Actor,
        id: AccountRequestId,
        (role, groups): (Role, Vec<GroupId>),
    ) -> Result<Decided, Error> {
        let at = self.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // Held while they are added: of two decisions at once the later finds nothing.
        let Some(request) = registration_lock_open(&tx, id).await? else {
            return Ok(Decided::Late);
        };
        let letter = Letter {
            by_mail: true,
            ..Letter::default()
        };
        let role = role.min(Role::User);
        let what = (role, groups, letter);
        match self.admit(&tx, actor, &request, what).await? {
            Added::Done | Added::Repeated => {}
            Added::GroupGone => return Ok(Decided::GroupGone),
            _ => return Ok(Decided::EmailTaken),
        }
        registration_decide(&tx, id, ("approved", ""), at).await?;
        Deed::new(actor, "account.request_approved", at)
            .with_changes(json!({ "role": role.as_str() }))
            .done_to("request", &tx, id.0, &request.display_name)
            .await?;
        tx.commit().await?;
        Ok(Decided::Done)
    }

    /// An administrator turns somebody down; a mail tells them why.
    pub async fn deny(
        &self,
        actor: &Actor,
        id: AccountRequestId,
        reason: &Line,
    ) -> Result<Decided, Error> {
        let deed = Deed::new(actor, "account.request_denied", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let Some(request) = registration_lock_open(&tx, id).await? else {
            return Ok(Decided::Late);
        };
        registration_decide(&tx, id, ("denied", reason.as_str()), deed.at).await?;
        let once = Enqueue::once(id.to_string());
        jobs::enqueue(&tx, TELL_DENIED, &id.0, once).await?;
        deed.with_changes(json!({ "reason": reason.as_str() }))
            .done_to("request", &tx, id.0, &request.display_name)
            .await?;
        tx.commit().await?;
        Ok(Decided::Done)
    }

    /// Adds somebody under the id of their request, with a user name made of their address.
    ///
    /// # Errors
    /// [`Error::UsernameTaken`] when somebody took that name since it was looked at; it can be tried again.
    async fn admit(
        &self,
        tx: &impl InTransaction,
        actor: &Actor,
        request: &AccountRequest,
        (role, groups, letter): (Role, Vec<GroupId>, Letter),
    ) -> Result<Added, Error> {
        let unfit = |field| move |unfit| Error::Unfit(field, unfit);
        let email = EmailAddress::parse(&request.email).map_err(unfit("email"))?;
        let display_name = Line::required(&request.display_name).map_err(unfit("display_name"))?;
        let invite = Invite {
            person: NewPerson {
                id: PersonId(request.id.0),
                username: username(tx, &email).await?,
                email,
                display_name,
                role,
            },
            ends_on: None,
            // Whoever lets a guest in answers for them, until somebody else is named.
            sponsor: actor.id,
            groups,
            groups_end: None,
            letter,
        };
        match self.invitations.add_in(tx, actor, &invite).await? {
            Added::UsernameTaken => Err(Error::UsernameTaken),
            added => Ok(added),
        }
    }
}

/// A user name that nobody has: of the address, or else of chance.
async fn username(tx: &impl InTransaction, email: &EmailAddress) -> Result<Username, Error> {
    let names: Vec<Username> = (1..=NAMES_TRIED)
        .filter_map(|number| stand_in(email, number))
        .collect();
    let texts: Vec<String> = names.iter().map(ToString::to_string).collect();
    let taken = person_usernames_taken(tx, &texts).await?;
    let free = names
        .into_iter()
        .find(|name| !taken.contains(name.as_str()));
    let chance = || Username::parse(&format!("u{}", Uuid::new_v4().simple()));
    free.map_or_else(chance, Ok)
        .map_err(|unfit| Error::Unfit("username", unfit))
}
