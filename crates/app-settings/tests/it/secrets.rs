//! Secrets reach their app and nothing else.

use fred::interfaces::{ClientLike as _, KeysInterface as _};
use fred::types::CustomCommand;

use crate::house::{FORM, House};

const CANARY: &str = "canary-0f9c1d7e";

fn holds_canary(bytes: &[u8]) -> bool {
    bytes
        .windows(CANARY.len())
        .any(|window| window == CANARY.as_bytes())
}

#[tokio::test]
async fn a_secret_is_set_replaced_and_cleared_without_being_shown() {
    let house = House::new().await;
    assert_eq!(house.followed.get::<Option<String>>("token"), None);
    let page = house.secret("set", CANARY).await;
    assert_eq!(page.status, 200);
    page.assert_sound();
    assert!(!page.body.contains(CANARY));
    house.sees("token", Some(CANARY.to_owned())).await;

    assert!(
        !house
            .secret("set", "second-canary")
            .await
            .body
            .contains("second-canary")
    );
    house.sees("token", Some("second-canary".to_owned())).await;

    let page = house.secret("clear", "").await;
    assert_eq!(page.status, 200);
    house.sees::<Option<String>>("token", None).await;
}

#[tokio::test]
async fn an_empty_secret_is_refused_at_its_field() {
    let house = House::new().await;
    let page = house.secret("set", "").await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.text("[id='secret.token-error'] span"),
        "Enter a value."
    );
}

#[tokio::test]
async fn the_form_of_plain_values_cannot_set_a_secret() {
    let house = House::new().await;
    let mut form = house.form().await.with("value.token", CANARY);
    form.fields.push(("shown".to_owned(), "token".to_owned()));
    house.browser().submit(form).await;
    assert_eq!(house.followed.get::<Option<String>>("token"), None);
    let form = house.browser().get(FORM).await;
    assert!(!form.body.contains(CANARY));
}

#[tokio::test]
async fn no_store_holds_the_plaintext() {
    let house = House::new().await;
    house.secret("set", CANARY).await;
    house.sees("token", Some(CANARY.to_owned())).await;

    // The heap files of every table of the schema, as PostgreSQL wrote them, and its log of writes.
    let owner = house.world.database.client().await;
    owner.batch_execute("CHECKPOINT").await.unwrap();
    let rows = owner
        .query(
            "SELECT c.relname::text, pg_read_binary_file(pg_relation_filepath(c.oid)) \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = 'settings' AND c.relkind IN ('r', 't', 'i') AND pg_relation_size(c.oid) > 0",
            &[],
        )
        .await
        .unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(
        names.iter().any(|name| name == "stored_values"),
        "{names:?}"
    );
    assert!(names.iter().any(|name| name == "history"), "{names:?}");
    for row in &rows {
        let (name, bytes): (String, Vec<u8>) = (row.get(0), row.get(1));
        assert!(!holds_canary(&bytes), "{name} holds the secret");
    }
    let stored: Vec<u8> = owner
        .query_one(
            "SELECT envelope FROM settings.stored_values WHERE key = 'token'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert!(stored.len() > CANARY.len() && !holds_canary(&stored));

    // Everything in Redis, in its serialised form.
    let redis = house.world.redis.client().await;
    let all: Vec<String> = redis
        .custom(CustomCommand::new_static("KEYS", None, false), vec!["*"])
        .await
        .unwrap();
    assert!(!all.is_empty());
    for key in all {
        let dump: Option<bytes::Bytes> = redis.dump(&key).await.unwrap();
        assert!(
            !holds_canary(&dump.unwrap_or_default()),
            "{key} holds the secret"
        );
    }
}

#[tokio::test]
async fn a_setting_that_becomes_a_secret_is_sealed_and_its_history_forgotten() {
    let house = House::new().await;
    house.save(&[("greeting", "canary")]).await;
    house.sees("greeting", "canary".to_owned()).await;
    house.demo.stop();
    house.demo.stopped().await;

    let mut declarations = crate::house::declarations();
    for declaration in &mut declarations {
        if declaration.key == "greeting" {
            declaration.secret = true;
            declaration.default = serde_json::Value::Null;
        }
    }
    let (_demo, followed) = crate::house::add(&house.world, "demo", declarations).await;
    testkit::eventually("the value is still there, now as a secret", async || {
        followed.get::<String>("greeting") == "canary"
            && house
                .browser()
                .get(FORM)
                .await
                .has("form[action$='/secrets/greeting']")
    })
    .await;
    let owner = house.world.database.client().await;
    let traces: i64 = owner
        .query_one(
            "SELECT (SELECT count(*) FROM settings.stored_values WHERE value::text LIKE '%canary%') \
             + (SELECT count(*) FROM settings.history WHERE old_value::text LIKE '%canary%' OR new_value::text LIKE '%canary%')",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(traces, 0);
}
