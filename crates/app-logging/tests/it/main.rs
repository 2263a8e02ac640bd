//! Integration tests of logs and traces: real senders, PostgreSQL and pages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod pages;
mod receive;
mod retention;
mod wire;
