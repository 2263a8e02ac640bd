//! What is told of one person for the archive of their data.

use std::time::Duration;

use platform::personal::Record;
use rpc::Call;
use rpc::personal::v1::CollectPersonalDataRequest;

use crate::house::House;

#[tokio::test]
async fn what_somebody_changed_is_theirs_to_have_but_no_secret_nor_what_others_changed() {
    let mut house = House::new().await;
    house.save(&[("greeting", "Moin")]).await;
    house.secret("set", "canary").await;
    let grace = house.admin.clone();
    house.admin = testkit::person("edsger", platform::Role::Admin);
    house.save(&[("greeting", "Of Edsger")]).await;

    let personal = rpc::personal::client(&house.world.boot("accounts"), "settings");
    let request = CollectPersonalDataRequest {
        user_id: grace.user_id.to_string(),
    };
    let call = || Call::new(Duration::from_secs(10)).wait_for_ready();
    let mut stream = personal
        .collect_personal_data(call(), request.clone())
        .await
        .unwrap();
    let mut told = Vec::new();
    while let Some(record) = stream.message().await.unwrap() {
        let record = Record::from(record);
        assert_eq!(record.section, "changes");
        told.push(record.json.unwrap());
    }
    assert_eq!(told.len(), 2, "{told:?}");
    let all = told.concat();
    assert!(all.contains("Moin") && all.contains("token"), "{all}");
    for other in ["canary", "Edsger"] {
        assert!(!all.contains(other), "{other} is told: {all}");
    }

    // Nobody asks but accounts.
    let other = rpc::personal::client(&house.world.boot("demo"), "settings");
    assert!(other.collect_personal_data(call(), request).await.is_err());
}
