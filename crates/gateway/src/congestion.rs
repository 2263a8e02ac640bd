//! Congestion control on connections within this machine: there is no network to be considerate of, so the simplest
//! algorithm does, and costs least.

use std::net::IpAddr;

use tokio::net::TcpStream;

/// Takes the simplest algorithm for a connection with `peer` when that is on this machine.
pub(crate) fn ease(stream: &TcpStream, peer: IpAddr) {
    #[cfg(target_os = "linux")]
    if peer.is_loopback()
        && let Err(error) = rustix::net::sockopt::set_tcp_congestion(stream, "reno")
    {
        tracing::trace!(%error, "the kernel keeps its own congestion control");
    }
    #[cfg(not(target_os = "linux"))]
    let (_, _) = (stream, peer);
}
