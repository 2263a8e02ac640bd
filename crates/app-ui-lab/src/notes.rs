//! A note of each person, in the memory of this process: enough to share something.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use platform::grants::{NotAResource, Resource};
use uuid::Uuid;

/// Most notes that are kept.
const MOST: usize = 200;
/// Longest text of a note, in characters.
pub(crate) const LONGEST: usize = 2_000;

/// What somebody wrote.
#[derive(Clone, Debug, Default)]
pub(crate) struct Note {
    /// Name of whose it is; empty when the process was started anew.
    pub(crate) owner: String,
    pub(crate) text: String,
}

/// The notes, each known by whose it is.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<HashMap<Uuid, Note>>>);

impl Notes {
    pub(crate) fn get(&self, id: Uuid) -> Note {
        self.lock().get(&id).cloned().unwrap_or_default()
    }

    pub(crate) fn begin(&self, id: Uuid, owner: &str) {
        self.change(id, |note| owner.clone_into(&mut note.owner));
    }

    pub(crate) fn write(&self, id: Uuid, text: &str) {
        self.change(id, |note| text.clone_into(&mut note.text));
    }

    fn change(&self, id: Uuid, change: impl FnOnce(&mut Note)) {
        let mut notes = self.lock();
        if notes.len() >= MOST && !notes.contains_key(&id) {
            notes.clear();
        }
        change(notes.entry(id).or_default());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A note as what is shared.
pub(crate) fn thing(id: Uuid) -> Result<Resource, NotAResource> {
    Resource::new("note", id.to_string())
}

/// Where a note is.
pub(crate) fn path(id: Uuid) -> String {
    format!("/app/ui-lab/notes/{id}")
}
