//! Who may do what with the things of the calling app, as accounts keeps it.
//!
//! [`follow`] gives an app its [`Grants`]. Levels are remembered for a moment, and forgotten as soon as accounts says
//! that a grant changed; while it cannot say so, nothing is remembered. While accounts is away the answer is that it
//! is away, never a no and never a yes.
//!
//! ```ignore
//! async fn show(State(app): State<App>, who: Introduced, Path(id): Path<String>) -> Result<Response, Error> {
//!     let note = Resource::new("note", id).map_err(grants::Error::from)?;
//!     let level = app.grants.require(&who, &note, Level::Read).await?;
//!     ..
//! }
//! ```

mod cache;
mod error;
mod follow;
mod wire;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use platform::grants::{
    Change, Grant, Grantee, Level, MOST_AT_ONCE, Outcome, Recipient, Refusal, Resource, check_id,
    check_kind,
};
use platform::{Clock, Introduced};

use self::cache::{Cache, Remembered, Whose};
pub use self::error::Error;
pub use self::follow::follow;
use crate::Call;
use crate::accounts::v1::{self, GrantsClient, set_grant_request};

/// How long a page waits for accounts.
const PATIENCE: Duration = Duration::from_secs(2);

/// The grants of this app's things. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Grants {
    client: GrantsClient,
    cache: Arc<Cache>,
    clock: Clock,
}

/// One page of the things somebody may reach.
#[derive(Clone, Debug, Default)]
pub struct Reachable {
    /// Their ids with the level, by id.
    pub resources: Vec<(String, Level)>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

impl Grants {
    fn new(client: GrantsClient, clock: Clock) -> Self {
        Self {
            client,
            cache: Arc::default(),
            clock,
        }
    }

    /// How much somebody may do with a thing; `None` nothing.
    pub async fn level(&self, who: &Introduced, thing: &Resource) -> Result<Option<Level>, Error> {
        let ids = [thing.id().to_owned()];
        let mut levels = self.levels(who, thing.kind(), &ids).await?;
        Ok(levels.remove(thing.id()))
    }

    /// The level somebody has when it is enough.
    ///
    /// # Errors
    /// [`Error::NotFound`] when they may not even see it ([`Error::SignIn`] when they might once signed in),
    /// [`Error::Denied`] when less than `wanted`.
    pub async fn require(
        &self,
        who: &Introduced,
        thing: &Resource,
        wanted: Level,
    ) -> Result<Level, Error> {
        match self.level(who, thing).await? {
            None if who.principal().is_none() => Err(Error::SignIn),
            None => Err(Error::NotFound),
            Some(level) if level.allows(wanted) => Ok(level),
            Some(_) => Err(Error::Denied(wanted)),
        }
    }

    /// How much somebody may do with things of a kind, at most 200 of them. What they may do nothing with is left out.
    pub async fn levels(
        &self,
        who: &Introduced,
        kind: &str,
        ids: &[String],
    ) -> Result<HashMap<String, Level>, Error> {
        check_kind(kind)?;
        ids.iter().try_for_each(|id| check_id(id))?;
        if ids.len() > MOST_AT_ONCE {
            return Err(Error::TooManyAtOnce);
        }
        let whose = Whose::of(who.principal());
        let moment = self.cache.moment();
        let now = self.clock.now();
        let mut levels = HashMap::new();
        let mut unknown = Vec::new();
        for id in ids {
            match self.cache.get(&whose, kind, id, now) {
                Some(Remembered(level)) => levels.extend(level.map(|level| (id.clone(), level))),
                None => unknown.push(id.clone()),
            }
        }
        if unknown.is_empty() {
            return Ok(levels);
        }
        let request = v1::GetLevelsRequest {
            kind: kind.to_owned(),
            ids: unknown.clone(),
        };
        let answer = self.client.get_levels(call(who), request).await?;
        let mut told = wire::levels(answer)?;
        for id in unknown {
            let level = told.remove(&id);
            self.cache.put(moment, (&whose, kind, &id), level, now);
            levels.extend(level.map(|level| (id, level)));
        }
        Ok(levels)
    }

