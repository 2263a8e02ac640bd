//! Integration tests of calls between services: real listeners, a real registry.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod callee;
mod deadlines;
mod errors;
mod identity;
mod instances;
