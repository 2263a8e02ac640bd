//! Whom people find to share things with. Members find people and the groups that are open to them, guests themselves
//! and their own groups, administrators everybody. Somebody who is not there and somebody who may not be found are one
//! answer, here and where a name is typed in whole.

use std::time::Duration;

use jiff::Timestamp;
use platform::grants::{Grantee, Recipient};
use platform::{Clock, Principal, Role};
use platform_pg::{Database, GenericClient};
use platform_redis::{Decision, Quota, RateLimiter, Redis};

use super::directory::suggested;
use crate::domain::group::GroupId;
use crate::domain::name::Line;
use crate::domain::person::{Person, PersonId, State};
use crate::error::Error;
use crate::store::grant::{Sight, groups_found};
use crate::store::group::{group_find_by_name, group_name};
use crate::store::person::{person_find, person_find_by_login};

/// Fewer letters find nobody: that would be browsing.
const FEWEST_LETTERS: usize = 2;
/// People of a picker's list.
const MOST_PEOPLE: i64 = 12;
/// Groups of a picker's list.
const MOST_GROUPS: i64 = 8;
/// Searches of one person: somebody who types needs a few, whoever collects names many.
const SEARCHES: Quota = Quota::per(60, Duration::from_mins(1));
/// Before the name of a group where people are typed too: no user name begins like this.
const GROUP_MARK: char = '@';

/// How far somebody sees.
#[derive(Clone, Copy, Debug)]
pub(super) enum Eyes {
    /// An app by itself names whom it knows of.
    App,
    /// A person.
    Person(PersonId, Sight),
    /// A service account finds nobody.
    Program,
}

impl Eyes {
    pub(super) fn of(who: &Principal) -> Self {
        if who.is_service {
            return Self::Program;
        }
        let sight = match who.role {
            Role::Guest => Sight::Own,
            // Who owes a factor is no administrator yet.
            Role::Admin if !who.owes_factor => Sight::All,
            Role::User | Role::Admin => Sight::Further,
        };
        Self::Person(PersonId(who.user_id), sight)
    }

    fn finds(self, person: &Person) -> bool {
        match self {
            Self::App => person.state != State::Deleted,
            Self::Person(id, Sight::Own) => person.id == id && person.state == State::Active,
            Self::Person(..) => person.state == State::Active,
            Self::Program => false,
        }
    }
}

/// What a picker finds.
#[derive(Debug, Default)]
pub struct Found {
    /// People.
    pub people: Vec<Person>,
    /// Groups, by what names them in a field.
    pub groups: Vec<(String, String)>,
}

/// Finds people and groups for the pickers of share dialogs.
#[derive(Clone, Debug)]
pub struct Grantees {
    db: Database,
    clock: Clock,
    searches: RateLimiter,
}

impl Grantees {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock, redis: &Redis) -> Self {
        Self {
            db,
            clock,
            searches: RateLimiter::new(redis, "grantee-searches", SEARCHES),
        }
    }

    /// People and groups whom somebody may find by the beginning of a name; nobody by fewer than two letters.
    ///
    /// # Errors
    /// [`Error::Throttled`] when they search too often.
    pub async fn suggest(&self, who: &Principal, typed: &str) -> Result<Found, Error> {
        if let Decision::Limited { retry_after } =
            self.searches.check(&who.user_id.to_string()).await
        {
            return Err(Error::Throttled(retry_after));
        }
        let (typed, groups_alone) = unmarked(typed);
        let letters = typed.chars().filter(|letter| letter.is_alphanumeric());
        let Eyes::Person(id, sight) = Eyes::of(who) else {
            return Ok(Found::default());
        };
        if letters.count() < FEWEST_LETTERS || typed.chars().count() > Line::MOST {
            return Ok(Found::default());
        }
        let client = self.db.client().await?;
        let at = self.clock.now();
        let people = match sight {
            _ if groups_alone => Vec::new(),
            Sight::Own => themselves(&client, id, typed).await?,
            Sight::Further | Sight::All => suggested(&client, typed, MOST_PEOPLE).await?,
        };
        let groups = groups_found(&client, (id, sight), (typed, false), at, MOST_GROUPS).await?;
        let groups = groups.into_iter();
        Ok(Found {
            people,
            groups: groups
                .map(|(_, name)| (format!("{GROUP_MARK}{name}"), name))
                .collect(),
        })
    }
}