    /// The things of a kind with which somebody may do at least `least`, by id: those after `next` of a former page.
    pub async fn reachable(
        &self,
        who: &Introduced,
        kind: &str,
        least: Level,
        after: Option<&str>,
    ) -> Result<Reachable, Error> {
        check_kind(kind)?;
        let request = v1::ListReachableRequest {
            kind: kind.to_owned(),
            least: least.as_str().to_owned(),
            page_token: after.unwrap_or_default().to_owned(),
            page_size: 0,
        };
        let answer = self.client.list_reachable(call(who), request).await?;
        wire::reachable(answer)
    }

    /// Who may do what with a thing. For those with the level admin.
    ///
    /// # Errors
    /// [`Error::SignIn`] for nobody in particular: without a person a call is the app's own.
    pub async fn list(&self, who: &Introduced, thing: &Resource) -> Result<Vec<Grant>, Error> {
        who.principal().ok_or(Error::SignIn)?;
        let request = v1::ListGrantsRequest {
            resource: Some(wire::resource(thing)),
        };
        let answer = self.client.list_grants(call(who), request).await?;
        answer.grants.into_iter().map(wire::grant).collect()
    }

    /// Changes who may do what with a thing, as the person who asks. For those with the level admin.
    ///
    /// # Errors
    /// [`Error::SignIn`] for nobody in particular: without a person a call is the app's own.
    pub async fn change(
        &self,
        who: &Introduced,
        thing: &Resource,
        change: &Change,
    ) -> Result<Outcome, Error> {
        who.principal().ok_or(Error::SignIn)?;
        self.settle(call(who), thing, change).await
    }

    /// Changes who may do what with a thing as the app's own word, whoever is there. Nobody's level is asked.
    pub async fn change_as_app(&self, thing: &Resource, change: &Change) -> Result<Outcome, Error> {
        self.settle(Call::new(PATIENCE), thing, change).await
    }

    async fn settle(
        &self,
        call: Call,
        thing: &Resource,
        change: &Change,
    ) -> Result<Outcome, Error> {
        let answered = self.send(call, thing, change).await;
        // Whatever came of it: the next answer is a fresh one.
        self.cache.forget(Some(thing));
        let refusal = |error: &crate::Error| error.code().and_then(Refusal::of_code);
        match answered {
            Ok(true) => Ok(Outcome::Done),
            Ok(false) => Ok(Outcome::Unchanged),
            Err(error) => match refusal(&error) {
                Some(refusal) => Ok(Outcome::Refused(refusal)),
                None => Err(error.into()),
            },
        }
    }

    /// Makes somebody an administrator of a thing that the app just made for them. The app's own word: nobody is asked.
    pub async fn own(&self, thing: &Resource, owner: Grantee) -> Result<Outcome, Error> {
        let change = Change::Set {
            to: Recipient::Known(owner),
            level: Level::Admin,
            ends_at: None,
        };
        self.change_as_app(thing, &change).await
    }

    /// Forgets all grants of a thing that is gone, as the app's own word.
    pub async fn forget(&self, thing: &Resource) -> Result<(), Error> {
        let request = v1::ForgetResourceRequest {
            resource: Some(wire::resource(thing)),
        };
        let forgotten = self.client.forget_resource(Call::new(PATIENCE), request);
        let forgotten = forgotten.await;
        self.cache.forget(Some(thing));
        forgotten?;
        Ok(())
    }

    async fn send(
        &self,
        call: Call,
        thing: &Resource,
        change: &Change,
    ) -> Result<bool, crate::Error> {
        let resource = Some(wire::resource(thing));
        match change {
            Change::Set { to, level, ends_at } => {
                let to = match to {
                    Recipient::Known(grantee) => {
                        set_grant_request::To::Grantee(wire::grantee(*grantee))
                    }
                    Recipient::Typed(typed) => set_grant_request::To::Typed(typed.clone()),
                };
                let request = v1::SetGrantRequest {
                    resource,
                    to: Some(to),
                    level: level.as_str().to_owned(),
                    ends_at: ends_at.map_or(0, jiff::Timestamp::as_millisecond),
                };
                Ok(self.client.set_grant(call, request).await?.changed)
            }
            Change::Remove(grantee) => {
                let request = v1::RemoveGrantRequest {
                    resource,
                    grantee: Some(wire::grantee(*grantee)),
                };
                Ok(self.client.remove_grant(call, request).await?.changed)
            }
        }
    }
}

fn call(who: &Introduced) -> Call {
    let call = Call::new(PATIENCE);
    match who.assertion() {
        Some(assertion) => call.on_behalf_of(assertion),
        None => call,
    }
}
