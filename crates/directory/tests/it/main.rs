//! Against a real slapd, shaped like FreeIPA.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod faults;
mod given;
mod ipa_commands;
mod ipa_passwords;
mod passwords;
mod reading;
mod tls;
