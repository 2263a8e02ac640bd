//! What is told of one person for the archive of their data.

use std::collections::BTreeMap;

use platform::personal::Record;
use rpc::personal::v1::CollectPersonalDataRequest;

use super::{call, house, message, sender};

#[tokio::test]
async fn what_somebody_was_told_is_theirs_to_have_and_mail_is_not_opened() {
    let (app, _boot, hello) = house().await;
    let (ada, ben) = (
        testkit::user(),
        testkit::person("ben", platform::Role::User),
    );
    for who in [&ada, &ben] {
        let told = message(&[who], &format!("to-{}", who.username));
        hello.send_notification(call(), told).await.unwrap();
    }
    let sql = app.world.database.client().await;
    let mail = "INSERT INTO notifications.mail (mail_id, sender, idempotency_key, template, class, person_id, recipient,
            sealed, state, attempts, trouble, reply, accepted_at, expires_at)
        VALUES (gen_random_uuid(), 'auth', $2, 'auth.sign_in', 'security', $1, $3, 'sealed canary', 'queued', 0, '', '',
            now(), now())";
    for who in [&ada, &ben] {
        let recipient = format!("{}…@example.org", &who.username[..1]);
        sql.execute(mail, &[&who.user_id, &who.username, &recipient])
            .await
            .unwrap();
    }

    let (boot, _) = sender(&app, "accounts").await;
    let personal = rpc::personal::client(&boot, "notifications");
    let request = CollectPersonalDataRequest {
        user_id: ada.user_id.to_string(),
    };
    let mut stream = personal
        .collect_personal_data(call(), request.clone())
        .await
        .unwrap();
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some(record) = stream.message().await.unwrap() {
        let record = Record::from(record);
        told.entry(record.section).or_default().extend(record.json);
    }
    let counts: Vec<_> = told
        .iter()
        .map(|(name, list)| (name.as_str(), list.len()))
        .collect();
    assert_eq!(counts, [("inbox", 1), ("mail", 1)], "{told:?}");
    let all = format!("{told:?}");
    assert!(all.contains("Hello to-ada"));
    assert!(all.contains("a…@example.org"));
    for other in ["ben", "b…", "canary", "sealed", "63616e617279"] {
        assert!(!all.contains(other), "{other} is told: {all}");
    }

    // Nobody asks but accounts.
    let (boot, _) = sender(&app, "hello").await;
    let other = rpc::personal::client(&boot, "notifications");
    assert!(other.collect_personal_data(call(), request).await.is_err());
}
