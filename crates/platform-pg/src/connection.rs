//! A single connection outside the pool, for work on roles and schemas.

use std::future::Future;
use std::time::Duration;

use tokio_postgres::{Client, Config, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;

type Wire = tokio_postgres::Connection<
    Socket,
    <MakeRustlsConnect as tokio_postgres::tls::MakeTlsConnect<Socket>>::Stream,
>;

/// How long the farewell to the server may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Connects. The connection makes progress only within [`drive`].
pub(crate) async fn open(
    config: &Config,
    tls: &MakeRustlsConnect,
) -> Result<(Client, Wire), tokio_postgres::Error> {
    // Boxed: the handshake's future is large, and it would make every start's future large.
    Box::pin(config.connect(tls.clone())).await
}

/// Runs work that owns the client of `wire`, and closes the connection when the client is gone.
pub(crate) async fn drive<T>(
    wire: Wire,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let (mut wire, mut work) = (Box::pin(wire), Box::pin(work));
    let result = tokio::select! {
        biased;
        result = &mut work => result,
        // The server is gone: the client answers everything with an error now, so the work ends by itself.
        _closed = &mut wire => return work.await,
    };
    // Whether the farewell arrives makes no difference to the result.
    let _farewell = tokio::time::timeout(FAREWELL, wire).await;
    result
}
