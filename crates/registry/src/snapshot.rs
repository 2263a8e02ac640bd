//! The registry as one process last saw it.

use std::sync::Arc;

use crate::Entry;

/// All that is registered, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Counts up with every change this process saw. Zero before the first read.
    pub version: u64,
    /// The registry's random word; it changes when the registry was emptied or replaced.
    pub generation: String,
    /// Valid entries, ordered by app and instance.
    pub entries: Vec<Arc<Entry>>,
    /// Registrations that are not served, and why.
    pub rejected: Vec<Rejection>,
    /// Entries of earlier reads that are missing now although nobody took them away: the registry was emptied
    /// or replaced, or the lease ran out. Their instances may well be alive; they leave this list by
    /// registering again, by [`crate::Watch::dismiss`] after a failed probe, or after some minutes.
    pub unconfirmed: Vec<Arc<Entry>>,
    /// The registry could not be read last time; everything here is the last good read.
    pub stale: bool,
}

impl Snapshot {
    /// Valid and unconfirmed entries: everything that may be alive.
    pub fn live(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter().chain(&self.unconfirmed)
    }
}

/// A registration, or one prefix of it, that is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The app as the key in Redis names it.
    pub app: String,
    /// The instance as the key in Redis names it.
    pub instance: String,
    /// Why, for operators.
    pub reason: Reason,
}

/// Why a registration is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Not of the form this crate writes.
    Malformed,
    /// Larger than 64 KiB.
    Oversized,
    /// Not signed with the key of the app it claims to be.
    Unsigned,
    /// A prefix that is malformed or belongs to somebody else by rule.
    Prefix(String),
    /// A prefix that another app held first.
    Conflict {
        /// The prefix.
        prefix: String,
        /// Who holds it.
        holder: crate::AppId,
    },
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed => f.write_str("the registration is malformed"),
            Self::Oversized => f.write_str("the registration exceeds 64 KiB"),
            Self::Unsigned => f.write_str("the registration is not signed with the app's key"),
            Self::Prefix(prefix) => write!(f, "the app may not have the route prefix {prefix}"),
            Self::Conflict { prefix, holder } => {
                write!(f, "the route prefix {prefix} is held by {holder}")
            }
        }
    }
}
