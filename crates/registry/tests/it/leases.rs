//! Life of a lease: registered, seen, drained, released, taken over by a successor.

use fred::interfaces::KeysInterface;
use registry::{AppKey, Error, Keyring, Lease, LeaseTiming, State};

use crate::given::{self, apps, entry, eventually, keyring, lease, watching};
use crate::server::{DEADLINE, Server};

#[tokio::test]
async fn a_lease_is_seen_drained_and_released_without_waiting_for_the_reconcile() {
    let server = Server::start().await;
    let watching = watching(&server).await;
    let lease = lease(&server, entry("hello")).await;
    let snapshot = watching.sees("hello", |seen| apps(seen) == ["hello"]).await;
    assert_eq!(snapshot.entries[0].http, "http://127.0.0.1:4000");
    assert!(snapshot.entries[0].epoch > 0);
    assert_eq!(*snapshot.entries[0], lease.entry().await);

    lease.drain().await.unwrap();
    let drained = watching.sees("draining", |seen| {
        seen.entries
            .iter()
            .all(|entry| entry.state == State::Draining)
    });
    drained.await;

    lease.release().await.unwrap();
    let snapshot = watching.sees("nothing", |seen| apps(seen).is_empty()).await;
    assert!(snapshot.unconfirmed.is_empty());
}

#[tokio::test]
async fn an_app_key_is_enough_to_register_as_that_app_and_as_no_other() {
    let server = Server::start().await;
    let watching = watching(&server).await;
    let key: AppKey = given::secret()
        .app_key(&given::id("hello"))
        .to_string()
        .parse()
        .unwrap();
    let keyring = Keyring::Key(key);
    let timing = LeaseTiming::default();
    let own = Lease::register(
        server.client().await,
        keyring.clone(),
        entry("hello"),
        timing,
    )
    .await;
    watching.sees("hello", |seen| apps(seen) == ["hello"]).await;
    drop(own);

    let foreign = Lease::register(server.client().await, keyring, entry("files"), timing).await;
    assert!(matches!(foreign, Err(Error::ForeignApp(_))));
    assert_eq!(apps(&watching.watch.snapshot()), ["hello"]);
}

#[tokio::test]
async fn a_successor_of_the_same_name_fences_its_predecessor_off() {
    let server = Server::start().await;
    let watching = watching(&server).await;
    let zombie = lease(&server, entry("hello")).await;
    let mut next = entry("hello");
    // An unlucky clock: the successor believes that it started earlier.
    next.started_at = "2026-01-01T00:00:00Z".parse().unwrap();
    next.version = "2".to_owned();
    let successor = lease(&server, next).await;
    assert!(successor.entry().await.epoch > zombie.entry().await.epoch);

    // The zombie wakes up and tries to speak.
    assert!(matches!(zombie.drain().await, Err(Error::Fenced)));
    tokio::time::timeout(DEADLINE, zombie.fenced())
        .await
        .unwrap();
    zombie.release().await.unwrap();
    let snapshot = watching
        .sees("successor", |seen| apps(seen) == ["hello"])
        .await;
    assert_eq!(snapshot.entries[0].version, "2");
    assert_eq!(snapshot.entries[0].state, State::Ready);
    let read: String = server.client().await.get("apps/hello/i1").await.unwrap();
    assert!(read.contains("\"version\":\"2\""));
}

#[tokio::test]
async fn a_foreign_value_in_its_place_fences_nobody() {
    let server = Server::start().await;
    let watching = watching(&server).await;
    let lease = lease(&server, entry("hello")).await;
    let junk = "{\"epoch\":9007199254740991,\"signature\":\"\",\"entry\":{}}";
    let client = server.client().await;
    let () = client
        .set("apps/hello/i1", junk, None, None, false)
        .await
        .unwrap();
    lease.drain().await.unwrap();
    let drained = watching.sees("the lease again", |seen| {
        seen.entries
            .iter()
            .any(|entry| entry.state == State::Draining)
    });
    drained.await;
}

#[tokio::test]
async fn a_prefix_stays_with_the_app_through_a_rolling_restart() {
    let server = Server::start().await;
    let mut old = entry("first");
    old.prefixes.push("/dav".to_owned());
    let old_lease = lease(&server, old.clone()).await;
    let mut rival = entry("rival");
    rival.started_at = "2026-01-03T00:00:00Z".parse().unwrap();
    rival.prefixes.push("/dav".to_owned());
    let _rival = lease(&server, rival).await;

    let mut new = old;
    new.instance = "i2".parse().unwrap();
    new.started_at = "2026-01-04T00:00:00Z".parse().unwrap();
    let _new = lease(&server, new).await;
    old_lease.release().await.unwrap();

    // A watch that never saw the first instance decides the same.
    let watching = watching(&server).await;
    let snapshot = watching
        .sees("both", |seen| apps(seen) == ["first", "rival"])
        .await;
    assert_eq!(snapshot.entries[0].prefixes, ["/app/first", "/dav"]);
    assert_eq!(snapshot.entries[1].prefixes, ["/app/rival"]);
    assert_eq!(snapshot.rejected.len(), 1);
}

#[tokio::test]
async fn a_lease_is_refreshed_and_outlives_its_time_to_live() {
    let server = Server::start().await;
    let timing = LeaseTiming {
        beat: std::time::Duration::from_millis(50),
        ..LeaseTiming::default()
    };
    let client = server.client().await;
    let _lease = Lease::register(client.clone(), keyring(), entry("hello"), timing).await;
    // Shorten its life by hand: only a beat can lengthen it again.
    let () = client.pexpire("apps/hello/i1", 30_000, None).await.unwrap();
    eventually("the lease is refreshed", async || {
        let left: i64 = client.pttl("apps/hello/i1").await.unwrap();
        (left > 60_000).then_some(())
    })
    .await;
}
