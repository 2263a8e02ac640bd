//! TLS: whom to believe, and why a handshake failed.

use std::io;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore, crypto};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::connection::Pace;
use crate::error::{Error, Step, Why};
use crate::server::{Server, Unfit};
use crate::wire::Stream;

/// Believes the authority in PEM and nobody else; without one, whom the system and the public believe.
pub(crate) fn config(authority: Option<&str>) -> Result<Arc<ClientConfig>, Unfit> {
    let roots = match authority {
        Some(pem) => own(pem)?,
        None => public(),
    };
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Unfit::Authority)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn own(pem: &str) -> Result<RootCertStore, Unfit> {
    if pem.len() > Server::MOST_AUTHORITY {
        return Err(Unfit::Authority);
    }
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| Unfit::Authority)?;
        roots.add(certificate).map_err(|_| Unfit::Authority)?;
    }
    if roots.is_empty() {
        return Err(Unfit::Authority);
    }
    Ok(roots)
}

fn public() -> RootCertStore {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    // One that cannot be read leaves the others; what is missing then shows in the handshake.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Agrees on TLS with the server, or says why it is not believed.
pub(crate) async fn handshake<S: Stream>(
    server: &Server,
    stream: S,
    pace: Pace,
) -> Result<TlsStream<S>, Error> {
    let about = server.host.as_str();
    let refuse = |why| Error::new(Step::Secure, why, about);
    let name = ServerName::try_from(about.to_owned()).map_err(|_| refuse(Why::OtherHost))?;
    let connector = TlsConnector::from(Arc::clone(&server.tls));
    let shaken = pace.wait((Step::Secure, about), connector.connect(name, stream));
    shaken.await?.map_err(|error| refuse(why(&error)))
}

/// What a failed handshake means.
fn why(error: &io::Error) -> Why {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    let Some(rustls::Error::InvalidCertificate(found)) = inner else {
        return match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => Why::BrokeOff,
            _ => Why::TlsFailed,
        };
    };
    match found {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Why::UnknownAuthority,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Why::OtherHost
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Why::CertificateExpired,
        _ => Why::TlsFailed,
    }
}
