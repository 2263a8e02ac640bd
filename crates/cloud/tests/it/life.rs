//! Start, stop, sudden death, and the next start.

use std::os::unix::fs::MetadataExt;

use rustix::process::Signal;
use testkit::eventually;

use crate::support::{Installation, Platform, is_signed_in, runs, text_of};

#[tokio::test]
async fn a_first_start_ends_in_a_platform_that_somebody_can_enter() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let sign_in = installation.visitor().get("/").await;
    assert!(
        sign_in.path().starts_with("/auth/sign-in"),
        "{}",
        sign_in.path()
    );
    sign_in.assert_sound();
    let link = installation.setup_link().await;
    eventually("the link is printed", async || {
        platform.printed().contains(&link)
    })
    .await;
    installation.first_admin().await;
    let link = installation.data.join("setup-link");
    eventually("the set-up link is gone", async || !link.exists()).await;
    let secret = std::fs::metadata(installation.data.join("app.secret")).unwrap();
    assert_eq!(secret.mode() & 0o777, 0o600);
    assert_eq!(platform.stop().await, Some(0));
}

#[tokio::test]
async fn a_stop_takes_everything_along_that_was_started() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let servers = [
        installation.server_pid("postgres"),
        installation.server_pid("redis"),
    ];
    let network = installation.data.join(".cloud/dev.env");
    assert!(network.exists(), "apps beside it find the platform");
    assert_eq!(platform.stop().await, Some(0));
    for pid in servers {
        assert!(!runs(pid), "a server was left running");
    }
    assert!(!network.exists());
    assert!(!installation.data.join("instance.json").exists());
    installation
        .visitor()
        .request(reqwest::Method::GET, "/")
        .send()
        .await
        .expect_err("nobody listens");
}

#[tokio::test]
async fn a_killed_platform_is_taken_over_with_everybody_signed_in() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let admin = installation.first_admin().await;
    let servers = [
        installation.server_pid("postgres"),
        installation.server_pid("redis"),
    ];
    platform.kill();
    assert!(servers.iter().all(|pid| runs(*pid)), "the servers survive");

    let platform = installation.up().await;
    assert_eq!(
        [
            installation.server_pid("postgres"),
            installation.server_pid("redis")
        ],
        servers,
        "and are taken over"
    );
    assert!(is_signed_in(&admin).await);
    assert_eq!(platform.stop().await, Some(0));
}

#[tokio::test]
async fn a_stop_in_the_middle_of_a_start_leaves_nothing_behind() {
    let installation = Installation::new();
    let platform = Platform::spawn(installation.command(&["up"]), &installation.data);
    let record = installation.data.join("servers/redis.pid");
    eventually("the start is under way", async || record.exists()).await;
    let redis = installation.server_pid("redis");
    platform.signal(Signal::INT);
    assert_eq!(platform.ended().await, Some(0));
    eventually("Redis is gone", async || !runs(redis)).await;
    // And the directory is as good as new.
    let platform = installation.up().await;
    assert_eq!(platform.stop().await, Some(0));
}

#[tokio::test]
async fn a_data_directory_in_use_is_refused() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let second = installation.run(&["up"]);
    assert_eq!(second.status.code(), Some(1));
    let text = text_of(&second);
    assert!(
        text.contains("in use by process") && text.contains(&platform.pid().to_string()),
        "{text}"
    );
    assert_eq!(
        installation.visitor().get("/").await.status,
        200,
        "the first goes on"
    );
    assert_eq!(platform.stop().await, Some(0));
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let installation = Installation::new();
    let _taken = std::net::TcpListener::bind(("127.0.0.1", installation.port)).unwrap();
    let output = installation.run(&["up"]);
    assert_eq!(output.status.code(), Some(1));
    let text = text_of(&output);
    assert!(
        text.contains(&format!("127.0.0.1:{}", installation.port)),
        "{text}"
    );
    assert_eq!(
        installation.server_pid_if_any("redis"),
        None,
        "a server was left running"
    );
}

#[tokio::test]
async fn a_closed_terminal_stops_everything_too() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let redis = installation.server_pid("redis");
    platform.signal(Signal::HUP);
    assert_eq!(platform.ended().await, Some(0));
    assert!(!runs(redis), "a server was left running");
}

#[tokio::test]
async fn a_quiet_stop_says_nothing() {
    let installation = Installation::new();
    let platform = installation
        .up_with(|command| {
            command
                .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT")
                .env("LOG_LEVEL", "info");
        })
        .await;
    installation.first_admin().await;
    let before = platform.printed().lines().count();
    platform.signal(Signal::TERM);
    let printed = platform.printed_to_the_end().await;
    let after: Vec<&str> = printed.lines().skip(before).collect();
    let complaints: Vec<&&str> = after
        .iter()
        .filter(|line| line.contains(" WARN ") || line.contains("ERROR"))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(
        after.iter().any(|line| line.contains("app has stopped")),
        "{after:#?}"
    );
}
