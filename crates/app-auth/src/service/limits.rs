//! How often something may be tried. Counted by what was submitted and by network, before anything is looked up:
//! guesses at passwords in PostgreSQL, everything else in Redis.

use std::time::Duration;

use platform_redis::{Decision, Quota, RateLimiter, Redis};

use crate::domain::login::LoginKey;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::guesses::{Counted, Guesses};
use crate::service::secrets::Secrets;

const ONE_MINUTE: Duration = Duration::from_mins(1);
const TEN_MINUTES: Duration = Duration::from_mins(10);
const HALF_AN_HOUR: Duration = Duration::from_mins(30);
const ONE_DAY: Duration = Duration::from_hours(24);

/// The budgets of this app.
pub(crate) struct Limits {
    /// Guesses at passwords.
    guesses: Guesses,
    /// Wrong old passwords of a person who is signed in.
    password_change: RateLimiter,
    /// Names typed by one network: each is a row.
    flows: RateLimiter,
    /// Mails with links asked for under one name, whoever asks and whether or not somebody has it.
    mail: RateLimiter,
    /// The same over a day: each mail is five guesses at a code.
    mail_slow: RateLimiter,
    /// Such mails asked for by one network.
    mail_network: RateLimiter,
    /// Uses of links of any kind by one network.
    links: RateLimiter,
    /// Passkey challenges asked for by one network: each is a row for five minutes.
    passkey_challenges: RateLimiter,
    /// The same by everybody: what the table may hold.
    passkey_challenges_total: RateLimiter,
    /// Answers to such challenges by one network.
    passkey_answers: RateLimiter,
    /// Keys reported as leaked by one network.
    reports: RateLimiter,
    /// Programs that ask to act for somebody, by network.
    device_grants: RateLimiter,
    /// Looks of such programs whether they may, by network.
    device_polls: RateLimiter,
    /// Keys given back by one network.
    returns: RateLimiter,
    /// Lines in the audit trail about one network, person or key being limited.
    lines: RateLimiter,
    /// Mails with a way in to the owner of a name, whether or not somebody has it.
    ways_in: RateLimiter,
}

impl Limits {
    /// Budgets shared by all instances.
    pub(crate) fn new(redis: &Redis, guesses: Guesses) -> Self {
        Self {
            guesses,
            password_change: RateLimiter::new(redis, "password-change", Quota::per(5, TEN_MINUTES)),
            flows: RateLimiter::new(redis, "sign-in-flows", Quota::per(600, TEN_MINUTES)),
            mail: RateLimiter::new(redis, "mail-name", Quota::per(5, TEN_MINUTES)),
            mail_slow: RateLimiter::new(redis, "mail-name-slow", Quota::per(20, ONE_DAY)),
            mail_network: RateLimiter::new(redis, "mail-network", Quota::per(30, TEN_MINUTES)),
            links: RateLimiter::new(redis, "links", Quota::per(60, TEN_MINUTES)),
            passkey_challenges: RateLimiter::new(
                redis,
                "passkey-challenges",
                Quota::per(600, TEN_MINUTES),
            ),
            passkey_challenges_total: RateLimiter::new(
                redis,
                "passkey-challenges-total",
                Quota::per(60_000, TEN_MINUTES),
            ),
            passkey_answers: RateLimiter::new(
                redis,
                "passkey-answers",
                Quota::per(120, TEN_MINUTES),
            ),
            reports: RateLimiter::new(redis, "leaked-keys", Quota::per(20, TEN_MINUTES)),
            device_grants: RateLimiter::new(redis, "device-grants", Quota::per(60, TEN_MINUTES)),
            device_polls: RateLimiter::new(redis, "device-polls", Quota::per(6_000, TEN_MINUTES)),
            returns: RateLimiter::new(redis, "returned-keys", Quota::per(120, TEN_MINUTES)),
            lines: RateLimiter::new(redis, "audit-lines", Quota::per(1, ONE_MINUTE)),
            ways_in: RateLimiter::new(redis, "ways-in", Quota::per(1, HALF_AN_HOUR)),
        }
    }

