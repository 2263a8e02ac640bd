//! gRPC from outside: a real client and real instances, with the gateway between them.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use registry::edge::Standing;
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Status};

use crate::given::{Platform, TestGateway};
use crate::peer::Peer;
use crate::seeing::reports;

mod away;
mod calling;
mod instance;
mod refusals;

use calling::{Caller, all};
use instance::Instance;

/// A platform with an app that takes calls.
struct World {
    platform: Platform,
    instance: Instance,
    gateway: TestGateway,
    _peer: Peer,
}

async fn world() -> World {
    world_with(|_| {}, |_| {}).await
}

async fn world_with(
    policy: impl FnOnce(&mut registry::PrefixPolicy),
    config: impl FnOnce(&mut gateway::GatewayConfig),
) -> World {
    let platform = Platform::new().await;
    let instance = Instance::start().await;
    let peer = instance.register(&platform, policy).await;
    let gateway = platform.gateway_with(config).await;
    World {
        platform,
        instance,
        gateway,
        _peer: peer,
    }
}

/// Waits until calls arrive.
async fn served(caller: &Caller) {
    testkit::eventually("calls are served", async || {
        caller.say("Echo", "ready?").await.is_ok()
    })
    .await;
}

async fn every_kind_of_call(caller: &Caller) {
    assert_eq!(caller.say("Echo", "hello").await.unwrap(), "hello");
    let counted = caller.stream("Count", stream::iter(["1000".to_owned()]));
    let counted = all(counted.await.unwrap()).await;
    assert_eq!(counted.len(), 1000);
    assert_eq!(counted.last().unwrap(), "999");
    let parts: Vec<String> = (0..500).map(|number| number.to_string()).collect();
    let expected = parts.concat();
    let joined = caller.stream("Join", stream::iter(parts)).await.unwrap();
    assert_eq!(all(joined).await, [expected]);
    let (say, said) = mpsc::unbounded_channel();
    let said = UnboundedReceiverStream::new(said);
    let mut answers = caller.stream("Echo", said).await.unwrap();
    for number in 0..100 {
        // The next one is sent only when the last one has come back: nothing is held back on the way.
        say.send(number.to_string()).unwrap();
        let answer = answers.next().await.unwrap().unwrap();
        assert_eq!(answer, number.to_string());
    }
    drop(say);
    assert!(answers.next().await.is_none());
}

#[tokio::test]
async fn every_kind_of_call_passes_without_tls() {
    let world = world().await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    every_kind_of_call(&caller).await;
}

#[tokio::test]
async fn every_kind_of_call_passes_over_tls() {
    let environment = platform::Environment::from_map([("TLS_DOMAINS", "localhost")]);
    let mut tls = gateway::tls::TlsConfig::read(&mut environment.reader()).unwrap();
    (tls.port, tls.plain_port) = (0, 0);
    let world = world_with(|_| {}, |config| config.tls = Some(tls)).await;
    let caller = Caller::secured(&world.gateway).await;
    served(&caller).await;
    every_kind_of_call(&caller).await;
}

#[tokio::test]
async fn messages_larger_than_every_window_pass_whole() {
    let world = world_with(|policy| policy.body_limit = Some(16 << 20), |_| {}).await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    let large = "0123456789abcdef".repeat(3 << 16);
    assert_eq!(caller.say("Echo", &large).await.unwrap(), large);
}

#[tokio::test]
async fn a_thousand_calls_share_a_few_connections() {
    let world = world_with(|_| {}, |config| config.workers = 1).await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    let before = world.instance.calls();
    let calls = (0..1000).map(|number| {
        let caller = caller.clone();
        async move {
            let text = format!("call {number}");
            assert_eq!(caller.say("Echo", &text).await.unwrap(), text);
        }
    });
    join_all(calls).await;
    assert_eq!(world.instance.calls() - before, 1000);
    let connections = world.instance.seen.connections.load(Ordering::SeqCst);
    assert!((1..=4).contains(&connections), "{connections}");
}

#[tokio::test]
async fn an_instance_sees_a_call_as_it_sees_any_request() {
    let world = world().await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    let mut request = Request::new(String::new());
    let metadata = request.metadata_mut();
    metadata.insert("authorization", "Bearer secret".parse().unwrap());
    metadata.insert("cloud-identity", "forged".parse().unwrap());
    metadata.insert("cloud-service", "forged".parse().unwrap());
    metadata.insert("x-custom", "kept".parse().unwrap());
    let seen = caller.unary("Headers", request).await.unwrap().into_inner();
    for kept in [
        "\"te\": \"trailers\"",
        "\"x-custom\": \"kept\"",
        "\"x-forwarded-for\": \"127.0.0.1\"",
        "\"content-type\": \"application/grpc\"",
        "\"x-request-id\"",
        "\"traceparent\"",
    ] {
        assert!(seen.contains(kept), "{kept} is missing in {seen}");
    }
    for gone in ["secret", "forged", "transfer-encoding", "connection"] {
        assert!(!seen.contains(gone), "{gone} is there: {seen}");
    }
}

