//! Consumers: one effect per event, whatever is delivered twice, lost, killed or broken.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fred::interfaces::StreamsInterface;
use fred::types::Value;
use platform_pg::events::{ConsumerTiming, dead, retry_dead};
use platform_pg::outbox::STREAM;
use platform_pg::{Consumer, Delivery, Error, Failed, GenericClient, Tx};
use testkit::{Setup, World};

use crate::outbox::{greet, quick};
use crate::stage::{Instance, instance};

const EFFECTS: &str = "SELECT count(*) FROM notes";

fn hasty() -> ConsumerTiming {
    ConsumerTiming {
        max_attempts: 3,
        first_pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(50),
        stale_after: Duration::from_millis(300),
        retry_every: Duration::from_millis(20),
        block: Duration::from_millis(100),
    }
}

/// A consumer that is as patient with others as in production.
fn patient() -> ConsumerTiming {
    ConsumerTiming {
        stale_after: Duration::from_hours(1),
        ..hasty()
    }
}

/// Notes the subject. A second effect would violate the unique constraint, and a lost one be missing.
async fn note(tx: Tx, delivery: Delivery) -> Result<(), Failed> {
    let body: String = delivery.decode()?;
    tx.execute(
        "INSERT INTO notes SELECT coalesce(max(note_id), 0) + 1, $1 FROM notes",
        &[&body],
    )
    .await?;
    Ok(())
}

/// The publisher `hello`, which relays, and an instance of `reader`.
async fn pair(world: &World) -> (Instance, Instance) {
    let hello = instance(world, "hello").await;
    hello
        .database
        .start_outbox_with(&hello.boot, &hello.redis, quick());
    (hello, instance(world, "reader").await)
}

fn consumer(reader: &Instance) -> Consumer {
    Consumer::new(&reader.boot, &reader.database, &reader.redis).timing(hasty())
}

async fn entries(world: &World) -> Vec<(String, HashMap<String, Value>)> {
    world
        .redis
        .client()
        .await
        .xrange_values(STREAM, "-", "+", None)
        .await
        .unwrap_or_default()
}

async fn pending(world: &World) -> u64 {
    let summary: Value = world
        .redis
        .client()
        .await
        .xpending(STREAM, "reader", ())
        .await
        .unwrap();
    summary.into_array()[0].as_u64().unwrap()
}

/// What was published is in the stream, and the readers are through with it.
async fn all_handled(world: &World, publisher: &Instance) {
    testkit::eventually("everything is sent", async || {
        publisher.database.outbox_backlog().await.unwrap().0 == 0
    })
    .await;
    testkit::eventually("everything is handled", async || {
        let groups: Vec<HashMap<String, Value>> = world
            .redis
            .client()
            .await
            .xinfo_groups(STREAM)
            .await
            .unwrap_or_default();
        groups
            .iter()
            .any(|group| group["lag"].as_u64() == Some(0) && group["pending"].as_u64() == Some(0))
    })
    .await;
}

