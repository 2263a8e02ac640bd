//! Tells the apps that follow their grants which thing's changed: those that listen to this instance at once, those
//! that listen to another one over Redis.
//!
//! Apps remember levels for a few seconds only, so a notice that Redis loses delays a change and undoes none.

use std::time::Duration;

use platform::grants::Resource;
use platform_redis::{Notice, Redis, Subscription};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::domain::grant::Thing;

/// Part of the Redis channel's name.
const CHANNEL: &str = "grants";
/// Pause before another attempt to subscribe.
const PAUSE: Duration = Duration::from_secs(2);
/// Notices kept for a listener who is slow; whoever is slower is told that all may have changed.
const KEPT: usize = 256;

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Changed {
    /// The grants of one thing.
    Thing {
        /// Whose.
        app: String,
        /// Of which kind.
        kind: String,
        /// Which.
        id: String,
    },
    /// Any: notices may have been missed.
    Any,
}

impl Changed {
    /// Whether an app is told, and of what: `None` of anything.
    pub fn for_app(self, to: &str) -> Option<Option<Resource>> {
        match self {
            Self::Any => Some(None),
            Self::Thing { app, kind, id } => {
                let resource = (app == to).then(|| Resource::new(kind, id).ok())?;
                Some(resource)
            }
        }
    }
}

/// Tells of changes. Cheap to clone.
#[derive(Clone)]
pub struct GrantNotices {
    redis: Redis,
    sender: broadcast::Sender<Changed>,
}

impl GrantNotices {
    /// Nobody listens yet.
    pub fn new(redis: &Redis) -> Self {
        Self {
            redis: redis.clone(),
            sender: broadcast::Sender::new(KEPT),
        }
    }

    /// Changes from now on.
    pub fn listen(&self) -> broadcast::Receiver<Changed> {
        self.sender.subscribe()
    }

    /// Makes a committed change known.
    pub(super) async fn announce(&self, thing: &Thing) {
        let changed = Changed::Thing {
            app: thing.app.to_string(),
            kind: thing.resource.kind().to_owned(),
            id: thing.resource.id().to_owned(),
        };
        self.tell(changed.clone());
        let channel = self.redis.key(CHANNEL);
        if let Err(error) = self.redis.publish(&channel, &changed).await {
            tracing::warn!(%error, "change of grants not published: other instances' apps remember for some seconds");
        }
    }

    /// Passes on what other instances changed, until told to stop.
    pub async fn follow(&self, soft: &CancellationToken) {
        let channel = self.redis.key(CHANNEL);
        let mut subscription: Option<Subscription<Changed>> = None;
        loop {
            let Some(subscribed) = &mut subscription else {
                match self.redis.subscribe(&channel).await {
                    Ok(subscribed) => {
                        subscription = Some(subscribed);
                        self.tell(Changed::Any);
                    }
                    Err(error) => {
                        tracing::warn!(%error, "changes of grants not subscribed to: trying again");
                        tokio::select! {
                            () = soft.cancelled() => return,
                            () = tokio::time::sleep(PAUSE) => {}
                        }
                    }
                }
                continue;
            };
            tokio::select! {
                () = soft.cancelled() => return,
                notice = subscribed.next() => match notice {
                    Some(Notice::Message(changed)) => self.tell(changed),
                    Some(Notice::Gap) => self.tell(Changed::Any),
                    None => subscription = None,
                },
            }
        }
    }

    fn tell(&self, changed: Changed) {
        // Nobody may be listening.
        self.sender.send(changed).ok();
    }
}

impl std::fmt::Debug for GrantNotices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GrantNotices").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::Changed;

    #[test]
    fn an_app_hears_of_its_own_things_alone() {
        let changed = Changed::Thing {
            app: "tasks".to_owned(),
            kind: "list".to_owned(),
            id: "7".to_owned(),
        };
        let told = changed.clone().for_app("tasks").unwrap().unwrap();
        assert_eq!(told.to_string(), "list/7");
        assert_eq!(changed.for_app("notes"), None);
        assert_eq!(Changed::Any.for_app("notes"), Some(None));
    }
}
