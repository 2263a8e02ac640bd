//! Redis, which holds what may vanish: people come, stay and go without it, and what ended stays ended whatever
//! Redis remembers when it is back.

use rpc::auth::v1 as wire;

use crate::api_keys;
use crate::house::{House, PASSWORD};
use crate::sessions::{copies, revocations};

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_stay_and_sign_out() {
    let house = House::open().await;
    let admin = house.administrator().await;
    admin.be_remembered().await;
    house.redis.pause().await;
    let visitor = house.visitor();
    let answer = visitor.sign_in("grace", PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = admin.get("/auth/security").await;
    assert_eq!(page.status, 200, "sessions are listed from PostgreSQL");
    let out = page.form("form[action='/auth/sign-out']");
    assert_eq!(admin.submit(out).await.status, 303);
    assert!(house.introspect(&visitor.session()).await.is_some());
    house.redis.resume().await;
    testkit::eventually("the new session is live", async || {
        house.introspect(&visitor.session()).await.is_some()
    })
    .await;
}

/// Frozen, Redis comes back with the copies of what ended meanwhile; killed, with nothing at all.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_without_redis_holds_when_it_is_back() {
    for frozen in [true, false] {
        let house = House::open().await;
        let admin = house.administrator().await;
        let (mut ada, disabled) = house.person("ada").await;
        let (eve, out) = house.person("eve").await;
        let bob = house.person("bob").await.1;
        let key = api_keys::shown(&api_keys::make(&bob, &[]).await);
        let gone = [out.session(), disabled.session()];
        testkit::eventually("there are copies that could lie", async || {
            for cookie in &gone {
                assert!(house.introspect(cookie).await.is_some());
            }
            let copies = copies(&house).await;
            [&ada, &eve]
                .iter()
                .all(|who| copies.iter().any(|copy| copy.contains(&who.user_id)))
        })
        .await;
        let sign_out = out.get("/auth/security").await;
        let sign_out = sign_out.form("form[action='/auth/sign-out']");
        let keys = bob.get("/auth/security/keys").await;
        let revoke = keys.attribute("a[href^='/auth/security/keys/0']", "href");
        let revoke = bob.get(&revoke).await.form("form[action$='/revoke']");
        out.be_remembered().await;
        bob.be_remembered().await;
        let mut told = revocations(&house).await;
        if frozen {
            house.redis.pause().await;
        } else {
            house.redis.kill().await;
        }

        assert_eq!(out.submit(sign_out).await.status, 303);
        ada.state = wire::SubjectState::Disabled.into();
        ada.version = 2;
        house.tell(&ada).await;
        assert_eq!(bob.submit(revoke).await.status, 303);
        for cookie in &gone {
            assert!(house.introspect(cookie).await.is_none(), "at once");
        }
        assert!(house.recognise(&key, "192.0.2.1").await.is_none());

        if frozen {
            house.redis.resume().await;
        } else {
            house.redis.start().await;
        }
        let other = house.another_instance().await;
        for _ in 0..8 {
            for cookie in &gone {
                assert!(house.introspect(cookie).await.is_none(), "{frozen}");
            }
            assert!(house.recognise(&key, "192.0.2.1").await.is_none());
        }
        assert!(house.introspect(&admin.session()).await.is_some());
        testkit::eventually("no copy of an ended session is left", async || {
            let left = copies(&house).await;
            !left
                .iter()
                .any(|copy| copy.contains(&ada.user_id) || copy.contains(&eve.user_id))
        })
        .await;
        if frozen {
            // A gateway that kept its subscription hears of it late, but it does.
            let heard = testkit::until("gateways are told", async || told.try_recv().ok()).await;
            assert!(heard["session"].is_string(), "{heard}");
        }
        other.stop();
        other.stopped().await;
    }
}

/// The instance that acknowledged dies before Redis is back: the others read it in PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_survives_the_instance_that_acknowledged_it() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (_, out) = house.person("ada").await;
    let cookie = out.session();
    assert!(house.introspect(&cookie).await.is_some());
    let other = house.another_instance().await;
    let sign_out = out.get("/auth/security").await;
    let sign_out = sign_out.form("form[action='/auth/sign-out']");
    out.be_remembered().await;
    house.redis.pause().await;
    assert_eq!(out.submit(sign_out).await.status, 303);
    house.auth.lifecycle().abort();
    house.auth.stopped().await;
    house.redis.resume().await;
    for _ in 0..8 {
        assert!(house.introspect(&cookie).await.is_none());
    }
    assert!(house.introspect(&admin.session()).await.is_some());
    other.stop();
    other.stopped().await;
}
