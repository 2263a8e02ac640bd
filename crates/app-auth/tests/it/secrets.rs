//! No secret of a run is found in what is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fred::interfaces::{ClientLike, KeysInterface};
use platform::identity::sealed;
use rpc::auth::v1 as wire;

use crate::house::{House, PASSWORD, call, subject};

/// Every value of every column of every table, as text and as hexadecimal digits.
async fn dump(house: &House) -> String {
    let sql = house.sql().await;
    let tables = sql
        .query("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'auth'", &[])
        .await
        .unwrap();
    let mut all = String::new();
    for table in tables {
        let table: String = table.get(0);
        for row in sql
            .query(&format!("SELECT t::text FROM {table} AS t"), &[])
            .await
            .unwrap()
        {
            all.push_str(row.get::<_, &str>(0));
            all.push('\n');
        }
    }
    assert!(all.contains("grace"), "the dump holds the rows");
    all
}

/// Every key of Redis and what it holds; nothing while it holds no copy of a session.
async fn redis_dump(house: &House) -> Option<String> {
    let redis = house.redis().await;
    let keys: Vec<String> = redis.custom(fred::cmd!("KEYS"), vec!["*"]).await.unwrap();
    if !keys.iter().any(|key| key.starts_with("session:")) {
        return None;
    }
    let mut all = keys.join("\n");
    for key in keys {
        if let Ok(Some(value)) = redis.get::<Option<String>, _>(&key).await {
            all.push_str(&value);
        }
    }
    Some(all)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn stores_hold_hashes_and_sealed_keys_only() {
    let house = House::open().await;
    let setup = house.setup_path("").await;
    let admin = house.administrator().await;
    let unused = house.invite(&subject("later", 1)).await;
    let (_, ada) = house.person("ada").await;
    house.introspect(&ada.session()).await.unwrap();
    house.introspect(&admin.session()).await.unwrap();
    house
        .visitor()
        .sign_in("ada", "a wrong password that must not be kept")
        .await;
    let keys = house
        .rpc("gateway")
        .get_signing_keys(call(), wire::GetSigningKeysRequest {})
        .await
        .unwrap();
    let jwk = sealed::open(&testkit::secret(), &keys.sealed_keys[0])
        .unwrap()
        .private_jwk();
    let jwk: serde_json::Value = serde_json::from_str(&jwk).unwrap();
    let private = jwk["d"].as_str().unwrap().to_owned();

    let token = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let device = ada.cookie("cloud_device").unwrap();
    let secrets = [
        ("password", PASSWORD.to_owned()),
        (
            "wrong password",
            "a wrong password that must not be kept".to_owned(),
        ),
        ("session", ada.session()),
        ("administrator's session", admin.session()),
        ("set-up link", token(&setup)),
        ("invitation", token(&unused)),
        ("device", device.split('.').next().unwrap().to_owned()),
        (
            "anti-forgery token",
            house.introspect(&ada.session()).await.unwrap().csrf_token,
        ),
        ("private key", private),
    ];
    // Copies are made while Redis answers at once, and dropped whenever something ends.
    let in_redis = testkit::until("a session is copied", async || {
        house.introspect(&admin.session()).await.unwrap();
        redis_dump(&house).await
    });
    for (place, text) in [
        ("PostgreSQL", dump(&house).await),
        ("Redis", in_redis.await),
    ] {
        for (name, secret) in &secrets {
            assert!(!text.contains(secret.as_str()), "{place} holds the {name}");
            // The same as the bytes it stands for.
            if let Ok(bytes) = URL_SAFE_NO_PAD.decode(secret) {
                let hex = hex(&bytes);
                assert!(
                    !text.contains(&hex),
                    "{place} holds the bytes of the {name}"
                );
            }
        }
    }
    let sql = house.sql().await;
    let hashes = sql
        .query("SELECT phc FROM auth.passwords", &[])
        .await
        .unwrap();
    assert_eq!(hashes.len(), 2);
    for row in hashes {
        assert!(
            row.get::<_, &str>(0)
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
    }
}
