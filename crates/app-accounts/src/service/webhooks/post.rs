//! One request to an address that an administrator typed: where it may go, how long it may take, and how much of the
//! answer is read. No redirect is followed and no proxy asked.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderName, Request};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::domain::reachable::Reach;

/// Longest time for one request, from the name to the head of the answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longest time for a connection to one address.
const TO_CONNECT: Duration = Duration::from_secs(5);
/// Addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;
/// Largest head of an answer; of the body nothing is read.
const LARGEST_HEAD: usize = 16 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The address does not do any more.
    Address,
    /// What signs was sealed under another `APP_SECRET`.
    Sealed,
    /// The name stands for nothing.
    UnknownName,
    /// It lies where webhooks may not reach.
    Forbidden,
    /// Nobody listens there.
    Refused,
    /// Whoever answers cannot be trusted, or speaks no TLS.
    Tls,
    /// It broke off, or what it said is no answer.
    Broken,
    /// It took too long.
    Late,
}

impl Fault {
    /// Its word in the table; its message is `accounts-webhook-fault-<word>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Sealed => "sealed",
            Self::UnknownName => "unknown-name",
            Self::Forbidden => "forbidden",
            Self::Refused => "refused",
            Self::Tls => "tls",
            Self::Broken => "broken",
            Self::Late => "late",
        }
    }
}

/// Sends requests. Cheap to clone.
#[derive(Clone)]
pub struct Post(TlsConnector);

impl fmt::Debug for Post {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Post(..)")
    }
}

impl Post {
    /// Believes whom the system and the public believe.
    ///
    /// # Errors
    /// The cryptography does not do TLS.
    pub fn new() -> Result<Self, rustls::Error> {
        let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        // One that cannot be read leaves the others; what is missing then shows in the handshake.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Sends JSON; the status of the answer.
    pub async fn send(
        &self,
        url: &Url,
        reach: Reach,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<u16, Fault> {
        let sent = self.exchange(url, reach, headers, body);
        tokio::time::timeout(PATIENCE, sent)
            .await
            .unwrap_or(Err(Fault::Late))
    }

    async fn exchange(
        &self,
        url: &Url,
        reach: Reach,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<u16, Fault> {
        let request = request(url, headers, body).ok_or(Fault::Address)?;
        let stream = connect(url, reach).await?;
        if url.scheme() != "https" {
            return ask(stream, request).await;
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Fault::Address)?;
        let stream = self.0.connect(name, stream).await;
        ask(stream.map_err(|_| Fault::Tls)?, request).await
    }
}

fn request(
    url: &Url,
    headers: &[(&'static str, String)],
    body: String,
) -> Option<Request<Full<Bytes>>> {
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str()?),
        None => url.host_str()?.to_owned(),
    };
    let mut request = Request::post(path)
        .header(HOST, host)
        .header(USER_AGENT, "Cloud-Webhooks/1")
        .header(CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(HeaderName::from_static(name), value);
    }
    request.body(Full::new(Bytes::from(body))).ok()
}

/// A connection to an address that may be reached: what is looked at is what is connected to, so that a name which
/// stands for something else a moment later gains nothing.
async fn connect(url: &Url, reach: Reach) -> Result<TcpStream, Fault> {
    let port = url.port_or_known_default().ok_or(Fault::Address)?;
    let addresses: Vec<SocketAddr> = match url.host().ok_or(Fault::Address)? {
        Host::Ipv4(address) => vec![(address, port).into()],
        Host::Ipv6(address) => vec![(address, port).into()],
        Host::Domain(name) => tokio::net::lookup_host((name, port))
            .await
            .map_err(|_| Fault::UnknownName)?
            .collect(),
    };
    if addresses.is_empty() {
        return Err(Fault::UnknownName);
    }
    let mut fault = Fault::Forbidden;
    let allowed = addresses
        .into_iter()
        .filter(|address| reach.allows(address.ip()));
    for address in allowed.take(MOST_ADDRESSES) {
        match tokio::time::timeout(TO_CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(_)) => fault = Fault::Refused,
            Err(_) => fault = Fault::Late,
        }
    }
    Err(fault)
}

async fn ask(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<u16, Fault> {
    let broken = |_: hyper::Error| Fault::Broken;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(LARGEST_HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let answer = sender.send_request(request);
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        biased;
        answered = answer.as_mut() => answered.map_err(broken),
        ended = connection => {
            // The head of an answer may come with the end of its connection.
            ended.map_err(broken)?;
            answer.await.map_err(broken)
        }
    }
    .map(|answer| answer.status().as_u16())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use futures_util::FutureExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    const HERE: Reach = Reach {
        loopback: true,
        private: false,
    };

    async fn listener() -> (TcpListener, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    }

    async fn send(url: &str, reach: Reach) -> Result<u16, Fault> {
        let url = Url::parse(url).unwrap();
        let headers = [("webhook-id", "msg_1".to_owned())];
        let post = Post::new().unwrap();
        post.send(&url, reach, &headers, "{}".to_owned()).await
    }

    #[tokio::test]
    async fn a_name_is_judged_by_what_it_stands_for() {
        let (listener, port) = listener().await;
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://localhost:{port}/");
            assert_eq!(send(&url, Reach::default()).await, Err(Fault::Forbidden));
        }
        assert!(listener.accept().now_or_never().is_none(), "nobody came");
    }

    #[tokio::test]
    async fn nothing_but_the_head_of_an_answer_is_read_and_not_too_much_of_it() {
        for (head, more, expected) in [
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n",
                "",
                Ok(200),
            ),
            ("HTTP/1.1 200 OK\r\nx: ", "aaaaaaaa", Err(Fault::Broken)),
            ("SSH-2.0-OpenSSH\r\n", "", Err(Fault::Broken)),
        ] {
            let (listener, port) = listener().await;
            let url = format!("http://127.0.0.1:{port}/");
            let serve = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).await.unwrap();
                stream.write_all(head.as_bytes()).await.unwrap();
                while !more.is_empty() && stream.write_all(more.as_bytes()).await.is_ok() {}
                stream
            };
            let (answered, _) = tokio::join!(send(&url, HERE), serve);
            assert_eq!(answered, expected, "{head}");
        }
    }

    #[tokio::test]
    async fn who_does_not_listen_or_speaks_no_tls_is_told_apart() {
        let (closed, port) = listener().await;
        drop(closed);
        let refused = send(&format!("http://127.0.0.1:{port}/"), HERE).await;
        assert_eq!(refused, Err(Fault::Refused));
        let (listener, port) = listener().await;
        let serve = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await
                .unwrap();
            stream
        };
        let url = format!("https://127.0.0.1:{port}/");
        let (answered, _) = tokio::join!(send(&url, HERE), serve);
        assert_eq!(answered, Err(Fault::Tls));
    }
}
