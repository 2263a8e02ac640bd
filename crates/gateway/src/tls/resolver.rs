//! What a handshake is answered with: a certificate by the name the client asks for, or the answer to a challenge.

use std::fmt;
use std::sync::Arc;

use platform::Clock;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::challenges::Challenges;
use super::store::{Found, Store};

/// The protocol by which an authority looks at a challenge, RFC 8737.
pub(super) const ACME_TLS: &[u8] = b"acme-tls/1";

/// Whether a finished handshake was an authority's, by the protocol that was agreed on: such a connection carries
/// nothing and is closed.
pub fn is_acme(alpn: Option<&[u8]>) -> bool {
    alpn == Some(ACME_TLS)
}

/// What becomes of a handshake.
#[derive(Debug)]
pub(super) enum Decision {
    /// It goes on with this.
    Serve(Arc<CertifiedKey>),
    /// It ends with this alert, by its number in RFC 8446, 6.
    Refuse(Alert),
}

/// Why a handshake is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Alert {
    /// The name is ours, but there is no certificate for it yet.
    InternalError = 80,
    /// The name is not ours.
    UnrecognisedName = 112,
}

/// Decides by name and protocol.
pub(super) struct Resolver {
    pub(super) store: Arc<Store>,
    pub(super) challenges: Arc<Challenges>,
    pub(super) clock: Clock,
}

impl Resolver {
    /// The one decision, for [`super::Tls::accept`] and for whoever uses the configuration alone.
    pub(super) fn decide(&self, hello: &ClientHello<'_>) -> Decision {
        if asks_for_challenge(hello) {
            let answer = hello
                .server_name()
                .and_then(|name| self.challenges.certificate(name, self.clock.now()));
            return match answer {
                Some(key) => Decision::Serve(key),
                None => Decision::Refuse(Alert::UnrecognisedName),
            };
        }
        match self.store.find(hello.server_name()) {
            Found::Certificate(key) => Decision::Serve(key),
            Found::Awaited => Decision::Refuse(Alert::InternalError),
            Found::Unknown => Decision::Refuse(Alert::UnrecognisedName),
        }
    }
}

/// An authority offers `acme-tls/1` and nothing else.
fn asks_for_challenge(hello: &ClientHello<'_>) -> bool {
    hello
        .alpn()
        .is_some_and(|mut offered| offered.next() == Some(ACME_TLS) && offered.next().is_none())
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match self.decide(&hello) {
            Decision::Serve(key) => Some(key),
            Decision::Refuse(_) => None,
        }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}
