//! Keys for programs: made once, recognised, bounded, rolled, ended; and what they can never reach.

use jiff::SignedDuration;
use rpc::auth::v1 as wire;
use serde_json::{Value, json};

use crate::house::{House, call};
use crate::post::Post;
use crate::visitor::Visitor;

/// The key on the page that shows it.
pub fn shown(page: &testkit::Page) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let start = page.body.find("cloud_").expect("a key is shown");
    page.body[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

pub async fn make(visitor: &Visitor<'_>, fields: &[(&str, &str)]) -> testkit::Page {
    let page = visitor.get("/auth/security/keys/new").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let mut form = page
        .form("form[action='/auth/security/keys/new']")
        .with("name", "Backup")
        .with("scopes", "identity:read");
    for (name, value) in fields {
        form = form.with(name, value);
    }
    visitor.submit(form).await
}

impl House {
    pub async fn recognise(&self, key: &str, address: &str) -> Option<wire::Principal> {
        let request = wire::IntrospectRequest {
            api_key: key.to_owned(),
            address: address.to_owned(),
            ..wire::IntrospectRequest::default()
        };
        self.rpc("gateway")
            .introspect(call(), request)
            .await
            .unwrap()
            .principal
    }

    async fn one(&self, statement: &str) -> tokio_postgres::Row {
        self.sql().await.query_one(statement, &[]).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_and_stored_as_a_hash() {
    let house = House::open().await;
    let (ada, visitor) = house.person("ada").await;
    let page = make(&visitor, &[]).await;
    page.assert_sound();
    let key = shown(&page);
    assert!(key.starts_with("cloud_pat_"), "{key}");
    let secret = key.rsplit('_').next().unwrap();

    let found = house.recognise(&key, "192.0.2.77").await.unwrap();
    assert_eq!(found.scopes, ["identity:read"]);
    assert_eq!(found.subject.unwrap().user_id, ada.user_id);
    assert!(found.csrf_token.is_empty(), "a key sends no forms");
    assert_eq!(found.expires_at, house.now().as_second() + 90 * 24 * 3600);

    let row = house
        .one("SELECT api_keys::text, last_used_from FROM auth.api_keys")
        .await;
    assert!(!row.get::<_, String>(0).contains(secret));
    assert_eq!(row.get::<_, String>(1), "192.0.2.0/24");
    let list = visitor.get("/auth/security/keys").await;
    list.assert_sound();
    assert!(list.body.contains("Backup") && !list.body.contains(secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_of_a_key_that_acts_for_them() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    let (_, visitor) = house.person("ada").await;
    let made = make(&visitor, &[("name", "Nightly backup")]).await;
    let secret = shown(&made);
    let mail = post
        .mail("ada@example.org", "An API key was made for your account")
        .await;
    assert!(mail.text().contains("Nightly backup"), "{}", mail.text());
    assert!(!mail.text().contains(secret.rsplit('_').next().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn making_a_key_asks_who_it_is_after_ten_minutes() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let page = visitor.get("/auth/security/keys/new").await;
    let form = page
        .form("form[action='/auth/security/keys/new']")
        .with("name", "x")
        .with("scopes", "identity:read");
    house.later(SignedDuration::from_mins(11));
    let late = visitor.submit(form).await;
    assert_eq!(late.status, 307);
    assert!(late.header("location").starts_with("/auth/held-forms?"));
    let count: i64 = house.one("SELECT count(*) FROM auth.api_keys").await.get(0);
    assert_eq!(count, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_wish_names_its_field_and_keeps_what_was_typed() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    for (field, value) in [
        ("name", ""),
        ("scopes", "everything"),
        ("scopes", "auth:keys"),
        ("networks", "10.0.0.0/99"),
        ("days", "366"),
        ("app", "No App"),
        ("resource", "a b"),
    ] {
        let page = make(&visitor, &[(field, value)]).await;
        assert_eq!(page.status, 422, "{field}");
        page.assert_sound();
        assert!(page.body.contains(&format!("{field}-error")), "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_ends_by_time_by_its_owner_and_with_its_owner() {
    let house = House::open().await;
    let (ada, visitor) = house.person("ada").await;
    let expiring = shown(&make(&visitor, &[("days", "7")]).await);
    let revoked = shown(&make(&visitor, &[]).await);
    let last = shown(&make(&visitor, &[("days", "365")]).await);

    let id: uuid::Uuid = house
        .one("SELECT key_id FROM auth.api_keys ORDER BY created_at, key_id OFFSET 1 LIMIT 1")
        .await
        .get(0);
    let page = visitor.get(&format!("/auth/security/keys/{id}")).await;
    page.assert_sound();
    let path = format!("/auth/security/keys/{id}/revoke");
    let form = page.form(&format!("form[action='{path}']"));
    assert_eq!(visitor.submit(form.clone()).await.status, 303);
    assert!(house.recognise(&revoked, "").await.is_none());
    assert_eq!(visitor.submit(form).await.status, 404, "once is enough");

    house.later(SignedDuration::from_hours(7 * 24));
    assert!(house.recognise(&expiring, "").await.is_none());
    assert!(house.recognise(&last, "").await.is_some());

    let disabled = wire::Subject {
        state: wire::SubjectState::Disabled.into(),
        version: 2,
        ..ada
    };
    let put = wire::PutSubjectRequest {
        subject: Some(disabled),
    };
    house
        .rpc("accounts")
        .put_subject(call(), put)
        .await
        .unwrap();
    assert!(house.recognise(&last, "").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_key_is_not_there() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let (_, eve) = house.person("eve").await;
    let key = shown(&make(&ada, &[]).await);
    let id: uuid::Uuid = house.one("SELECT key_id FROM auth.api_keys").await.get(0);
    assert_eq!(
        eve.get(&format!("/auth/security/keys/{id}")).await.status,
        404
    );
    let token = eve
        .get("/auth/security/keys")
        .await
        .form("form[action='/auth/sign-out']")
        .value("csrf_token")
        .unwrap()
        .to_owned();
    for act in ["revoke", "roll"] {
        let path = format!("/auth/security/keys/{id}/{act}");
        let answer = eve.post(&path, &[("csrf_token", &token)]).await;
        assert_eq!(answer.status, 404, "{act}");
    }
    assert!(house.recognise(&key, "").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolled_key_overlaps_with_its_successor() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let old = shown(&make(&visitor, &[("networks", "192.0.2.0/24")]).await);
    let id: uuid::Uuid = house.one("SELECT key_id FROM auth.api_keys").await.get(0);
    let page = visitor.get(&format!("/auth/security/keys/{id}")).await;
    let form = page
        .form(&format!("form[action='/auth/security/keys/{id}/roll']"))
        .with("overlap", "24");
    let new = shown(&visitor.submit(form).await);
    assert_ne!(old, new);
    let found = house.recognise(&new, "192.0.2.1").await.unwrap();
    assert_eq!(found.networks, ["192.0.2.0/24"]);
    house.later(SignedDuration::from_hours(23));
    assert!(house.recognise(&old, "192.0.2.1").await.is_some());
    house.later(SignedDuration::from_hours(1));
    assert!(house.recognise(&old, "192.0.2.1").await.is_none());
    assert!(house.recognise(&new, "192.0.2.1").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_is_written_once_a_minute_and_misuse_is_audited() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let key = shown(&make(&visitor, &[("networks", "192.0.2.0/24")]).await);
    let version = async || -> String {
        house
            .one("SELECT xmin::text FROM auth.api_keys")
            .await
            .get(0)
    };
    house.recognise(&key, "192.0.2.1").await.unwrap();
    let before = version().await;
    house.later(SignedDuration::from_secs(59));
    house.recognise(&key, "192.0.2.1").await.unwrap();
    assert_eq!(version().await, before);
    house.later(SignedDuration::from_secs(1));
    house.recognise(&key, "192.0.2.1").await.unwrap();
    assert_ne!(version().await, before);

    // The gateway refuses; here it is written down, and not as a use.
    house.later(SignedDuration::from_mins(5));
    let before = version().await;
    let found = house.recognise(&key, "198.51.100.1").await.unwrap();
    assert_eq!(found.networks, ["192.0.2.0/24"]);
    assert_eq!(version().await, before);
    let lines: Vec<rpc::events::auth::AuditRecorded> = house.events(rpc::events::auth::AUDIT).await;
    let misuse = lines.iter().filter(|line| line.action == "key.use").count();
    assert_eq!(misuse, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaked_key_ends_at_once_and_its_owner_is_told() {
    let house = House::open().await;
    let (ada, visitor) = house.person("ada").await;
    let key = shown(&make(&visitor, &[]).await);
    let api = |key: &str| {
        let body = json!({ "key": key }).to_string();
        let url = format!("http://{}/api/auth/keys/report-leak", house.auth.http());
        reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .post(url)
            .header("content-type", "application/json")
            .header("x-forwarded-for", "203.0.113.5")
            .body(body)
            .send()
    };
    let mut forged = key.clone();
    forged.replace_range(key.len() - 20..key.len() - 19, "a");
    for text in ["", "cloud_pat_x", forged.as_str()] {
        assert_eq!(api(text).await.unwrap().status(), 202, "{text}");
    }
    assert!(house.recognise(&key, "").await.is_some() || forged == key);
    assert_eq!(api(&key).await.unwrap().status(), 202);
    assert!(house.recognise(&key, "").await.is_none());
    let told: Value = house
        .one("SELECT payload::text FROM auth.jobs WHERE kind = 'tell'")
        .await
        .get::<_, String>(0)
        .parse()
        .unwrap();
    assert_eq!(told["user_id"], json!(ada.user_id));
    assert_eq!(told["kind"], "auth.key_leaked");
    assert!(!told.to_string().contains(&key));
    // Reports are counted by network.
    let mut last = 202;
    for _ in 0..20 {
        last = api("x").await.unwrap().status().as_u16();
    }
    assert_eq!(last, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_makes_lists_and_ends_keys() {
    let house = House::open().await;
    let (ada, _visitor) = house.person("ada").await;
    let keys = house.keys_rpc("cloud");
    let request = wire::CreateKeyRequest {
        holder_id: ada.user_id.clone(),
        name: "Runner".to_owned(),
        scopes: vec!["files:read".to_owned()],
        resource: "folder/7".to_owned(),
        app: "files".to_owned(),
        ..wire::CreateKeyRequest::default()
    };
    let made = keys.create_key(call(), request.clone()).await.unwrap();
    let found = house.recognise(&made.secret, "").await.unwrap();
    assert_eq!(
        (found.scopes, found.app),
        (vec!["files:read#folder/7".to_owned()], "files".to_owned())
    );
    let listed = keys
        .list_keys(call(), wire::ListKeysRequest::default())
        .await
        .unwrap()
        .keys;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].holder, "ada Example");
    let revoke = wire::RevokeKeyRequest {
        key_id: made.key_id,
    };
    keys.revoke_key(call(), revoke).await.unwrap();
    assert!(house.recognise(&made.secret, "").await.is_none());
    assert!(
        house
            .keys_rpc("accounts")
            .create_key(call(), request.clone())
            .await
            .is_err()
    );
    let nothing = wire::CreateKeyRequest {
        scopes: Vec::new(),
        ..request
    };
    assert!(keys.create_key(call(), nothing).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_rests_without_its_owner() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (ada, _) = house.person("ada").await;
    house.person("bob").await;
    let page = admin.get("/admin/auth/service-accounts").await;
    page.assert_sound();
    let form = page
        .form("form[action='/admin/auth/service-accounts']")
        .with("name", "backup")
        .with("owner", "ada");
    let made = admin.submit(form).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let place = made.header("location").to_owned();
    let account = admin.get(&place).await;
    account.assert_sound();
    let ask = admin.get(&format!("{place}/keys")).await;
    let form = ask
        .form(&format!("form[action='{place}/keys']"))
        .with("name", "nas")
        .with("scopes", "identity:read");
    let key = shown(&admin.submit(form).await);
    assert!(key.starts_with("cloud_svc_"), "{key}");
    let found = house.recognise(&key, "").await.unwrap();
    assert!(found.is_service);
    assert_eq!(found.subject.unwrap().username, "service:backup");

    let disabled = wire::Subject {
        state: wire::SubjectState::Disabled.into(),
        version: 2,
        ..ada
    };
    let put = wire::PutSubjectRequest {
        subject: Some(disabled),
    };
    house
        .rpc("accounts")
        .put_subject(call(), put)
        .await
        .unwrap();
    assert!(house.recognise(&key, "").await.is_none(), "it rests");
    let page = admin.get(&place).await;
    page.assert_sound();
    for (owner, status) in [("ada", 422), ("bob", 303)] {
        let form = page
            .form(&format!("form[action='{place}/owner']"))
            .with("owner", owner);
        assert_eq!(admin.submit(form).await.status.as_u16(), status, "{owner}");
    }
    assert!(
        house.recognise(&key, "").await.is_some(),
        "it is in good hands"
    );
    let off = page.form(&format!("form[action='{place}/switch']"));
    assert_eq!(admin.submit(off).await.status, 303);
    assert!(house.recognise(&key, "").await.is_none());
    // Nobody signs in as one.
    let answer = house.visitor().sign_in("service:backup", "x").await;
    assert_eq!(answer.status, 422);
    for path in ["/admin/auth/keys", "/admin/auth/service-accounts"] {
        admin.get(path).await.assert_sound();
    }
}
