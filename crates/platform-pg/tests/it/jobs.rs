//! Jobs: after the commit, once in effect, taken over, retried, buried, and finished before the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use platform_pg::jobs::{Enqueued, JobTiming, dead, enqueue, retry_dead};
use platform_pg::{Enqueue, Error, Failed, GenericClient, Job, JobId, Worker};
use testkit::{Setup, World};
use tokio::sync::{Notify, mpsc};

use crate::stage::{Instance, instance};

/// No look but the one that a commit rings for.
const NEVER: Duration = Duration::from_hours(1);

fn hasty() -> JobTiming {
    JobTiming {
        lease: Duration::from_secs(30),
        renew_every: Duration::from_millis(50),
        poll: Duration::from_millis(20),
        first_pause: Duration::from_millis(10),
        longest_pause: Duration::from_millis(50),
    }
}

fn worker(hello: &Instance) -> Worker {
    Worker::new(&hello.boot, &hello.database).timing(hasty())
}

async fn world() -> (World, Instance) {
    let world = Setup::new().start().await;
    let hello = instance(&world, "hello").await;
    (world, hello)
}

async fn add(hello: &Instance, kind: &str, how: Enqueue) -> JobId {
    let client = hello.database.client().await.unwrap();
    match enqueue(&client, kind, &"ada@example.org", how)
        .await
        .unwrap()
    {
        Enqueued::New(id) => id,
        Enqueued::Known => panic!("known"),
    }
}

async fn state(hello: &Instance, id: JobId) -> String {
    let client = hello.database.client().await.unwrap();
    client
        .query_one("SELECT state FROM jobs WHERE job_id = $1", &[id.as_uuid()])
        .await
        .unwrap()
        .get(0)
}

async fn becomes(hello: &Instance, id: JobId, expected: &str) {
    testkit::eventually(expected, async || state(hello, id).await == expected).await;
}

/// Writes a note together with the completion of the job.
async fn note(hello: &platform_pg::Database, job: &Job) -> Result<(), Failed> {
    let mut client = hello.client().await?;
    let transaction = client.transaction().await?;
    transaction
        .execute(
            "INSERT INTO notes SELECT count(*), count(*)::text FROM notes",
            &[],
        )
        .await?;
    job.finish(&transaction).await?;
    transaction.commit().await?;
    Ok(())
}

#[tokio::test]
async fn a_job_runs_right_after_the_commit_and_never_without_one() {
    let (_world, hello) = world().await;
    let (ran, mut runs) = mpsc::unbounded_channel();
    let worker = worker(&hello)
        .timing(JobTiming {
            poll: NEVER,
            ..hasty()
        })
        .on("greet", move |job: Job| {
            let ran = ran.clone();
            async move {
                ran.send(job.payload::<String>()?).unwrap();
                Ok(())
            }
        });
    worker.start().unwrap();
    let mut client = hello.database.client().await.unwrap();
    let lost = client.transaction().await.unwrap();
    enqueue(&lost, "greet", &"nobody", Enqueue::default())
        .await
        .unwrap();
    lost.rollback().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    enqueue(&transaction, "greet", &"ada", Enqueue::default())
        .await
        .unwrap();
    assert!(runs.try_recv().is_err());
    transaction.commit().await.unwrap();
    assert_eq!(runs.recv().await.unwrap(), "ada");
    testkit::eventually("done", async || {
        hello
            .count("SELECT count(*) FROM jobs WHERE state = 'done'")
            .await
            == 1
    })
    .await;
    assert!(runs.try_recv().is_err());
}

