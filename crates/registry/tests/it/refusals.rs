//! Registrations that are not served, and are listed with the reason.

use fred::interfaces::{KeysInterface, SortedSetsInterface};
use registry::{AppSecret, Error, Keyring, Label, Lease, LeaseTiming, Reason};

use crate::given::{apps, entry, lease, watching};
use crate::server::Server;

/// Writes a value past the crate, as a stranger with access to Redis would.
async fn smuggle(server: &Server, member: &str, value: &str) {
    let client = server.client().await;
    let key = format!("apps/{member}");
    let () = client.set(key, value, None, None, false).await.unwrap();
    let now = 4_000_000_000_f64;
    let () = client
        .zadd("apps", None, None, false, false, (now, member))
        .await
        .unwrap();
}

#[tokio::test]
async fn unsigned_malformed_and_oversized_registrations_are_listed_and_harm_nobody() {
    let server = Server::start().await;
    let _good = lease(&server, entry("hello")).await;
    let signed: String = server.client().await.get("apps/hello/i1").await.unwrap();

    smuggle(&server, "moved/i1", &signed).await;
    smuggle(
        &server,
        "tampered/i1",
        &signed.replace("\"hello\"", "\"tampered\""),
    )
    .await;
    smuggle(&server, "junk/i1", "\u{0}{{{").await;
    smuggle(&server, "no-instance", "{}").await;
    smuggle(&server, "large/i1", &"x".repeat(64 * 1024 + 1)).await;
    let client = server.client().await;
    let () = client
        .zadd("apps/wrong/type", None, None, false, false, (1.0, "x"))
        .await
        .unwrap();
    let () = client
        .zadd(
            "apps",
            None,
            None,
            false,
            false,
            (4_000_000_000_f64, "wrong/type"),
        )
        .await
        .unwrap();

    let watching = watching(&server).await;
    let snapshot = watching
        .sees("all refusals", |seen| seen.rejected.len() == 6)
        .await;
    assert_eq!(apps(&snapshot), ["hello"]);
    let reason = |app: &str| {
        let found = snapshot
            .rejected
            .iter()
            .find(|rejection| rejection.app == app);
        found
            .unwrap_or_else(|| panic!("{app} is not listed"))
            .reason
            .clone()
    };
    assert_eq!(reason("moved"), Reason::Unsigned);
    assert_eq!(reason("tampered"), Reason::Unsigned);
    assert_eq!(reason("junk"), Reason::Malformed);
    assert_eq!(reason("no-instance"), Reason::Malformed);
    assert_eq!(reason("large"), Reason::Oversized);
    assert_eq!(reason("wrong"), Reason::Malformed);
}

#[tokio::test]
async fn a_registration_signed_with_another_secret_is_not_served() {
    let server = Server::start().await;
    let stranger = Keyring::Secret(AppSecret::new([2; 32]).unwrap());
    let timing = LeaseTiming::default();
    let _lease = Lease::register(server.client().await, stranger, entry("hello"), timing).await;
    let watching = watching(&server).await;
    let snapshot = watching
        .sees("the refusal", |seen| !seen.rejected.is_empty())
        .await;
    assert_eq!(snapshot.rejected[0].reason, Reason::Unsigned);
    assert!(snapshot.entries.is_empty());
}

#[tokio::test]
async fn the_app_that_held_a_prefix_first_keeps_it_and_the_other_is_listed() {
    let server = Server::start().await;
    let mut first = entry("first");
    first.prefixes.push("/dav".to_owned());
    let mut second = entry("second");
    second.started_at = "2026-01-03T00:00:00Z".parse().unwrap();
    second.prefixes.push("/dav".to_owned());
    let _second = lease(&server, second).await;
    let first = lease(&server, first).await;
    let watching = watching(&server).await;
    let snapshot = watching
        .sees("the conflict", |seen| seen.rejected.len() == 1)
        .await;
    assert_eq!(snapshot.rejected[0].app, "second");
    assert!(
        matches!(&snapshot.rejected[0].reason, Reason::Conflict { prefix, .. } if prefix == "/dav")
    );

    first.release().await.unwrap();
    let snapshot = watching
        .sees("no conflict", |seen| seen.rejected.is_empty())
        .await;
    assert_eq!(snapshot.entries[0].prefixes, ["/app/second", "/dav"]);
}

#[tokio::test]
async fn an_app_learns_at_once_that_it_may_not_have_a_prefix_or_is_too_large() {
    let server = Server::start().await;
    let timing = LeaseTiming::default();
    let keyring = crate::given::keyring();
    for prefix in ["/auth", "/app/other", "/app/hello/", "/{rest}"] {
        let mut entry = entry("hello");
        entry.prefixes.push(prefix.to_owned());
        let refused = Lease::register(server.client().await, keyring.clone(), entry, timing).await;
        assert!(matches!(refused, Err(Error::Prefix { .. })), "{prefix}");
    }
    let mut large = entry("hello");
    large.description = Label::new("x".repeat(64 * 1024), "");
    let refused = Lease::register(server.client().await, keyring, large, timing).await;
    assert!(matches!(refused, Err(Error::Oversized(_))));
}
