//! Instances that go: with a word, in the middle of a call, and killed.

use std::io::Write;
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio_util::task::TaskTracker;
use tonic::Code;

use super::calling::Caller;
use super::instance::{Instance, PREFIX};
use super::{World, served, world};
use crate::given::Platform;

#[tokio::test]
async fn an_instance_that_says_goodbye_loses_no_call() {
    let World {
        platform,
        instance,
        gateway,
        _peer,
    } = world().await;
    let caller = Caller::plain(&gateway).await;
    served(&caller).await;
    let second = Instance::start().await;
    let _second = second.register(&platform, |_| {}).await;
    testkit::eventually("the second is asked as well", async || {
        caller.say("Echo", "").await.is_ok() && second.calls() > 0
    })
    .await;
    let held = {
        let before = instance.calls() + second.calls();
        let (one, two) = (caller.clone(), caller.clone());
        let calls = async move { tokio::join!(one.say("Held", ""), two.say("Held", "")) };
        let begun = testkit::eventually("both are held", async || {
            instance.calls() + second.calls() >= before + 2
        });
        let calls = TaskTracker::new().spawn(calls);
        begun.await;
        calls
    };
    let load = {
        let caller = caller.clone();
        TaskTracker::new().spawn(async move {
            for number in 0..300 {
                let text = number.to_string();
                assert_eq!(caller.say("Echo", &text).await.unwrap(), text);
            }
        })
    };
    let release = async {
        for _ in 0..2 {
            instance.seen.release.notify_waiters();
            second.seen.release.notify_waiters();
        }
    };
    // Goodbye, while calls come; what it has, it finishes.
    let ((), ()) = tokio::join!(instance.stop(), async {
        load.await.unwrap();
        release.await;
    });
    let (one, two) = held.await.unwrap();
    assert_eq!(
        (one.unwrap(), two.unwrap()),
        ("released".to_owned(), "released".to_owned())
    );
}

/// An instance in a process of its own.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    /// Starts this very program again, for nothing but the function below.
    async fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "grpc::away::instance_of_its_own"])
            .args(["--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut to = child.stdin.take().unwrap();
        to.write_all(b"begin\n").await.unwrap();
        child.stdin = Some(to);
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = async {
            loop {
                let line = said.next_line().await.unwrap().expect("it goes on");
                if let Some((_, address)) = line.split_once("listens at ") {
                    return address.to_owned();
                }
            }
        };
        let address = tokio::time::timeout(Duration::from_secs(30), address);
        let address = address.await.unwrap();
        Self { child, address }
    }
}

/// Run by the test below in another process, until that closes its standard input; by itself it does nothing.
#[tokio::test]
async fn instance_of_its_own() {
    let line = || std::io::stdin().read_line(&mut String::new());
    if line().unwrap() == 0 {
        return;
    }
    let instance = Instance::start().await;
    writeln!(std::io::stdout(), "listens at {}", instance.address).unwrap();
    tokio::task::spawn_blocking(line).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_killed_instance_breaks_its_calls_and_no_others() {
    let platform = Platform::new().await;
    let mut process = Process::start().await;
    let address = process.address.clone();
    let _peer = platform
        .app_with("echo", |options| {
            options.entry.prefixes.push(PREFIX.to_owned());
            options.entry.grpc = Some(format!("http://{address}"));
            options.entry.policy = vec![registry::PrefixPolicy {
                prefix: PREFIX.to_owned(),
                grpc: Some(true),
                ..registry::PrefixPolicy::default()
            }];
        })
        .await;
    let gateway = platform.gateway().await;
    let caller = Caller::plain(&gateway).await;
    served(&caller).await;
    let mut answers = caller.stream("Hang", stream::pending()).await.unwrap();
    assert_eq!(answers.next().await.unwrap().unwrap(), "one");
    let never = {
        let caller = caller.clone();
        TaskTracker::new().spawn(async move { caller.say("Never", "").await })
    };
    // SIGKILL.
    process.child.kill().await.unwrap();
    // Both are told what it is, not that a stream was reset.
    let status = answers.next().await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    let status = never.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    let second = Instance::start().await;
    let _second = second.register(&platform, |_| {}).await;
    testkit::eventually("the second is asked", async || {
        caller.say("Echo", "").await.is_ok()
    })
    .await;
    for _ in 0..50 {
        assert_eq!(caller.say("Echo", "x").await.unwrap(), "x");
    }
    assert!(second.seen.calls.load(Ordering::SeqCst) >= 50);
}
