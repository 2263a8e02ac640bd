//! Whom the reader believes to be the server.

use std::sync::Arc;

use directory::{Security, Server, Source, Step, Unfit, Why};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use testkit::{TestLdap, ldap_server};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::given::{read, source};

async fn refused(ldap: &TestLdap, server: Server) -> (Step, Why) {
    let source = Source {
        server,
        ..source(ldap)
    };
    let error = read(&source).await.unwrap_err();
    (error.step, error.why)
}

#[tokio::test]
async fn another_authority_or_another_host_is_not_believed() {
    let ldap = ldap_server("").await;
    let other = CertificateParams::new(vec!["other.example.org".to_owned()]).unwrap();
    let other = other
        .self_signed(&KeyPair::generate().unwrap())
        .unwrap()
        .pem();
    for (security, port) in [
        (Security::Tls, ldap.tls_port),
        (Security::StartTls, ldap.port),
    ] {
        for authority in [None, Some(other.as_str())] {
            let server = Server::new("127.0.0.1", port, security, authority).unwrap();
            let refused = refused(&ldap, server).await;
            assert_eq!(
                refused,
                (Step::Secure, Why::UnknownAuthority),
                "{security:?}"
            );
        }
        let server = Server::new("localhost", port, security, Some(&ldap.authority)).unwrap();
        let refused = refused(&ldap, server).await;
        assert_eq!(refused, (Step::Secure, Why::OtherHost), "{security:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_over_is_not_believed() {
    let ldap = ldap_server("").await;
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2021, 1, 1);
    let over = params.self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![over.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = Server::new("127.0.0.1", port, Security::Tls, Some(&over.pem())).unwrap();
    let accept = async {
        let (stream, _) = listener.accept().await.unwrap();
        drop(TlsAcceptor::from(Arc::new(config)).accept(stream).await);
    };
    let (refused, ()) = tokio::join!(refused(&ldap, server), accept);
    assert_eq!(refused, (Step::Secure, Why::CertificateExpired));
}

#[tokio::test]
async fn a_port_in_plain_text_is_not_taken_for_tls() {
    let ldap = ldap_server("").await;
    let server = Server::new("127.0.0.1", ldap.port, Security::Tls, None).unwrap();
    let (step, why) = refused(&ldap, server).await;
    assert_eq!(step, Step::Secure);
    assert!([Why::BrokeOff, Why::TlsFailed].contains(&why), "{why:?}");
}

#[test]
fn addresses_are_checked_before_they_are_used() {
    let new = |host, security| Server::new(host, 389, security, None).map(drop);
    assert_eq!(new("ipa.example.org", Security::Plain), Err(Unfit::Plain));
    assert_eq!(new("192.0.2.1", Security::Plain), Err(Unfit::Plain));
    assert_eq!(new("localhost", Security::Plain), Ok(()));
    assert_eq!(new("[::1]", Security::Plain), Ok(()));
    assert_eq!(
        new("ldaps://ipa.example.org", Security::Tls),
        Err(Unfit::Host)
    );
    assert_eq!(new("", Security::Tls), Err(Unfit::Host));
    let authority = |pem| Server::new("ipa.example.org", 636, Security::Tls, Some(pem)).map(drop);
    assert_eq!(authority("no certificate"), Err(Unfit::Authority));
    assert_eq!(authority(&"x".repeat(70_000)), Err(Unfit::Authority));
}
