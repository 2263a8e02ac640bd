//! The catalog this instance hands out: replaced whole, never by an older one.

use std::sync::Arc;

use tokio::sync::watch;

use crate::domain::catalog::Catalog;

/// The latest catalog and those who wait for the next.
pub(super) struct Live(watch::Sender<Arc<Catalog>>);

impl Live {
    pub(super) fn new(catalog: Catalog) -> Self {
        Self(watch::Sender::new(Arc::new(catalog)))
    }

    pub(super) fn current(&self) -> Arc<Catalog> {
        Arc::clone(&self.0.borrow())
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Arc<Catalog>> {
        self.0.subscribe()
    }

    /// Takes a catalog unless a later one is there already: two reads may overtake each other.
    pub(super) fn put(&self, catalog: Catalog) {
        self.0.send_if_modified(|current| {
            let newer = catalog.version > current.version;
            if newer {
                *current = Arc::new(catalog);
            }
            newer
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_catalog_never_replaces_a_newer_one() {
        let at = |version| Catalog {
            version,
            ..Catalog::default()
        };
        let live = Live::new(at(3));
        let mut waiting = live.subscribe();
        waiting.mark_unchanged();
        live.put(at(2));
        assert_eq!(live.current().version, 3);
        assert!(!waiting.has_changed().unwrap_or(true));
        live.put(at(4));
        assert_eq!(live.current().version, 4);
        assert!(waiting.has_changed().unwrap_or(false));
    }
}
