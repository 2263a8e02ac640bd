//! The whole platform as its operator meets it: the `cloud` program, started, killed, asked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod api;
mod archive;
mod commands;
mod configuration;
mod directory;
mod faults;
mod forgotten;
mod joining;
mod journey;
mod life;
mod login;
mod secrets;
mod stored;
mod support;
