//! Congestion control on connections within this machine: there is no network to be considerate of, so the simplest
//! algorithm does, and costs least.

use tokio::net::TcpStream;

/// Takes the simplest algorithm for a connection that does not leave the machine.
pub(crate) fn ease(stream: &TcpStream) {
    let is_near = stream
        .peer_addr()
        .is_ok_and(|peer| peer.ip().to_canonical().is_loopback());
    #[cfg(target_os = "linux")]
    if is_near {
        // Where the kernel has no other than its own, that one does as well.
        if let Err(error) = rustix::net::sockopt::set_tcp_congestion(stream, "reno") {
            tracing::trace!(%error, "the kernel keeps its own congestion control");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = is_near;
}
