//! TLS between real sockets, without an authority: files, self-signed certificates, what is kept and what is shared.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::let_underscore_must_use,
    reason = "tests fail by panicking"
)]

mod files;
mod gateways;
mod given;
mod gullible;
mod handshakes;
mod internal;
