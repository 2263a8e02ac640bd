//! What the project's own tool makes, used.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod breach_filter;
mod new_app;
