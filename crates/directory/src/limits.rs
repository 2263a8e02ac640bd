//! How much, and how long.

use std::time::Duration;

/// What one read may take. A directory that needs more ends it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Entries asked for at once (RFC 2696).
    pub page: u32,
    /// Most people and groups together.
    pub entries: usize,
    /// Most memberships of all groups together.
    pub members: usize,
    /// Longest value of an attribute, in bytes.
    pub value: usize,
    /// Largest message, in bytes. A group with its members is one.
    pub message: usize,
    /// Longest wait for a connection, for TLS, and for each answer.
    pub answer: Duration,
    /// Longest read, from the first look-up to the last entry.
    pub whole: Duration,
}

impl Limits {
    /// For one password: somebody waits for the answer.
    pub fn of_sign_in() -> Self {
        Self {
            page: 2,
            message: 256 * 1024,
            answer: Duration::from_secs(5),
            whole: Duration::from_secs(10),
            ..Self::default()
        }
    }

    /// For a page that shows what a directory says of somebody: it can be shown without.
    pub fn of_page() -> Self {
        Self {
            answer: Duration::from_secs(2),
            whole: Duration::from_secs(3),
            ..Self::of_sign_in()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            page: 500,
            entries: 200_000,
            members: 2_000_000,
            value: 4 * 1024,
            message: 8 * 1024 * 1024,
            answer: Duration::from_secs(20),
            whole: Duration::from_mins(10),
        }
    }
}
