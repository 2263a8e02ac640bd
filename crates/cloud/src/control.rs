//! The socket on which a running platform answers its operator's commands.
//!
//! Who may open the socket may ask: it is for the user that runs the platform alone.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use platform::Lifecycle;
use registry::Watch;
use tokio::net::UnixListener;

use crate::error::Error;
use crate::fetch;
use crate::report::Report;

/// Answers until the lifecycle stops.
pub(crate) fn serve(socket: &Path, registry: Watch, lifecycle: &Lifecycle) -> Result<(), Error> {
    // The data directory's lock says that a file of this name is left over.
    if let Err(error) = std::fs::remove_file(socket)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(Error::io("remove", socket)(error));
    }
    let listener = UnixListener::bind(socket).map_err(Error::io("listen on", socket))?;
    std::fs::set_permissions(socket, Permissions::from_mode(0o600))
        .map_err(Error::io("protect", socket))?;
    let router = Router::new()
        .route("/status", get(status))
        .with_state(registry);
    let file = SocketFile(socket.to_owned());
    lifecycle.spawn("control socket", async move {
        let _file = file;
        axum::serve(listener, router).await
    });
    Ok(())
}

/// Asks the platform behind a socket; nothing when none answers there.
pub(crate) async fn ask_status(socket: &Path) -> Option<Report> {
    let (_, body) = fetch::over_socket(socket, "/status").await.ok()?;
    serde_json::from_slice(&body).ok()
}

async fn status(State(registry): State<Watch>) -> Json<Report> {
    Json(Report::of(&registry.snapshot()).await)
}

/// Removes the socket's file with the listener.
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::debug!(%error, "the control socket's file is gone already");
        }
    }
}
