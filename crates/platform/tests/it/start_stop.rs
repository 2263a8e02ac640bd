//! Starting, stopping and dying of a whole process.

use registry::{AppId, AppSecret, Keyring, State, Watch, WatchTiming};
use rustix::process::Signal;
use testkit::{TestRedis, eventually};
use tokio_util::sync::CancellationToken;

use crate::process::{SECRET, Specimen, enough, run};

/// Sees the registry as a gateway does.
async fn watch(redis: &TestRedis) -> Watch {
    let keyring = Keyring::Secret(AppSecret::new(SECRET).unwrap());
    let client = registry::connect(&redis.url).await.unwrap();
    let watch = Watch::start(
        client,
        keyring,
        WatchTiming::default(),
        CancellationToken::new(),
    );
    watch.ready().await;
    watch
}

fn states(watch: &Watch) -> Vec<State> {
    let app = AppId::new("specimen").unwrap();
    let snapshot = watch.snapshot();
    snapshot
        .entries
        .iter()
        .filter(|entry| entry.id == app)
        .map(|entry| entry.state)
        .collect()
}

#[tokio::test]
async fn an_absent_redis_ends_the_start_with_the_reason() {
    let mut variables = enough("redis://127.0.0.1:1");
    variables.push(("START_WAIT_SECONDS", "0.5".to_owned()));
    let mut specimen = Specimen::start(&variables);
    assert_eq!(specimen.ended().await, 1);
    let line = specimen.line("the app could not start").await;
    let error = line["error"].as_str().unwrap();
    assert!(error.starts_with("Redis is not available: "), "{error}");
    assert!(error.to_lowercase().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_redis_that_comes_late_is_waited_for() {
    let redis = testkit::redis().await;
    redis.stop().await;
    let specimen = Specimen::start(&enough(&redis.url));
    let waiting = specimen.line("waiting for a dependency").await;
    assert_eq!(waiting["dependency"], "Redis");
    redis.start().await;
    let url = specimen.ready().await;
    let greeting = reqwest::get(format!("{url}/app/specimen")).await.unwrap();
    assert_eq!(greeting.text().await.unwrap(), "hello from specimen");
}

#[tokio::test]
async fn a_stop_while_waiting_is_a_clean_end() {
    let mut specimen = Specimen::start(&enough("redis://127.0.0.1:1"));
    specimen.line("waiting for a dependency").await;
    specimen.signal(Signal::TERM);
    assert_eq!(specimen.ended().await, 0);
}

#[tokio::test]
async fn a_stop_finishes_what_is_in_flight_and_leaves_the_registry_first() {
    let redis = testkit::redis().await;
    let watch = watch(&redis).await;
    let mut specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    eventually("the instance is registered", async || {
        states(&watch) == [State::Ready]
    })
    .await;

    // Answered long after the listener has closed.
    let held = tokio::spawn(reqwest::get(format!("{url}/app/specimen/hold/1500")));
    specimen.line("holding a request").await;
    specimen.signal(Signal::TERM);
    eventually("the instance is draining", async || {
        states(&watch) == [State::Draining]
    })
    .await;
    let ready = format!("{url}/ready");
    eventually("no new connection is taken", async || {
        reqwest::get(&ready).await.is_err()
    })
    .await;
    assert!(
        !held.is_finished(),
        "the request was answered before the drain"
    );

    let response = held.await.unwrap().unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), "finished");
    assert_eq!(specimen.ended().await, 0);
    eventually("the lease is released", async || states(&watch).is_empty()).await;
    assert!(specimen.logged("app has stopped").is_some());
}

#[tokio::test]
async fn readiness_goes_before_the_listener_does() {
    let redis = testkit::redis().await;
    let mut specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    assert_eq!(
        reqwest::get(format!("{url}/ready")).await.unwrap().status(),
        200
    );
    let client = reqwest::Client::new();
    // A connection that is busy stays open through the drain and so may still ask.
    let held = tokio::spawn(client.get(format!("{url}/app/specimen/hold/2000")).send());
    specimen.line("holding a request").await;
    specimen.signal(Signal::TERM);
    specimen.line("app is stopping").await;
    if let Ok(response) = client.get(format!("{url}/ready")).send().await {
        assert_eq!(response.status(), 503);
    }
    assert_eq!(held.await.unwrap().unwrap().status(), 200);
    assert_eq!(specimen.ended().await, 0);
}

