//! The private servers die while people work.

use rustix::process::Signal;
use testkit::{eventually, until};

use crate::support::{Installation, is_signed_in, signal_process};

#[tokio::test]
async fn redis_killed_under_load_signs_nobody_out() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let admin = installation.first_admin().await;
    for _ in 0..3 {
        let old = installation.server_pid("redis");
        signal_process(old, Signal::KILL);
        let mut pages = 0;
        until("Redis runs again", async || {
            let page = admin.get_once("/").await;
            // A page may fail while Redis is away; being sent to sign in would be losing the session.
            assert_ne!(
                page.status,
                303,
                "signed out after {pages} pages: {}",
                page.header("location")
            );
            pages += 1;
            (installation.server_pid("redis") != old).then_some(())
        })
        .await;
        for _ in 0..50 {
            let page = admin.get_once("/").await;
            assert_ne!(page.status, 303, "signed out once Redis was back");
        }
        eventually("home is served", async || is_signed_in(&admin).await).await;
    }
    healthy(&installation).await;
    assert_eq!(platform.stop().await, Some(0));
}

#[tokio::test]
async fn redis_emptied_costs_no_session_and_no_route() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let admin = installation.first_admin().await;
    flush(&installation).await;
    for _ in 0..50 {
        let page = admin.get_once("/").await;
        assert_eq!(page.status, 200, "{}", page.body);
    }
    healthy(&installation).await;
    assert_eq!(platform.stop().await, Some(0));
}

#[tokio::test]
async fn postgres_killed_comes_back_by_itself() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let admin = installation.first_admin().await;
    let old = installation.server_pid("postgres");
    signal_process(old, Signal::KILL);
    eventually("PostgreSQL runs again", async || {
        installation.server_pid("postgres") != old
    })
    .await;
    eventually("people are served", async || {
        admin.get_once("/app/accounts").await.status == 200
    })
    .await;
    assert!(is_signed_in(&admin).await);
    healthy(&installation).await;
    assert_eq!(platform.stop().await, Some(0));
}

/// All apps are registered and well.
async fn healthy(installation: &Installation) {
    eventually("everything is healthy", async || {
        installation.run(&["status"]).status.success()
    })
    .await;
}

async fn flush(installation: &Installation) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let socket = installation.data.join("servers/run/redis.sock");
    let mut stream = tokio::net::UnixStream::connect(socket).await.unwrap();
    stream.write_all(b"FLUSHALL\r\n").await.unwrap();
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"+OK\r\n");
}
