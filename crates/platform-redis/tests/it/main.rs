//! Against a real Redis that is killed, frozen and emptied.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod channel;
mod health;
mod limit;
mod stage;