#[tokio::test]
async fn a_request_that_never_ends_is_given_up_after_the_drain() {
    let redis = testkit::redis().await;
    let mut variables = enough(&redis.url);
    variables.push(("DRAIN_SECONDS", "0.2".to_owned()));
    let mut specimen = Specimen::start(&variables);
    let url = specimen.ready().await;
    let stuck = tokio::spawn(reqwest::get(format!("{url}/app/specimen/stuck")));
    specimen.line("app is ready").await;
    eventually("the request is in flight", async || {
        let health = reqwest::get(format!("{url}/health")).await;
        health.is_ok_and(|response| response.status() == 200)
    })
    .await;
    specimen.signal(Signal::TERM);
    assert_eq!(specimen.ended().await, 0);
    assert!(stuck.await.unwrap().is_err());
}

#[tokio::test]
async fn a_second_signal_stops_at_once() {
    let redis = testkit::redis().await;
    let mut variables = enough(&redis.url);
    variables.push(("DRAIN_SECONDS", "3600".to_owned()));
    let mut specimen = Specimen::start(&variables);
    let url = specimen.ready().await;
    let held = tokio::spawn(reqwest::get(format!("{url}/app/specimen/hold/3600000")));
    specimen.line("holding a request").await;
    specimen.signal(Signal::INT);
    specimen
        .line("stopping; a second signal stops at once")
        .await;
    specimen.signal(Signal::TERM);
    assert_eq!(specimen.ended().await, 0);
    assert!(held.await.unwrap().is_err());
}

#[tokio::test]
async fn a_task_that_dies_takes_the_process_down_with_it() {
    let redis = testkit::redis().await;
    for how in ["panic", "error"] {
        let mut specimen = Specimen::start(&enough(&redis.url));
        let url = specimen.ready().await;
        reqwest::get(format!("{url}/app/specimen/die/{how}"))
            .await
            .unwrap();
        assert_eq!(specimen.ended().await, 1, "{how}");
        let line = specimen.line("a task died, the process stops").await;
        assert_eq!(line["task"], "doomed");
        assert!(
            line["error"]
                .as_str()
                .unwrap()
                .contains("as the test asked"),
            "{line}"
        );
        // It leaves in good order all the same.
        assert!(specimen.logged("app has stopped").is_some());
    }
}

#[tokio::test]
async fn a_port_that_is_taken_ends_the_start() {
    let redis = testkit::redis().await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut variables = enough(&redis.url);
    variables.push(("PORT", taken.local_addr().unwrap().port().to_string()));
    let mut specimen = Specimen::start(&variables);
    assert_eq!(specimen.ended().await, 1);
    let error = specimen.line("the app could not start").await;
    assert!(
        error["error"]
            .as_str()
            .unwrap()
            .starts_with("listening on 127.0.0.1:"),
        "{error}"
    );
}

#[tokio::test]
async fn the_healthcheck_command_asks_the_app() {
    let redis = testkit::redis().await;
    let port = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut variables = enough(&redis.url);
    variables.push(("PORT", port.to_string()));
    let ask = async || {
        let variables = variables.clone();
        tokio::task::spawn_blocking(move || run(&["healthcheck"], &variables).status.code())
            .await
            .unwrap()
    };
    assert_eq!(ask().await, Some(1), "nothing listens yet");
    let specimen = Specimen::start(&variables);
    specimen.ready().await;
    assert_eq!(ask().await, Some(0));
    redis.kill().await;
    eventually("the check fails", async || ask().await == Some(1)).await;
}

#[test]
fn other_subcommands_say_what_they_did() {
    let variables = enough("redis://127.0.0.1:1");
    let migrated = run(&["migrate"], &variables);
    assert_eq!(migrated.status.code(), Some(0), "{migrated:?}");
    assert_eq!(
        String::from_utf8(migrated.stdout).unwrap(),
        "the stores are up to date\n"
    );
    let checked = run(&["config", "check"], &variables);
    assert_eq!(
        String::from_utf8(checked.stdout).unwrap(),
        "the configuration is complete\n"
    );
    assert_eq!(run(&["no-such-thing"], &variables).status.code(), Some(2));
    assert_eq!(run(&["--help"], &[]).status.code(), Some(0));
}
