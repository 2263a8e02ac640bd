//! Schedules: one run per tick, however many instances watch the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use platform::Clock;
use platform_pg::jobs::JobTiming;
use platform_pg::{GenericClient, Job, Worker};
use testkit::{Setup, World};
use tokio::sync::Notify;

use crate::stage::{Instance, instance};

const DONE: &str = "SELECT count(*) FROM jobs WHERE state = 'done'";

fn hasty() -> JobTiming {
    JobTiming {
        poll: Duration::from_millis(20),
        ..JobTiming::default()
    }
}

async fn at_noon() -> (World, Clock) {
    let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
    (Setup::new().clock(clock.clone()).start().await, clock)
}

fn counting(hello: &Instance, runs: &Arc<AtomicUsize>) {
    let runs = Arc::clone(runs);
    let worker = Worker::new(&hello.boot, &hello.database)
        .timing(hasty())
        .cron("clean", "0 * * * *", move |_: Job| {
            runs.fetch_add(1, Ordering::Relaxed);
            async { Ok(()) }
        });
    worker.start().unwrap();
}

async fn known(hello: &Instance) {
    testkit::eventually("the schedule is known", async || {
        hello.count("SELECT count(*) FROM cron_runs").await == 1
    })
    .await;
}

#[tokio::test]
async fn two_workers_run_each_tick_once() {
    let (world, clock) = at_noon().await;
    let (one, two) = (
        instance(&world, "hello").await,
        instance(&world, "hello").await,
    );
    let runs = Arc::new(AtomicUsize::new(0));
    counting(&one, &runs);
    counting(&two, &runs);
    known(&one).await;
    for tick in 1..=5 {
        clock.advance(SignedDuration::from_hours(1));
        testkit::eventually("the tick ran", async || one.count(DONE).await == tick).await;
    }
    one.stop().await;
    two.stop().await;
    assert_eq!(runs.load(Ordering::Relaxed), 5);
    assert_eq!(one.count("SELECT count(*) FROM jobs").await, 5);
}

#[tokio::test]
async fn the_past_before_the_first_start_is_left_alone_and_a_gap_is_made_up_for_once() {
    let (world, clock) = at_noon().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let first = instance(&world, "hello").await;
    counting(&first, &runs);
    known(&first).await;
    first.stop().await;
    assert_eq!(runs.load(Ordering::Relaxed), 0);
    clock.advance(SignedDuration::from_hours(30));
    let second = instance(&world, "hello").await;
    counting(&second, &runs);
    testkit::eventually("the gap is made up for", async || {
        second.count(DONE).await == 1
    })
    .await;
    clock.advance(SignedDuration::from_hours(1));
    testkit::eventually("the next tick ran", async || second.count(DONE).await == 2).await;
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_run_that_is_not_finished_is_not_overtaken() {
    let (world, clock) = at_noon().await;
    let hello = instance(&world, "hello").await;
    let (reached, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (signal, wait) = (Arc::clone(&reached), Arc::clone(&go_on));
    let worker = Worker::new(&hello.boot, &hello.database).timing(hasty());
    let worker = worker.every("sweep", Duration::from_mins(1), move |_: Job| {
        let (signal, wait) = (Arc::clone(&signal), Arc::clone(&wait));
        async move {
            signal.notify_one();
            wait.notified().await;
            Ok(())
        }
    });
    worker.start().unwrap();
    known(&hello).await;
    clock.advance(SignedDuration::from_mins(1));
    reached.notified().await;
    clock.advance(SignedDuration::from_mins(1));
    let seen = "SELECT count(*) FROM cron_runs WHERE last_tick_at = '2026-11-21T12:02:00Z'";
    testkit::eventually("the second tick was seen", async || {
        hello.count(seen).await == 1
    })
    .await;
    assert_eq!(hello.count("SELECT count(*) FROM jobs").await, 1);
    go_on.notify_one();
    testkit::eventually("the run is done", async || hello.count(DONE).await == 1).await;
    clock.advance(SignedDuration::from_mins(1));
    reached.notified().await;
    go_on.notify_one();
    testkit::eventually("the third tick ran", async || hello.count(DONE).await == 2).await;
}

#[tokio::test]
async fn a_schedule_that_cannot_be_understood_stops_the_start() {
    let (world, _clock) = at_noon().await;
    let hello = instance(&world, "hello").await;
    let worker =
        Worker::new(&hello.boot, &hello.database)
            .cron("clean", "every night", async |_: Job| Ok(()));
    let error = worker.start().unwrap_err();
    assert!(error.to_string().contains("every night"), "{error}");
    let client = hello.database.client().await.unwrap();
    client.query("SELECT 1", &[]).await.unwrap();
}
