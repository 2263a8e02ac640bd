//! Levels that were asked for a moment ago.
//!
//! Whose they are includes the groups of the assertion: somebody who came into a group or left one is asked about
//! anew as soon as the gateway tells of it. Nothing is remembered while accounts cannot tell of changes, and nothing
//! that was asked before a change and answered after it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use platform::Principal;
use platform::grants::{Level, Resource};
use uuid::Uuid;

/// A grant that ends by itself may count for so long beyond its end.
const LASTS: SignedDuration = SignedDuration::from_secs(10);

/// At about 200 bytes each.
const MOST: usize = 10_000;

/// For whom levels are remembered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Whose {
    /// `None` for whoever is not signed in.
    id: Option<Uuid>,
    groups: u64,
}

impl Whose {
    pub(super) fn of(principal: Option<&Principal>) -> Self {
        let mut hasher = DefaultHasher::new();
        if let Some(principal) = principal {
            (&principal.groups, principal.is_service).hash(&mut hasher);
        }
        Self {
            id: principal.map(|principal| principal.user_id),
            groups: hasher.finish(),
        }
    }
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    whose: Whose,
    kind: Box<str>,
    id: Box<str>,
}

/// What somebody had a moment ago, nothing included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remembered(pub(super) Option<Level>);

/// How often grants have changed: what was asked in one moment is not remembered in another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct AsOf(u64);

/// The memory, bounded.
#[derive(Default)]
pub(super) struct Cache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    levels: HashMap<Key, (Option<Level>, Timestamp)>,
    changes: u64,
    /// Whether accounts tells of changes at present.
    told: bool,
}

impl Cache {
    pub(super) fn moment(&self) -> AsOf {
        AsOf(self.lock().changes)
    }

    /// What is remembered: a level, or that there is none.
    pub(super) fn get(
        &self,
        whose: &Whose,
        kind: &str,
        id: &str,
        now: Timestamp,
    ) -> Option<Remembered> {
        let key = Key {
            whose: whose.clone(),
            kind: kind.into(),
            id: id.into(),
        };
        let inner = self.lock();
        let (level, until) = inner.levels.get(&key)?;
        (*until > now).then_some(Remembered(*level))
    }

    pub(super) fn put(
        &self,
        asked: AsOf,
        (whose, kind, id): (&Whose, &str, &str),
        level: Option<Level>,
        now: Timestamp,
    ) {
        let mut inner = self.lock();
        if !inner.told || inner.changes != asked.0 {
            return;
        }
        if inner.levels.len() >= MOST {
            inner.levels.retain(|_, (_, until)| *until > now);
        }
        if inner.levels.len() >= MOST {
            // Everybody is asked about once more; nobody is refused.
            inner.levels.clear();
        }
        let key = Key {
            whose: whose.clone(),
            kind: kind.into(),
            id: id.into(),
        };
        inner.levels.insert(key, (level, now + LASTS));
    }

    /// Forgets the levels of a thing, or all of them.
    pub(super) fn forget(&self, thing: Option<&Resource>) {
        let mut inner = self.lock();
        inner.changes += 1;
        match thing {
            Some(thing) => inner
                .levels
                .retain(|key, _| *key.kind != *thing.kind() || *key.id != *thing.id()),
            None => inner.levels.clear(),
        }
    }

    /// Accounts tells of changes from now on, or no more. Either way nothing of before counts.
    pub(super) fn tell(&self, told: bool) {
        self.forget(None);
        self.lock().told = told;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_000).unwrap()
    }

    fn filled() -> (Cache, Whose) {
        let cache = Cache::default();
        cache.tell(true);
        let whose = Whose::of(None);
        for id in ["1", "2"] {
            let asked = cache.moment();
            cache.put(asked, (&whose, "note", id), Some(Level::Write), now());
        }
        (cache, whose)
    }

    #[test]
    fn a_level_is_remembered_for_a_moment_and_its_absence_too() {
        let (cache, whose) = filled();
        assert_eq!(
            cache.get(&whose, "note", "1", now()),
            Some(Remembered(Some(Level::Write)))
        );
        assert_eq!(cache.get(&whose, "note", "1", now() + LASTS), None);
        cache.put(cache.moment(), (&whose, "note", "3"), None, now());
        assert_eq!(
            cache.get(&whose, "note", "3", now()),
            Some(Remembered(None))
        );
        assert_eq!(cache.get(&whose, "list", "1", now()), None);
    }

    #[test]
    fn a_change_forgets_its_thing_and_a_lost_stream_everything() {
        let (cache, whose) = filled();
        cache.forget(Some(&Resource::new("note", "1").unwrap()));
        assert_eq!(cache.get(&whose, "note", "1", now()), None);
        assert!(cache.get(&whose, "note", "2", now()).is_some());
        cache.tell(false);
        assert_eq!(cache.get(&whose, "note", "2", now()), None);
        cache.put(cache.moment(), (&whose, "note", "2"), None, now());
        assert_eq!(
            cache.get(&whose, "note", "2", now()),
            None,
            "nobody would tell"
        );
    }

    #[test]
    fn what_was_asked_before_a_change_is_not_remembered_after_it() {
        let (cache, whose) = filled();
        let asked = cache.moment();
        cache.forget(Some(&Resource::new("note", "9").unwrap()));
        cache.put(asked, (&whose, "note", "9"), Some(Level::Admin), now());
        assert_eq!(cache.get(&whose, "note", "9", now()), None);
    }

    #[test]
    fn who_joins_a_group_is_asked_about_anew() {
        let cache = Cache::default();
        cache.tell(true);
        let mut who = testkit::user();
        let before = Whose::of(Some(&who));
        cache.put(cache.moment(), (&before, "note", "1"), None, now());
        assert!(cache.get(&before, "note", "1", now()).is_some());
        who.groups.push("Writers".to_owned());
        let after = Whose::of(Some(&who));
        assert_eq!(cache.get(&after, "note", "1", now()), None);
        let other = Whose::of(Some(&testkit::user()));
        assert_eq!(cache.get(&other, "note", "1", now()), None);
    }

    #[test]
    fn it_never_holds_more_than_it_may() {
        let (cache, whose) = filled();
        for n in 0..MOST * 2 {
            let id = n.to_string();
            cache.put(cache.moment(), (&whose, "note", &id), None, now());
            assert!(cache.lock().levels.len() <= MOST);
            assert!(cache.get(&whose, "note", &id, now()).is_some());
        }
    }
}
