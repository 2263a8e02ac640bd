//! The way to the authority: https to one host, one request at a time, bounded in time and size.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::uri::Authority;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, HttpClient};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Longest time for one request.
const REQUEST: Duration = Duration::from_secs(30);
/// Largest answer.
const LARGEST: usize = 1024 * 1024;

/// Why the authority could not be asked.
#[derive(Debug, thiserror::Error)]
enum HttpError {
    #[error("{0} is no https address")]
    Address(Uri),
    #[error("no connection to {0}")]
    Connect(Authority, #[source] std::io::Error),
    #[error("{0} cannot be trusted, or speaks no TLS")]
    Tls(Authority, #[source] std::io::Error),
    #[error("{0} broke off")]
    Broken(Authority, #[source] hyper::Error),
    #[error("{0} sent an answer that is too long or broken")]
    Body(
        Authority,
        #[source] Box<dyn std::error::Error + Send + Sync>,
    ),
    #[error("{0} took too long")]
    Late(Uri),
}

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Http(TlsConnector);

impl Http {
    /// Believes the public authorities, and `roots`.
    pub(super) fn new(roots: &[CertificateDer<'static>]) -> Result<Self, rustls::Error> {
        let public = webpki_roots::TLS_SERVER_ROOTS.iter();
        let mut store: RootCertStore = public.cloned().collect();
        for root in roots {
            store.add(root.clone())?;
        }
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>>;

impl HttpClient for Http {
    fn request(&self, request: Request<BodyWrapper<Bytes>>) -> Answer {
        let http = self.clone();
        Box::pin(async move {
            let uri = request.uri().clone();
            let answered = tokio::time::timeout(REQUEST, http.ask(request)).await;
            answered
                .unwrap_or(Err(HttpError::Late(uri)))
                .map(BytesResponse::from)
                .map_err(|error| instant_acme::Error::Other(Box::new(error)))
        })
    }
}

impl Http {
    async fn ask(
        &self,
        mut request: Request<BodyWrapper<Bytes>>,
    ) -> Result<Response<Full<Bytes>>, HttpError> {
        let (authority, name) = address(request.uri())?;
        *request.uri_mut() = request
            .uri()
            .path_and_query()
            .map_or_else(Uri::default, |path| Uri::from(path.clone()));
        if let Ok(host) = HeaderValue::from_str(authority.as_str()) {
            request.headers_mut().insert(HOST, host);
        }
        let host = authority.host().trim_matches(['[', ']']);
        let port = authority.port_u16().unwrap_or(443);
        let at = || authority.clone();
        let stream = TcpStream::connect((host, port))
            .await
            .map_err(|error| HttpError::Connect(at(), error))?;
        let stream = self
            .0
            .connect(name, stream)
            .await
            .map_err(|error| HttpError::Tls(at(), error))?;
        let broken = |error| HttpError::Broken(at(), error);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        let exchange = async {
            let response = sender.send_request(request).await.map_err(broken)?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, LARGEST).collect().await;
            let body = body.map_err(|error| HttpError::Body(at(), error))?;
            Ok(Response::from_parts(parts, Full::new(body.to_bytes())))
        };
        let mut exchange = std::pin::pin!(exchange);
        tokio::select! {
            biased;
            answered = exchange.as_mut() => answered,
            ended = connection => {
                // The last bytes of an answer may come with the end of its connection.
                ended.map_err(broken)?;
                exchange.await
            }
        }
    }
}

fn address(uri: &Uri) -> Result<(Authority, ServerName<'static>), HttpError> {
    let wrong = || HttpError::Address(uri.clone());
    let authority = uri.authority().cloned().ok_or_else(wrong)?;
    let host = authority.host().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|_| wrong())?;
    if uri.scheme_str() != Some("https") {
        return Err(wrong());
    }
    Ok((authority, name))
}
