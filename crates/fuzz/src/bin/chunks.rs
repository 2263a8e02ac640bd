//! The chunked coding, arriving in two parts. The first byte says where it is cut.
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(|bytes| {
    if let Some((&cut, bytes)) = bytes.split_first() {
        let cut = usize::from(cut).min(bytes.len());
        gateway::invariants::chunks(bytes, &[cut]);
    }
});
