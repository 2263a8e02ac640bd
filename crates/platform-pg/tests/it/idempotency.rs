//! Creating once: under one key there is one thing, whoever dies and however many ask at once.

use platform_pg::idempotency::{Answer, Attempt, Begun, Refusal, begin, keep};
use platform_pg::{Database, Error, GenericClient};
use serde_json::json;
use testkit::Setup;
use uuid::Uuid;

use crate::stage::instance;

const ADA: Uuid = Uuid::from_u128(1);
const OPERATION: &str = "POST /notes";

fn attempt(caller: Uuid, body: &serde_json::Value) -> Option<Attempt> {
    Attempt::new(caller, Some("key".to_owned()), OPERATION, body).unwrap()
}

/// Makes a note the way a use case does. The number of the note is what a repetition must not change. On a busy machine some wait too long for a connection; they come again, as clients do.
async fn create(db: &Database, attempt: Option<&Attempt>, note: i32) -> Result<Begun, Error> {
    loop {
        match create_at_once(db, attempt, note).await {
            Err(Error::Unavailable(_) | Error::Timeout) => {}
            outcome => break outcome,
        }
    }
}

async fn create_at_once(
    db: &Database,
    attempt: Option<&Attempt>,
    note: i32,
) -> Result<Begun, Error> {
    let mut client = db.client().await?;
    let tx = client.transaction().await?;
    let begun = begin(&tx, attempt).await?;
    if begun != Begun::First {
        return Ok(begun);
    }
    let sql = "INSERT INTO notes (note_id, body) VALUES ($1, $2)";
    tx.execute(sql, &[&note, &note.to_string()]).await?;
    let answer = Answer {
        status: 201,
        location: format!("/notes/{note}"),
        body: json!({ "note": note }).to_string(),
    };
    keep(&tx, attempt, &answer).await?;
    tx.commit().await?;
    Ok(Begun::First)
}

#[tokio::test]
async fn the_second_gets_the_answer_of_the_first() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let db = &alpha.database;
    let asked = attempt(ADA, &json!({ "text": "x" }));
    let made = |note: i32| {
        Begun::Repeated(Answer {
            status: 201,
            location: format!("/notes/{note}"),
            body: format!("{{\"note\":{note}}}"),
        })
    };
    assert_eq!(create(db, asked.as_ref(), 1).await.unwrap(), Begun::First);
    assert_eq!(create(db, asked.as_ref(), 2).await.unwrap(), made(1));
    let other = attempt(ADA, &json!({ "text": "y" }));
    assert_eq!(
        create(db, other.as_ref(), 3).await.unwrap(),
        Begun::Refused(Refusal::OtherRequest)
    );
    // Another caller's keys are their own, and without a key nothing is remembered.
    let grace = attempt(Uuid::from_u128(2), &json!({ "text": "x" }));
    assert_eq!(create(db, grace.as_ref(), 4).await.unwrap(), Begun::First);
    assert_eq!(create(db, None, 5).await.unwrap(), Begun::First);
    assert_eq!(create(db, None, 6).await.unwrap(), Begun::First);
    assert_eq!(alpha.count("SELECT count(*) FROM notes").await, 4);
}

#[tokio::test]
async fn what_failed_leaves_the_key_free() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let db = &alpha.database;
    let asked = attempt(ADA, &json!({}));
    create(db, None, 1).await.unwrap();
    assert!(
        create(db, asked.as_ref(), 1).await.is_err(),
        "the note is taken"
    );
    assert_eq!(create(db, asked.as_ref(), 2).await.unwrap(), Begun::First);
}

#[tokio::test]
async fn while_the_first_is_at_it_the_second_is_told_to_wait() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let asked = attempt(ADA, &json!({}));
    let mut client = alpha.database.client().await.unwrap();
    let first = client.transaction().await.unwrap();
    assert_eq!(begin(&first, asked.as_ref()).await.unwrap(), Begun::First);
    assert_eq!(
        create(&alpha.database, asked.as_ref(), 1).await.unwrap(),
        Begun::Refused(Refusal::InFlight)
    );
    first.rollback().await.unwrap();
    assert_eq!(
        create(&alpha.database, asked.as_ref(), 1).await.unwrap(),
        Begun::First
    );
}

#[tokio::test]
async fn who_asks_again_holds_off_nobody_who_asks_again() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let db = &alpha.database;
    let asked = attempt(ADA, &json!({}));
    assert_eq!(create(db, asked.as_ref(), 1).await.unwrap(), Begun::First);
    let mut client = db.client().await.unwrap();
    let second = client.transaction().await.unwrap();
    let begun = begin(&second, asked.as_ref()).await.unwrap();
    assert!(matches!(begun, Begun::Repeated(_)));
    // The transaction of the second is not over yet.
    assert_eq!(create(db, asked.as_ref(), 2).await.unwrap(), begun);
    second.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_make_one_thing() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let asked = attempt(ADA, &json!({}));
    let attempts = (0..50).map(|note| {
        let (db, asked) = (alpha.database.clone(), asked.clone());
        async move { create(&db, asked.as_ref(), note).await.unwrap() }
    });
    let outcomes = futures_util::future::join_all(attempts).await;
    let first = outcomes.iter().filter(|begun| **begun == Begun::First);
    assert_eq!(first.count(), 1, "{outcomes:?}");
    assert_eq!(alpha.count("SELECT count(*) FROM notes").await, 1);
    assert!(
        outcomes
            .iter()
            .all(|begun| *begun != Begun::Refused(Refusal::OtherRequest))
    );
}

#[tokio::test]
async fn after_a_day_a_key_is_free_again_and_its_row_goes() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let db = &alpha.database;
    let asked = attempt(ADA, &json!({}));
    create(db, asked.as_ref(), 1).await.unwrap();
    let age = "UPDATE idempotency_keys SET created_at = created_at - interval '24 hours'";
    let client = db.client().await.unwrap();
    client.execute(age, &[]).await.unwrap();
    drop(client);
    assert_eq!(create(db, asked.as_ref(), 2).await.unwrap(), Begun::First);
    assert!(matches!(
        create(db, asked.as_ref(), 3).await.unwrap(),
        Begun::Repeated(_)
    ));
    let client = db.client().await.unwrap();
    client.execute(age, &[]).await.unwrap();
    drop(client);
    db.prune().await.unwrap();
    assert_eq!(
        alpha.count("SELECT count(*) FROM idempotency_keys").await,
        0
    );
}
