//! Leaked passwords in one file of at most 64 MiB, asked without a network.
//!
//! A Bloom filter (Bloom, 1970) over the SHA-1 of each password: what is in it is always found, what is not is
//! taken for leaked less than once in a thousand times. SHA-1 because that is what published lists hold; nothing
//! here depends on collisions being hard to find. Owns the format and its limits. Must not know what follows from
//! a password being leaked.

mod file;
mod key;

pub use file::{Header, Invalid, LARGEST};
pub use key::Key;

/// Bits looked at for a password. With [`BITS_PER_ENTRY`] bits there is one false alarm in about 1400.
const PROBES: u8 = 10;
/// Room for each password.
const BITS_PER_ENTRY: u64 = 15;
const WORD: u64 = u64::BITS as u64;

/// Leaked passwords.
#[derive(Clone)]
pub struct Filter {
    header: Header,
    words: Box<[u64]>,
}

/// More passwords than a filter has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} passwords are too many, at most {MOST} fit: keep the most frequent ones")]
pub struct TooMany(pub u64);

/// Most passwords in a filter of [`LARGEST`] bytes.
pub const MOST: u64 = (LARGEST - Header::LENGTH) as u64 / 8 * WORD / BITS_PER_ENTRY;

impl Filter {
    /// Room for `entries` passwords, none of them in it yet. `made_at` is in Unix seconds.
    ///
    /// # Errors
    /// When there are more than [`MOST`].
    pub fn with_room_for(entries: u64, made_at: i64) -> Result<Self, TooMany> {
        if entries > MOST {
            return Err(TooMany(entries));
        }
        let words = (entries * BITS_PER_ENTRY).div_ceil(WORD).max(1);
        let length = usize::try_from(words).map_err(|_| TooMany(entries))?;
        Ok(Self {
            header: Header {
                probes: PROBES,
                entries: 0,
                made_at,
                words,
            },
            words: vec![0; length].into_boxed_slice(),
        })
    }

    /// Puts a password in.
    pub fn insert(&mut self, key: Key) {
        for (word, mask) in self.places(key) {
            if let Some(word) = self.words.get_mut(word) {
                *word |= mask;
            }
        }
        self.header.entries += 1;
    }

    /// Whether a password is in it, or is taken to be.
    #[must_use]
    pub fn contains(&self, key: Key) -> bool {
        self.places(key)
            .all(|(word, mask)| self.words.get(word).is_some_and(|word| word & mask != 0))
    }

    /// What the file says of itself.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Which bits stand for a password: double hashing (Kirsch and Mitzenmacher, 2006).
    fn places(&self, key: Key) -> impl Iterator<Item = (usize, u64)> + use<> {
        let bits = self.header.words * WORD;
        let (first, step) = key.halves();
        (0..u64::from(self.header.probes)).map(move |probe| {
            let bit = first.wrapping_add(step.wrapping_mul(probe)) % bits;
            // A filter has at most 2^29 bits, so this holds on every machine.
            let word = usize::try_from(bit / WORD).unwrap_or(usize::MAX);
            (word, 1 << (bit % WORD))
        })
    }
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Filter")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn filled(entries: u64) -> Filter {
        let mut filter = Filter::with_room_for(entries, 0).unwrap();
        for number in 0..entries {
            filter.insert(Key::of(&format!("leaked {number}")));
        }
        filter
    }

    #[test]
    fn what_is_in_it_is_found_and_few_others_are() {
        let filter = filled(100_000);
        assert!((0..100_000).all(|number| filter.contains(Key::of(&format!("leaked {number}")))));
        let alarms = (0..100_000)
            .filter(|number| filter.contains(Key::of(&format!("kept {number}"))))
            .count();
        assert!(alarms < 100, "{alarms} of 100,000");
        assert_eq!(filter.header().entries, 100_000);
    }

    #[test]
    fn an_empty_one_holds_nothing() {
        assert!(!filled(0).contains(Key::of("password")));
    }

    #[test]
    fn the_largest_one_fits_and_one_more_does_not() {
        let words = Filter::with_room_for(MOST, 0).unwrap().words.len();
        assert!(words * 8 + Header::LENGTH <= LARGEST);
        assert_eq!(
            Filter::with_room_for(MOST + 1, 0).unwrap_err(),
            TooMany(MOST + 1)
        );
        const { assert!(MOST > 35_000_000) };
    }
}
