//! Integration tests of app-settings, from outside: pages, gRPC, the streams, the stores.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod api;
mod conflicts;
mod form;
mod history;
mod house;
mod intake;
mod isolation;
mod live;
mod personal;
mod secrets;
mod start;
