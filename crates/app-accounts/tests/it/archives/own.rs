//! What accounts itself tells about somebody: all that is theirs, and nothing of others.

use app_accounts::domain::person::PersonId;
use platform::Role;
use platform_pg::GenericClient as _;
use serde_json::{Value, json};

use super::{OWN, collected, fresh, house, link, opened};

#[tokio::test]
async fn accounts_tells_what_is_the_persons_and_names_nobody_else() {
    let house = house().await;
    let boss = house.member("hedy", Role::User).await;
    let guest = house.member("gus", Role::Guest).await;
    let client = house.db.client().await.unwrap();
    let (ada, hedy, gus) = (house.user.user_id, boss.user_id, guest.user_id);
    let now = house.world.clock.now();
    let group = uuid::Uuid::now_v7();
    for (sql, ids) in [
        ("UPDATE people SET manager_id = $2, phone = '+49 30 1234' WHERE id = $1", [ada, hedy]),
        ("INSERT INTO groups (id, name, description, created_at, updated_at) VALUES ($1, 'Engineers', $2::uuid::text, now(), now())", [group, ada]),
        ("INSERT INTO group_people (group_id, person_id, added_at) VALUES ($1, $2, now())", [group, ada]),
        ("INSERT INTO sponsorships (guest_id, sponsor_id, since) VALUES ($2, $1, now())", [ada, gus]),
        ("INSERT INTO avatars (person_id, content_type, content, updated_at) VALUES ($1, 'image/webp', 'pixels of ' || $2::uuid::text::bytea, now())", [ada, hedy]),
        ("INSERT INTO grants (app_id, resource_kind, resource_id, grantee_kind, person_id, level, granted_by, granted_at)
            VALUES ('ui-lab', 'note', 'n1', 'person', $1, 2, $2, now())", [ada, hedy]),
        ("INSERT INTO invitations (person_id, invited_by, message, lasts_days, state, created_at, changed_at)
            VALUES ($2, $1, 'Dear Gus, canary-of-gus', 3, 'sent', now(), now())", [ada, gus]),
        ("INSERT INTO account_requests (id, email, display_name, note, locale, state, token_hash, created_at, expires_at)
            VALUES ($1, 'ada@example.org', 'Ada', 'Let me in', 'en', 'approved', 'canary-hash'::bytea || $2::uuid::text::bytea, now(), now())", [ada, hedy]),
    ] {
        let done = client.execute(sql, &[&ids[0], &ids[1]]).await;
        assert!(done.is_ok(), "{sql}: {done:?}");
    }
    let audit = "INSERT INTO audit (id, occurred_at, actor_id, actor_name, action, outcome, target_kind, target_id,
        target_name, changes, request_id) VALUES (gen_random_uuid(), $1, $2, 'x', $3, 'done', 'person', $4, 'y', $5, '')";
    let changes = [
        (
            hedy,
            ada,
            json!({ "title": ["", "Countess"], "manager": ["", "hedy"], "person": hedy, "name": "Hedy" }),
        ),
        (ada, gus, json!({ "title": ["", "canary-of-gus"] })),
    ];
    for (actor, target, changes) in &changes {
        let changes = platform_pg::types::Json(changes);
        client
            .execute(audit, &[&now, actor, &"person.edited", target, &changes])
            .await
            .unwrap();
    }
    let before = house.person(&house.user).await;
    assert_eq!(before.id, PersonId(ada));

    let _settings = house.world.add(super::settings()).await;
    let page = collected(&house, &house.user, OWN).await;
    let files = opened(&fresh(&house, &house.user), &link(&page)).await;
    let read = |name: &str| -> Value {
        let path = format!("accounts/{name}.json");
        serde_json::from_str(&files[&path]).unwrap()
    };
    assert_eq!(read("profile")[0]["phone"], "+49 30 1234");
    assert_eq!(read("profile")[0]["manager_id"], json!(hedy));
    assert!(read("picture")[0]["base64"].as_str().unwrap().len() > 40);
    assert_eq!(read("addresses")[0]["address"], "ada@example.org");
    assert_eq!(read("groups")[0]["name"], "Engineers");
    assert_eq!(read("grants")[0]["id"], "n1");
    assert_eq!(read("responsibilities")[0]["id"], json!(gus));
    assert_eq!(read("request")[0]["note"], "Let me in");
    assert_eq!(read("invitations")[0]["own"], json!(false));
    assert_eq!(read("archives").as_array().unwrap().len(), 1);
    let audited = read("audit");
    let edits: Vec<&Value> = audited
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["action"] == "person.edited")
        .collect();
    assert_eq!(edits.len(), 2);
    assert!(audited.to_string().contains("Countess"));
    let all: String = files.values().cloned().collect();
    for other in ["canary", "hedy@", "Hedy", "gus@", "\"hedy\"", "token"] {
        assert!(!all.contains(other), "{other} is in it: {all}");
    }
}