#[tokio::test]
async fn errors_arrive_with_all_they_say() {
    let world = world().await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    let mut answers = caller.stream("Fail", stream::empty()).await.unwrap();
    assert_eq!(answers.next().await.unwrap().unwrap(), "one");
    let status = answers.next().await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::DataLoss);
    assert_eq!(status.message(), "nothing is left: 100 %");
    let detail = status.metadata().get_bin("x-detail-bin").unwrap();
    assert_eq!(&detail.to_bytes().unwrap()[..], b"\0\x01detail");
    // An error with nothing before it comes as a head without a body.
    let status = caller.say("Refuse", "").await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::AlreadyExists, "there is one")
    );
    assert!(status.metadata().get("content-length").is_none());
}

#[tokio::test]
async fn a_call_that_is_given_up_ends_at_the_instance() {
    let world = world().await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    let cancelled = || world.instance.seen.cancelled.load(Ordering::SeqCst);
    let mut answers = caller.stream("Hang", stream::empty()).await.unwrap();
    assert_eq!(answers.next().await.unwrap().unwrap(), "one");
    assert_eq!(cancelled(), 0);
    drop(answers);
    testkit::eventually("the stream was thrown away", async || cancelled() == 1).await;
    let before = world.instance.calls();
    let call = caller.say("Never", "");
    let gives_up = testkit::eventually("the call is there", async || {
        world.instance.calls() > before
    });
    tokio::select! {
        answer = call => panic!("{answer:?}"),
        () = gives_up => {}
    }
    testkit::eventually("the call was thrown away", async || cancelled() == 2).await;
    assert_eq!(caller.say("Echo", "still").await.unwrap(), "still");
}

fn timeout(metadata: &mut MetadataMap, value: &str) {
    metadata.insert("grpc-timeout", value.parse().unwrap());
}

#[tokio::test]
async fn a_call_lasts_as_long_as_its_client_waits_and_no_longer_than_the_app_allows() {
    let world = world_with(|policy| policy.call_timeout_ms = Some(2000), |_| {}).await;
    let caller = Caller::plain(&world.gateway).await;
    served(&caller).await;
    let seen = async |value: Option<&str>| {
        let mut request = Request::new(String::new());
        if let Some(value) = value {
            timeout(request.metadata_mut(), value);
        }
        let answer = caller.unary("Headers", request).await;
        answer.unwrap().into_inner()
    };
    assert!(
        seen(Some("1500m"))
            .await
            .contains("\"grpc-timeout\": \"1500000u\"")
    );
    for longer in [Some("1H"), None] {
        let seen = seen(longer).await;
        assert!(seen.contains("\"grpc-timeout\": \"2000000u\""), "{seen}");
    }
    // The client would wait for longer than the gateway does.
    let late = |status: Status| assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    late(caller.say("Never", "").await.unwrap_err());
    // A stream that has begun ends too, with a status and not just so.
    let mut answers = caller.stream("Hang", stream::pending()).await.unwrap();
    assert_eq!(answers.next().await.unwrap().unwrap(), "one");
    let end = tokio::time::timeout(Duration::from_secs(20), answers.next());
    late(end.await.unwrap().unwrap().unwrap_err());
}

#[tokio::test]
async fn an_instance_whose_calls_fail_rests() {
    let World {
        platform,
        instance: _instance,
        gateway,
        _peer,
    } = world().await;
    let caller = Caller::plain(&gateway).await;
    served(&caller).await;
    let is_well = async || {
        let reports = reports(&platform).await;
        let mut instances = reports.iter().flat_map(|report| &report.instances);
        instances.all(|instance| instance.standing == Standing::Well)
    };
    // What may be the client's doing says nothing about the instance.
    for _ in 0..20 {
        let refused = caller.say("Refuse", "").await.unwrap_err();
        assert_eq!(refused.code(), Code::AlreadyExists);
        assert!(is_well().await);
    }
    // HTTP calls each of these answers 200.
    testkit::eventually("it rests after ten in a row", async || {
        let failed = caller.stream("Fail", stream::iter([String::new()])).await;
        let failed = failed.unwrap().collect::<Vec<_>>().await;
        assert!(failed.iter().any(Result::is_err));
        !is_well().await
    })
    .await;
}
