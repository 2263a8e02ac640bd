//! Against a real PostgreSQL and Redis that are killed, frozen and emptied.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod errors;
mod events;
mod faults;
mod idempotency;
mod isolation;
mod jobs;
mod migrations;
mod outbox;
mod pool;
mod schedules;
mod stage;
mod start;
mod statements;
mod tls;
mod transactions;
