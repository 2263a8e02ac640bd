//! The path canonicaliser.
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(|bytes| {
    if let Ok(target) = std::str::from_utf8(bytes) {
        gateway::invariants::path(target);
    }
});
