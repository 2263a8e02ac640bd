//! An app in process: people, requests, stop and second start.

use axum::routing::{get, post};
use platform::access::Access;
use platform::identity::{CurrentUser, Visitor};
use platform::routes::Routes;
use platform::{App, Service};
use testkit::{admin, run, user};

fn sample() -> App {
    App::new("sample", "1.0.0").prefix("/app/sample").start(
        |_| (),
        |_, ()| async {
            let routes = Routes::new()
                .page(
                    "/app/sample",
                    Access::Public,
                    get(async |who: Visitor| who.0.map_or("nobody".to_owned(), |who| who.username)),
                )
                .page(
                    "/app/sample/own",
                    Access::SignedIn,
                    get(async |who: CurrentUser| who.0.display_name.clone()),
                )
                .page(
                    "/app/sample/admin",
                    Access::Role(platform::Role::Admin),
                    post(async || "done"),
                );
            Ok(Service::new(routes))
        },
    )
}

#[tokio::test]
async fn people_visit_with_the_identity_a_gateway_would_assert() {
    let app = run(sample()).await;
    assert_eq!(app.client().get_once("/app/sample").await.body, "nobody");
    assert_eq!(
        app.as_user(&user()).get_once("/app/sample").await.body,
        "ada"
    );
    assert_eq!(
        app.as_user(&user()).get_once("/app/sample/own").await.body,
        "Ada"
    );
    let refused = app.client().get_once("/app/sample/own").await;
    assert_eq!(refused.status, 303);
    assert!(
        refused.header("location").starts_with("/auth/sign-in"),
        "{}",
        refused.header("location")
    );
    for (who, status) in [(user(), 403), (admin(), 200)] {
        let request = app
            .as_user(&who)
            .request(reqwest::Method::POST, "/app/sample/admin")
            .header("sec-fetch-site", "same-origin");
        assert_eq!(
            request.send().await.unwrap().status(),
            status,
            "{}",
            who.username
        );
    }
}

#[tokio::test]
async fn an_app_stops_and_starts_again_in_the_same_world() {
    let app = run(sample()).await;
    let old = app.http();
    let world = app.stop().await;
    reqwest::get(format!("{old}/health"))
        .await
        .expect_err("nobody listens");
    let running = world.add(sample()).await;
    assert_eq!(world.visitor(&running).get("/health").await.status, 200);
}
