//! Who changed what, and the audit trail.

use crate::house::{FORM, House};

const HISTORY: &str = "/admin/settings/demo/history";

#[tokio::test]
async fn changes_are_remembered_and_secrets_masked() {
    let house = House::new().await;
    house.save(&[("greeting", "Moin"), ("count", "7")]).await;
    house.secret("set", "canary").await;
    house.secret("clear", "").await;

    let page = house.browser().get(HISTORY).await;
    page.assert_sound();
    assert_eq!(
        page.texts("tbody td:nth-child(4)"),
        ["Secret cleared", "Secret set", "3 → 7", "Hello → Moin"]
    );
    assert!(
        page.texts("tbody td:nth-child(2)")
            .iter()
            .all(|name| name == "Grace")
    );
    assert!(!page.body.contains("canary"));

    let one = house.browser().get(&format!("{HISTORY}?key=count")).await;
    assert_eq!(one.texts("tbody td:nth-child(4)"), ["3 → 7"]);
}

#[tokio::test]
async fn old_changes_are_a_page_further() {
    let house = House::new().await;
    for count in 4..=56 {
        house.save(&[("count", &count.to_string())]).await;
    }
    let page = house.browser().get(HISTORY).await;
    assert_eq!(page.count("tbody tr"), 50);
    assert_eq!(page.texts("tbody td:nth-child(4)")[0], "55 → 56");
    let older = page.attribute(".main a[href^='?']", "href");
    let page = house.browser().get(&format!("{HISTORY}{older}")).await;
    assert_eq!(
        page.texts("tbody td:nth-child(4)"),
        ["5 → 6", "4 → 5", "3 → 4"]
    );
    assert!(!page.has(".main a[href^='?']"));
}

#[tokio::test]
async fn every_change_is_told_to_the_audit_trail_in_its_transaction() {
    let house = House::new().await;
    house.save(&[("greeting", "Moin")]).await;
    house.secret("set", "canary").await;
    assert_eq!(house.save(&[("count", "0")]).await.status, 422);
    assert_eq!(house.browser().get(FORM).await.status, 200);
    let owner = house.world.database.client().await;
    let rows = owner
        .query(
            "SELECT kind, subject, payload FROM settings.outbox WHERE kind = 'settings.value.changed' ORDER BY position",
            &[],
        )
        .await
        .unwrap();
    let subjects: Vec<String> = rows.iter().map(|row| row.get("subject")).collect();
    assert_eq!(subjects, ["demo/greeting", "demo/token"]);
    let decode = |at: usize| {
        use prost::Message as _;
        let payload: Vec<u8> = rows[at].get("payload");
        rpc::events::settings::SettingChanged::decode(payload.as_slice()).unwrap()
    };
    let (greeting, token) = (decode(0), decode(1));
    assert_eq!(
        (greeting.old_json.as_str(), greeting.new_json.as_str()),
        ("\"Hello\"", "\"Moin\"")
    );
    assert_eq!(greeting.actor_id, house.admin.user_id.to_string());
    assert!(!greeting.request_id.is_empty());
    assert!(token.secret && token.old_json.is_empty() && token.new_json.is_empty());
    assert!(token.version > greeting.version);
}
