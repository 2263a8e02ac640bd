//! The last words on a connection whose request could not be read, and the patience for them to arrive.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::pages;
use crate::reject::Fault;

/// How long a client may go on sending before the connection is closed for good. Closing at once would reset the
/// connection, and the client might never read why.
const LINGER: Duration = Duration::from_secs(2);
/// How much it may go on sending.
const MOST: usize = 256 * 1024;

/// Answers with a page for the fault and closes the connection.
pub(super) async fn say(mut stream: TcpStream, fault: Fault) {
    tracing::info!(
        target: "access",
        app = "gateway",
        status = fault.status().as_u16(),
        code = fault.code(),
        source = "client",
        "request"
    );
    let last_words = async {
        stream.write_all(&pages::bare(fault)).await?;
        stream.shutdown().await?;
        let mut rest = vec![0; 16 * 1024];
        let mut read = 0;
        while read < MOST {
            match stream.read(&mut rest).await? {
                0 => break,
                more => read += more,
            }
        }
        Ok::<(), std::io::Error>(())
    };
    // Whether they were heard is up to the client.
    drop(tokio::time::timeout(LINGER, last_words).await);
}
