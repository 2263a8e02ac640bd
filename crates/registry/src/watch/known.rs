//! What a watch knows, and how a read of the registry changes it. The rule: an entry is gone when somebody took
//! it away; an entry that merely vanished may well be alive.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::{Seed, conflict};
use crate::reading::{Reading, Stored};
use crate::{Entry, Keyring, Reason, Rejection, Snapshot, wire};

/// App and instance.
type Name = (String, String);

/// Everything a watch remembers between two reads.
#[derive(Debug)]
pub(super) struct Known {
    /// How long a vanished entry is remembered while Redis answers.
    memory: Duration,
    generation: String,
    was_read: bool,
    stale: bool,
    /// Redis was away since the last read, so the next one may be of an older or another registry.
    interrupted: bool,
    confirmed: BTreeMap<Name, Confirmed>,
    vanished: BTreeMap<Name, Vanished>,
    rejected: Vec<Rejection>,
}

#[derive(Debug)]
struct Confirmed {
    /// As it lies in Redis, so that what did not change is not checked again. Empty for a seed.
    value: Bytes,
    entry: Arc<Entry>,
}

#[derive(Debug)]
struct Vanished {
    entry: Arc<Entry>,
    until: Instant,
}

impl Known {
    /// Knows nothing yet.
    pub(super) fn new(memory: Duration) -> Self {
        Self {
            memory,
            generation: String::new(),
            was_read: false,
            stale: false,
            interrupted: false,
            confirmed: BTreeMap::new(),
            vanished: BTreeMap::new(),
            rejected: Vec::new(),
        }
    }

    /// Takes over a read of the registry.
    pub(super) fn apply(&mut self, reading: Reading, keyring: &Keyring, now: Instant) {
        let until = now + self.memory;
        if self.stale {
            // Nobody could register while Redis was away, so the time does not count.
            self.vanished
                .values_mut()
                .for_each(|gone| gone.until = until);
        }
        let emptied = !self.generation.is_empty() && reading.generation != self.generation;
        let restored = self.interrupted && self.was_read;
        let mut before = std::mem::take(&mut self.confirmed);
        self.rejected.clear();
        for member in reading.members {
            let name = (member.app, member.instance);
            let earlier = before.remove(&name);
            match judge(&name, member.value, earlier.as_ref(), keyring) {
                Verdict::Valid(confirmed) => {
                    self.confirmed.insert(name, confirmed);
                }
                Verdict::Refused(reason) => {
                    self.park(&name, earlier, until);
                    let (app, instance) = name;
                    self.rejected.push(Rejection {
                        app,
                        instance,
                        reason,
                    });
                }
                Verdict::RanOut => self.park(&name, earlier, until),
            }
        }
        if emptied || restored {
            for (name, earlier) in before {
                self.park(&name, Some(earlier), until);
            }
        }
        let confirmed = &self.confirmed;
        self.vanished
            .retain(|name, gone| !confirmed.contains_key(name) && gone.until > now);
        self.generation = reading.generation;
        self.was_read = true;
        self.stale = false;
        self.interrupted = false;
    }

    /// The registry could not be read: everything stays as it is.
    pub(super) fn miss(&mut self) {
        self.stale = true;
        self.interrupted = true;
    }

    /// The connection was lost and is back. What the next read does not hold may have been registered after the
    /// moment that Redis was restored to.
    pub(super) fn interrupt(&mut self) {
        self.interrupted = true;
    }

    /// Adds what an earlier life of this process knew.
    pub(super) fn seed(&mut self, seed: Seed, now: Instant) {
        let until = now + self.memory;
        let named = seed.entries.into_iter().map(|entry| (name(&entry), entry));
        if !self.was_read {
            self.generation = seed.generation;
            self.stale = true;
            self.confirmed.extend(named.map(|(name, entry)| {
                let value = Bytes::new();
                (name, Confirmed { value, entry })
            }));
        } else if self.generation != seed.generation {
            for (name, entry) in named {
                if !self.confirmed.contains_key(&name) {
                    self.vanished.insert(name, Vanished { entry, until });
                }
            }
        }
    }

    /// Forgets a vanished entry, unless a newer one has its name.
    pub(super) fn dismiss(&mut self, entry: &Entry) {
        let name = name(entry);
        if self
            .vanished
            .get(&name)
            .is_some_and(|gone| gone.entry.epoch == entry.epoch)
        {
            self.vanished.remove(&name);
        }
    }

    pub(super) fn was_read(&self) -> bool {
        self.was_read
    }

    /// The outcome, with every prefix given to one app. The version is the caller's.
    pub(super) fn snapshot(&self) -> Snapshot {
        let confirmed = self.confirmed.values().map(|known| &known.entry);
        let vanished = self.vanished.values().map(|gone| &gone.entry);
        let holders = conflict::holders(confirmed.clone().chain(vanished.clone()));
        let mut rejected = self.rejected.clone();
        let entries = confirmed
            .map(|entry| conflict::settle(entry, &holders, &mut rejected))
            .collect();
        let unconfirmed = vanished
            .map(|entry| conflict::settle(entry, &holders, &mut rejected))
            .collect();
        Snapshot {
            version: 0,
            generation: self.generation.clone(),
            entries,
            rejected,
            unconfirmed,
            stale: self.stale,
        }
    }

    fn park(&mut self, name: &Name, earlier: Option<Confirmed>, until: Instant) {
        if let Some(Confirmed { entry, .. }) = earlier {
            self.vanished
                .insert(name.clone(), Vanished { entry, until });
        }
    }
}

enum Verdict {
    Valid(Confirmed),
    Refused(Reason),
    RanOut,
}

fn judge(name: &Name, stored: Stored, earlier: Option<&Confirmed>, keyring: &Keyring) -> Verdict {
    let value = match stored {
        Stored::Text(value) => value,
        Stored::Oversized => return Verdict::Refused(Reason::Oversized),
        Stored::Nothing => return Verdict::RanOut,
    };
    if let Some(earlier) = earlier.filter(|earlier| earlier.value == value) {
        let entry = Arc::clone(&earlier.entry);
        return Verdict::Valid(Confirmed { value, entry });
    }
    match wire::open(&value, &name.0, &name.1, keyring) {
        Ok(entry) => Verdict::Valid(Confirmed {
            value,
            entry: Arc::new(entry),
        }),
        Err(reason) => Verdict::Refused(reason),
    }
}

fn name(entry: &Entry) -> Name {
    (entry.id.to_string(), entry.instance.to_string())
}

#[cfg(test)]
mod tests;
