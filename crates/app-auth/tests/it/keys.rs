//! Signing keys: rotation, publication, resilience.

use fred::interfaces::KeysInterface;
use jiff::SignedDuration;
use platform::identity::{REDIS_KEY, Signer, sealed};
use rpc::auth::v1 as wire;

use crate::house::{House, call};

async fn handed_out(house: &House) -> Vec<Signer> {
    let keys = house
        .rpc("gateway")
        .get_signing_keys(call(), wire::GetSigningKeysRequest {})
        .await
        .unwrap();
    assert!(keys.refresh_at > house.now().as_second());
    keys.sealed_keys
        .iter()
        .map(|sealed| sealed::open(&testkit::secret(), sealed).unwrap())
        .collect()
}

fn ids(signers: &[Signer]) -> Vec<String> {
    signers
        .iter()
        .map(|signer| signer.kid().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_rotated_monthly_with_overlap() {
    let house = House::open().await;
    let first = ids(&handed_out(&house).await);
    assert_eq!(first.len(), 1);
    house.later(SignedDuration::from_hours(29 * 24));
    assert_eq!(ids(&handed_out(&house).await), first);
    house.later(SignedDuration::from_hours(24));
    let both = ids(&handed_out(&house).await);
    assert_eq!(
        both.len(),
        2,
        "the new one is handed out and published before it signs"
    );
    assert_eq!(both[0], first[0]);
    house.later(SignedDuration::from_hours(48));
    let turned = ids(&handed_out(&house).await);
    assert_eq!(
        turned,
        [both[1].clone(), both[0].clone()],
        "now the new one signs"
    );
    house.later(SignedDuration::from_hours(48));
    assert_eq!(
        ids(&handed_out(&house).await),
        [both[1].clone()],
        "and the old one is gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_make_one_key() {
    let house = House::open().await;
    house.later(SignedDuration::from_hours(31 * 24));
    let other = house.another_instance().await;
    let asked = futures_util::future::join_all((0..8).map(|_| handed_out(&house))).await;
    for keys in asked {
        assert_eq!(keys.len(), 2);
    }
    let sql = house.sql().await;
    let stored: i64 = sql
        .query_one("SELECT count(*) FROM auth.signing_keys", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(stored, 2);
    other.stop();
    other.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_redis_gets_the_public_keys_back() {
    let house = House::open().await;
    let redis = house.redis().await;
    let before: Option<String> = redis.get(REDIS_KEY).await.unwrap();
    assert!(before.is_some(), "published before the app is ready");
    house.redis.flush().await;
    testkit::eventually("the keys are published again", async || {
        redis
            .get::<Option<String>, _>(REDIS_KEY)
            .await
            .unwrap()
            .is_some()
    })
    .await;
    house.redis.kill().await;
    house.redis.start().await;
    testkit::eventually("and after a restart", async || {
        matches!(
            house
                .redis()
                .await
                .get::<Option<String>, _>(REDIS_KEY)
                .await,
            Ok(Some(_))
        )
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_another_secret_are_replaced() {
    let house = House::open().await;
    let sql = house.sql().await;
    sql.execute(
        "UPDATE auth.signing_keys SET sealed_jwk = sealed_jwk || '\\x00'",
        &[],
    )
    .await
    .unwrap();
    let before: String = sql
        .query_one("SELECT key_id FROM auth.signing_keys", &[])
        .await
        .unwrap()
        .get(0);
    let keys = ids(&handed_out(&house).await);
    assert_eq!(keys.len(), 1);
    assert_ne!(keys[0], before);
}
