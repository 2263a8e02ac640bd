//! Prefixes of apps that were there a moment ago: their absence is an outage to tell of, not an unknown address.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use registry::{AppId, Snapshot};
use serde::{Deserialize, Serialize};

/// How long an app that left is remembered.
const KEPT: SignedDuration = SignedDuration::from_mins(10);
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
    at: Timestamp,
}

impl Memory {
    /// Notes what is there now and forgets what is long gone.
    pub(crate) fn note(&mut self, snapshot: &Snapshot, now: Timestamp) {
        self.seen
            .retain(|_, seen| now.duration_since(seen.at) < KEPT);
        for entry in snapshot.live() {
            for prefix in &entry.prefixes {
                if self.seen.len() >= MOST && !self.seen.contains_key(prefix) {
                    return;
                }
                let app = entry.id.clone();
                self.seen.insert(prefix.clone(), Seen { app, at: now });
            }
        }
    }

    /// Everything remembered.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = (&AppId, &str)> {
        self.seen
            .iter()
            .map(|(prefix, seen)| (&seen.app, prefix.as_str()))
    }
}
