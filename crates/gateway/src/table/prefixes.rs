//! Routes by prefix, in a trie. A prefix covers itself, itself with a slash, and everything below; a catch-all covers the
//! last of these only. Instead of three entries for each prefix there is one, and every path is looked up with a segment
//! more than it has: a third of the time to build and of the memory, for a copy of a few bytes at a match.

use std::sync::Arc;

use registry::prefix::PREFIX_MAX;

use super::Route;

/// What a path is extended with, so that it lies below whatever covers it.
const BELOW: &str = "/-";
/// Bytes of a path that can matter, with what it is extended with: the longest prefix, the character behind it, which
/// tells whether the prefix ends there, and that character's other bytes.
const ROOM: usize = PREFIX_MAX + 4 + BELOW.len();

/// Routes by prefix.
#[derive(Default)]
pub(super) struct Prefixes {
    trie: matchit::Router<usize>,
    all: Vec<Arc<Route>>,
    /// Bytes of the longest prefix.
    longest: usize,
}

impl Prefixes {
    /// None yet, with room for this many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            all: Vec::with_capacity(count),
            ..Self::default()
        }
    }

    /// Adds a route.
    pub(super) fn insert(&mut self, route: Route) {
        let base = route.prefix.trim_end_matches('/');
        // Prefixes are plain, short, and each is held by one app, so this cannot happen; were it to, the first stands.
        if base.len() > PREFIX_MAX
            || self
                .trie
                .insert(format!("{base}/{{*below}}"), self.all.len())
                .is_err()
        {
            tracing::error!(prefix = &*route.prefix, app = %route.app, "a route was not added");
            return;
        }
        self.longest = self.longest.max(base.len());
        self.all.push(Arc::new(route));
    }

    /// The route with the longest prefix of whole segments.
    pub(super) fn longest(&self, path: &str) -> Option<&Arc<Route>> {
        if !path.starts_with('/') {
            return None;
        }
        let mut room = [0; ROOM];
        let mut end = path.len().min(self.longest + 1);
        while !path.is_char_boundary(end) {
            end += 1;
        }
        let extended = end + BELOW.len();
        room.get_mut(..end)?
            .copy_from_slice(path.get(..end)?.as_bytes());
        room.get_mut(end..extended)?
            .copy_from_slice(BELOW.as_bytes());
        let path = std::str::from_utf8(room.get(..extended)?).ok()?;
        self.all.get(*self.trie.at(path).ok()?.value)
    }

    /// Every route.
    pub(super) fn all(&self) -> &[Arc<Route>] {
        &self.all
    }
}
