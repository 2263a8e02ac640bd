//! Several apps in one process: each starts, fails and stops for itself.

use axum::routing::get;
use platform::{Access, App, Boot, Reader, Routes, Service, StartError};
use testkit::eventually;

fn greeter(id: &'static str) -> App {
    App::new(id, "1.0.0").prefix(&format!("/app/{id}")).start(
        |_: &mut Reader<'_>| (),
        async move |_: Boot, ()| {
            let path = format!("/app/{id}");
            let routes = Routes::new().api(&path, Access::Public, get(async move || id));
            Ok(Service::new(routes))
        },
    )
}

/// How an app's start ends.
type End = fn() -> Result<Service, StartError>;

fn failing(id: &'static str, fail: End) -> App {
    App::new(id, "1.0.0").start(
        |_: &mut Reader<'_>| (),
        async move |boot: Boot, ()| {
            let sign = boot.redis.clone();
            boot.spawn("left behind", async move {
                std::future::pending::<()>().await;
                drop(sign);
            });
            fail()
        },
    )
}

fn registered(app: &testkit::TestApp) -> Vec<String> {
    let snapshot = app.world.host.registry().snapshot();
    let mut ids: Vec<_> = snapshot
        .entries
        .iter()
        .map(|entry| entry.id.to_string())
        .collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn an_app_that_stops_leaves_the_others_running() {
    let one = testkit::run(greeter("one")).await;
    let two = one.world.add(greeter("two")).await;
    eventually("both are registered", async || {
        registered(&one) == ["one", "two"]
    })
    .await;

    two.stop();
    two.stopped().await;
    eventually("one is left", async || registered(&one) == ["one"]).await;
    assert!(
        reqwest::get(format!("http://{}/app/two", two.http()))
            .await
            .is_err()
    );
    let greeting = reqwest::get(format!("{}/app/one", one.http()))
        .await
        .unwrap();
    assert_eq!(greeting.text().await.unwrap(), "one");
    assert!(!one.world.host.lifecycle().soft().is_cancelled());
}

#[tokio::test]
async fn an_app_that_does_not_start_leaves_nothing_behind() {
    let one = testkit::run(greeter("one")).await;
    eventually("one is registered", async || registered(&one) == ["one"]).await;
    let cases: [(End, &str); 2] = [
        (
            || Err(StartError::failed("loading", "no such table")),
            "loading: no such table",
        ),
        (|| panic!("a fault"), "starting the app: it panicked"),
    ];
    for (fail, said) in cases {
        let environment = one.world.environment().clone();
        let host = &one.world.host;
        let error = Box::pin(host.run(failing("two", fail), environment))
            .await
            .unwrap_err();
        assert_eq!(error.chain(), said);
        assert_eq!(error.exit_code(), 1);
    }
    assert_eq!(registered(&one), ["one"]);
    assert!(one.world.host.lifecycle().failure().is_none());
    let greeting = reqwest::get(format!("{}/app/one", one.http()))
        .await
        .unwrap();
    assert_eq!(greeting.status(), 200);
}

#[tokio::test]
async fn a_wrong_declaration_is_refused_before_anything_starts() {
    let one = testkit::run(greeter("one")).await;
    let environment = one.world.environment().clone();
    let foreign = greeter("two").prefix("/app/one");
    let error = Box::pin(one.world.host.run(foreign, environment.clone()))
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Declaration(_)), "{error}");
    let silent = App::new("two", "1.0.0");
    let error = Box::pin(one.world.host.run(silent, environment))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "declaration: app two does not say how it starts"
    );
}
