//! A number for things that count up none themselves: another one when anything about them is another.

use sha2::{Digest as _, Sha256};

/// The number of these parts in this order; never negative.
pub(crate) fn version_of<'a>(parts: impl Iterator<Item = &'a [u8]>) -> i64 {
    let mut hash = Sha256::new();
    for part in parts {
        // Its length keeps a part apart from the next.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hash: [u8; 32] = hash.finalize().into();
    let mut first = [0; 8];
    first.copy_from_slice(hash.first_chunk::<8>().unwrap_or(&[0; 8]));
    i64::from_be_bytes(first) & i64::MAX
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn it_tells_parts_and_their_order_apart() {
        let of = |parts: &[&str]| version_of(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(of(&["a", "bc"]), of(&["a", "bc"]));
        for other in [&["ab", "c"][..], &["bc", "a"], &["a", "bc", ""], &[]] {
            assert_ne!(of(&["a", "bc"]), of(other), "{other:?}");
            assert!(of(other) >= 0);
        }
    }
}
