#![allow(
    clippy::unwrap_used,
    clippy::let_underscore_must_use,
    reason = "tests fail by panicking"
)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fred::interfaces::{ClientLike, EventInterface, HashesInterface, PubsubInterface};
use testkit::TestRedis;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;

const LIFE: Duration = Duration::from_secs(30);

fn secret(byte: u8) -> AppSecret {
    AppSecret::new([byte; 32]).unwrap()
}

async fn vault_of(redis: &TestRedis, secret: &AppSecret, clock: Clock) -> Arc<Vault> {
    let client = registry::connect(&redis.url).await.unwrap();
    let challenges = Arc::default();
    Arc::new(Vault::open(secret, client, None, clock, challenges))
}

async fn vault(redis: &TestRedis) -> Arc<Vault> {
    vault_of(redis, &secret(1), Clock::system()).await
}

fn plain(vault: &Vault, name: &str) -> Option<Vec<u8>> {
    vault.get(name).map(|plain| plain.to_vec())
}

fn challenge(kind: ChallengeKind) -> Challenge {
    Challenge {
        kind,
        domain: "a.example.org".to_owned(),
        token: "token".to_owned(),
        answer: "token.thumb".to_owned(),
        until: Clock::system().now() + Duration::from_mins(1),
    }
}

#[tokio::test]
async fn the_later_version_of_a_record_reaches_everybody() {
    let redis = testkit::redis().await;
    let (one, two) = (vault(&redis).await, vault(&redis).await);
    one.put("a", b"1").await.unwrap();
    two.sync().await.unwrap();
    assert_eq!(plain(&two, "a").unwrap(), b"1");
    two.put("a", b"2").await.unwrap();
    two.put("a", b"3").await.unwrap();
    one.sync().await.unwrap();
    assert_eq!(plain(&one, "a").unwrap(), b"3");

    // An emptied Redis is filled from what gateways hold, and what was written while it was away is not lost.
    redis.flush().await;
    one.sync().await.unwrap();
    let three = vault(&redis).await;
    three.sync().await.unwrap();
    assert_eq!(plain(&three, "a").unwrap(), b"3");
}

/// A record of which every gateway makes a version of its own at the same moment of a clock that stands still.
#[tokio::test]
async fn of_versions_of_one_moment_all_keep_the_same() {
    let redis = testkit::redis().await;
    let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
    let (one, two) = (
        vault_of(&redis, &secret(1), clock.clone()).await,
        vault_of(&redis, &secret(1), clock.clone()).await,
    );
    for round in 0..100 {
        let name = format!("record/{round}");
        let (first, second) = tokio::join!(one.put(&name, b"one"), two.put(&name, b"two"));
        first.and(second).unwrap();
        one.sync().await.unwrap();
        two.sync().await.unwrap();
        assert_eq!(plain(&one, &name), plain(&two, &name), "round {round}");
        assert_eq!(one.version(&name), two.version(&name), "round {round}");
        let late = vault_of(&redis, &secret(1), clock.clone()).await;
        late.sync().await.unwrap();
        assert_eq!(late.version(&name), one.version(&name), "round {round}");
    }
}

#[tokio::test]
async fn gateways_that_were_apart_at_one_moment_agree_again() {
    let redis = testkit::redis().await;
    let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
    let (one, two) = (
        vault_of(&redis, &secret(1), clock.clone()).await,
        vault_of(&redis, &secret(1), clock.clone()).await,
    );
    for round in 0..20 {
        let name = format!("record/{round}");
        one.keep(&name, b"one").unwrap();
        two.keep(&name, b"two").unwrap();
        // The last look is the first one's: it must find what the second has put there.
        for vault in [&one, &two, &one] {
            vault.sync().await.unwrap();
        }
        assert_eq!(one.version(&name), two.version(&name), "round {round}");
    }
}

#[tokio::test]
async fn only_the_leader_of_the_moment_writes_as_leader() {
    let redis = testkit::redis().await;
    let (one, two) = (vault(&redis).await, vault(&redis).await);
    let first = one.shared.lead("one", LIFE).await.unwrap().unwrap();
    assert_eq!(
        one.shared.lead("one", LIFE).await.unwrap(),
        Some(first.clone())
    );
    assert_eq!(two.shared.lead("two", LIFE).await.unwrap(), None);
    one.put_as_leader(&first, "a", b"1").await.unwrap();

    one.shared.resign(&first).await.unwrap();
    let second = two.shared.lead("two", LIFE).await.unwrap().unwrap();
    let fenced = one.put_as_leader(&first, "a", b"late").await.unwrap_err();
    assert!(matches!(fenced, VaultError::Fenced));
    assert_eq!(
        plain(&one, "a").unwrap(),
        b"1",
        "what was refused is not kept"
    );
    two.put_as_leader(&second, "a", b"2").await.unwrap();

    // The counter of terms is lost, their order is not.
    redis.flush().await;
    let fenced = two.put_as_leader(&second, "a", b"late").await.unwrap_err();
    assert!(matches!(fenced, VaultError::Fenced));
    let third = one.shared.lead("one", LIFE).await.unwrap().unwrap();
    let number = |term: &Term| {
        let number = term.as_str().split_once(':').unwrap().0;
        number.parse::<u64>().unwrap()
    };
    assert!(number(&third) > number(&second) && number(&second) > number(&first));
}

