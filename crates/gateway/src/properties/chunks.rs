//! The chunked coding: what was written is what is read, however it arrives.

use proptest::prelude::*;
use proptest::sample::Index;

use super::{bounded, meaningful, mutated};
use crate::invariants::{self, read_chunks as read};
use crate::wire::chunks;

fn ends(cuts: &[Index], length: usize) -> Vec<usize> {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(length.max(1))).collect();
    ends.sort_unstable();
    ends
}

fn written() -> impl Strategy<Value = (Vec<u8>, Vec<u8>, Vec<u8>)> {
    let parts = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..400), 0..6);
    let trailers = proptest::collection::vec("[a-z]{1,8}: [ -~]{0,8}\r\n", 0..3);
    (parts, trailers).prop_map(|(parts, trailers)| {
        let (mut out, trailer) = (Vec::new(), trailers.concat().into_bytes());
        for part in &parts {
            chunks::write(&mut out, part);
        }
        chunks::end(&mut out, &trailer);
        (out, parts.concat(), trailer)
    })
}

proptest! {
    #![proptest_config(bounded(1024))]

    #[test]
    fn what_is_written_is_read_however_it_arrives(
        (bytes, data, trailer) in written(),
        cuts in proptest::collection::vec(any::<Index>(), 0..8),
        behind in meaningful(),
    ) {
        let whole = [&bytes[..], &behind].concat();
        let read = read(&whole, &ends(&cuts, whole.len()));
        prop_assert_eq!(read, Ok(Some((data, trailer, bytes.len()))));
    }

    #[test]
    fn broken_bytes_are_read_in_one_way_or_none(
        bytes in mutated(prop_oneof![written().prop_map(|(bytes, ..)| bytes), meaningful()]),
        cuts in proptest::collection::vec(any::<Index>(), 0..8),
    ) {
        invariants::chunks(&bytes, &ends(&cuts, bytes.len()));
    }
}
