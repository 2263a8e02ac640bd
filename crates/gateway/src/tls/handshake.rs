//! One handshake, from the first byte to a stream that carries requests, or to a refusal that says why.

use std::io;
use std::sync::Arc;

use rustls::server::Acceptor;
use rustls::{ServerConfig, crypto, version};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::resolver::{ACME_TLS, Alert, Decision, Resolver, is_acme};

/// How a handshake ended.
#[derive(Debug)]
pub enum Handshake<IO> {
    /// Requests follow.
    Done(Box<TlsStream<IO>>),
    /// An authority has seen the answer to its challenge; the connection is closed.
    Challenge,
    /// The client asked for a name without a certificate and was told so; the connection is closed.
    Refused,
}

/// TLS 1.2 and 1.3; HTTP/2, HTTP/1.1 and challenges; tickets under keys that change every six hours; no early data.
pub(super) fn config(resolver: Arc<Resolver>) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec(), ACME_TLS.to_vec()];
    config.ticketer = crypto::ring::Ticketer::new()?;
    // A request in early data can be repeated by whoever saw it.
    config.max_early_data_size = 0;
    Ok(config)
}

/// Shakes hands. The caller bounds the time.
pub(super) async fn accept<IO>(
    resolver: &Resolver,
    config: Arc<ServerConfig>,
    io: IO,
) -> io::Result<Handshake<IO>>
where
    IO: AsyncRead + AsyncWrite + Unpin,
{
    let mut start = LazyConfigAcceptor::new(Acceptor::default(), io).await?;
    // Decided here and not only by the configuration, because that knows one alert for every refusal.
    if let Decision::Refuse(alert) = resolver.decide(&start.client_hello()) {
        start.io.write_all(&record(alert)).await?;
        start.io.shutdown().await?;
        return Ok(Handshake::Refused);
    }
    let mut stream = start.into_stream(config).await?;
    if is_acme(stream.get_ref().1.alpn_protocol()) {
        // The authority may have hung up already.
        drop(stream.shutdown().await);
        return Ok(Handshake::Challenge);
    }
    Ok(Handshake::Done(Box::new(stream)))
}

/// A fatal alert as it goes over the wire before keys are agreed on.
fn record(alert: Alert) -> [u8; 7] {
    const ALERT: u8 = 21;
    const FATAL: u8 = 2;
    [ALERT, 3, 3, 0, 2, FATAL, alert as u8]
}
