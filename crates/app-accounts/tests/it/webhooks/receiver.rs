//! A system that is told, and keeps what it was told.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, StatusCode, Uri};
use sha2::Sha256;

/// What it was told.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) path: String,
    pub(super) id: String,
    pub(super) timestamp: String,
    signature: String,
    pub(super) body: String,
}

#[derive(Default)]
struct Inner {
    told: Vec<Told>,
    status: u16,
    location: Option<String>,
}

/// A server on this machine.
pub(super) struct Receiver {
    address: std::net::SocketAddr,
    inner: Arc<Mutex<Inner>>,
}

impl Receiver {
    pub(super) async fn new() -> Self {
        let inner = Arc::new(Mutex::new(Inner {
            status: 200,
            ..Inner::default()
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(hear).with_state(inner.clone());
        #[allow(
            clippy::disallowed_methods,
            reason = "it ends with the runtime of the test"
        )]
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, inner }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers with this status from now on.
    pub(super) fn answer(&self, status: u16) {
        self.inner.lock().unwrap().status = status;
    }

    /// Sends everybody there from now on.
    pub(super) fn redirect(&self, location: &str) {
        let mut inner = self.inner.lock().unwrap();
        inner.status = 302;
        inner.location = Some(location.to_owned());
    }

    /// How much it was told.
    pub(super) fn count(&self) -> usize {
        self.inner.lock().unwrap().told.len()
    }

    /// What it was told, once there is so much of it.
    pub(super) async fn told(&self, count: usize) -> Vec<Told> {
        testkit::until("the receiver is told", async || {
            let told = self.inner.lock().unwrap().told.clone();
            (told.len() >= count).then_some(told)
        })
        .await
    }
}

async fn hear(
    State(inner): State<Arc<Mutex<Inner>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap) {
    let header = |name: &str| {
        let value = headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    let mut inner = inner.lock().unwrap();
    inner.told.push(Told {
        path: uri.to_string(),
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let mut answered = HeaderMap::new();
    if let Some(location) = &inner.location {
        answered.insert("location", location.parse().unwrap());
    }
    (StatusCode::from_u16(inner.status).unwrap(), answered)
}

/// The bytes of a secret as it is shown.
pub(super) fn key(secret: &str) -> Vec<u8> {
    let text = secret.strip_prefix("whsec_").unwrap();
    STANDARD.decode(text).unwrap()
}

/// Whether one of the signatures is of this secret, computed as a receiver does.
pub(super) fn verified(told: &Told, secret: &str) -> bool {
    let signed = format!("{}.{}.{}", told.id, told.timestamp, told.body);
    told.signature.split(' ').any(|signature| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)).unwrap();
        mac.update(signed.as_bytes());
        let given = STANDARD.decode(signature.strip_prefix("v1,").unwrap());
        mac.verify_slice(&given.unwrap()).is_ok()
    })
}
