//! The gateway as a process: what it says about a wrong configuration, and how it ends.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

fn gateway() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
    command.env_clear().kill_on_drop(true).stdin(Stdio::null());
    command
}

#[tokio::test]
async fn a_wrong_configuration_is_told_whole_and_ends_with_64() {
    for arguments in [&[][..], &["config", "check"]] {
        let output = gateway()
            .args(arguments)
            .env("CLOUD_ENV", "dev")
            .env("PORT", "many")
            .env("APP_SECRET", "hunter2")
            .output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(64));
        let said = String::from_utf8_lossy(&output.stderr);
        for name in ["PORT", "APP_SECRET", "REDIS_URL"] {
            assert!(said.contains(name), "{said}");
        }
        assert!(
            !said.contains("hunter2") && !said.contains("many"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_gateway_starts_without_redis_and_ends_cleanly() {
    let mut child = gateway()
        .envs([
            ("APP_SECRET", testkit::SECRET),
            ("CLOUD_ENV", "dev"),
            ("PORT", "0"),
        ])
        .env("REDIS_URL", "redis+unix:///nowhere/redis.sock")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut complained = BufReader::new(child.stderr.take().unwrap()).lines();
    let ready = async {
        loop {
            let line = tokio::select! {
                line = said.next_line() => line,
                line = complained.next_line() => line,
            };
            let line = line.unwrap().expect("the gateway goes on");
            if line.contains("gateway is ready") {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), ready)
        .await
        .unwrap();
    let id = child.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .unwrap()
            .success()
    );
    assert!(child.wait().await.unwrap().success());
}

#[tokio::test]
async fn a_health_check_asks_the_gateway_on_this_machine() {
    let world = crate::given::world().await;
    let check = async |port: u16| {
        let variables = [
            ("APP_SECRET", testkit::SECRET),
            ("CLOUD_ENV", "dev"),
            ("REDIS_URL", "redis://127.0.0.1:1"),
        ];
        let mut command = gateway();
        command
            .arg("healthcheck")
            .envs(variables)
            .env("PORT", port.to_string());
        command.output().await.unwrap().status.code()
    };
    assert_eq!(check(world.gateway.address.port()).await, Some(0));
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(check(nobody.port()).await, Some(1));
}