#[tokio::test]
async fn a_key_admits_one_unfinished_job() {
    let (_world, hello) = world().await;
    let client = hello.database.client().await.unwrap();
    let id = add(&hello, "greet", Enqueue::once("ada")).await;
    assert_eq!(
        enqueue(&client, "greet", &1, Enqueue::once("ada"))
            .await
            .unwrap(),
        Enqueued::Known
    );
    assert!(matches!(
        enqueue(&client, "greet", &1, Enqueue::once("bob"))
            .await
            .unwrap(),
        Enqueued::New(_)
    ));
    assert!(matches!(
        enqueue(&client, "part", &1, Enqueue::once("ada"))
            .await
            .unwrap(),
        Enqueued::New(_)
    ));
    worker(&hello)
        .on("greet", async |_| Ok(()))
        .start()
        .unwrap();
    becomes(&hello, id, "done").await;
    assert!(matches!(
        enqueue(&client, "greet", &1, Enqueue::once("ada"))
            .await
            .unwrap(),
        Enqueued::New(_)
    ));
}

#[tokio::test]
async fn a_job_for_later_waits_for_its_time() {
    let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
    let world = Setup::new().clock(clock.clone()).start().await;
    let hello = instance(&world, "hello").await;
    let later: Timestamp = "2026-11-21T13:00:00Z".parse().unwrap();
    let late = add(&hello, "greet", Enqueue::at(later)).await;
    let now = add(&hello, "greet", Enqueue::default()).await;
    worker(&hello)
        .on("greet", async |_| Ok(()))
        .start()
        .unwrap();
    becomes(&hello, now, "done").await;
    assert_eq!(state(&hello, late).await, "queued");
    clock.advance(SignedDuration::from_hours(1));
    becomes(&hello, late, "done").await;
}

#[tokio::test]
async fn a_failing_job_is_retried_then_dead_then_revived() {
    let (_world, hello) = world().await;
    let attempts = Arc::new(AtomicUsize::new(0));
    let mended = Arc::new(AtomicBool::new(false));
    let (counted, is_mended) = (Arc::clone(&attempts), Arc::clone(&mended));
    let worker = worker(&hello).on("greet", move |job: Job| {
        counted.fetch_add(1, Ordering::Relaxed);
        assert_eq!(job.kind(), "greet");
        let mended = is_mended.load(Ordering::Relaxed);
        async move {
            if mended {
                Ok(())
            } else {
                Err(Failed::transient("still wrong"))
            }
        }
    });
    worker.start().unwrap();
    let id = add(
        &hello,
        "greet",
        Enqueue {
            max_attempts: Some(3),
            ..Enqueue::default()
        },
    )
    .await;
    becomes(&hello, id, "dead").await;
    assert_eq!(attempts.load(Ordering::Relaxed), 3);
    let client = hello.database.client().await.unwrap();
    let buried = dead(&client, 10).await.unwrap();
    assert_eq!(
        (buried[0].id, buried[0].attempts, buried[0].reason.as_str()),
        (id, 3, "still wrong")
    );
    mended.store(true, Ordering::Relaxed);
    assert!(retry_dead(&client, id).await.unwrap());
    drop(client);
    becomes(&hello, id, "done").await;
}

#[tokio::test]
async fn what_cannot_be_mended_is_dead_at_once_and_quotes_nothing() {
    let (_world, hello) = world().await;
    let worker = worker(&hello)
        .on("number", async |job: Job| job.payload::<u32>().map(drop))
        .on("panic", async |_| panic!("deliberate"));
    worker.start().unwrap();
    let unreadable = add(&hello, "number", Enqueue::default()).await;
    let panicking = add(
        &hello,
        "panic",
        Enqueue {
            max_attempts: Some(1),
            ..Enqueue::default()
        },
    )
    .await;
    becomes(&hello, unreadable, "dead").await;
    becomes(&hello, panicking, "dead").await;
    for job in dead(&hello.database.client().await.unwrap(), 10)
        .await
        .unwrap()
    {
        assert_eq!(job.attempts, 1);
        assert!(!job.reason.contains("ada"), "{}", job.reason);
    }
}

#[tokio::test]
async fn a_job_of_a_killed_worker_is_taken_over() {
    let (world, hello) = world().await;
    let reached = Arc::new(Notify::new());
    let signal = Arc::clone(&reached);
    let stuck = worker(&hello).timing(JobTiming {
        lease: Duration::from_millis(300),
        ..hasty()
    });
    let stuck = stuck.on("greet", move |_| {
        signal.notify_one();
        std::future::pending()
    });
    stuck.start().unwrap();
    let id = add(&hello, "greet", Enqueue::default()).await;
    reached.notified().await;
    hello.kill().await;
    let heir = instance(&world, "hello").await;
    worker(&heir).on("greet", async |_| Ok(())).start().unwrap();
    becomes(&heir, id, "done").await;
    assert_eq!(heir.count("SELECT attempts::bigint FROM jobs").await, 2);
}

