//! What an app declares about its prefixes, and how much one person may ask for.

use gateway::Rate;
use registry::PrefixPolicy;

use crate::given::{Platform, client, world_with};

#[tokio::test]
async fn methods_that_an_app_does_not_want_do_not_reach_it() {
    let platform = Platform::new().await;
    let app = platform
        .app_with("hello", |options| {
            options.entry.policy = vec![PrefixPolicy {
                prefix: "/app/hello".to_owned(),
                methods: Some(vec!["GET".to_owned(), "HEAD".to_owned()]),
                ..PrefixPolicy::default()
            }];
        })
        .await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/hello/echo", Some(&app)).await;
    let before = app.requests();
    let refused = client()
        .post(gateway.url("/app/hello/echo"))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 405);
    assert!(refused.headers().contains_key("allow"));
    assert_eq!(app.requests(), before);
}

#[tokio::test]
async fn more_requests_than_an_app_wants_at_once_are_told_to_wait() {
    let platform = Platform::new().await;
    let app = platform
        .app_with("hello", |options| {
            options.entry.policy = vec![PrefixPolicy {
                prefix: "/app/hello".to_owned(),
                concurrency: Some(1),
                ..PrefixPolicy::default()
            }];
        })
        .await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/hello/echo", Some(&app)).await;
    let before = app.requests();
    let held = client().get(gateway.url("/app/hello/held")).send();
    let other = async {
        testkit::eventually("one is held", async || app.requests() > before).await;
        let busy = client()
            .get(gateway.url("/app/hello/echo"))
            .send()
            .await
            .unwrap();
        assert_eq!(busy.status(), 503);
        assert_eq!(busy.headers()["retry-after"], "1");
        app.shared.release.notify_one();
    };
    let (held, ()) = tokio::join!(held, other);
    assert_eq!(held.unwrap().status(), 200);
    let after = client()
        .get(gateway.url("/app/hello/echo"))
        .send()
        .await
        .unwrap();
    assert_eq!(after.status(), 200, "the place is free again");
}

#[tokio::test]
async fn one_address_has_a_rate_and_is_told_what_is_left() {
    let world = world_with(|limits| {
        limits.rate_per_address = Rate {
            per_second: 1,
            burst: 10,
        };
    })
    .await;
    let platform = &world.platform;
    let gateway = platform
        .gateway_with(|config| {
            config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
            config.limits.rate_per_address = Rate {
                per_second: 1,
                burst: 10,
            };
        })
        .await;
    gateway.serves("/app/hello/echo", None).await;
    let ask = async |address: &str| {
        let request = client()
            .get(gateway.url("/app/hello/echo"))
            .header("x-forwarded-for", address);
        request.send().await.unwrap()
    };
    let mut told = 0;
    for _ in 0..10 {
        let response = ask("192.0.2.1").await;
        assert_eq!(response.status(), 200);
        told += usize::from(response.headers().contains_key("ratelimit"));
    }
    assert!(told > 0, "nobody was told that little is left");
    let refused = ask("192.0.2.1").await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(ask("192.0.2.2").await.status(), 200, "another address");
}

#[tokio::test]
async fn a_request_that_comes_back_is_stopped() {
    let platform = Platform::new().await;
    let gateway = platform.gateway().await;
    let own = gateway.address;
    let mut entry = crate::peer::PeerOptions::new("mirror").entry;
    entry.http = format!("http://{own}");
    entry.prefixes = vec!["/app/mirror".to_owned()];
    let redis = registry::connect(&platform.redis.url).await.unwrap();
    let keyring = registry::Keyring::Secret(crate::given::secret());
    let timing = registry::LeaseTiming::default();
    let _lease = registry::Lease::register(redis, keyring, entry, timing)
        .await
        .unwrap();
    testkit::eventually("the mirror is served", async || {
        let response = client()
            .get(gateway.url("/app/mirror/x"))
            .send()
            .await
            .unwrap();
        response.status() == 508
    })
    .await;
}