#[tokio::test]
async fn events_from_before_the_first_start_are_handled() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    greet(&hello.database, "early").await;
    testkit::eventually("the event is sent", async || {
        entries(&world).await.len() == 1
    })
    .await;
    consumer(&reader).on("hello.greeted", note).start();
    greet(&hello.database, "late").await;
    testkit::eventually("both took effect", async || {
        reader.count(EFFECTS).await == 2
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_has_no_effect() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    greet(&hello.database, "once").await;
    testkit::eventually("the event is sent", async || {
        entries(&world).await.len() == 1
    })
    .await;
    let (_, fields) = entries(&world).await.remove(0);
    let client = world.redis.client().await;
    for _ in 0..5 {
        let fields: Vec<(String, Value)> = fields.clone().into_iter().collect();
        let _id: String = client.xadd(STREAM, false, None, "*", fields).await.unwrap();
    }
    consumer(&reader).on("hello.greeted", note).start();
    let other = instance(&world, "reader").await;
    consumer(&other).on("hello.greeted", note).start();
    greet(&hello.database, "end").await;
    all_handled(&world, &hello).await;
    assert_eq!(reader.count(EFFECTS).await, 2);
    assert!(
        dead(&reader.database.client().await.unwrap(), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_flushed_redis_loses_and_doubles_nothing() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    consumer(&reader).on("hello.greeted", note).start();
    for number in 0..10 {
        greet(&hello.database, &format!("{number}")).await;
        if number % 4 == 3 {
            world.redis.flush().await;
        }
    }
    testkit::eventually("all took effect", async || {
        reader.count(EFFECTS).await == 10
    })
    .await;
    world.redis.flush().await;
    testkit::eventually("all are sent again", async || {
        entries(&world).await.len() == 10
    })
    .await;
    greet(&hello.database, "end").await;
    testkit::eventually("the new one took effect", async || {
        reader.count(EFFECTS).await == 11
    })
    .await;
    all_handled(&world, &hello).await;
    assert!(
        dead(&reader.database.client().await.unwrap(), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_redis_that_is_killed_delays_and_loses_nothing() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    consumer(&reader).on("hello.greeted", note).start();
    greet(&hello.database, "before").await;
    testkit::eventually("the first took effect", async || {
        reader.count(EFFECTS).await == 1
    })
    .await;
    world.redis.kill().await;
    greet(&hello.database, "meanwhile").await;
    world.redis.start().await;
    testkit::eventually("the second took effect", async || {
        reader.count(EFFECTS).await == 2
    })
    .await;
}

#[tokio::test]
async fn an_event_of_a_killed_consumer_is_taken_over() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    let reached = Arc::new(tokio::sync::Notify::new());
    let signal = Arc::clone(&reached);
    let stuck = consumer(&reader).on("hello.greeted", move |tx: Tx, delivery| {
        let signal = Arc::clone(&signal);
        async move {
            note(tx, delivery).await?;
            signal.notify_one();
            std::future::pending().await
        }
    });
    stuck.start();
    greet(&hello.database, "orphan").await;
    reached.notified().await;
    reader.kill().await;
    let heir = instance(&world, "reader").await;
    consumer(&heir).on("hello.greeted", note).start();
    testkit::eventually("the heir took over", async || {
        heir.count(EFFECTS).await == 1
    })
    .await;
    all_handled(&world, &hello).await;
    assert_eq!(heir.count("SELECT count(*) FROM consumed_events").await, 1);
}

#[tokio::test]
async fn what_another_instance_holds_is_left_to_it() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    let (reached, go_on) = (
        Arc::new(tokio::sync::Notify::new()),
        Arc::new(tokio::sync::Notify::new()),
    );
    let (signal, wait) = (Arc::clone(&reached), Arc::clone(&go_on));
    let slow = consumer(&reader)
        .timing(patient())
        .on("hello.greeted", move |tx: Tx, delivery| {
            let (signal, wait) = (Arc::clone(&signal), Arc::clone(&wait));
            async move {
                signal.notify_one();
                wait.notified().await;
                note(tx, delivery).await
            }
        });
    slow.start();
    greet(&hello.database, "slow").await;
    reached.notified().await;
    let other = instance(&world, "reader").await;
    let stolen = |_: Tx, delivery: Delivery| async move {
        if delivery.subject == "slow" {
            Err(Failed::permanent("stolen"))
        } else {
            Ok(())
        }
    };
    consumer(&other)
        .timing(patient())
        .on("hello.greeted", stolen)
        .start();
    greet(&hello.database, "quick").await;
    testkit::eventually("the other instance works", async || {
        other.count("SELECT count(*) FROM consumed_events").await == 1
    })
    .await;
    assert_eq!(pending(&world).await, 1);
    go_on.notify_one();
    all_handled(&world, &hello).await;
    assert_eq!(other.count("SELECT count(*) FROM dead_events").await, 0);
}

#[tokio::test]
async fn what_keeps_failing_is_dead_and_the_rest_goes_on() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    let attempts = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&attempts);
    let failing = consumer(&reader).on("hello.greeted", move |tx: Tx, delivery: Delivery| {
        let attempts = Arc::clone(&counted);
        async move {
            match delivery.subject.as_str() {
                "poison" => {
                    attempts.fetch_add(1, Ordering::Relaxed);
                    note(tx, delivery).await?;
                    Err(Failed::transient("still wrong"))
                }
                "panic" => panic!("deliberate"),
                "hopeless" => Err(Failed::permanent("never right")),
                _ => note(tx, delivery).await,
            }
        }
    });
    failing.start();
    for subject in ["poison", "panic", "hopeless", "fine"] {
        greet(&hello.database, subject).await;
    }
    all_handled(&world, &hello).await;
    let client = reader.database.client().await.unwrap();
    let mut buried = dead(&client, 10).await.unwrap();
    buried.sort_by(|a, b| a.reason.cmp(&b.reason));
    let found: Vec<_> = buried
        .iter()
        .map(|event| (event.reason.as_str(), event.attempts))
        .collect();
    assert_eq!(
        found,
        [
            ("never right", 1),
            ("still wrong", 3),
            ("the handler panicked", 3)
        ]
    );
    assert_eq!(buried[0].kind.as_deref(), Some("hello.greeted"));
    assert_eq!(buried[0].source.as_deref(), Some("hello"));
    assert_eq!(attempts.load(Ordering::Relaxed), 3);
    drop(client);
    assert_eq!(reader.count(EFFECTS).await, 1);
}

#[tokio::test]
async fn a_dead_event_stays_dead_until_it_is_revived_and_then_counts_once() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    let mended = Arc::new(AtomicU32::new(0));
    let is_mended = Arc::clone(&mended);
    let consumer = consumer(&reader).on("hello.greeted", move |tx, delivery| {
        let mended = is_mended.load(Ordering::Relaxed) == 1;
        async move {
            if mended {
                note(tx, delivery).await
            } else {
                Err(Failed::permanent("broken"))
            }
        }
    });
    consumer.start();
    greet(&hello.database, "unlucky").await;
    testkit::eventually("it is dead", async || {
        reader.count("SELECT count(*) FROM dead_events").await == 1
    })
    .await;
    mended.store(1, Ordering::Relaxed);
    world.redis.flush().await;
    testkit::eventually("it is sent again", async || {
        entries(&world).await.len() == 1
    })
    .await;
    all_handled(&world, &hello).await;
    assert_eq!(reader.count(EFFECTS).await, 0);

    let client = reader.database.client().await.unwrap();
    let buried = dead(&client, 10).await.unwrap();
    assert!(retry_dead(&client, buried[0].id).await.unwrap());
    assert!(!retry_dead(&client, buried[0].id + 1).await.unwrap());
    drop(client);
    testkit::eventually("it took effect", async || reader.count(EFFECTS).await == 1).await;
    assert_eq!(reader.count("SELECT count(*) FROM dead_events").await, 0);
}