#[tokio::test]
async fn a_lease_is_renewed_for_as_long_as_the_job_runs() {
    let (_world, hello) = world().await;
    let go_on = Arc::new(Notify::new());
    let wait = Arc::clone(&go_on);
    let slow = worker(&hello).on("greet", move |_| {
        let wait = Arc::clone(&wait);
        async move {
            wait.notified().await;
            Ok(())
        }
    });
    slow.start().unwrap();
    let id = add(&hello, "greet", Enqueue::default()).await;
    let renewed =
        "SELECT count(*) FROM jobs WHERE lease_until_at > created_at + interval '31 seconds'";
    testkit::eventually("the lease moves on", async || {
        hello.count(renewed).await == 1
    })
    .await;
    go_on.notify_one();
    becomes(&hello, id, "done").await;
    assert_eq!(hello.count("SELECT lease_epoch FROM jobs").await, 1);
}

#[tokio::test]
async fn a_zombie_can_complete_nothing() {
    let (world, hello) = world().await;
    let (reached, wake) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (outcomes, mut outcome) = mpsc::unbounded_channel();
    let (signal, woken, database) = (
        Arc::clone(&reached),
        Arc::clone(&wake),
        hello.database.clone(),
    );
    // Frozen: it never renews, and believes that its lease lasts.
    let frozen = JobTiming {
        lease: Duration::from_millis(200),
        renew_every: NEVER,
        ..hasty()
    };
    let zombie = worker(&hello)
        .timing(frozen)
        .concurrency(1)
        .on("greet", move |job: Job| {
            let (signal, woken, database, outcomes) = (
                Arc::clone(&signal),
                Arc::clone(&woken),
                database.clone(),
                outcomes.clone(),
            );
            async move {
                signal.notify_one();
                woken.notified().await;
                let result = note(&database, &job).await;
                outcomes.send(result.clone()).unwrap();
                // Even if it claims success.
                Ok(())
            }
        });
    zombie.start().unwrap();
    let id = add(&hello, "greet", Enqueue::default()).await;
    reached.notified().await;

    let heir = instance(&world, "hello").await;
    let database = heir.database.clone();
    let successor = worker(&heir).on("greet", move |job: Job| {
        let database = database.clone();
        async move { note(&database, &job).await }
    });
    successor.start().unwrap();
    becomes(&heir, id, "done").await;
    wake.notify_one();
    let refused = outcome.recv().await.unwrap();
    assert_eq!(refused, Err(Failed::from(Error::Fenced)));
    hello.stop().await;
    assert_eq!(heir.count("SELECT count(*) FROM notes").await, 1);
    assert_eq!(
        heir.count("SELECT count(*) FROM jobs WHERE state = 'done' AND lease_epoch = 2")
            .await,
        1
    );
}

#[tokio::test]
async fn no_more_jobs_run_at_once_than_allowed() {
    let (_world, hello) = world().await;
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now, peak) = (Arc::clone(&running), Arc::clone(&most));
    for _ in 0..30 {
        add(&hello, "greet", Enqueue::default()).await;
    }
    let worker = worker(&hello).concurrency(3).on("greet", move |_| {
        let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
        async move {
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        }
    });
    worker.start().unwrap();
    testkit::eventually("all done", async || {
        hello
            .count("SELECT count(*) FROM jobs WHERE state = 'done'")
            .await
            == 30
    })
    .await;
    assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
}

