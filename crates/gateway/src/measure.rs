//! The route table by itself, for `cargo xtask bench route-table`. No part of what the crate offers.

use std::sync::Arc;

use registry::{Entry, HostId, Snapshot};

use crate::table::memory::Memory;
use crate::table::{Builder, Table};

/// A registry, and the table that was built from it.
pub struct Routes {
    snapshot: Snapshot,
    builder: Builder,
    memory: Memory,
    table: Table,
}

impl Routes {
    /// The table of these instances.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut routes = Self {
            snapshot: Snapshot {
                entries: entries.into_iter().map(Arc::new).collect(),
                ..Snapshot::default()
            },
            builder: Builder {
                here: HostId::of_this_machine(),
            },
            memory: Memory::default(),
            table: Table::default(),
        };
        drop(routes.rebuild());
        routes
    }

    /// Builds the table anew, as after any change; yields the one before, which costs its readers nothing to drop.
    pub fn rebuild(&mut self) -> impl Sized + use<> {
        self.memory
            .note(&self.snapshot, jiff::Timestamp::UNIX_EPOCH);
        let table = self
            .builder
            .build(&self.snapshot, &self.table, &self.memory);
        std::mem::replace(&mut self.table, table)
    }

    /// Whether a path leads anywhere, and to how many instances.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.table.route(path).map(|route| route.upstreams().len())
    }
}
