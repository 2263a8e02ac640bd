//! Restarts under load: of the instances of an app in turn, and of the gateway.

use std::time::Duration;

use crate::faults::Load;
use crate::given::{client, world};

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_of_two_instances_loses_no_request() {
    let world = world().await;
    let mut old = vec![world.hello, world.platform.app("hello").await];
    world.gateway.serves("/app/hello/echo", Some(&old[1])).await;
    let load = Load::start(&world.gateway.url("/app/hello/echo"), 4);
    load.more(100).await;
    for _ in 0..2 {
        let new = world.platform.app("hello").await;
        world.gateway.serves("/app/hello/echo", Some(&new)).await;
        old.remove(0).stop().await;
        old.push(new);
        load.more(100).await;
    }
    load.finish().await;
}

#[tokio::test]
async fn a_draining_instance_finishes_what_it_has_and_gets_nothing_new() {
    let world = world().await;
    let url = world.gateway.url("/app/hello/held");
    let held = client().get(&url).send();
    let shared = std::sync::Arc::clone(&world.hello.shared);
    let name = world.hello.instance.clone();
    let restart = async {
        testkit::eventually("the request is held", async || {
            shared.requests.load(std::sync::atomic::Ordering::SeqCst) > 1
        })
        .await;
        let second = world.platform.app("hello").await;
        world.gateway.serves("/app/hello/echo", Some(&second)).await;
        let release = async {
            testkit::eventually("the old one drains", async || {
                let seen = world.gateway.watch.snapshot();
                seen.entries
                    .iter()
                    .any(|entry| entry.state == registry::State::Draining)
            })
            .await;
            for _ in 0..10 {
                let response = client()
                    .get(world.gateway.url("/app/hello/echo"))
                    .send()
                    .await
                    .unwrap();
                assert_eq!(response.headers()["x-instance"], second.instance.as_str());
            }
            shared.release.notify_one();
        };
        tokio::join!(world.hello.stop(), release);
    };
    let (response, ()) = tokio::join!(held, restart);
    let response = response.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-instance"], name.as_str());
}

#[tokio::test]
async fn a_stopping_gateway_finishes_what_it_has_and_ends() {
    let world = world().await;
    let request = client().get(world.url("/app/hello/held")).send();
    let stop = async {
        testkit::eventually("the request is held", async || world.hello.requests() > 1).await;
        world.gateway.running.stop();
        testkit::eventually("nothing more is accepted", async || {
            tokio::net::TcpStream::connect(world.gateway.address)
                .await
                .is_err()
        })
        .await;
        world.hello.shared.release.notify_one();
    };
    let (response, ()) = tokio::join!(request, stop);
    assert_eq!(response.unwrap().text().await.unwrap(), "released");
    let stopped = tokio::time::timeout(Duration::from_secs(20), world.gateway.running.stopped());
    stopped.await.unwrap();
}
