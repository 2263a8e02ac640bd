//! The registry against a real Redis: round trips, bad registrations, and Redis failing in every way it can.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod faults;
mod given;
mod leases;
mod refusals;
mod server;