#[tokio::test]
async fn running_jobs_finish_before_the_end() {
    let (_world, hello) = world().await;
    let (reached, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (signal, wait) = (Arc::clone(&reached), Arc::clone(&go_on));
    let slow = worker(&hello).on("greet", move |_| {
        let (signal, wait) = (Arc::clone(&signal), Arc::clone(&wait));
        async move {
            signal.notify_one();
            wait.notified().await;
            Ok(())
        }
    });
    slow.start().unwrap();
    let id = add(&hello, "greet", Enqueue::default()).await;
    reached.notified().await;
    hello.boot.lifecycle.shutdown();
    let left = add(&hello, "greet", Enqueue::default()).await;
    go_on.notify_one();
    hello.stop().await;
    assert_eq!(state(&hello, id).await, "done");
    assert_eq!(state(&hello, left).await, "queued");
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_given_back() {
    let world = Setup::new().variable("DRAIN_SECONDS", "1.1").start().await;
    let hello = instance(&world, "hello").await;
    let reached = Arc::new(Notify::new());
    let signal = Arc::clone(&reached);
    let endless = worker(&hello).on("greet", move |_| {
        signal.notify_one();
        std::future::pending()
    });
    endless.start().unwrap();
    let id = add(&hello, "greet", Enqueue::default()).await;
    reached.notified().await;
    hello.stop().await;
    assert_eq!(state(&hello, id).await, "queued");
    assert_eq!(hello.count("SELECT attempts::bigint FROM jobs").await, 0);
}

#[tokio::test]
async fn progress_can_be_seen() {
    let (_world, hello) = world().await;
    let go_on = Arc::new(Notify::new());
    let wait = Arc::clone(&go_on);
    let worker = worker(&hello).on("greet", move |job: Job| {
        let wait = Arc::clone(&wait);
        async move {
            job.set_progress(0.5);
            wait.notified().await;
            Ok(())
        }
    });
    worker.start().unwrap();
    let id = add(&hello, "greet", Enqueue::default()).await;
    let halfway = "SELECT count(*) FROM jobs WHERE progress = 0.5";
    testkit::eventually("half way", async || hello.count(halfway).await == 1).await;
    go_on.notify_one();
    becomes(&hello, id, "done").await;
}

#[tokio::test]
async fn a_worker_survives_the_restart_of_the_database() {
    let server = testkit::postgres_server().await;
    let world = Setup::new()
        .variable("DATABASE_OWNER_URL", &server.owner_url)
        .start()
        .await;
    let hello = instance(&world, "hello").await;
    let (reached, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (signal, wait, database) = (
        Arc::clone(&reached),
        Arc::clone(&go_on),
        hello.database.clone(),
    );
    let worker = worker(&hello).on("greet", move |job: Job| {
        let (signal, wait, database) = (Arc::clone(&signal), Arc::clone(&wait), database.clone());
        async move {
            signal.notify_one();
            wait.notified().await;
            note(&database, &job).await
        }
    });
    worker.start().unwrap();
    let id = add(&hello, "greet", Enqueue::default()).await;
    reached.notified().await;
    server.kill().await;
    go_on.notify_one();
    go_on.notify_one();
    server.start().await;
    // Whichever way it went (the lease lasted, or was lost and taken anew), there is one effect.
    testkit::eventually("done", async || {
        go_on.notify_one();
        let Ok(client) = hello.database.client().await else {
            return false;
        };
        let sql = "SELECT count(*) FROM jobs WHERE job_id = $1 AND state = 'done'";
        client
            .query_one(sql, &[id.as_uuid()])
            .await
            .is_ok_and(|row| row.get::<_, i64>(0) == 1)
    })
    .await;
    assert_eq!(hello.count("SELECT count(*) FROM notes").await, 1);
}

#[tokio::test]
async fn each_of_two_workers_is_woken() {
    let (_world, hello) = world().await;
    for kind in ["fast", "slow"] {
        let timing = JobTiming {
            poll: NEVER,
            ..hasty()
        };
        worker(&hello)
            .timing(timing)
            .on(kind, |_job| async { Ok(()) })
            .start()
            .unwrap();
    }
    for _ in 0..3 {
        for kind in ["slow", "fast"] {
            let id = add(&hello, kind, Enqueue::default()).await;
            becomes(&hello, id, "done").await;
        }
    }
}