#[tokio::test]
async fn garbage_is_buried_and_does_not_go_round() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    let client = world.redis.client().await;
    let garbage: Vec<Vec<(Value, Value)>> = vec![
        vec![(Value::from("x"), Value::from("y"))],
        vec![(
            Value::Bytes(b"\xff\xfe"[..].into()),
            Value::Bytes(b"\x00\x9f"[..].into()),
        )],
        vec![
            (Value::from("id"), Value::from("no uuid")),
            (Value::from("kind"), Value::from("hello.greeted")),
        ],
    ];
    for fields in garbage {
        let fields: Vec<(fred::types::Key, Value)> = fields
            .into_iter()
            .map(|(name, value)| (name.try_into().unwrap(), value))
            .collect();
        let _id: String = client.xadd(STREAM, false, None, "*", fields).await.unwrap();
    }
    consumer(&reader).on("hello.greeted", note).start();
    greet(&hello.database, "after").await;
    all_handled(&world, &hello).await;
    assert_eq!(reader.count(EFFECTS).await, 1);
    assert_eq!(
        reader
            .count("SELECT count(*) FROM dead_events WHERE event_id IS NULL")
            .await,
        3
    );
    let client = reader.database.client().await.unwrap();
    let id = dead(&client, 1).await.unwrap()[0].id;
    assert!(
        !retry_dead(&client, id).await.unwrap(),
        "what cannot be read cannot be tried again"
    );
}

#[tokio::test]
async fn a_message_of_another_form_is_dead_at_once_and_a_kind_nobody_wants_is_not() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    consumer(&reader).on("hello.greeted", note).start();
    let mut client = hello.database.client().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    // A field of the right number and the wrong type.
    let wrong = platform_pg::Event::new("hello.greeted", "wrong", &7_i64);
    platform_pg::outbox::publish(&transaction, wrong)
        .await
        .unwrap();
    let unknown = platform_pg::Event::new("hello.unknown", "unknown", &());
    platform_pg::outbox::publish(&transaction, unknown)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    drop(client);
    all_handled(&world, &hello).await;
    let buried = dead(&reader.database.client().await.unwrap(), 10)
        .await
        .unwrap();
    assert_eq!(buried.len(), 1);
    assert_eq!(buried[0].attempts, 1);
    assert!(
        buried[0].reason.contains("cannot be read"),
        "{}",
        buried[0].reason
    );
}

#[tokio::test]
async fn a_handler_that_hides_a_failed_statement_is_not_believed() {
    let world = Setup::new().start().await;
    let (hello, reader) = pair(&world).await;
    let careless = |tx: Tx, _| async move {
        let hidden = tx.execute("INSERT INTO notes VALUES (1, NULL)", &[]).await;
        assert!(matches!(hidden, Err(Error::Violation { .. })));
        Ok(())
    };
    consumer(&reader).on("hello.greeted", careless).start();
    greet(&hello.database, "hidden").await;
    all_handled(&world, &hello).await;
    let buried = dead(&reader.database.client().await.unwrap(), 10)
        .await
        .unwrap();
    assert!(
        buried[0].reason.contains("rolled back"),
        "{}",
        buried[0].reason
    );
}

#[tokio::test]
async fn a_database_that_is_killed_delays_events_and_kills_none() {
    let server = testkit::postgres_server().await;
    let hello_world = Setup::new().start().await;
    let hello = instance(&hello_world, "hello").await;
    hello
        .database
        .start_outbox_with(&hello.boot, &hello.redis, quick());
    let mut boot = hello_world.boot("reader");
    boot.environment = hello_world
        .environment()
        .clone()
        .with("DATABASE_OWNER_URL", &server.owner_url)
        .into();
    let database = crate::stage::connect(&boot).await;
    let reader = Instance {
        redis: platform_redis::connect(&boot),
        boot,
        database,
    };
    consumer(&reader).on("hello.greeted", note).start();
    greet(&hello.database, "before").await;
    testkit::eventually("the first took effect", async || {
        reader.count(EFFECTS).await == 1
    })
    .await;
    server.kill().await;
    for number in 0..5 {
        greet(&hello.database, &format!("meanwhile {number}")).await;
    }
    testkit::eventually("the consumer holds one", async || {
        pending(&hello_world).await > 0
    })
    .await;
    server.start().await;
    all_handled(&hello_world, &hello).await;
    assert_eq!(reader.count(EFFECTS).await, 6);
    assert_eq!(reader.count("SELECT count(*) FROM dead_events").await, 0);
}
