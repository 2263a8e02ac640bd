//! The key set in Redis: only what the root key signed is believed, and the last good one is kept.

use fred::clients::Client;
use fred::interfaces::KeysInterface as _;
use jiff::SignedDuration;
use platform::identity::{
    Claims, Jwks, REDIS_KEY, Refusal, RootPublicKey, Signer, Verifier, publish_jwks,
};
use platform::{Clock, Role};
use registry::{AppSecret, Keyring};
use testkit::{TestRedis, eventually};

use crate::given::{hello, noon, person};

fn secret() -> AppSecret {
    AppSecret::new("0123456789abcdef0123456789abcdef").unwrap()
}

struct Scene {
    redis: TestRedis,
    client: Client,
    verifier: Verifier,
}

impl Scene {
    async fn new() -> Self {
        let redis = testkit::redis().await;
        let client = registry::connect(&redis.url).await.unwrap();
        let root = RootPublicKey::of(&Keyring::Secret(secret()));
        let verifier = Verifier::new(client.clone(), root, Clock::manual(noon()));
        Self {
            redis,
            client,
            verifier,
        }
    }

    async fn publish(&self, set: &Jwks, seconds: i64) {
        let now = noon() + SignedDuration::from_secs(seconds);
        publish_jwks(&self.client, &secret(), set, now)
            .await
            .unwrap();
    }

    async fn put(&self, text: &str) {
        self.client
            .set::<(), _, _>(REDIS_KEY, text, None, None, false)
            .await
            .unwrap();
    }

    async fn stored(&self) -> String {
        self.client.get(REDIS_KEY).await.unwrap()
    }

    async fn ask(&self, signer: &Signer) -> Result<(), Refusal> {
        let claims = Claims::new(&person(Role::Admin), &hello(), noon());
        let token = signer.sign(&claims).unwrap();
        self.verifier.verify(&token, &hello()).await.map(drop)
    }

    /// Asks until the verifier has looked at what is in Redis now.
    async fn comes_to(&self, signer: &Signer, expected: Result<(), Refusal>) {
        eventually(&format!("{expected:?}"), async || {
            self.ask(signer).await == expected
        })
        .await;
    }
}

#[tokio::test]
async fn a_published_key_verifies_and_a_new_one_is_found_when_it_is_used() {
    let scene = Scene::new().await;
    let (old, new) = (Signer::generate().unwrap(), Signer::generate().unwrap());
    assert_eq!(scene.ask(&old).await, Err(Refusal::KeysUnavailable));
    scene.publish(&Jwks::of([&old]), 0).await;
    scene.comes_to(&old, Ok(())).await;
    scene.comes_to(&new, Err(Refusal::UnknownKey)).await;
    scene.publish(&Jwks::of([&new, &old]), 1).await;
    scene.comes_to(&new, Ok(())).await;
    assert_eq!(scene.ask(&old).await, Ok(()));
    // Retired: gone as soon as the set is read again, which a third key causes; also for an
    // assertion that was accepted before.
    let claims = Claims::new(&person(Role::Admin), &hello(), noon());
    let accepted = old.sign(&claims).unwrap();
    assert!(scene.verifier.verify(&accepted, &hello()).await.is_ok());
    scene.publish(&Jwks::of([&new]), 2).await;
    let unknown = Signer::generate().unwrap();
    eventually("the old key is retired", async || {
        // Either answer is right for a key nobody knows; asking is what matters.
        drop(scene.ask(&unknown).await);
        scene.ask(&old).await == Err(Refusal::UnknownKey)
    })
    .await;
    assert_eq!(
        scene.verifier.verify(&accepted, &hello()).await,
        Err(Refusal::UnknownKey)
    );
}

