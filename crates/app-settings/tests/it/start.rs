//! A start under the wrong secret.

use crate::house::House;

const OTHER_SECRET: &str = "0d41c7b8e2f95a6630b1d48c9e7f2a5546b83c1097de4fa2";

#[tokio::test]
async fn a_wrong_app_secret_ends_the_start_and_names_the_keys() {
    let house = House::new().await;
    house.secret("set", "canary").await;
    house.sees("token", Some("canary".to_owned())).await;
    house.settings.stop();
    house.settings.stopped().await;

    let world = testkit::Setup::new()
        .variable("APP_SECRET", OTHER_SECRET)
        .variable("DATABASE_OWNER_URL", &house.world.database.owner_url)
        .start()
        .await;
    let environment = world.environment().clone();
    let error = Box::pin(world.host.run(app_settings::app(), environment))
        .await
        .expect_err("the secrets do not open");
    let text = error.chain();
    assert!(
        text.contains("1 stored secrets are sealed under key"),
        "{text}"
    );
    assert!(
        text.contains("start with the APP_SECRET they were stored under"),
        "{text}"
    );
    assert!(!text.contains("canary"), "{text}");

    // Under the right secret nothing was lost.
    let settings = house.world.add(app_settings::app()).await;
    let house = House { settings, ..house };
    house.sees("token", Some("canary".to_owned())).await;
}

#[tokio::test]
async fn a_damaged_secret_ends_the_start_and_is_named() {
    let house = House::new().await;
    house.secret("set", "canary").await;
    house.settings.stop();
    house.settings.stopped().await;
    let owner = house.world.database.client().await;
    owner
        .execute(
            "UPDATE settings.stored_values SET envelope = set_byte(envelope, 30, get_byte(envelope, 30) # 1)",
            &[],
        )
        .await
        .unwrap();
    let environment = house.world.environment().clone();
    let error = Box::pin(house.world.host.run(app_settings::app(), environment))
        .await
        .expect_err("the secret does not open");
    assert!(
        error
            .chain()
            .contains("the stored secret demo/token is damaged"),
        "{}",
        error.chain()
    );
}
