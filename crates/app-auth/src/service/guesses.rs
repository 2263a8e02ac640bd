//! Counting guesses in PostgreSQL, so that neither a restart nor a lost Redis gives anybody new tries.
//!
//! A browser that signed in under a name before has a budget of its own there: strangers who guess at the name cannot
//! lock its owner out. Everybody else shares the budgets of the name, of their network and of the platform.

use jiff::SignedDuration;
use platform::Clock;
use platform_pg::Database;

use crate::domain::guessing::{Refused, Rule};
use crate::domain::login::LoginKey;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::device_cookie::DeviceCookie;
use crate::service::secrets::Secrets;
use crate::service::tell::{Both, Tell};
use crate::store::guesses::{
    BlockedNetwork, guess_blocked_networks, guess_forget, guess_forget_key, guess_hold, guess_peek,
    guess_put,
};
use crate::store::service_accounts::subject_id_by_login;

const ONE_MINUTE: SignedDuration = SignedDuration::from_mins(1);
const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);
const ONE_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Guesses at one name from browsers that never signed in under it.
pub(crate) const NAME: Rule = Rule {
    kind: "name",
    free: 10,
    window: TEN_MINUTES,
    first_block: ONE_MINUTE,
    longest_block: ONE_HOUR,
};
/// Guesses of one network from such browsers.
pub(crate) const NETWORK: Rule = Rule {
    kind: "network",
    free: 100,
    window: TEN_MINUTES,
    first_block: ONE_MINUTE,
    longest_block: ONE_HOUR,
};
/// Guesses at one name from one browser that did sign in under it.
const DEVICE: Rule = Rule {
    kind: "device",
    free: 20,
    window: TEN_MINUTES,
    first_block: ONE_MINUTE,
    longest_block: SignedDuration::from_mins(15),
};
/// Wrong passwords of one person that a directory is asked about, from browsers that never signed in under their name. A
/// directory locks people out after a few of them, for everything that it is for: five is a number found often.
const DIRECTORY: Rule = Rule {
    kind: "directory",
    free: 4,
    window: SignedDuration::from_mins(30),
    first_block: SignedDuration::from_mins(30),
    longest_block: ONE_HOUR,
};
/// Break-glass codes tried by one network. There is no budget of the name: nobody can lock its owner out, and nobody
/// guesses eighty bits.
const BREAK_GLASS: Rule = Rule {
    kind: "break_glass",
    free: 10,
    window: TEN_MINUTES,
    first_block: ONE_MINUTE,
    longest_block: ONE_HOUR,
};
/// Wrong codes of programs that ask to act, typed by one person. A code is 34 bits and lives ten minutes.
const USER_CODE: Rule = Rule {
    kind: "user_code",
    free: 5,
    window: TEN_MINUTES,
    first_block: ONE_MINUTE,
    longest_block: ONE_HOUR,
};
/// The same by everybody who is signed in from one network.
const USER_CODE_NETWORK: Rule = Rule {
    kind: "user_code_network",
    free: 30,
    window: TEN_MINUTES,
    first_block: ONE_MINUTE,
    longest_block: ONE_HOUR,
};
/// Guesses of all such browsers together: whoever has many networks is slowed down, too. The block is short, because
/// it also meets people with new browsers.
const TOTAL: Rule = Rule {
    kind: "total",
    free: 600,
    window: ONE_MINUTE,
    first_block: SignedDuration::from_secs(10),
    longest_block: SignedDuration::from_secs(10),
};

/// Whether a sign-in may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// It may.
    Free,
    /// Not for this long, for too many guesses at the name.
    NameHeld(std::time::Duration),
    /// Not for this long, for another reason.
    Held(std::time::Duration),
}

/// The counters. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Guesses {
    db: Database,
    clock: Clock,
}

impl Guesses {
    pub(crate) fn new(db: &Database, clock: &Clock) -> Self {
        Self {
            db: db.clone(),
            clock: clock.clone(),
        }
    }

