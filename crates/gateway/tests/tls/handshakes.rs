//! Which handshakes are taken, and how the others are refused.

use std::net::SocketAddr;
use std::sync::Arc;

use gateway::tls::is_acme;
use rustls::AlertDescription::{InternalError, NoApplicationProtocol, UnrecognisedName};
use rustls::{HandshakeKind, ProtocolVersion, version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::files::import;
use crate::given::{Client, Gateway, Given, alert, client_config};

async fn gateway() -> (Gateway, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    import(directory.path(), "a.example.org");
    let domains = ["a.example.org", "awaited.example.org"];
    let mut given = Given::new("redis://127.0.0.1:1", &domains).await;
    given.config.directory = Some(directory.path().to_owned());
    given.config.timing.start = std::time::Duration::ZERO;
    (given.start().await, directory)
}

#[tokio::test]
async fn a_name_that_is_not_served_is_refused_by_its_own_alert() {
    let (gateway, _directory) = gateway().await;
    for (name, wanted) in [
        ("b.example.org", UnrecognisedName),
        ("example.org", UnrecognisedName),
        ("awaited.example.org", InternalError),
    ] {
        let refused = gateway.connect(name).await.err().unwrap();
        assert_eq!(alert(&refused), Some(wanted), "{name}: {refused}");
    }
    // Who names nobody is served the first name.
    assert!(gateway.served("127.0.0.1").await.is_some());
}

#[tokio::test]
async fn http_2_is_preferred_and_a_strange_protocol_refused() {
    let (gateway, _directory) = gateway().await;
    let table = [
        ("http/1.1 h2", Some("h2")),
        ("http/1.1", Some("http/1.1")),
        ("h2 acme-tls/1", Some("h2")),
        ("", None),
    ];
    for (offered, wanted) in table {
        let offered: Vec<&[u8]> = offered.split_whitespace().map(str::as_bytes).collect();
        let wanted = wanted.map(str::as_bytes);
        let config = client_config(&offered);
        let client = Client::connect(gateway.address, "a.example.org", &config)
            .await
            .unwrap();
        assert_eq!(client.connection().alpn_protocol(), wanted, "{offered:?}");
        assert!(!is_acme(client.connection().alpn_protocol()));
    }
    let strange = client_config(&[b"spdy/1"]);
    let refused = Client::connect(gateway.address, "a.example.org", &strange).await;
    assert_eq!(alert(&refused.err().unwrap()), Some(NoApplicationProtocol));
}

#[tokio::test]
async fn an_authority_that_was_not_called_is_refused() {
    let (gateway, _directory) = gateway().await;
    let authority = client_config(&[b"acme-tls/1"]);
    let refused = Client::connect(gateway.address, "a.example.org", &authority).await;
    assert_eq!(alert(&refused.err().unwrap()), Some(UnrecognisedName));
}

#[tokio::test]
async fn both_versions_are_spoken_and_sessions_resumed_without_early_data() {
    let (gateway, _directory) = gateway().await;
    for (wanted, version) in [
        (&version::TLS12, ProtocolVersion::TLSv1_2),
        (&version::TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[wanted])
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        config.enable_early_data = true;
        config
            .dangerous()
            .set_certificate_verifier(crate::gullible::gullible());
        let config = Arc::new(config);
        let connect = || Client::connect(gateway.address, "a.example.org", &config);
        let mut first = connect().await.unwrap();
        assert_eq!(first.connection().protocol_version(), Some(version));
        // Tickets arrive with the first answer.
        first.echo("ticket").await.unwrap();
        let mut second = connect().await.unwrap();
        let connection = second.connection();
        assert_eq!(connection.handshake_kind(), Some(HandshakeKind::Resumed));
        assert!(!connection.is_early_data_accepted());
        second.echo("resumed").await.unwrap();
    }
}

#[tokio::test]
async fn what_speaks_no_tls_is_hung_up_on() {
    let (gateway, _directory) = gateway().await;
    let mut stream = TcpStream::connect(gateway.address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: a.example.org\r\n\r\n")
        .await
        .unwrap();
    let mut said = Vec::new();
    drop(stream.read_to_end(&mut said).await);
    assert!(said.len() <= 7, "{said:?}");
}

#[tokio::test]
async fn other_domains_are_served_from_the_next_handshake_on() {
    let (gateway, _directory) = gateway().await;
    let refused = gateway.connect("new.home.arpa").await.err().unwrap();
    assert_eq!(alert(&refused), Some(UnrecognisedName));
    let domains = ["a.example.org", "new.home.arpa"];
    gateway
        .tls
        .set_domains(domains.map(crate::given::domain).to_vec());
    gateway.serves_another("new.home.arpa", None).await;
    assert!(gateway.served("a.example.org").await.is_some());
}

#[tokio::test]
async fn the_plain_port_redirects_and_knows_no_challenge() {
    let given = Given::new("redis://127.0.0.1:1", &["nas"]).await;
    let plain = SocketAddr::from(([127, 0, 0, 1], given.ports.numbers().1));
    let _gateway = given.start().await;
    let table = [
        ("/a?b", "301 Moved Permanently", "location: https://nas/a?b"),
        ("/.well-known/acme-challenge/x", "404 Not Found", ""),
        ("*", "400 Bad Request", ""),
    ];
    for (target, status, header) in table {
        let mut stream = TcpStream::connect(plain).await.unwrap();
        let request = format!("GET {target} HTTP/1.1\r\nHost: nas\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        assert!(said.contains(status) && said.contains(header), "{said}");
    }
}
