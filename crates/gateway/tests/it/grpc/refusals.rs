//! What the gateway itself says to a call: a status of gRPC where the app takes calls, and 415 where it does not.

use gateway::Rate;
use http::StatusCode;
use tonic::Code;

use super::calling::Caller;
use super::instance::{Instance, PREFIX};
use super::{served, world, world_with};
use crate::given::{Platform, client};
use crate::wire;

#[tokio::test]
async fn a_call_where_none_is_taken_is_refused() {
    let world = world_with(|policy| policy.grpc = None, |_| {}).await;
    let undeclared = async |content_type: &str| {
        let request = client()
            .post(world.gateway.url(&format!("{PREFIX}/Echo")))
            .header("content-type", content_type);
        request.send().await.unwrap().status()
    };
    testkit::eventually("the prefix is known", async || {
        undeclared("application/grpc").await != StatusCode::NOT_FOUND
    })
    .await;
    for kind in [
        "application/grpc",
        "Application/gRPC+proto",
        "application/grpc-web",
    ] {
        assert_eq!(undeclared(kind).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    assert_eq!(world.instance.calls(), 0);
}

#[tokio::test]
async fn a_prefix_within_one_that_takes_calls_may_take_none() {
    let platform = Platform::new().await;
    let instance = Instance::start().await;
    let inner = format!("{PREFIX}/Headers");
    let _peer = platform
        .app_with("echo", |options| {
            options.entry.prefixes.push(PREFIX.to_owned());
            options.entry.grpc = Some(format!("http://{}", instance.address));
            let policy = |prefix: &str, grpc| registry::PrefixPolicy {
                prefix: prefix.to_owned(),
                grpc: Some(grpc),
                ..registry::PrefixPolicy::default()
            };
            options.entry.policy = vec![policy(PREFIX, true), policy(&inner, false)];
        })
        .await;
    let gateway = platform.gateway().await;
    let caller = Caller::plain(&gateway).await;
    served(&caller).await;
    let before = instance.calls();
    assert!(caller.say("Headers", "").await.is_err());
    assert_eq!(instance.calls(), before);
}

#[tokio::test]
async fn an_app_that_is_away_is_unavailable() {
    let world = world().await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    world.instance.stop().await;
    let status = caller.say("Echo", "").await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(!status.message().is_empty());
    let pushback = status.metadata().get("grpc-retry-pushback-ms").unwrap();
    assert_eq!(pushback, "3000");
    assert!(status.metadata().get("x-request-id").is_some());
}

#[tokio::test]
async fn too_many_calls_and_too_large_ones_have_their_status() {
    let world = world_with(
        |policy| policy.body_limit = Some(1000),
        |config| {
            config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
            config.limits.rate_per_address = Rate {
                per_second: 1,
                burst: 50,
            };
        },
    )
    .await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    let before = world.instance.calls();
    let status = caller.say("Join", &"x".repeat(2000)).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    let mut last = Ok(String::new());
    for _ in 0..60 {
        let mut request = tonic::Request::new("x".to_owned());
        let address = "192.0.2.1".parse().unwrap();
        request.metadata_mut().insert("x-forwarded-for", address);
        last = caller
            .unary("Echo", request)
            .await
            .map(tonic::Response::into_inner);
        if last.is_err() {
            break;
        }
    }
    assert_eq!(last.unwrap_err().code(), Code::ResourceExhausted);
    assert!(world.instance.calls() - before <= 52);
}

#[tokio::test]
async fn more_calls_than_an_app_wants_at_once_are_told_to_wait() {
    let world = world_with(|policy| policy.concurrency = Some(1), |_| {}).await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    let before = world.instance.calls();
    let held = caller.say("Held", "");
    let other = async {
        testkit::eventually("one is held", async || world.instance.calls() > before).await;
        let status = caller.say("Echo", "").await.unwrap_err();
        world.instance.seen.release.notify_one();
        status
    };
    let (held, status) = tokio::join!(held, other);
    assert_eq!(held.unwrap(), "released");
    assert_eq!(status.code(), Code::Unavailable);
}

#[tokio::test]
async fn a_refusal_has_no_body_and_its_status_in_the_head() {
    let world = world().await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    world.instance.stop().await;
    let request = format!(
        "POST {PREFIX}/Echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/grpc\r\nTE: trailers\r\n\
         Connection: close\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0"
    );
    let answer = wire::send(world.gateway.address, request.as_bytes()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("grpc-status"), Some("14"));
    assert_eq!(answer.header("content-type"), Some("application/grpc"));
    assert_eq!(answer.body, "");
    let get = format!(
        "GET {PREFIX}/Echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/grpc\r\nConnection: close\r\n\r\n"
    );
    let answer = wire::send(world.gateway.address, get.as_bytes()).await;
    assert_eq!(answer.header("grpc-status"), Some("12"));
}
