//! Redis killed, restarted, emptied, frozen, absent; apps that die. None of it costs a request to a running app.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::given::{Platform, client, shared, world};
use crate::wire;

/// Requests in a row from several clients, until told to stop.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    clients: Vec<tokio::task::JoinHandle<Vec<String>>>,
}

impl Load {
    /// Begins, with connections that are kept.
    pub(crate) fn start(url: &str, clients: usize) -> Self {
        let (stop, done) = (shared(AtomicBool::new(false)), shared(AtomicUsize::new(0)));
        let clients = (0..clients).map(|_| {
            let (stop, done, url) = (Arc::clone(&stop), Arc::clone(&done), url.to_owned());
            let client = client();
            #[allow(
                clippy::disallowed_methods,
                reason = "the test waits for the task itself"
            )]
            tokio::spawn(async move {
                let mut failures = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    let outcome = match client.get(&url).send().await {
                        Ok(response) if response.status() == 200 => response
                            .bytes()
                            .await
                            .map(drop)
                            .err()
                            .map(|error| format!("{error:?}")),
                        Ok(response) => Some(response.status().to_string()),
                        Err(error) => Some(format!("{error:?}")),
                    };
                    failures.extend(outcome);
                    done.fetch_add(1, Ordering::SeqCst);
                }
                failures
            })
        });
        Self {
            clients: clients.collect(),
            stop,
            done,
        }
    }

    /// Waits until this many more requests are done.
    pub(crate) async fn more(&self, count: usize) {
        let goal = self.done.load(Ordering::SeqCst) + count;
        testkit::eventually("more requests are done", async || {
            self.done.load(Ordering::SeqCst) >= goal
        })
        .await;
    }

    /// Stops, and fails the test if any request failed.
    pub(crate) async fn finish(self) {
        self.stop.store(true, Ordering::SeqCst);
        for client in self.clients {
            let failures = client.await.unwrap();
            assert!(
                failures.is_empty(),
                "{} failures, first {}",
                failures.len(),
                failures[0]
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_restarted_emptied_and_frozen_costs_no_request() {
    let world = world().await;
    let redis = &world.platform.redis;
    let load = Load::start(&world.url("/app/hello/echo"), 4);
    let confirmed = async |what: &str| {
        testkit::eventually(what, async || {
            let seen = world.gateway.watch.snapshot();
            !seen.stale && world.gateway.apps().len() == 1 && seen.unconfirmed.is_empty()
        })
        .await;
    };
    load.more(100).await;
    redis.kill().await;
    testkit::eventually("the loss is noticed", async || {
        world.gateway.watch.snapshot().stale
    })
    .await;
    load.more(100).await;
    redis.start().await;
    confirmed("the lease is back after a restart").await;
    load.more(100).await;
    redis.flush().await;
    load.more(100).await;
    confirmed("the lease is back after a flush").await;
    redis.pause().await;
    testkit::eventually("the silence is noticed", async || {
        world.gateway.watch.snapshot().stale
    })
    .await;
    load.more(100).await;
    redis.resume().await;
    confirmed("the lease is back after a freeze").await;
    load.more(100).await;
    load.finish().await;
}

#[tokio::test]
async fn a_gateway_that_starts_without_redis_serves_from_disk() {
    let world = world().await;
    let file = world.platform.state.path().join("routes.json");
    testkit::eventually("the routes are on disk", async || {
        std::fs::read_to_string(&file).is_ok_and(|text| text.contains("/app/hello"))
    })
    .await;
    world.platform.redis.kill().await;
    let url = world.platform.redis.url.clone();
    assert!(registry::connect(&url).await.is_err());
    drop(world.gateway);
    let gateway = world.platform.unread_gateway_with(|_| {}).await;
    // The very first request, without anything to wait for.
    let response = client()
        .get(gateway.url("/app/hello/echo"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        client()
            .get(gateway.url("/ready"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );

    // Redis comes back, empty: the app registers again, and nothing was lost between.
    let load = Load::start(&gateway.url("/app/hello/echo"), 2);
    world.platform.redis.start().await;
    testkit::eventually("the lease is back", async || {
        let seen = gateway.watch.snapshot();
        !seen.stale && gateway.apps().len() == 1
    })
    .await;
    load.more(50).await;
    load.finish().await;
}

#[tokio::test]
async fn a_gateway_without_redis_and_without_routes_says_that_it_does_not_know() {
    let platform = Platform::new().await;
    platform.redis.kill().await;
    let gateway = platform.unread_gateway_with(|_| {}).await;
    assert_eq!(
        client()
            .get(gateway.url("/ready"))
            .send()
            .await
            .unwrap()
            .status(),
        503
    );
    let response = client()
        .get(gateway.url("/app/hello"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 503, "unknown is not the same as absent");
    platform.redis.start().await;
    gateway.watch.ready().await;
    testkit::eventually("the empty registry is known", async || {
        client()
            .get(gateway.url("/app/hello"))
            .send()
            .await
            .unwrap()
            .status()
            == 404
    })
    .await;
}

#[tokio::test]
async fn routes_on_disk_that_somebody_else_wrote_are_not_used() {
    let world = world().await;
    let file = world.platform.state.path().join("routes.json");
    testkit::eventually("the routes are on disk", async || file.exists()).await;
    world.platform.redis.kill().await;
    drop(world.gateway);
    let text = std::fs::read_to_string(&file)
        .unwrap()
        .replace("/app/hello", "/app/other");
    std::fs::write(&file, text).unwrap();
    let gateway = world.platform.unread_gateway_with(|_| {}).await;
    for path in ["/app/hello/echo", "/app/other/echo"] {
        assert_eq!(
            client()
                .get(gateway.url(path))
                .send()
                .await
                .unwrap()
                .status(),
            503,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_instance_that_died_is_dropped_after_the_registry_was_emptied() {
    let world = world().await;
    let mut dying = world.platform.app("dying").await;
    world.gateway.serves("/app/dying/echo", None).await;
    dying.die().await;
    world.platform.redis.flush().await;
    testkit::eventually(
        "the dead one is forgotten and the living one is not",
        async || {
            let seen = world.gateway.watch.snapshot();
            let known: Vec<_> = seen
                .live()
                .map(|entry| entry.id.as_str().to_owned())
                .filter(|id| id != "gateway")
                .collect();
            known == ["hello"] && seen.unconfirmed.is_empty()
        },
    )
    .await;
    assert_eq!(
        client()
            .get(world.url("/app/hello/echo"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    assert_eq!(
        client()
            .get(world.url("/app/dying/echo"))
            .send()
            .await
            .unwrap()
            .status(),
        503
    );
}

#[tokio::test]
async fn an_instance_that_cannot_be_reached_is_passed_over_for_any_method() {
    let world = world().await;
    let mut second = world.platform.app("hello").await;
    world.gateway.serves("/app/hello/echo", Some(&second)).await;
    second.die().await;
    for _ in 0..20 {
        let post = client()
            .post(world.url("/app/hello/echo"))
            .body("once")
            .send()
            .await
            .unwrap();
        assert_eq!(post.status(), 200);
        assert_eq!(post.headers()["x-instance"], world.hello.instance.as_str());
    }
}

#[tokio::test]
async fn a_request_that_broke_off_is_repeated_only_when_that_is_harmless() {
    let world = world().await;
    let _second = world.platform.app("hello").await;
    let before = world.hello.requests();
    let post = world
        .client
        .post(world.url("/app/hello/break"))
        .send()
        .await
        .unwrap();
    assert_eq!(post.status(), 502);
    let asked = world.hello.requests() - before;
    assert!(asked <= 1, "a POST is sent once");
}

#[tokio::test]
async fn instances_share_the_work() {
    let world = world().await;
    let second = world.platform.app("hello").await;
    world.gateway.serves("/app/hello/echo", Some(&second)).await;
    let before = (world.hello.requests(), second.requests());
    // None is answered, so each weighs upon the instance that has it, however quick that one was before.
    let client = client();
    let url = world.url("/app/hello/held");
    let held = futures_util::future::join_all((0..100).map(|_| client.get(&url).send()));
    let mut held = std::pin::pin!(held);
    let spread = testkit::eventually("both have some of it", async || {
        world.hello.requests() > before.0 && second.requests() > before.1
    });
    tokio::select! {
        () = spread => {}
        _ = &mut held => panic!("nothing was let go yet"),
    }
    let answers = loop {
        world.hello.shared.release.notify_waiters();
        second.shared.release.notify_waiters();
        let moment = std::time::Duration::from_millis(10);
        if let Ok(answers) = tokio::time::timeout(moment, &mut held).await {
            break answers;
        }
    };
    assert!(
        answers
            .iter()
            .all(|answer| answer.as_ref().is_ok_and(|answer| answer.status() == 200))
    );
}

#[tokio::test]
async fn an_app_cannot_take_the_place_of_another() {
    let world = world().await;
    let steals = |options: &mut crate::peer::PeerOptions| {
        options.entry.prefixes = vec!["/dav".to_owned(), "/app/thief".to_owned()];
    };
    let _first = world
        .platform
        .app_with("holder", |options| {
            options.entry.prefixes = vec!["/dav".to_owned()];
        })
        .await;
    world.gateway.serves("/dav/echo", None).await;
    let thief = world.platform.app_with("thief", steals).await;
    world.gateway.serves("/app/thief/echo", Some(&thief)).await;
    let response = wire::get(world.gateway.address, "/dav/echo", "").await;
    assert_ne!(response.header("x-instance"), Some(thief.instance.as_str()));
    let rejected = &world.gateway.watch.snapshot().rejected;
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0].app, "thief");
}
