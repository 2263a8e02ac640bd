//! TLS at the edge: certificates from files, from an authority or made here, and the handshakes that use them.
//!
//! The data plane owns the listeners and everything that is said over a connection. It asks this module for a handshake
//! ([`Tls::accept`]), for the answer to a challenge on the plain port ([`Tls::http01`]), and for where to redirect
//! ([`redirect`]). What is served changes while connections stay open: each handshake takes what is best at that moment.

mod acme;
mod certificate;
mod challenges;
mod config;
mod domain;
mod files;
mod handshake;
mod pem;
mod redirect;
mod resolver;
mod selfsigned;
mod status;
mod stock;
mod store;
mod upkeep;
mod vault;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use fred::clients::Client;
use platform::{Clock, Lifecycle, StartError};
use registry::AppSecret;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use acme::Orders;
use challenges::Challenges;
use resolver::Resolver;
use stock::Stock;
use store::Store;
use upkeep::Upkeep;
use vault::{Leadership, Vault};

pub use certificate::{Certificate, CertificateError};
pub use config::{AcmeConfig, ChallengeKind, Timing, TlsConfig};
pub use domain::{Domain, NotADomain};
pub use files::{ImportError, Pair};
pub use handshake::Handshake;
pub use redirect::redirect;
pub use resolver::is_acme;
pub use status::{FileFault, LastError, NameStatus, Served, State, Status};
pub use store::Source;

/// Where an authority asks for the answer to an `http-01` challenge: this, then the token.
pub const CHALLENGE_PATH: &str = "/.well-known/acme-challenge/";

/// What TLS stands on.
#[derive(Clone, Debug)]
pub struct Foundation {
    /// The connection to Redis. May be away.
    pub redis: Client,
    /// Seals what is kept.
    pub secret: AppSecret,
    /// Where a copy is kept for a start while Redis is away.
    pub state_dir: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
    /// The tasks of the gateway: when it stops, so does everything here.
    pub lifecycle: Lifecycle,
}

/// TLS, running. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    inner: Arc<Inner>,
}

struct Inner {
    stock: Arc<Stock>,
    challenges: Arc<Challenges>,
    resolver: Arc<Resolver>,
    config: Arc<ServerConfig>,
    clock: Clock,
}

impl Tls {
    /// Reads what there is, makes what can be made here, and goes on in the background. Returns as soon as something can
    /// be served for every domain, or once it is clear that Redis does not help with it.
    pub async fn start(foundation: Foundation, config: TlsConfig) -> Result<Self, StartError> {
        let Foundation {
            redis,
            secret,
            state_dir,
            clock,
            lifecycle,
        } = foundation;
        if state_dir.is_none() {
            tracing::warn!(
                "GATEWAY_STATE_DIR is not set: a start while Redis is away would have no certificate"
            );
        }
        let timing = config.timing;
        let challenges = Arc::new(Challenges::default());
        let vault = Arc::new(Vault::open(
            &secret,
            redis,
            state_dir,
            clock.clone(),
            Arc::clone(&challenges),
        ));
        let leadership = Arc::new(Leadership::new(Arc::clone(&vault), timing.lease));
        let store = Arc::new(Store::default());
        let stock = Arc::new(Stock::new(
            config,
            clock.clone(),
            Arc::clone(&vault),
            Arc::clone(&store),
            leadership.term(),
        ));
        let resolver = Arc::new(Resolver {
            store,
            challenges: Arc::clone(&challenges),
            clock: clock.clone(),
        });
        let failed = |error| StartError::failed("setting TLS up", error);
        let server = handshake::config(Arc::clone(&resolver)).map_err(failed)?;
        let orders = Orders::new(
            Arc::clone(&stock),
            Arc::clone(&leadership),
            lifecycle.clone(),
        )
        .map_err(failed)?;

        upkeep::first(&stock).await;
        let (soft, hard) = (lifecycle.soft().clone(), lifecycle.hard().clone());
        lifecycle.spawn(
            "certificates",
            Upkeep::new(Arc::clone(&stock)).run(hard.clone()),
        );
        lifecycle.spawn("certificate vault", vault.follow(timing.reconcile, hard));
        lifecycle.spawn("certificate leadership", leadership.keep(soft));
        lifecycle.spawn("certificate orders", orders.run());
        Ok(Self {
            inner: Arc::new(Inner {
                stock,
                challenges,
                resolver,
                config: Arc::new(server),
                clock,
            }),
        })
    }

    /// Shakes hands with a client, or refuses it with the alert that says why. The caller bounds the time.
    pub async fn accept<IO>(&self, io: IO) -> io::Result<Handshake<IO>>
    where
        IO: AsyncRead + AsyncWrite + Unpin,
    {
        let config = Arc::clone(&self.inner.config);
        handshake::accept(&self.inner.resolver, config, io).await
    }

    /// The configuration alone. A client that asks for a name which is not served is refused with `access_denied`, and a
    /// connection for which [`is_acme`] holds after the handshake must be closed: [`Tls::accept`] does both better.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.inner.config)
    }

    /// What to answer, as `text/plain`, to a request for [`CHALLENGE_PATH`] and this token. `None` is a 404.
    pub fn http01(&self, token: &str) -> Option<String> {
        self.inner.challenges.file(token, self.inner.clock.now())
    }

    /// What an operator is shown, now and whenever it changes.
    pub fn watch(&self) -> watch::Receiver<Arc<Status>> {
        self.inner.stock.status()
    }

    /// Serves other domains from now on.
    pub fn set_domains(&self, domains: Vec<Domain>) {
        self.inner.stock.set_domains(domains);
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}
