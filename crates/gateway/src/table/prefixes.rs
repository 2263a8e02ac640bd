//! Routes by prefix, in a trie of whole segments. The edges of all its nodes are in one hash table, and what they are
//! called in one buffer: a step down costs two looks at memory, among ten prefixes or a hundred thousand. The nodes of a
//! radix trie lie all over memory; where no cache holds them, a walk costs twice as much, and they take twice the room.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use registry::prefix::PREFIX_MAX;

use super::Route;

/// Routes by prefix.
#[derive(Default)]
pub(super) struct Prefixes {
    edges: HashTable<Edge>,
    names: Names,
    hasher: DefaultHashBuilder,
    /// The one with the prefix `/`.
    root: Option<Arc<Route>>,
    all: Vec<Arc<Route>>,
}

/// A node: how many edges there were with the one that leads to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Node(u32);

impl Node {
    /// Where every path begins.
    const ROOT: Self = Self(0);
}

/// From a node to the one that a segment leads to. Small, so that many fit into a cache.
struct Edge {
    from: Node,
    to: Node,
    segment: Range<u32>,
    /// There are edges from where it leads to.
    leads_on: bool,
    /// The one whose prefix ends where it leads to.
    route: Option<Arc<Route>>,
}

/// The segments of all edges, one after the other.
#[derive(Default)]
struct Names(Vec<u8>);

impl Names {
    /// Where the segment is. Nothing when four gigabytes are full.
    fn add(&mut self, segment: &[u8]) -> Option<Range<u32>> {
        let start = u32::try_from(self.0.len()).ok()?;
        let end = u32::try_from(self.0.len() + segment.len()).ok()?;
        self.0.extend_from_slice(segment);
        Some(start..end)
    }

    fn of(&self, edge: &Edge) -> Option<&[u8]> {
        let index = |end: u32| usize::try_from(end).ok();
        self.0
            .get(index(edge.segment.start)?..index(edge.segment.end)?)
    }

    fn is(&self, edge: &Edge, from: Node, segment: &[u8]) -> bool {
        edge.from == from && self.of(edge) == Some(segment)
    }
}

impl Prefixes {
    /// None yet, with room for this many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            edges: HashTable::with_capacity(count),
            all: Vec::with_capacity(count),
            ..Self::default()
        }
    }

    /// Adds a route.
    pub(super) fn insert(&mut self, route: Arc<Route>) {
        // Each prefix is held by one app, so its place is free; were it not, the first stands.
        let Some(place @ None) = self.place(&route.prefix) else {
            tracing::error!(prefix = &*route.prefix, app = %route.app, "a route was not added");
            return;
        };
        *place = Some(Arc::clone(&route));
        self.all.push(route);
    }

    /// Where the route of a prefix belongs. Nothing when there is no room for it.
    fn place(&mut self, prefix: &str) -> Option<&mut Option<Arc<Route>>> {
        let (above, last) = prefix.rsplit_once('/')?;
        if last.is_empty() {
            return Some(&mut self.root);
        }
        let mut from = Node::ROOT;
        for segment in above.split('/').skip(1) {
            let edge = self.edge_to(from, segment.as_bytes())?;
            edge.leads_on = true;
            from = edge.to;
        }
        let edge = self.edge_to(from, last.as_bytes())?;
        Some(&mut edge.route)
    }

    /// The edge, which is made where there is none.
    fn edge_to(&mut self, from: Node, segment: &[u8]) -> Option<&mut Edge> {
        let to = Node(u32::try_from(self.edges.len() + 1).ok()?);
        let (hasher, names) = (&self.hasher, &mut self.names);
        let entry = self.edges.entry(
            hasher.hash_one((from, segment)),
            |edge| names.is(edge, from, segment),
            |edge| hasher.hash_one((edge.from, names.of(edge).unwrap_or_default())),
        );
        Some(match entry {
            Entry::Occupied(edge) => edge.into_mut(),
            Entry::Vacant(place) => {
                let edge = Edge {
                    from,
                    to,
                    segment: names.add(segment)?,
                    leads_on: false,
                    route: None,
                };
                place.insert(edge).into_mut()
            }
        })
    }

    /// The route with the longest prefix of whole segments.
    pub(super) fn longest(&self, path: &str) -> Option<&Arc<Route>> {
        let mut rest = path.as_bytes().strip_prefix(b"/")?;
        let mut longest = self.root.as_ref();
        let mut node = Node::ROOT;
        while let Some((segment, below)) = first_segment(rest) {
            let Some(edge) = self.edge(node, segment) else {
                break;
            };
            longest = edge.route.as_ref().or(longest);
            let (Some(below), true) = (below, edge.leads_on) else {
                break;
            };
            (node, rest) = (edge.to, below);
        }
        longest
    }

    fn edge(&self, from: Node, segment: &[u8]) -> Option<&Edge> {
        let hash = self.hasher.hash_one((from, segment));
        self.edges
            .find(hash, |edge| self.names.is(edge, from, segment))
    }

    /// Every route.
    pub(super) fn all(&self) -> &[Arc<Route>] {
        &self.all
    }
}

/// The first segment, and what follows its slash. Nothing for one that is longer than any prefix: paths may be long.
fn first_segment(path: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let near = path.get(..=PREFIX_MAX).unwrap_or(path);
    match memchr::memchr(b'/', near) {
        Some(end) => Some((path.get(..end)?, path.get(end + 1..))),
        None => (path.len() <= PREFIX_MAX).then_some((path, None)),
    }
}
