//! The test kit tests itself: what it starts it must also clean away.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod app;
mod browser;
mod servers;
