//! The relay: everything that was committed reaches the stream, in order, and again when the stream was lost.

use std::time::Duration;

use fred::interfaces::StreamsInterface;
use fred::types::Value;
use platform_pg::outbox::{OutboxTiming, STREAM, publish};
use platform_pg::{Database, Event, GenericClient};
use testkit::{Setup, TestRedis, World};

use crate::stage::{Instance, instance};

/// No look but the one that a commit rings for.
const NEVER: Duration = Duration::from_hours(1);

fn ringing() -> OutboxTiming {
    OutboxTiming {
        poll: NEVER,
        ..OutboxTiming::default()
    }
}

pub(crate) fn quick() -> OutboxTiming {
    OutboxTiming {
        poll: Duration::from_millis(20),
        longest_pause: Duration::from_millis(100),
        ..OutboxTiming::default()
    }
}

/// Publishes `hello.greeted` with the subject as its message.
pub(crate) async fn greet(database: &Database, subject: &str) {
    let mut client = database.client().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    publish(
        &transaction,
        Event::new("hello.greeted", subject, &subject.to_owned()),
    )
    .await
    .unwrap();
    transaction.commit().await.unwrap();
}

async fn subjects(redis: &TestRedis) -> Vec<String> {
    let client = redis.client().await;
    let entries: Vec<(String, std::collections::HashMap<String, Value>)> = client
        .xrange_values(STREAM, "-", "+", None)
        .await
        .unwrap_or_default();
    entries
        .into_iter()
        .map(|(_, fields)| fields["subject"].as_string().unwrap())
        .collect()
}

async fn relay(world: &World, timing: OutboxTiming) -> Instance {
    let hello = instance(world, "hello").await;
    hello
        .database
        .start_outbox_with(&hello.boot, &hello.redis, timing);
    hello
}

#[tokio::test]
async fn committed_events_are_sent_at_once_and_in_order() {
    let world = Setup::new().start().await;
    let hello = relay(&world, ringing()).await;
    let mut client = hello.database.client().await.unwrap();
    let lost = client.transaction().await.unwrap();
    publish(&lost, Event::new("hello.greeted", "nobody", &()))
        .await
        .unwrap();
    lost.rollback().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    for subject in ["one", "two", "three"] {
        publish(&transaction, Event::new("hello.greeted", subject, &()))
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    testkit::eventually("the events are sent", async || {
        subjects(&world.redis).await == ["one", "two", "three"]
    })
    .await;
    testkit::eventually("and noted as sent", async || {
        hello.database.outbox_backlog().await.unwrap().0 == 0
    })
    .await;
}

#[tokio::test]
async fn relays_of_two_instances_send_each_event_once() {
    let world = Setup::new().start().await;
    let one = relay(&world, quick()).await;
    let two = relay(&world, quick()).await;
    for number in 0..40 {
        greet(&one.database, &format!("one {number}")).await;
        greet(&two.database, &format!("two {number}")).await;
    }
    testkit::eventually("all are sent", async || {
        one.database.outbox_backlog().await.unwrap().0 == 0
    })
    .await;
    let sent = subjects(&world.redis).await;
    assert_eq!(sent.len(), 80);
    for name in ["one", "two"] {
        let own: Vec<_> = sent
            .iter()
            .filter(|subject| subject.starts_with(name))
            .collect();
        let expected: Vec<_> = (0..40).map(|number| format!("{name} {number}")).collect();
        assert_eq!(own, expected.iter().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_stream_that_was_lost_gets_the_last_day_again() {
    let world = Setup::new().start().await;
    let hello = relay(&world, quick()).await;
    for subject in ["last week", "today"] {
        greet(&hello.database, subject).await;
    }
    testkit::eventually("the events are sent", async || {
        subjects(&world.redis).await.len() == 2
    })
    .await;
    testkit::eventually("and noted as sent", async || {
        hello.database.outbox_backlog().await.unwrap().0 == 0
    })
    .await;
    let client = hello.database.client().await.unwrap();
    client
        .execute(
            "UPDATE outbox SET sent_at = now() - interval '25 hours' WHERE subject = 'last week'",
            &[],
        )
        .await
        .unwrap();
    drop(client);
    world.redis.flush().await;
    testkit::eventually("the recent one is sent again", async || {
        subjects(&world.redis).await == ["today"]
    })
    .await;
    greet(&hello.database, "later").await;
    testkit::eventually("and new ones follow", async || {
        subjects(&world.redis).await == ["today", "later"]
    })
    .await;
}

#[tokio::test]
async fn events_wait_for_redis() {
    let world = Setup::new().start().await;
    let hello = relay(&world, quick()).await;
    world.redis.kill().await;
    greet(&hello.database, "patient").await;
    assert_eq!(hello.database.outbox_backlog().await.unwrap().0, 1);
    world.redis.start().await;
    testkit::eventually("the event is sent", async || {
        subjects(&world.redis).await == ["patient"]
    })
    .await;
}

#[tokio::test]
async fn what_was_committed_before_the_relay_stopped_is_sent_before_it_ends() {
    let world = Setup::new().start().await;
    let hello = relay(&world, ringing()).await;
    testkit::eventually("the relay looked once", async || {
        hello.count("SELECT count(*) FROM outbox_stream").await == 1
    })
    .await;
    let client = hello.database.client().await.unwrap();
    // Written behind the relay's back: nothing rings.
    client
        .execute(
            "INSERT INTO outbox (event_id, kind, subject, payload, occurred_at) \
             VALUES (gen_random_uuid(), 'hello.greeted', 'late', '', now())",
            &[],
        )
        .await
        .unwrap();
    drop(client);
    hello.stop().await;
    assert_eq!(subjects(&world.redis).await, ["late"]);
}

#[tokio::test]
async fn sent_events_are_forgotten_after_two_days() {
    let world = Setup::new().start().await;
    let hello = instance(&world, "hello").await;
    for subject in ["old", "new", "unsent"] {
        greet(&hello.database, subject).await;
    }
    let client = hello.database.client().await.unwrap();
    client
        .batch_execute(
            "UPDATE outbox SET sent_at = now() - interval '49 hours' WHERE subject = 'old';
             UPDATE outbox SET sent_at = now() WHERE subject = 'new'",
        )
        .await
        .unwrap();
    drop(client);
    assert_eq!(hello.database.prune().await.unwrap(), 1);
    assert_eq!(hello.count("SELECT count(*) FROM outbox").await, 2);
}