    /// Counts a sign-in before anything is looked up or hashed.
    pub(crate) async fn sign_in(
        &self,
        secrets: &Secrets,
        login: &LoginKey,
        client: &Client,
    ) -> Result<Counted, Error> {
        if let Some(device) = known_device(secrets, login, client) {
            let key = format!("{}|{}", device.hash().text(), login.as_str());
            let spent = self.spend(secrets, (&DEVICE, &key), "").await;
            return counted(spent, Counted::Held);
        }
        let network = client.network();
        let shared = [
            ((&NETWORK, network.as_str()), network.as_str()),
            ((&TOTAL, ""), ""),
        ];
        for (budget, label) in shared {
            let spent = self.spend(secrets, budget, label).await;
            let held = counted(spent, Counted::Held)?;
            if held != Counted::Free {
                return Ok(held);
            }
        }
        let spent = self.spend(secrets, (&NAME, login.as_str()), "").await;
        counted(spent, Counted::NameHeld)
    }

    /// Counts a password before a directory is asked about it. `false`: it may not be asked now.
    pub(crate) async fn directory(
        &self,
        secrets: &Secrets,
        who: UserId,
        (login, client): (&LoginKey, &Client),
    ) -> Result<bool, Error> {
        if known_device(secrets, login, client).is_some() {
            return Ok(true);
        }
        let person = who.0.to_string();
        let spent = self.spend(secrets, (&DIRECTORY, &person), "").await;
        Ok(counted(spent, Counted::Held)? == Counted::Free)
    }

    /// It was right, or the directory did not look at it: only wrong ones count.
    pub(crate) async fn directory_did_not_mind(
        &self,
        secrets: &Secrets,
        who: UserId,
        (login, client): (&LoginKey, &Client),
    ) -> Result<(), Error> {
        if known_device(secrets, login, client).is_some() {
            return Ok(());
        }
        let person = who.0.to_string();
        self.give_back(secrets, (&DIRECTORY, &person)).await
    }

    /// Counts a break-glass code before it is looked at.
    pub(crate) async fn break_glass(
        &self,
        secrets: &Secrets,
        client: &Client,
    ) -> Result<(), Error> {
        let network = client.network();
        self.spend(secrets, (&BREAK_GLASS, &network), &network)
            .await
    }

    /// Counts the code of a program, typed by somebody who is signed in, before it is looked up.
    pub(crate) async fn user_code(
        &self,
        secrets: &Secrets,
        (who, client): (UserId, &Client),
    ) -> Result<(), Error> {
        let (person, network) = (who.0.to_string(), client.network());
        self.spend(secrets, (&USER_CODE_NETWORK, &network), "")
            .await?;
        self.spend(secrets, (&USER_CODE, &person), "").await
    }

    /// It was right: only wrong ones count.
    pub(crate) async fn user_code_was_right(
        &self,
        secrets: &Secrets,
        (who, client): (UserId, &Client),
    ) -> Result<(), Error> {
        let (person, network) = (who.0.to_string(), client.network());
        self.give_back(secrets, (&USER_CODE_NETWORK, &network))
            .await?;
        self.give_back(secrets, (&USER_CODE, &person)).await
    }

    /// How long a name or network may try nothing.
    pub(crate) async fn blocked_for(
        &self,
        secrets: &Secrets,
        (rule, key): (&Rule, &str),
    ) -> Result<Option<std::time::Duration>, Error> {
        let hash = secrets.device_mac(rule.kind.as_bytes(), key);
        let client = self.db.client().await?;
        let budget = guess_peek(&client, (rule.kind, &hash)).await?;
        Ok(budget.and_then(|budget| budget.blocked_for(self.clock.now())))
    }

    /// Networks that may try nothing now.
    pub(crate) async fn blocked_networks(&self) -> Result<Vec<BlockedNetwork>, Error> {
        let client = self.db.client().await?;
        Ok(guess_blocked_networks(&client, self.clock.now()).await?)
    }

    /// Lets a network begin anew.
    pub(crate) async fn forgive_network(
        &self,
        tx: &impl platform_pg::InTransaction,
        network: &str,
    ) -> Result<bool, Error> {
        Ok(guess_forget(tx, (NETWORK.kind, network)).await? > 0)
    }

