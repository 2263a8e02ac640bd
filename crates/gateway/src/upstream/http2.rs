//! HTTP/2 towards instances, without TLS and without asking first (RFC 9113, 3.3): few connections for each, many
//! exchanges at once on each. To an exchange, a stream looks like a connection of HTTP/1 of its own, so that everything
//! that is decided and moved is decided and moved by the same code.

mod channels;
mod connection;
mod head;
mod reading;
mod stream;
mod writing;

pub(crate) use channels::{Channels, Unopened};
pub(crate) use stream::Stream;

/// Where an instance is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Listener {
    /// Where it answers everything.
    Http,
    /// Where it answers gRPC.
    Grpc,
}
