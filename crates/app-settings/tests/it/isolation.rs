//! Each app sees its own settings and the organisation's, nobody else's.

use std::collections::HashMap;
use std::time::Duration;

use registry::SettingKind;
use rpc::Call;
use rpc::settings::v1::GetSettingsRequest;
use serde_json::{Value, json};

use crate::house::{House, add, declare};

async fn values_of(house: &House, app: &str) -> HashMap<String, String> {
    let client = rpc::settings::client(&house.world.boot(app));
    let call = Call::new(Duration::from_secs(5));
    let answer = client
        .get_settings(call, GetSettingsRequest {})
        .await
        .unwrap();
    answer.values.unwrap().json_values
}

#[tokio::test]
async fn an_app_cannot_read_anothers_settings() {
    let house = House::new().await;
    let secret = SettingKind::Secret { max_length: None };
    let theirs = vec![
        declare(
            "size",
            SettingKind::Integer {
                min: None,
                max: None,
            },
            json!(1),
        ),
        declare("token", secret, Value::Null),
    ];
    let (_other, followed) = add(&house.world, "other", theirs).await;
    house.known("/admin/settings/other").await;
    house.known("/admin/settings/settings").await;
    house.secret("set", "only for demo").await;
    house.sees("token", Some("only for demo".to_owned())).await;

    let mut other: Vec<_> = values_of(&house, "other").await.into_keys().collect();
    other.sort();
    assert_eq!(
        other,
        [
            "organisation.language",
            "organisation.name",
            "organisation.registration",
            "organisation.registration_domains",
            "size"
        ]
    );
    assert_eq!(followed.get::<Option<String>>("token"), None);

    let demo = values_of(&house, "demo").await;
    assert_eq!(
        demo.get("token").map(String::as_str),
        Some("\"only for demo\"")
    );
    assert!(!demo.contains_key("size"));

    let stranger = values_of(&house, "stranger").await;
    assert!(stranger.keys().all(|key| key.starts_with("organisation.")));
}
