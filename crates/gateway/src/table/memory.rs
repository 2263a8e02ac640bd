//! Prefixes of apps that were there a moment ago: their absence is an outage to tell of, not an unknown address.
//!
//! An app that was stopped is soon an unknown address again; one that vanished without a word stays an outage for long.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use registry::{AppId, Snapshot, State};
use serde::{Deserialize, Serialize};

/// How long an app that vanished is remembered: it is expected back.
const VANISHED: SignedDuration = SignedDuration::from_mins(10);
/// How long an app that took its leave is remembered: long enough for the restart of a single instance.
const TOOK_LEAVE: SignedDuration = SignedDuration::from_secs(10);
/// Most prefixes remembered.
const MOST: usize = 1000;

/// Who served a prefix, and when last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Memory {
    seen: BTreeMap<String, Seen>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    app: AppId,
    /// When it was last there.
    at: Timestamp,
    /// It is there now.
    #[serde(default)]
    here: bool,
    /// Every instance was about to stop when last seen: a lease is marked as draining before it is given back.
    #[serde(default)]
    draining: bool,
}

impl Seen {
    fn now(app: &AppId, at: Timestamp, draining: bool) -> Self {
        Self {
            app: app.clone(),
            at,
            here: true,
            draining,
        }
    }

    /// How much longer it is remembered; nothing counts while it is there.
    fn left(&self, now: Timestamp) -> Option<SignedDuration> {
        let kept = if self.draining { TOOK_LEAVE } else { VANISHED };
        (!self.here).then(|| kept - now.duration_since(self.at))
    }
}

impl Memory {
    /// Notes what is there now and forgets what is long gone.
    pub(crate) fn note(&mut self, snapshot: &Snapshot, now: Timestamp) {
        let mut here = BTreeMap::new();
        let is_full = self.seen.len() >= MOST;
        for entry in snapshot.live() {
            let draining = entry.state == State::Draining;
            for prefix in &entry.prefixes {
                if is_full && !self.seen.contains_key(prefix) {
                    continue;
                }
                let (_, all) = here.entry(prefix).or_insert((&entry.id, true));
                *all &= draining;
            }
        }
        for (prefix, seen) in &mut self.seen {
            if let Some((app, draining)) = here.remove(prefix) {
                *seen = Seen::now(app, now, draining);
            } else if std::mem::take(&mut seen.here) {
                seen.at = now;
            }
        }
        for (prefix, (app, draining)) in here {
            if self.seen.len() < MOST {
                let seen = Seen::now(app, now, draining);
                self.seen.insert(prefix.clone(), seen);
            }
        }
        self.seen
            .retain(|_, seen| seen.left(now).is_none_or(|left| left.is_positive()));
    }

    /// Everything remembered.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = (&str, &AppId)> {
        self.seen
            .iter()
            .map(|(prefix, seen)| (prefix.as_str(), &seen.app))
    }

    /// How long nothing is forgotten from now on, if there is anything to forget.
    pub(crate) fn rest(&self, now: Timestamp) -> Option<SignedDuration> {
        self.seen.values().filter_map(|seen| seen.left(now)).min()
    }
}
