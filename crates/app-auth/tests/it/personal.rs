//! What is told of one person for the archive of their data.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use platform::personal::Record;
use rpc::personal::v1::CollectPersonalDataRequest;
use uuid::Uuid;

use crate::api_keys::{make, shown};
use crate::house::{House, PASSWORD, call};

/// What accounts is told of somebody: records by their section.
async fn told(house: &House, who: &str) -> BTreeMap<String, Vec<String>> {
    let personal = house.personal_rpc("accounts");
    let request = CollectPersonalDataRequest {
        user_id: who.to_owned(),
    };
    let mut stream = personal
        .collect_personal_data(call(), request)
        .await
        .unwrap();
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some(record) = stream.message().await.unwrap() {
        let record = Record::from(record);
        told.entry(record.section).or_default().extend(record.json);
    }
    told
}

/// Rows of everything that opens something, or stands for what does.
const SECRETS: [&str; 5] = [
    "INSERT INTO auth.totp_seeds VALUES ($1, 'canary seed', 0, now())",
    "INSERT INTO auth.recovery_codes VALUES ($1, sha256('canary code'), now(), NULL)",
    "INSERT INTO auth.break_glass_codes VALUES ($1, sha256('canary paper'), now(), NULL)",
    "INSERT INTO auth.passkeys VALUES (gen_random_uuid(), $1, 'canary id', '{\"key\": \"canary\"}', 'Laptop', NULL, now())",
    "INSERT INTO auth.ways_in VALUES (gen_random_uuid(), sha256('canary way'), $1, 'ada', now(), now(), NULL)",
];

#[tokio::test(flavor = "multi_thread")]
async fn how_somebody_signs_in_is_theirs_to_have_but_nothing_that_opens_anything() {
    let house = House::open().await;
    let (ada, visitor) = house.person("ada").await;
    let (ben, _) = house.person("ben").await;
    let key = shown(&make(&visitor, &[]).await);
    let sql = house.sql().await;
    let id: Uuid = ada.user_id.parse().unwrap();
    for statement in SECRETS {
        sql.execute(statement, &[&id]).await.unwrap();
    }

    let told = told(&house, &ada.user_id).await;
    let counts: Vec<_> = told
        .iter()
        .map(|(name, list)| (name.as_str(), list.len()))
        .collect();
    assert_eq!(
        counts,
        [
            ("account", 1),
            ("browsers", 1),
            ("factors", 5),
            ("keys", 1),
            ("links", 2),
            ("sessions", 1),
            ("sign_ins", 1)
        ],
        "{told:?}"
    );
    let all = format!("{told:?}");
    for own in ["ada@example.org", "Backup", "Laptop", "one_time_passwords"] {
        assert!(all.contains(own), "{own} is not told: {all}");
    }
    for other in ["canary", "argon2", PASSWORD, "ben", &key, &ben.user_id] {
        assert!(!all.contains(other), "{other} is told: {all}");
    }
    // No column of bytes is told, in whichever letters: these are hashes, and what is sealed.
    let columns = sql
        .query(
            "SELECT table_name::text, column_name::text FROM information_schema.columns
             WHERE table_schema = 'auth' AND data_type = 'bytea'",
            &[],
        )
        .await
        .unwrap();
    let mut checked = 0;
    for column in columns {
        let (table, column): (String, String) = (column.get(0), column.get(1));
        let statement = format!(
            "SELECT {column}, encode({column}, 'hex') FROM auth.{table} WHERE {column} IS NOT NULL"
        );
        for row in sql.query(&statement, &[]).await.unwrap() {
            let (bytes, hex): (Vec<u8>, String) = (row.get(0), row.get(1));
            for text in [hex, STANDARD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
                assert!(!all.contains(&text), "{table}.{column} is told");
            }
            checked += 1;
        }
    }
    assert!(checked >= 8, "only {checked} values were looked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_but_accounts_and_of_strangers_there_is_nothing() {
    let house = House::open().await;
    let (ada, _) = house.person("ada").await;
    assert!(told(&house, &Uuid::now_v7().to_string()).await.is_empty());
    let request = CollectPersonalDataRequest {
        user_id: ada.user_id,
    };
    for caller in ["gateway", "notifications", "hello"] {
        let personal = house.personal_rpc(caller);
        let refused = personal
            .collect_personal_data(call(), request.clone())
            .await;
        assert!(refused.is_err(), "{caller}");
    }
}
