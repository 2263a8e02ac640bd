//! An SMTP server (RFC 5321) that keeps what it is given, and fails where a test tells it to.
//!
//! Speaks as much of the protocol as a submission client uses: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA,
//! RSET, NOOP, QUIT. Delivers to nobody.

mod received;
mod session;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

pub use received::ReceivedMail;
use session::Session;

use crate::until;

/// How the sink protects its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// Not at all, and offers nothing.
    None,
    /// Offers STARTTLS (RFC 3207) and takes mail without it, too.
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// A point in the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailStep {
    /// The greeting.
    Greeting,
    /// EHLO.
    Ehlo,
    /// STARTTLS.
    Starttls,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, before any of it.
    Data,
    /// Within the message, after its first line.
    Body,
    /// The final dot was read.
    Dot,
    /// QUIT.
    Quit,
}

impl MailStep {
    /// Every step at which a connection without TLS and password can be cut before the mail is accepted.
    pub const BEFORE_ACCEPTANCE: [Self; 7] = [
        Self::Greeting,
        Self::Ehlo,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Body,
        Self::Dot,
    ];
}

/// What happens at a step instead of the usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailFault {
    /// The connection is closed without a word.
    Cut,
    /// At [`MailStep::Dot`]: the mail is kept, and the connection closed before anybody learns of it.
    KeepAndCut,
    /// This reply, such as `451 4.3.0 try later`.
    Reply(&'static str),
}

/// What the sink is told and what it has.
pub(crate) struct Shared {
    security: MailSecurity,
    credentials: Option<(String, String)>,
    acceptor: TlsAcceptor,
    mails: Mutex<Vec<ReceivedMail>>,
    connections: Mutex<usize>,
    once: Mutex<Vec<(MailStep, MailFault)>>,
    always: Mutex<HashMap<MailStep, MailFault>>,
    /// Mail to addresses that begin with this waits at DATA.
    held: watch::Sender<Option<String>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn fault(&self, step: MailStep) -> Option<MailFault> {
        let mut once = lock(&self.once);
        if let Some(at) = once.iter().position(|(of, _)| *of == step) {
            return Some(once.remove(at).1);
        }
        lock(&self.always).get(&step).cloned()
    }

    fn keep(&self, mail: ReceivedMail) {
        lock(&self.mails).push(mail);
    }

    /// Returns once nothing holds mail to these addresses.
    async fn pass(&self, to: &[String]) {
        let free = |held: &Option<String>| {
            held.as_ref()
                .is_none_or(|start| !to.iter().any(|to| to.starts_with(start)))
        };
        // The sender lives as long as this does.
        self.held.subscribe().wait_for(free).await.ok();
    }
}

/// An SMTP server on a free port of the loopback interface, for as long as the value lives.
pub struct MailSink {
    address: SocketAddr,
    certificate: String,
    shared: Arc<Shared>,
    serving: JoinSet<()>,
}

/// A sink without TLS that asks for no password.
pub async fn mail_sink() -> MailSink {
    MailSink::start(MailSecurity::None, None).await
}

impl MailSink {
    /// Starts a sink; with credentials it takes mail from nobody else.
    pub async fn start(security: MailSecurity, credentials: Option<(&str, &str)>) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])
                .expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config =
            ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("TLS 1.2 and 1.3")
                .with_no_client_auth()
                .with_single_cert(vec![cert.der().clone()], key)
                .expect("the certificate and its key");
        let shared = Arc::new(Shared {
            security,
            credentials: credentials.map(|(user, word)| (user.to_owned(), word.to_owned())),
            acceptor: TlsAcceptor::from(Arc::new(config)),
            mails: Mutex::default(),
            connections: Mutex::default(),
            once: Mutex::default(),
            always: Mutex::default(),
            held: watch::Sender::new(None),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let mut sink = Self {
            address: listener.local_addr().expect("an address"),
            certificate: cert.pem(),
            shared,
            serving: JoinSet::new(),
        };
        sink.serve(listener);
        sink
    }

    fn serve(&mut self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        self.serving.spawn(async move {
            let mut sessions = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                *lock(&shared.connections) += 1;
                let shared = Arc::clone(&shared);
                sessions.spawn(async move {
                    // A client that goes away, or does not trust the certificate, is no fault of a sink.
                    Session::serve(stream, shared).await.ok();
                });
            }
        });
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its certificate for `localhost` and `127.0.0.1`, in PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Fails once at a step.
    pub fn fail_once(&self, step: MailStep, fault: MailFault) {
        lock(&self.shared.once).push((step, fault));
    }

    /// Fails at a step until [`MailSink::heal`].
    pub fn fail_always(&self, step: MailStep, fault: MailFault) {
        lock(&self.shared.always).insert(step, fault);
    }

    /// Fails no more.
    pub fn heal(&self) {
        lock(&self.shared.once).clear();
        lock(&self.shared.always).clear();
    }

    /// Faults of [`MailSink::fail_once`] that did not happen yet.
    pub fn faults_left(&self) -> usize {
        lock(&self.shared.once).len()
    }

    /// Lets mail to addresses that begin with `start` wait at DATA until [`MailSink::release`].
    pub fn hold(&self, start: &str) {
        self.shared.held.send_replace(Some(start.to_owned()));
    }

    /// Lets everything go on.
    pub fn release(&self) {
        self.shared.held.send_replace(None);
    }

    /// Goes away: nobody listens, open connections break.
    pub async fn stop(&mut self) {
        self.serving.shutdown().await;
    }

    /// Comes back on the same port, with what it had.
    pub async fn start_again(&mut self) {
        let listener = until("the port is free again", async || {
            TcpListener::bind(self.address).await.ok()
        })
        .await;
        self.serve(listener);
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        *lock(&self.shared.connections)
    }

    /// What was accepted so far, in order.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        lock(&self.shared.mails).clone()
    }

    /// Waits until there are `count` mails, and returns all there are.
    pub async fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        until(&format!("{count} mails"), async || {
            Some(self.mails()).filter(|mails| mails.len() >= count)
        })
        .await
    }

    /// Waits for a mail to an address, the latest if there are several.
    pub async fn mail_to(&self, address: &str) -> ReceivedMail {
        until(&format!("a mail to {address}"), async || {
            self.mails()
                .into_iter()
                .rev()
                .find(|mail| mail.to.iter().any(|to| to == address))
        })
        .await
    }
}