    /// Counts a sign-in. A browser that signed in under this name before spends its own budget: guessing
    /// strangers cannot spend it.
    pub(crate) async fn sign_in(
        &self,
        secrets: &Secrets,
        login: &LoginKey,
        client: &Client,
    ) -> Result<Counted, Error> {
        self.guesses.sign_in(secrets, login, client).await
    }

    /// The counters of guesses themselves.
    pub(crate) fn guesses(&self) -> &Guesses {
        &self.guesses
    }

    /// Counts a try to prove the old password.
    pub(crate) async fn password_change(&self, who: UserId) -> Result<(), Error> {
        allowed(self.password_change.check(&who.0.to_string()).await)
    }

    /// The old password was right: tries before it do not count any more.
    pub(crate) async fn password_change_proven(&self, who: UserId) {
        self.password_change.forget(&who.0.to_string()).await;
    }

    /// Whether being limited is worth a line in the audit trail: whoever is limited must not fill it. One a minute
    /// for a network, a person, a key.
    pub(crate) async fn is_worth_a_line(&self, who: &str) -> bool {
        self.lines.check(who).await.is_allowed()
    }

    /// Whether it is time to write to the owner of a name that is held back. The database has the last word: Redis
    /// may forget, and a person has two names.
    pub(crate) async fn is_worth_a_way_in(&self, login: &LoginKey) -> bool {
        self.ways_in.check(login.as_str()).await.is_allowed()
    }

    /// Counts the beginning of a sign-in.
    pub(crate) async fn flow(&self, client: &Client) -> Result<(), Error> {
        allowed(self.flows.check(&client.network()).await)
    }

    /// Counts a mail that is asked for under a name.
    pub(crate) async fn mail(&self, login: &LoginKey, client: &Client) -> Result<(), Error> {
        allowed(self.mail_network.check(&client.network()).await)?;
        allowed(self.mail.check(login.as_str()).await)?;
        allowed(self.mail_slow.check(login.as_str()).await)
    }

    /// Counts a passkey challenge that is asked for.
    pub(crate) async fn passkey_challenge(&self, client: &Client) -> Result<(), Error> {
        allowed(self.passkey_challenges.check(&client.network()).await)?;
        allowed(self.passkey_challenges_total.check("all").await)
    }

    /// Counts an answer to one, right or wrong.
    pub(crate) async fn passkey_answer(&self, client: &Client) -> Result<(), Error> {
        allowed(self.passkey_answers.check(&client.network()).await)
    }

    /// Counts the use of a set-up or invitation link.
    pub(crate) async fn link(&self, client: &Client) -> Result<(), Error> {
        allowed(self.links.check(&client.network()).await)
    }

    /// Counts a program that asks to act for somebody.
    pub(crate) async fn device_grant(&self, client: &Client) -> Result<(), Error> {
        allowed(self.device_grants.check(&client.network()).await)
    }

    /// Counts its look whether it may: 50 programs of a network look every five seconds.
    pub(crate) async fn device_poll(&self, client: &Client) -> Result<(), Error> {
        allowed(self.device_polls.check(&client.network()).await)
    }

    /// Counts a key that is given back.
    pub(crate) async fn returned_key(&self, client: &Client) -> Result<(), Error> {
        allowed(self.returns.check(&client.network()).await)
    }

    /// Counts the report of a leaked key.
    pub(crate) async fn report(&self, client: &Client) -> Result<(), Error> {
        allowed(self.reports.check(&client.network()).await)
    }
}

fn allowed(decision: Decision) -> Result<(), Error> {
    match decision {
        Decision::Allowed { .. } => Ok(()),
        Decision::Limited { retry_after } => Err(Error::Limited(retry_after)),
    }
}