    /// Lets strangers try a name anew.
    pub(crate) async fn forgive_name(
        &self,
        tx: &impl platform_pg::InTransaction,
        secrets: &Secrets,
        login: &LoginKey,
    ) -> Result<(), Error> {
        let hash = secrets.device_mac(NAME.kind.as_bytes(), login.as_str());
        guess_forget_key(tx, (NAME.kind, &hash)).await?;
        Ok(())
    }

    /// Lets strangers have a directory asked about a person anew.
    pub(crate) async fn forgive_directory(
        &self,
        tx: &impl platform_pg::InTransaction,
        secrets: &Secrets,
        who: UserId,
    ) -> Result<(), Error> {
        let hash = secrets.device_mac(DIRECTORY.kind.as_bytes(), &who.0.to_string());
        guess_forget_key(tx, (DIRECTORY.kind, &hash)).await?;
        Ok(())
    }

    async fn give_back(&self, secrets: &Secrets, (rule, key): (&Rule, &str)) -> Result<(), Error> {
        let hash = secrets.device_mac(rule.kind.as_bytes(), key);
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let mut budget = guess_hold(&tx, (rule.kind, &hash), "", self.clock.now()).await?;
        budget.give_back();
        guess_put(&tx, (rule.kind, &hash), &budget).await?;
        Ok(tx.commit().await?)
    }

    async fn spend(
        &self,
        secrets: &Secrets,
        (rule, key): (&Rule, &str),
        label: &str,
    ) -> Result<(), Error> {
        let hash = secrets.device_mac(rule.kind.as_bytes(), key);
        let now = self.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let mut budget = guess_hold(&tx, (rule.kind, &hash), label, now).await?;
        match budget.spend(rule, now) {
            Ok(()) => {
                guess_put(&tx, (rule.kind, &hash), &budget).await?;
                tx.commit().await?;
                Ok(())
            }
            Err(Refused { wait, begins }) => {
                if begins {
                    guess_put(&tx, (rule.kind, &hash), &budget).await?;
                    if rule.kind == NAME.kind && budget.strikes == 1 {
                        // The same work for a name nobody has.
                        let owner = subject_id_by_login(&tx, key).await?;
                        guessed(owner, &now.to_string()).enqueue(&tx).await?;
                    }
                    tx.commit().await?;
                }
                Err(Error::Limited(wait))
            }
        }
    }
}

/// The browser, if it did sign in under this name before.
fn known_device(secrets: &Secrets, login: &LoginKey, client: &Client) -> Option<DeviceCookie> {
    let device = client.device_cookie.as_deref();
    let device = device.and_then(DeviceCookie::parse);
    device.filter(|device| device.knows(secrets, login))
}

/// Being held back is no error here: who is told of it depends on why.
fn counted(
    spent: Result<(), Error>,
    held: fn(std::time::Duration) -> Counted,
) -> Result<Counted, Error> {
    match spent {
        Ok(()) => Ok(Counted::Free),
        Err(Error::Limited(wait)) => Ok(held(wait)),
        Err(error) => Err(error),
    }
}

/// What the owner of a name is told when strangers tried it too often; to nobody when it is nobody's.
fn guessed(owner: Option<UserId>, at: &str) -> Tell {
    let user_id = owner.unwrap_or(UserId(uuid::Uuid::nil()));
    Tell {
        user_id,
        once: format!("guessed:{}:{at}", user_id.0),
        kind: "auth.guessed".to_owned(),
        title: Both::new(
            "Somebody tries to guess your password",
            "Jemand versucht, Ihr Passwort zu erraten",
        ),
        body: Both::new(
            "Sign-ins with your name from unknown browsers are slowed down. Browsers you signed in with before are not concerned. Nothing was opened.",
            "Anmeldungen mit Ihrem Namen aus unbekannten Browsern werden verlangsamt. Browser, in denen Sie schon angemeldet waren, betrifft das nicht. Nichts wurde geöffnet.",
        ),
        path: "/auth/security".to_owned(),
    }
}
