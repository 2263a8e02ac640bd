//! Names that no public authority knows.

use gateway::tls::{Source, State};

use crate::given::Given;

const NAMES: [&str; 3] = ["nas", "cloud.home.arpa", "127.0.0.1"];

#[tokio::test]
async fn internal_names_are_served_one_self_signed_certificate() {
    let redis = testkit::redis().await;
    let gateway = Given::new(&redis.url, &NAMES).await.start().await;
    let first = gateway.served("nas").await;
    assert!(first.is_some());
    // An address is named by nobody: it is what is served without a name.
    for name in NAMES {
        assert_eq!(gateway.served(name).await, first, "{name}");
        let status = gateway.status(name);
        assert_eq!(status.state, State::Valid);
        assert_eq!(status.served.unwrap().source, Source::SelfSigned);
        assert!(status.renew_at.is_some() && status.last_error.is_none());
    }
}

#[tokio::test]
async fn a_self_signed_certificate_survives_a_restart_without_redis() {
    let redis = testkit::redis().await;
    let state = tempfile::tempdir().unwrap();
    let given = async || {
        let mut given = Given::new(&redis.url, &NAMES).await;
        given.state = Some(state.path().to_owned());
        given.start().await
    };
    let gateway = given().await;
    let first = gateway.served("nas").await;
    gateway.stop().await;
    redis.kill().await;
    let gateway = given().await;
    assert_eq!(gateway.served("nas").await, first);
    gateway.stop().await;

    // And what was kept is kept from others: nobody reads it without the secret.
    let kept = std::fs::read_to_string(state.path().join("tls.json")).unwrap();
    assert!(!kept.contains("PRIVATE"), "{kept}");
    let mut given = Given::new(&redis.url, &NAMES).await;
    given.state = Some(state.path().to_owned());
    given.secret = [8; 32];
    given.config.timing.start = std::time::Duration::ZERO;
    let stranger = given.start().await;
    let served = stranger.served("nas").await;
    assert!(served.is_some() && served != first);
}
