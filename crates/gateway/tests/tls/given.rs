//! What the tests of TLS start from: a stand-in for the data plane, and clients that look at what they are served.

use std::fmt::Write;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gateway::tls::{
    CHALLENGE_PATH, Domain, Foundation, Handshake, NameStatus, Timing, Tls, TlsConfig, redirect,
};
use platform::{Clock, Lifecycle};
use registry::AppSecret;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, crypto};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::gullible::gullible;

/// Listeners, which the real data plane owns, around TLS.
pub(crate) struct Gateway {
    pub(crate) tls: Tls,
    pub(crate) address: SocketAddr,
    pub(crate) lifecycle: Lifecycle,
}

/// What a gateway is started with.
pub(crate) struct Given {
    pub(crate) config: TlsConfig,
    pub(crate) redis_url: String,
    pub(crate) secret: [u8; 32],
    pub(crate) state: Option<PathBuf>,
    pub(crate) ports: Ports,
    pub(crate) clock: Clock,
}

/// Listeners that are bound before anything else, because an authority must be told their ports.
pub(crate) struct Ports {
    pub(crate) tls: TcpListener,
    pub(crate) plain: TcpListener,
}

impl Ports {
    pub(crate) async fn bind() -> Self {
        let bind = || TcpListener::bind("127.0.0.1:0");
        Self {
            tls: bind().await.unwrap(),
            plain: bind().await.unwrap(),
        }
    }

    pub(crate) fn numbers(&self) -> (u16, u16) {
        let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
        (port(&self.tls), port(&self.plain))
    }
}

pub(crate) fn domain(text: &str) -> Domain {
    text.parse().unwrap()
}

/// Quick enough for tests.
pub(crate) fn timing() -> Timing {
    Timing {
        files: Duration::from_millis(50),
        reconcile: Duration::from_millis(500),
        lease: Duration::from_secs(2),
        start: Duration::from_secs(2),
        first_pause: Duration::from_millis(200),
    }
}

impl Given {
    pub(crate) async fn new(redis_url: &str, domains: &[&str]) -> Self {
        let mut config = TlsConfig::new(domains.iter().map(|text| domain(text)).collect());
        config.timing = timing();
        // Nobody answers there.
        config.acme.directory = "https://127.0.0.1:1/directory".parse().unwrap();
        Self {
            config,
            redis_url: redis_url.to_owned(),
            secret: [7; 32],
            state: None,
            ports: Ports::bind().await,
            clock: Clock::system(),
        }
    }

    pub(crate) async fn start(self) -> Gateway {
        let lifecycle = Lifecycle::new();
        let foundation = Foundation {
            redis: registry::connect_in_background(&self.redis_url).unwrap(),
            secret: AppSecret::new(self.secret).unwrap(),
            state_dir: self.state,
            clock: self.clock,
            lifecycle: lifecycle.clone(),
        };
        let tls = Tls::start(foundation, self.config).await.unwrap();
        let address = self.ports.tls.local_addr().unwrap();
        lifecycle.spawn_contained(
            "tls listener",
            serve_tls(tls.clone(), self.ports.tls, lifecycle.clone()),
        );
        lifecycle.spawn_contained("plain listener", serve_plain(tls.clone(), self.ports.plain));
        Gateway {
            tls,
            address,
            lifecycle,
        }
    }
}

async fn serve_tls(tls: Tls, listener: TcpListener, lifecycle: Lifecycle) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let tls = tls.clone();
        lifecycle.spawn_contained("connection", async move {
            if let Ok(Handshake::Done(stream)) = tls.accept(stream).await {
                drop(echo(*stream).await);
            }
        });
    }
}

async fn echo(stream: tokio_rustls::server::TlsStream<TcpStream>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        stream.write_all(line.as_bytes()).await?;
        stream.flush().await?;
        line.clear();
    }
    Ok(())
}

/// Answers challenges and redirects the rest, one request a connection.
async fn serve_plain(tls: Tls, listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        drop(answer(&tls, stream).await);
    }
}

