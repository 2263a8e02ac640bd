//! HTTP/2 towards clients.

use crate::h1::Line;

/// Serves a connection to its end.
pub(crate) async fn serve(_line: Line) {}
