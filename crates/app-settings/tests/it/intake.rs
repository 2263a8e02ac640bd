//! What apps declare, and how it changes.

use registry::{SettingDeclaration, SettingKind};
use serde_json::{Value, json};

use crate::house::{FORM, House, add, declare};

fn count(max: i64, default: i64) -> Vec<SettingDeclaration> {
    let kind = SettingKind::Integer {
        min: Some(1),
        max: Some(max),
    };
    vec![declare("count", kind, json!(default))]
}

#[tokio::test]
async fn a_stored_value_that_no_longer_fits_gives_way_and_is_shown() {
    let world = testkit::Setup::new().start().await;
    let house = House::with(world, count(100, 3)).await;
    house.save(&[("count", "50")]).await;
    house.sees("count", 50_u32).await;
    house.demo.stop();
    house.demo.stopped().await;
    assert_eq!(
        house.form().await.value("value.count"),
        Some("50"),
        "kept while the app is away"
    );

    let (demo, followed) = add(&house.world, "demo", count(10, 4)).await;
    testkit::eventually("the new default is in force", async || {
        followed.get::<u32>("count") == 4
    })
    .await;
    let page = testkit::until("the page tells", async || {
        let page = house.browser().get(FORM).await;
        page.body
            .contains("The stored value is not in force")
            .then_some(page)
    })
    .await;
    page.assert_sound();
    assert_eq!(
        page.form("form[action='/admin/settings/demo']")
            .value("value.count"),
        Some("4")
    );
    let overview = house.browser().get("/admin/settings").await;
    assert!(
        overview.body.contains("1 value not in force"),
        "{}",
        overview.body
    );

    // The old declaration brings the old value back: nothing was thrown away.
    demo.stop();
    demo.stopped().await;
    let (_demo, followed) = add(&house.world, "demo", count(100, 3)).await;
    testkit::eventually("the stored value holds again", async || {
        followed.get::<u32>("count") == 50
    })
    .await;
}

#[tokio::test]
async fn the_environment_seeds_and_a_stored_value_wins() {
    let world = testkit::Setup::new()
        .variable("DEMO_GREETING", "Moin")
        .variable("DEMO_TOKEN", "canary-seed")
        .start()
        .await;
    let text = SettingKind::Text {
        max_length: None,
        multiline: false,
    };
    let secret = SettingKind::Secret { max_length: None };
    let declarations = vec![
        declare("greeting", text, json!("Hello")).env("DEMO_GREETING"),
        declare("token", secret, Value::Null).env("DEMO_TOKEN"),
    ];
    let house = House::with(world, declarations).await;
    assert_eq!(house.followed.get::<String>("greeting"), "Moin");
    assert_eq!(house.followed.get::<String>("token"), "canary-seed");
    let page = house.browser().get(FORM).await;
    assert!(
        page.body
            .contains("From the environment variable DEMO_GREETING"),
        "{}",
        page.body
    );

    // The seed of a secret stays with its app: neither its registration nor the database has it.
    let snapshot = house.world.host.registry().snapshot();
    let entry = snapshot
        .entries
        .iter()
        .find(|entry| entry.id.as_str() == "demo")
        .unwrap();
    assert!(
        !serde_json::to_string(&**entry)
            .unwrap()
            .contains("canary-seed")
    );
    let owner = house.world.database.client().await;
    let rows = owner
        .query("SELECT declaration::text FROM settings.declarations", &[])
        .await
        .unwrap();
    assert!(
        rows.iter()
            .all(|row| !row.get::<_, String>(0).contains("canary-seed"))
    );

    house.save(&[("greeting", "Servus")]).await;
    house.sees("greeting", "Servus".to_owned()).await;
    house.secret("set", "stored").await;
    house.sees("token", "stored".to_owned()).await;
    house.secret("clear", "").await;
    house.sees("token", "canary-seed".to_owned()).await;
}

#[tokio::test]
async fn what_an_app_may_not_declare_is_left_out() {
    let world = testkit::Setup::new().start().await;
    let house = House::with(
        world,
        vec![
            declare("open", SettingKind::Boolean, json!(true)),
            declare("organisation.name", SettingKind::Boolean, json!(true)),
            declare("Bad Key", SettingKind::Boolean, json!(true)),
        ],
    )
    .await;
    let names: Vec<_> = house.form().await.fields;
    let shown: Vec<_> = names
        .iter()
        .filter(|(name, _)| name == "shown")
        .map(|(_, key)| key.as_str())
        .collect();
    assert_eq!(shown, ["open"]);
}