#[tokio::test]
async fn the_lead_runs_out_when_its_holder_is_gone() {
    let redis = testkit::redis().await;
    let vault = vault(&redis).await;
    let short = Duration::from_millis(100);
    let gone = vault.shared.lead("gone", short).await.unwrap().unwrap();
    let next = testkit::until("the lead runs out", async || {
        vault.shared.lead("next", short).await.unwrap()
    })
    .await;
    assert_ne!(gone, next);
}

#[tokio::test]
async fn nothing_that_lies_in_redis_can_be_read_or_forged() {
    let redis = testkit::redis().await;
    let ours = vault(&redis).await;
    ours.put("a", b"a private key").await.unwrap();
    let client = redis.client().await;
    let lying: String = client.hget("gateway:tls:records", "a").await.unwrap();
    assert!(!lying.contains("private"), "{lying}");

    // A record under another name, one of a later date, and one of another secret are not taken.
    let forged = format!("9{lying}");
    client
        .hset::<(), _, _>("gateway:tls:records", [("a", &forged), ("b", &lying)])
        .await
        .unwrap();
    let foreign = vault_of(&redis, &secret(2), Clock::system()).await;
    foreign.put("c", b"foreign").await.unwrap();
    ours.sync().await.unwrap();
    assert_eq!(plain(&ours, "a").unwrap(), b"a private key");
    assert_eq!(plain(&ours, "b"), None);
    assert_eq!(plain(&ours, "c"), None);

    // The leader writes over what only claims to be later.
    let term = ours.shared.lead("one", LIFE).await.unwrap().unwrap();
    ours.put_as_leader(&term, "a", b"anew").await.unwrap();
    let other = vault(&redis).await;
    other.sync().await.unwrap();
    assert_eq!(plain(&other, "a").unwrap(), b"anew");
}

/// Waits until so many gateways listen.
async fn listen(redis: &TestRedis, wanted: i64) {
    let client = redis.client().await;
    testkit::eventually("all listen", async || {
        let count: i64 = client.publish("gateway:tls", "look").await.unwrap();
        count == wanted
    })
    .await;
}

#[tokio::test]
async fn a_challenge_is_known_everywhere_before_the_authority_is_told() {
    let redis = testkit::redis().await;
    let (one, two) = (vault(&redis).await, vault(&redis).await);
    let stop = CancellationToken::new();
    let following = TaskTracker::new();
    for vault in [&one, &two] {
        following.spawn(Arc::clone(vault).follow(LIFE, stop.clone()));
    }
    listen(&redis, 2).await;
    one.pose(&challenge(ChallengeKind::Http01)).await.unwrap();
    let now = Clock::system().now();
    for vault in [&one, &two] {
        let answer = vault.challenges.file("token", now);
        assert_eq!(answer.as_deref(), Some("token.thumb"));
    }
    let client = redis.client().await;
    let lying: Vec<String> = client.hvals("gateway:tls:challenges").await.unwrap();
    assert_eq!(lying.len(), 1);
    assert!(!lying.concat().contains("thumb"));

    one.withdraw("a.example.org").await;
    testkit::eventually("it is taken back", async || {
        two.challenges.file("token", now).is_none()
    })
    .await;
    assert!(one.challenges.file("token", now).is_none());
    stop.cancel();
    following.close();
    following.wait().await;
}

#[tokio::test]
async fn a_slow_gateway_is_waited_for() {
    let redis = testkit::redis().await;
    let (one, slow) = (vault(&redis).await, vault(&redis).await);
    let subscriber = slow.shared.subscriber();
    subscriber.init().await.unwrap();
    let mut messages = subscriber.message_rx();
    registry::subscribe(&subscriber, "gateway:tls")
        .await
        .unwrap();
    let heard = AtomicBool::new(false);
    let hear = async {
        let message: String = messages.recv().await.unwrap().value.convert().unwrap();
        let word = message.strip_prefix(shared::ANSWER).unwrap();
        // Enough for whoever does not wait to be done.
        tokio::time::sleep(Duration::from_millis(200)).await;
        heard.store(true, Ordering::Relaxed);
        slow.shared.answer(word).await.unwrap();
    };
    let pose = async {
        one.pose(&challenge(ChallengeKind::Http01)).await.unwrap();
        assert!(heard.load(Ordering::Relaxed), "nobody was waited for");
    };
    tokio::join!(hear, pose);
}

#[tokio::test]
async fn without_redis_records_are_kept_and_shared_later() {
    let redis = testkit::redis().await;
    let directory = tempfile::tempdir().unwrap();
    let open = async || {
        let client = registry::connect_in_background(&redis.url).unwrap();
        let state = Some(directory.path().to_owned());
        Vault::open(&secret(1), client, state, Clock::system(), Arc::default())
    };
    redis.kill().await;
    let alone = open().await;
    assert!(alone.sync().await.is_err());
    alone.put("a", b"1").await.unwrap();
    let term = Term::new("1:x".to_owned());
    assert!(alone.put_as_leader(&term, "b", b"1").await.is_err());
    drop(alone);

    let reopened = open().await;
    assert_eq!(plain(&reopened, "a").unwrap(), b"1");
    assert_eq!(plain(&reopened, "b"), None);
    redis.start().await;
    reopened.first_sync().await;
    let other = vault(&redis).await;
    other.sync().await.unwrap();
    assert_eq!(plain(&other, "a").unwrap(), b"1");
}
