//! Integration tests of the platform.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests fail by panicking, say why on their output, and need no orderly shutdown"
)]

mod access_line;
mod assertions;
mod configuration;
mod coverage;
mod export;
mod given;
mod grpc;
mod key_set;
mod layers;
mod listening;
mod process;
mod services;
mod sharing;
mod start_stop;
