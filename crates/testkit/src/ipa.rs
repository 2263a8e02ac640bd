//! FreeIPA's web interface, replayed over TLS at a port of this machine: answers of the shapes that FreeIPA 4.9 gives. No
//! FreeIPA runs in here: what it would do, nothing in here does.

pub mod shapes;

use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{CertificateParams, KeyPair};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// Longest request that is taken.
const MOST: usize = 64 * 1024;

/// A web interface that belongs to one test.
pub struct TestIpa {
    /// Its port at 127.0.0.1.
    pub port: u16,
    /// The certificate to believe, in PEM; made out to 127.0.0.1.
    pub authority: String,
    asked: Arc<Mutex<Vec<IpaRequest>>>,
    _serving: AbortOnDropHandle<()>,
}

/// What it was asked.
#[derive(Clone, Debug, Default)]
pub struct IpaRequest {
    /// Request line and fields.
    pub head: String,
    /// A form, or JSON.
    pub body: String,
}

impl IpaRequest {
    /// The command, where one is called.
    pub fn method(&self) -> String {
        self.text("/method")
    }

    /// Whom or what the command is about.
    pub fn subject(&self) -> String {
        self.text("/params/0/0")
    }

    /// What the command is given.
    pub fn options(&self) -> Value {
        let options = self.json().pointer("/params/1").cloned();
        options.unwrap_or_default()
    }

    fn text(&self, pointer: &str) -> String {
        let json = self.json();
        let text = json.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

impl TestIpa {
    /// The requests so far.
    pub fn asked(&self) -> Vec<IpaRequest> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }

    /// The commands so far that are called this.
    pub fn calls(&self, method: &str) -> Vec<IpaRequest> {
        let mut asked = self.asked();
        asked.retain(|request| request.method() == method);
        asked
    }
}

/// Starts one that answers with what `answer` says: a status line and fields, an empty line, and a body.
pub async fn ipa_server(answer: impl Fn(&IpaRequest) -> String + Send + Sync + 'static) -> TestIpa {
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    let leaf = leaf.self_signed(&key).expect("a certificate");
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .expect("a certificate and its key");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let serving = TaskTracker::new().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // One that does not believe the certificate is not noted.
            drop(serve(&acceptor, stream, (&noted, &answer)).await);
        }
    });
    TestIpa {
        port,
        authority: leaf.pem(),
        asked,
        _serving: AbortOnDropHandle::new(serving),
    }
}

async fn serve(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    (noted, answer): (
        &Mutex<Vec<IpaRequest>>,
        &(impl Fn(&IpaRequest) -> String + Send + Sync),
    ),
) -> std::io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut received = Vec::new();
    let request = loop {
        if let Some(request) = whole(&received) {
            break request;
        }
        if received.len() > MOST || stream.read_buf(&mut received).await? == 0 {
            return Ok(());
        }
    };
    let answer = answer(&request);
    // Before it is answered: whoever has the answer finds the question here.
    noted
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(request);
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// The request, once the head is there and as much of a body as it announces.
fn whole(received: &[u8]) -> Option<IpaRequest> {
    let text = std::str::from_utf8(received).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|text| text.parse().ok()).unwrap_or(0);
    (body.len() >= length).then(|| IpaRequest {
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
