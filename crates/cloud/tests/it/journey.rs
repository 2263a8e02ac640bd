//! An app started beside the platform: it appears, and it vanishes.

use platform::{Clock, CoreConfig, Environment, Host, Lifecycle};
use testkit::eventually;

use crate::support::Installation;

#[tokio::test]
async fn an_app_started_beside_the_platform_appears_and_vanishes() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let admin = installation.first_admin().await;
    assert_eq!(admin.get_once("/app/hello").await.status, 404);

    // What `cargo run -p app-hello` finds.
    let file = installation.data.join(".cloud/dev.env");
    let network = std::fs::read_to_string(file).unwrap();
    let variables = network
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(name, _)| !name.starts_with('#'));
    let environment = Environment::from_map(variables);
    let config = CoreConfig::from_environment(&environment).unwrap();
    let telemetry = platform::telemetry::Telemetry::start("test", &config);
    let host = Host::with(telemetry, &config, Lifecycle::new(), Clock::system())
        .await
        .unwrap();
    let hello = host.run(cloud_app_hello::app(), environment).await.unwrap();
    eventually("hello is served", async || {
        admin.get_once("/app/hello").await.status == 200
    })
    .await;
    eventually("hello is on the home page", async || {
        admin.get("/").await.has("a[href='/app/hello']")
    })
    .await;

    hello.stop();
    hello.stopped().await;
    // For a while the gateway remembers whose address that was: a friendly page, not "unknown".
    eventually("hello is gone", async || {
        admin.get_once("/app/hello").await.status == 503
    })
    .await;
    assert!(!admin.get("/").await.has("a[href='/app/hello']"));
    host.close().await;
    assert_eq!(platform.stop().await, Some(0));
}
