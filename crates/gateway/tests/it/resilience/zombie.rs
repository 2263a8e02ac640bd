//! An instance that was frozen while another process took its place, and wakes up.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use registry::{InstanceId, LeaseTiming};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::given::{Platform, TestGateway, client};
use crate::peer::{Peer, PeerOptions};

const NAME: &str = "the-one";

fn options() -> PeerOptions {
    let mut options = PeerOptions::new("zombie");
    options.entry.instance = InstanceId::new(NAME).unwrap();
    options.timing = LeaseTiming {
        beat: Duration::from_millis(100),
        ..LeaseTiming::default()
    };
    options
}

/// The instance to be frozen, in a process of its own.
struct Frozen {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Frozen {
    /// Starts this very program again, for nothing but the function below.
    async fn start(platform: &Platform) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "resilience::zombie::instance"])
            .args(["--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let url = format!("{}\n", platform.redis.url);
        let mut to = child.stdin.take().unwrap();
        to.write_all(url.as_bytes()).await.unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut frozen = Self { child, said };
        frozen.says("instance: ready").await;
        frozen
    }

    async fn says(&mut self, what: &str) {
        let said = async {
            while let Some(line) = self.said.next_line().await.unwrap() {
                if line.contains(what) {
                    return true;
                }
            }
            false
        };
        let said = tokio::time::timeout(Duration::from_secs(30), said).await;
        assert_eq!(said, Ok(true), "{what}");
    }

    async fn signal(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        let status = Command::new("kill").args([signal, &id]).status().await;
        assert!(status.unwrap().success());
    }
}

/// Run by the test below in another process; by itself it has nobody to talk to.
#[tokio::test]
async fn instance() {
    let mut redis = String::new();
    std::io::stdin().read_line(&mut redis).unwrap();
    if redis.trim().is_empty() {
        return;
    }
    let peer = Peer::start(redis.trim(), options()).await;
    say("instance: ready");
    peer.fenced().await;
    say("instance: fenced");
}

fn say(what: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "\n{what}").unwrap();
    out.flush().unwrap();
}

/// All of these requests are answered, and by this instance.
async fn only(gateway: &TestGateway, peer: &Peer, requests: usize) {
    let before = peer.requests();
    let client = client();
    for _ in 0..requests {
        let response = client.get(gateway.url("/app/zombie/echo")).send().await;
        assert_eq!(response.unwrap().status(), 200);
    }
    assert_eq!(peer.requests() - before, requests);
}

#[tokio::test]
async fn an_instance_that_was_frozen_does_not_come_back_in_its_successors_place() {
    let platform = Platform::new().await;
    let mut frozen = Frozen::start(&platform).await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/zombie/echo", None).await;
    frozen.signal("-STOP").await;
    // The same name: the process that is frozen counts as dead, and another one takes over.
    let successor = Peer::start(&platform.redis.url, options()).await;
    testkit::eventually("the successor is asked", async || {
        let address = format!("http://{}", successor.address);
        let seen = gateway.watch.snapshot();
        seen.entries.iter().any(|entry| entry.http == address)
    })
    .await;
    // The table follows a moment after the snapshot.
    testkit::eventually("the successor answers", async || {
        let request = client().get(gateway.url("/app/zombie/echo"));
        let limited = request.timeout(Duration::from_secs(1)).send().await;
        limited.is_ok() && successor.requests() > 0
    })
    .await;
    only(&gateway, &successor, 50).await;
    frozen.signal("-CONT").await;
    frozen.says("instance: fenced").await;
    // It has tried to write its lease and could not.
    only(&gateway, &successor, 50).await;
    let apps = gateway.apps();
    let addresses: Vec<&str> = apps.iter().map(|entry| entry.http.as_str()).collect();
    assert_eq!(addresses, [format!("http://{}", successor.address)]);
    assert!(
        frozen.child.wait().await.unwrap().success(),
        "it ends by itself"
    );
}
