//! Redis killed, restarted, emptied, frozen, absent.

use std::time::Duration;

use fred::interfaces::KeysInterface;
use registry::{Error, LeaseTiming, Seed, Snapshot};

use crate::given::{apps, entry, eventually, keyring, lease, watching, watching_unread};
use crate::server::Server;

fn all_known(snapshot: &Snapshot) -> bool {
    snapshot.live().map(|entry| entry.id.as_str()).eq(["hello"])
}

#[tokio::test]
async fn a_redis_killed_and_restarted_gets_its_leases_back_and_nobody_sees_them_go() {
    let mut server = Server::start().await;
    let watching = watching(&server).await;
    let _lease = lease(&server, entry("hello")).await;
    watching.sees("hello", |seen| apps(seen) == ["hello"]).await;

    server.kill().await;
    let snapshot = watching.sees("staleness", |seen| seen.stale).await;
    assert!(all_known(&snapshot));
    server.restart().await;
    let back = watching.sees("hello again", |seen| {
        assert!(all_known(seen), "the entry was lost: {seen:#?}");
        !seen.stale && apps(seen) == ["hello"]
    });
    back.await;
    let left: i64 = server.client().await.pttl("apps/hello/i1").await.unwrap();
    assert!(left > 0);
}

#[tokio::test]
async fn an_emptied_redis_leaves_entries_unconfirmed_until_they_register_again() {
    let server = Server::start().await;
    let watching = watching(&server).await;
    let first = lease(&server, entry("hello")).await;
    watching.sees("hello", |seen| apps(seen) == ["hello"]).await;
    let generation = watching.watch.snapshot().generation.clone();

    server.flush().await;
    let back = watching.sees("hello under a new generation", |seen| {
        assert!(all_known(seen), "the entry was lost: {seen:#?}");
        apps(seen) == ["hello"] && seen.generation != generation
    });
    back.await;

    // An instance that does not come back stays known until somebody finds it dead.
    drop(first);
    server.flush().await;
    let snapshot = watching
        .sees("unconfirmed", |seen| !seen.unconfirmed.is_empty())
        .await;
    assert!(snapshot.entries.is_empty());
    watching.watch.dismiss(&snapshot.unconfirmed[0]);
    assert_eq!(watching.watch.snapshot().live().count(), 0);
}

#[tokio::test]
async fn a_redis_restored_from_an_earlier_copy_loses_no_entry() {
    let mut server = Server::start().await;
    let watching = watching(&server).await;
    let _first = lease(&server, entry("files")).await;
    server.save().await;
    let _second = lease(&server, entry("hello")).await;
    watching
        .sees("both", |seen| apps(seen) == ["files", "hello"])
        .await;
    // The copy on disk knows the first alone.
    server.restart().await;
    let back = watching.sees("both again", |seen| {
        let mut live: Vec<_> = seen.live().map(|entry| entry.id.as_str()).collect();
        live.sort_unstable();
        assert_eq!(live, ["files", "hello"], "{seen:#?}");
        !seen.stale && seen.unconfirmed.is_empty()
    });
    back.await;
}

#[tokio::test]
async fn a_frozen_redis_loses_no_entry_even_when_every_lease_runs_out() {
    let server = Server::start().await;
    let watching = watching(&server).await;
    let timing = LeaseTiming {
        time_to_live: Duration::from_millis(300),
        beat: Duration::from_millis(100),
        ..LeaseTiming::default()
    };
    let client = server.client().await;
    let _lease = registry::Lease::register(client, keyring(), entry("hello"), timing).await;
    watching.sees("hello", |seen| apps(seen) == ["hello"]).await;
    server.signal("-STOP").await;
    watching.sees("staleness", |seen| seen.stale).await;
    server.signal("-CONT").await;
    let back = watching.sees("hello again", |seen| {
        assert!(all_known(seen), "the entry was lost: {seen:#?}");
        !seen.stale && apps(seen) == ["hello"]
    });
    back.await;
}

#[tokio::test]
async fn a_drain_during_an_outage_is_told_afterwards() {
    let mut server = Server::start().await;
    let watching = watching(&server).await;
    let lease = lease(&server, entry("hello")).await;
    server.kill().await;
    assert!(matches!(lease.drain().await, Err(Error::Redis(_))));
    server.restart().await;
    let drained = watching.sees("draining", |seen| {
        seen.entries
            .iter()
            .any(|entry| entry.state == registry::State::Draining)
    });
    drained.await;
}

#[tokio::test]
async fn a_watch_started_without_redis_uses_its_seed_and_then_the_registry() {
    let mut server = Server::start().await;
    let generation = {
        let watching = watching(&server).await;
        let _lease = lease(&server, entry("hello")).await;
        let seen = watching.sees("hello", |seen| apps(seen) == ["hello"]).await;
        seen.generation.clone()
    };
    server.kill().await;
    assert!(matches!(
        registry::connect(&server.url()).await,
        Err(Error::Redis(_))
    ));

    let watching = watching_unread(registry::connect_in_background(&server.url()).unwrap());
    let entries = vec![std::sync::Arc::new(entry("hello"))];
    watching.watch.seed(Seed {
        generation,
        entries,
    });
    watching.sees("the seed", all_known).await;
    server.restart().await;
    watching.watch.ready().await;
    // The registry came back empty, so the seed may be alive.
    watching
        .sees("an unconfirmed seed", |seen| {
            !seen.stale && seen.unconfirmed.len() == 1
        })
        .await;
    let _lease = lease(&server, entry("files")).await;
    watching
        .sees("news by message", |seen| apps(seen) == ["files"])
        .await;
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_told_from_one_that_does_not_answer() {
    assert!(matches!(
        registry::connect("nonsense").await,
        Err(Error::Address(_))
    ));
    assert!(matches!(
        registry::connect_in_background("nonsense"),
        Err(Error::Address(_))
    ));
    let unreachable = registry::connect("redis+unix:///nowhere/redis.sock").await;
    assert!(matches!(unreachable, Err(Error::Redis(_))));
}

#[tokio::test]
async fn registering_waits_for_nothing_when_redis_is_away() {
    let mut server = Server::start().await;
    let client = server.client().await;
    server.kill().await;
    eventually("the failure is known", async || {
        let lease = registry::Lease::register(
            client.clone(),
            keyring(),
            entry("hello"),
            LeaseTiming::default(),
        );
        matches!(lease.await, Err(Error::Redis(_))).then_some(())
    })
    .await;
}
