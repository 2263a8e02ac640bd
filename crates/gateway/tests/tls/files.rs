//! Imported certificates.

use std::path::Path;

use gateway::tls::{Source, State};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use crate::given::{Gateway, Given};

/// Writes a certificate for `name` into a directory, in one step as certbot does.
pub(crate) fn import(directory: &Path, name: &str) {
    import_until(directory, name, 2100);
}

fn import_until(directory: &Path, name: &str, year: i32) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    put(&directory.join("a.crt"), &certificate.pem());
    put(&directory.join("a.key"), &key.serialize_pem());
}

fn put(path: &Path, text: &str) {
    let draft = path.with_extension("draft");
    std::fs::write(&draft, text).unwrap();
    std::fs::rename(draft, path).unwrap();
}

async fn gateway(directory: &Path) -> Gateway {
    let mut given = Given::new("redis://127.0.0.1:1", &["a.example.org"]).await;
    given.config.directory = Some(directory.to_owned());
    given.start().await
}

#[tokio::test]
async fn a_new_file_goes_live_and_open_connections_go_on() {
    let directory = tempfile::tempdir().unwrap();
    import(directory.path(), "a.example.org");
    let gateway = gateway(directory.path()).await;
    let mut open = gateway.connect("a.example.org").await.unwrap();
    open.echo("before").await.unwrap();
    let first = open.fingerprint();
    assert_eq!(gateway.served("a.example.org").await, Some(first.clone()));

    import(directory.path(), "a.example.org");
    let second = gateway.serves_another("a.example.org", Some(&first)).await;
    open.echo("after").await.unwrap();
    let status = gateway.status("a.example.org");
    assert_eq!(status.state, State::Valid);
    let served = status.served.unwrap();
    assert_eq!((served.source, served.fingerprint), (Source::File, second));
}

#[tokio::test]
async fn a_broken_file_is_reported_and_the_old_one_is_served() {
    let directory = tempfile::tempdir().unwrap();
    import(directory.path(), "a.example.org");
    let gateway = gateway(directory.path()).await;
    let first = gateway.served("a.example.org").await.unwrap();
    put(&directory.path().join("a.crt"), "no certificate");
    let mut status = gateway.tls.watch();
    let seen = status.wait_for(|status| !status.files.is_empty());
    let fault = seen.await.unwrap().files[0].clone();
    assert!(fault.message.contains("must be PEM"), "{}", fault.message);
    assert_eq!(gateway.served("a.example.org").await, Some(first.clone()));

    import(directory.path(), "a.example.org");
    gateway.serves_another("a.example.org", Some(&first)).await;
    assert!(
        status
            .wait_for(|status| status.files.is_empty())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_expired_file_is_told_to_the_operator() {
    let directory = tempfile::tempdir().unwrap();
    import_until(directory.path(), "a.example.org", 2021);
    let gateway = gateway(directory.path()).await;
    assert_eq!(gateway.status("a.example.org").state, State::Invalid);
    assert!(gateway.served("a.example.org").await.is_some());
}
