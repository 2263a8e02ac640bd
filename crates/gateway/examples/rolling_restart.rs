//! What is lost: requests under load while the two instances of an app are restarted in turn, and while Redis is
//! stopped, emptied, frozen and replaced.
//!
//! `cargo xtask bench drain [-- REQUESTS]`
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hyper::StatusCode;
use tokio::task::JoinSet;

#[path = "measure/bed.rs"]
#[allow(dead_code, reason = "each measurement uses a part of the bed")]
mod bed;

use bed::{Bed, Client, Instance};

const REQUESTS: usize = 20_000;
const CLIENTS: usize = 8;
const APP: &str = "bench";
const PATH: &str = "/app/bench/";

#[tokio::main]
async fn main() -> Result<()> {
    let goal = std::env::args()
        .nth(1)
        .map_or(Ok(REQUESTS), |count| count.parse())?;
    let bed = Bed::start().await?;
    let instances = vec![bed.instance(APP).await?, bed.instance(APP).await?];
    let mut client = Client::new(bed.address());
    while client.get(PATH).await? != StatusCode::OK {}

    let load = Load::start(&bed);
    let (restarts, instances) = restart_in_turn(&bed, &load, instances, goal).await?;
    let outcome = load.finish().await;
    println!("{restarts} restarts of 2 instances: {outcome}");
    ensure!(outcome.failed == 0, "requests were lost");

    for fault in [Fault::Emptied, Fault::Stopped, Fault::Frozen] {
        let load = Load::start(&bed);
        let back = fault.strike(&bed, &load, goal / 4).await?;
        let outcome = load.finish().await;
        println!(
            "Redis {}: {outcome}; registered again after {back:.0?}",
            fault.name()
        );
        ensure!(outcome.failed == 0, "requests were lost");
    }
    drop(instances);
    Ok(())
}

/// Starts a new instance and stops the oldest, again and again, until enough requests are done.
async fn restart_in_turn(
    bed: &Bed,
    load: &Load,
    mut instances: Vec<Instance>,
    goal: usize,
) -> Result<(usize, Vec<Instance>)> {
    let mut restarts = 0;
    while load.done() < goal || restarts < 2 {
        instances.push(bed.instance(APP).await?);
        instances.remove(0).stop().await?;
        restarts += 1;
    }
    Ok((restarts, instances))
}

/// What can happen to Redis.
#[derive(Clone, Copy)]
enum Fault {
    Emptied,
    Stopped,
    Frozen,
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            Self::Emptied => "emptied",
            Self::Stopped => "stopped and replaced by an empty one",
            Self::Frozen => "frozen and resumed",
        }
    }

    /// Does it, and answers how long after the end of it every instance was registered again.
    async fn strike(self, bed: &Bed, load: &Load, requests: usize) -> Result<Duration> {
        load.more(requests / 2).await;
        let generation = bed.watch.snapshot().generation.clone();
        match self {
            // There is nothing to wait for: it is empty, and back, at once.
            Self::Emptied => {}
            Self::Stopped => bed.redis.kill().await,
            Self::Frozen => bed.redis.pause().await,
        }
        load.more(requests).await;
        let ended = Instant::now();
        match self {
            Self::Emptied => bed.redis.flush().await,
            Self::Stopped => bed.redis.start().await,
            Self::Frozen => bed.redis.resume().await,
        }
        let is_new = |seen: &registry::Snapshot| match self {
            Self::Emptied | Self::Stopped => seen.generation != generation,
            Self::Frozen => true,
        };
        let mut changed = bed.watch.subscribe();
        loop {
            let seen = bed.watch.snapshot();
            let apps = seen
                .entries
                .iter()
                .filter(|entry| !entry.prefixes.is_empty())
                .count();
            let complete = apps == 2 && seen.unconfirmed.is_empty();
            if complete && !seen.stale && is_new(&seen) {
                break;
            }
            changed.changed().await?;
        }
        let back = ended.elapsed();
        load.more(requests / 2).await;
        Ok(back)
    }
}

/// Requests in a row from several clients, each with a kept connection.
struct Load {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    clients: JoinSet<Vec<String>>,
    begun: Instant,
}

/// What came of them.
struct Outcome {
    done: usize,
    failed: usize,
    first: Option<String>,
    took: Duration,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rate = u128::try_from(self.done).unwrap_or(0) * 1000 / self.took.as_millis().max(1);
        write!(
            f,
            "{} failed of {} requests ({rate}/s)",
            self.failed, self.done
        )?;
        match &self.first {
            Some(first) => write!(f, ", the first with {first}"),
            None => Ok(()),
        }
    }
}

impl Load {
    fn start(bed: &Bed) -> Self {
        let (stop, done) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicUsize::new(0)),
        );
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
            let mut client = Client::new(bed.address());
            clients.spawn(async move {
                let mut failures = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    match client.get(PATH).await {
                        Ok(StatusCode::OK) => {}
                        Ok(status) => failures.push(status.to_string()),
                        Err(error) => failures.push(format!("{error:#}")),
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
                failures
            });
        }
        Self {
            stop,
            done,
            clients,
            begun: Instant::now(),
        }
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Waits until this many more are done.
    async fn more(&self, count: usize) {
        let goal = self.done() + count;
        while self.done() < goal {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn finish(self) -> Outcome {
        self.stop.store(true, Ordering::Relaxed);
        let failures: Vec<String> = self
            .clients
            .join_all()
            .await
            .into_iter()
            .flatten()
            .collect();
        Outcome {
            done: self.done.load(Ordering::Relaxed),
            failed: failures.len(),
            first: failures.into_iter().next(),
            took: self.begun.elapsed(),
        }
    }
}