#[tokio::test]
async fn a_key_set_is_believed_only_with_the_signature_of_the_root() {
    let scene = Scene::new().await;
    let (ours, theirs) = (Signer::generate().unwrap(), Signer::generate().unwrap());
    scene.publish(&Jwks::of([&ours]), 0).await;
    let good = scene.stored().await;
    scene.comes_to(&ours, Ok(())).await;

    // What somebody who can write to Redis, but has no secret, would put there.
    let foreign_root = AppSecret::new("another secret of 32 bytes......").unwrap();
    publish_jwks(&scene.client, &foreign_root, &Jwks::of([&theirs]), noon())
        .await
        .unwrap();
    let signed_by_them = scene.stored().await;
    let (_, rest) = signed_by_them.split_once('.').unwrap();
    let (header, own) = good.split_once('.').unwrap();
    let (_, own_signature) = own.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let claims = Claims::new(&person(Role::Admin), &hello(), noon());
    for forged in [
        serde_json::to_string(&Jwks::of([&theirs])).unwrap(),
        signed_by_them.clone(),
        // Their keys under our header, with their signature, ours and none.
        format!("{header}.{payload}.{signature}"),
        format!("{header}.{payload}.{own_signature}"),
        format!("{header}.{payload}."),
        // An assertion, although signed by a key that verifies, is no key set.
        ours.sign(&claims).unwrap(),
        String::new(),
        "x".repeat(100_000),
    ] {
        scene.put(&forged).await;
        // A verifier without a set must not start with this one, and one with a set keeps it.
        let root = RootPublicKey::of(&Keyring::Secret(secret()));
        let fresh = Verifier::new(scene.client.clone(), root, Clock::manual(noon()));
        let token = theirs.sign(&claims).unwrap();
        assert_eq!(
            fresh.verify(&token, &hello()).await.map(drop),
            Err(Refusal::KeysUnavailable),
            "{forged:.80}"
        );
    }
    scene.comes_to(&theirs, Err(Refusal::KeysUnavailable)).await;
    assert_eq!(scene.ask(&ours).await, Ok(()));
}

#[tokio::test]
async fn an_old_key_set_cannot_be_put_back() {
    let scene = Scene::new().await;
    let (lost, new) = (Signer::generate().unwrap(), Signer::generate().unwrap());
    scene.publish(&Jwks::of([&lost]), 0).await;
    let old = scene.stored().await;
    scene.publish(&Jwks::of([&new]), 10).await;
    scene.comes_to(&new, Ok(())).await;
    scene.put(&old).await;
    scene.comes_to(&lost, Err(Refusal::KeysUnavailable)).await;
    assert_eq!(scene.ask(&new).await, Ok(()));
}

#[tokio::test]
async fn the_last_good_set_holds_while_redis_is_away_frozen_or_empty() {
    let scene = Scene::new().await;
    let (signer, unknown) = (Signer::generate().unwrap(), Signer::generate().unwrap());
    scene.publish(&Jwks::of([&signer]), 0).await;
    scene.comes_to(&signer, Ok(())).await;

    scene.redis.flush().await;
    scene
        .comes_to(&unknown, Err(Refusal::KeysUnavailable))
        .await;
    assert_eq!(scene.ask(&signer).await, Ok(()));

    scene.publish(&Jwks::of([&signer]), 1).await;
    scene.comes_to(&unknown, Err(Refusal::UnknownKey)).await;
    scene.redis.pause().await;
    scene
        .comes_to(&unknown, Err(Refusal::KeysUnavailable))
        .await;
    assert_eq!(scene.ask(&signer).await, Ok(()));
    scene.redis.resume().await;

    scene.redis.kill().await;
    scene
        .comes_to(&unknown, Err(Refusal::KeysUnavailable))
        .await;
    assert_eq!(scene.ask(&signer).await, Ok(()));

    // Back, and empty: nothing is lost, and what is published again is found again.
    scene.redis.start().await;
    assert_eq!(scene.ask(&signer).await, Ok(()));
    let next = Signer::generate().unwrap();
    scene.publish(&Jwks::of([&next, &signer]), 2).await;
    scene.comes_to(&next, Ok(())).await;
}