async fn answer(tls: &Tls, stream: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut target, mut host) = (String::new(), String::new());
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 2 {
        if let Some(value) = line.strip_prefix("Host: ") {
            value.trim().clone_into(&mut host);
        } else if target.is_empty() {
            target = line.split(' ').nth(1).unwrap_or_default().to_owned();
        }
        line.clear();
    }
    let response = match target.strip_prefix(CHALLENGE_PATH) {
        Some(token) => match tls.http01(token) {
            Some(text) => format!("200 OK\r\ncontent-length: {}\r\n\r\n{text}", text.len()),
            None => "404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
        },
        None => match redirect(&host, &target, 443) {
            Some(location) => format!("301 Moved Permanently\r\nlocation: {location}\r\n\r\n"),
            None => "400 Bad Request\r\n\r\n".to_owned(),
        },
    };
    let response = format!("HTTP/1.1 {response}");
    stream.write_all(response.as_bytes()).await?;
    stream.shutdown().await
}

impl Gateway {
    /// Connects as a browser does and answers what it was served.
    pub(crate) async fn connect(&self, name: &str) -> io::Result<Client> {
        Client::connect(self.address, name, &client_config(&[b"http/1.1"])).await
    }

    /// The fingerprint of what is served for a name.
    pub(crate) async fn served(&self, name: &str) -> Option<String> {
        let client = self.connect(name).await.ok()?;
        Some(client.fingerprint())
    }

    /// Waits until something else than `before` is served.
    pub(crate) async fn serves_another(&self, name: &str, before: Option<&str>) -> String {
        testkit::until(&format!("another certificate for {name}"), async || {
            let served = self.served(name).await?;
            (Some(served.as_str()) != before).then_some(served)
        })
        .await
    }

    /// What an operator is shown of a name.
    pub(crate) fn status(&self, name: &str) -> NameStatus {
        let status = self.tls.watch().borrow().clone();
        let found = status.names.iter().find(|status| status.name == name);
        found.unwrap().clone()
    }

    /// Whether this gateway orders certificates.
    pub(crate) fn leads(&self) -> bool {
        self.tls.watch().borrow().orders
    }

    /// Stops as a process does that is asked to.
    pub(crate) async fn stop(self) {
        self.lifecycle.shutdown();
        testkit::eventually("the lead is given up", async || {
            !self.lifecycle.running().contains(&"certificate leadership")
        })
        .await;
        self.lifecycle.abort();
        self.lifecycle.idle().await;
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.lifecycle.abort();
    }
}

/// A connection of a client.
pub(crate) struct Client {
    stream: BufReader<TlsStream<TcpStream>>,
}

impl Client {
    pub(crate) async fn connect(
        address: SocketAddr,
        name: &str,
        config: &Arc<ClientConfig>,
    ) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let connector = TlsConnector::from(Arc::clone(config));
        let stream = connector.connect(name, stream).await?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// SHA-256 of the leaf.
    pub(crate) fn fingerprint(&self) -> String {
        let chain = self.connection().peer_certificates().unwrap();
        let digest = Sha256::digest(&chain[0]);
        digest.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    }

    pub(crate) fn connection(&self) -> &rustls::ClientConnection {
        self.stream.get_ref().get_ref().1
    }

    /// Sends a line and expects it back.
    pub(crate) async fn echo(&mut self, line: &str) -> io::Result<()> {
        let line = format!("{line}\n");
        self.stream.write_all(line.as_bytes()).await?;
        self.stream.flush().await?;
        let mut back = String::new();
        self.stream.read_line(&mut back).await?;
        if back == line {
            Ok(())
        } else {
            Err(io::Error::other(format!("got {back:?} back")))
        }
    }
}

/// The TLS alert a connection was refused with.
pub(crate) fn alert(error: &io::Error) -> Option<rustls::AlertDescription> {
    match error.get_ref()?.downcast_ref::<rustls::Error>()? {
        rustls::Error::AlertReceived(alert) => Some(*alert),
        _ => None,
    }
}

/// A client that believes every certificate.
pub(crate) fn client_config(protocols: &[&[u8]]) -> Arc<ClientConfig> {
    let provider = Arc::new(crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(gullible())
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|each| each.to_vec()).collect();
    Arc::new(config)
}
