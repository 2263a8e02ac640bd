//! Buffers of one worker, used last first so that they stay in the processor's cache. Connections own one only while
//! bytes are in it.

use std::cell::{Cell, RefCell};

use crate::wire::LONGEST_HEAD;

/// Size of a buffer, in bytes: a whole head fits, and large bodies move in pieces that stay in the second-level cache.
const SIZE: usize = LONGEST_HEAD;
/// Buffers kept for reuse.
const MOST: usize = 512;
/// A writer that has grown beyond this is not kept.
const LARGEST_WRITER: usize = 2 * SIZE;

/// Buffers that are not in use.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    readers: RefCell<Vec<Box<[u8]>>>,
    writers: RefCell<Vec<Vec<u8>>>,
    /// The fewest readers that lay here since the last trim: nobody has needed those.
    spare: Cell<usize>,
}

impl Buffers {
    /// A buffer to read into.
    pub(crate) fn take(&self) -> Box<[u8]> {
        let mut readers = self.readers.borrow_mut();
        let taken = readers.pop();
        self.spare.set(self.spare.get().min(readers.len()));
        taken.unwrap_or_else(|| vec![0; SIZE].into_boxed_slice())
    }

    /// Gives a buffer back.
    pub(crate) fn give(&self, buffer: Box<[u8]>) {
        let mut readers = self.readers.borrow_mut();
        if readers.len() < MOST {
            readers.push(buffer);
        }
    }

    /// An empty buffer to write into.
    pub(crate) fn writer(&self) -> Vec<u8> {
        self.writers.borrow_mut().pop().unwrap_or_default()
    }

    /// Gives a writer back.
    pub(crate) fn give_writer(&self, mut writer: Vec<u8>) {
        let mut writers = self.writers.borrow_mut();
        if writer.capacity() <= LARGEST_WRITER && writers.len() < MOST {
            writer.clear();
            writers.push(writer);
        }
    }

    /// Frees what nobody has needed since the last call.
    pub(crate) fn trim(&self) {
        let mut readers = self.readers.borrow_mut();
        let spare = self.spare.get().min(readers.len());
        let kept = readers.len() - spare;
        readers.truncate(kept);
        self.spare.set(kept);
        let mut writers = self.writers.borrow_mut();
        let half = writers.len().div_ceil(2);
        if spare > 0 {
            writers.truncate(half);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_needed_is_freed() {
        let buffers = Buffers::default();
        let taken: Vec<_> = (0..10).map(|_| buffers.take()).collect();
        for buffer in taken {
            buffers.give(buffer);
        }
        // The first trim begins to watch.
        buffers.trim();
        let (one, two) = (buffers.take(), buffers.take());
        buffers.give(one);
        buffers.give(two);
        buffers.trim();
        assert_eq!(buffers.readers.borrow().len(), 2);
    }
}
