//! A gateway between real sockets: apps that are real HTTP servers with real leases in a real Redis, and an auth that
//! is a real gRPC server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::let_underscore_must_use,
    reason = "tests fail by panicking"
)]

mod api_keys;
mod auth;
mod bare;
mod buffering;
mod faults;
mod given;
mod grpc;
#[path = "../tls/gullible.rs"]
mod gullible;
mod http2;
mod hygiene;
mod identity;
mod internal;
mod limits;
mod live;
mod lying;
mod malformed;
mod metrics;
mod pages;
mod paths;
mod peer;
mod policies;
mod process;
mod proxied;
mod resilience;
mod restarts;
mod seeing;
mod streaming;
mod tls;
mod wire;