/// A guest, if it is themselves they look for.
async fn themselves(
    client: &impl GenericClient,
    id: PersonId,
    typed: &str,
) -> Result<Vec<Person>, Error> {
    let begins = |name: &str| name.to_lowercase().starts_with(&typed.to_lowercase());
    let found = person_find(client, id).await?.into_iter();
    let theirs = |person: &Person| {
        let names = [&person.display_name, &person.family_name, &person.username];
        person.state == State::Active && names.into_iter().any(|name| begins(name))
    };
    Ok(found.filter(theirs).collect())
}

/// Whom a recipient means, with their name; `None` when there is nobody, or nobody these eyes may find.
pub(super) async fn resolve(
    client: &impl GenericClient,
    eyes: Eyes,
    to: &Recipient,
    at: Timestamp,
) -> Result<Option<(Grantee, String)>, Error> {
    match to {
        Recipient::Known(Grantee::Person(id)) => {
            let person = person_find(client, PersonId(*id)).await?;
            Ok(person.and_then(|person| person_seen(eyes, person)))
        }
        Recipient::Known(Grantee::Group(id)) => {
            let Some(name) = group_name(client, GroupId(*id)).await? else {
                return Ok(None);
            };
            let found = group_seen(client, eyes, &name, at).await?;
            Ok(found.filter(|(grantee, _)| *grantee == Grantee::Group(*id)))
        }
        Recipient::Known(service @ Grantee::Service(_)) => {
            let knows = matches!(eyes, Eyes::App | Eyes::Person(_, Sight::All));
            Ok(knows.then(|| (*service, String::new())))
        }
        Recipient::Known(everybody @ (Grantee::SignedIn | Grantee::Public)) => {
            Ok(Some((*everybody, String::new())))
        }
        Recipient::Typed(typed) => named(client, eyes, typed, at).await,
    }
}

/// Somebody by what was typed: a person before a group of the same name, unless it is marked as a group.
async fn named(
    client: &impl GenericClient,
    eyes: Eyes,
    typed: &str,
    at: Timestamp,
) -> Result<Option<(Grantee, String)>, Error> {
    let (typed, group_alone) = unmarked(typed);
    if !group_alone {
        let person = person_find_by_login(client, typed).await?;
        if let Some(found) = person.and_then(|person| person_seen(eyes, person)) {
            return Ok(Some(found));
        }
    }
    group_seen(client, eyes, typed, at).await
}

fn person_seen(eyes: Eyes, person: Person) -> Option<(Grantee, String)> {
    eyes.finds(&person)
        .then_some((Grantee::Person(person.id.0), person.display_name))
}

async fn group_seen(
    client: &impl GenericClient,
    eyes: Eyes,
    name: &str,
    at: Timestamp,
) -> Result<Option<(Grantee, String)>, Error> {
    let found = match eyes {
        Eyes::Program => None,
        Eyes::App => {
            let group = group_find_by_name(client, name).await?;
            group.map(|group| (group.id, group.name))
        }
        Eyes::Person(id, sight) => {
            let found = groups_found(client, (id, sight), (name, true), at, 1).await?;
            found.into_iter().next()
        }
    };
    Ok(found.map(|(id, name)| (Grantee::Group(id.0), name)))
}

/// What was typed without the mark of groups, and whether it had one.
fn unmarked(typed: &str) -> (&str, bool) {
    let typed = typed.trim();
    match typed.strip_prefix(GROUP_MARK) {
        Some(name) => (name.trim(), true),
        None => (typed, false),
    }
}
