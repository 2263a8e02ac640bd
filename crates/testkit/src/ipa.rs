//! What FreeIPA's web interface answers, replayed: shapes recorded from its source, over TLS at a port of this machine.

use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{CertificateParams, KeyPair};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// Longest request that is taken.
const MOST: usize = 64 * 1024;

/// A web interface that belongs to one test.
pub struct TestIpa {
    /// Its port at 127.0.0.1.
    pub port: u16,
    /// The certificate to believe, in PEM; made out to 127.0.0.1.
    pub authority: String,
    asked: Arc<Mutex<Vec<String>>>,
    _serving: AbortOnDropHandle<()>,
}

impl TestIpa {
    /// The requests so far, head and body.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }
}

/// Starts one that answers every request with `head`, a status line and fields without the empty line at the end.
pub async fn ipa_server(head: &'static str) -> TestIpa {
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    let leaf = leaf.self_signed(&key).expect("a certificate");
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
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
            let request = answer(&acceptor, stream, head).await.unwrap_or_default();
            let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
            noted.push(request);
        }
    });
    TestIpa {
        port,
        authority: leaf.pem(),
        asked,
        _serving: AbortOnDropHandle::new(serving),
    }
}

async fn answer(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    head: &str,
) -> std::io::Result<String> {
    let mut stream = acceptor.accept(stream).await?;
    let mut request = Vec::new();
    while request.len() < MOST && !is_whole(&request) {
        if stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    let body = "<html></html>";
    let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(String::from_utf8_lossy(&request).into_owned())
}

/// Whether the head is there, and as much of a body as it announces.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    body.len() >= length
}
