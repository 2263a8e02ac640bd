//! Several gateways: one of them leads.

use platform::Clock;

use crate::given::{Gateway, Given};

async fn gateway(redis: &testkit::TestRedis) -> Gateway {
    Given::new(&redis.url, &["nas"]).await.start().await
}

async fn leads(gateway: &Gateway) {
    testkit::eventually("the gateway leads", async || gateway.leads()).await;
}

#[tokio::test]
async fn one_gateway_leads_and_another_follows_it() {
    let redis = testkit::redis().await;
    let one = gateway(&redis).await;
    leads(&one).await;
    let two = gateway(&redis).await;
    let three = gateway(&redis).await;
    assert!(!two.leads() && !three.leads());

    // Asked to stop, it gives the lead up; killed, it loses it when the lease has run out.
    one.stop().await;
    let next = testkit::until("one of two leads", async || {
        match (two.leads(), three.leads()) {
            (true, false) => Some((&two, &three)),
            (false, true) => Some((&three, &two)),
            // What a gateway believes lags behind; what it writes is fenced.
            (true, true) | (false, false) => None,
        }
    });
    let (second, last) = next.await;
    second.lifecycle.abort();
    leads(last).await;
}

#[tokio::test]
async fn nobody_leads_while_redis_is_away() {
    let redis = testkit::redis().await;
    let one = gateway(&redis).await;
    leads(&one).await;
    redis.kill().await;
    testkit::eventually("the lead is lost", async || !one.leads()).await;
    assert!(one.served("nas").await.is_some());
    redis.start().await;
    leads(&one).await;
}

/// Whichever of them was first, and at whatever moment: nobody is served one certificate here and another there.
#[tokio::test]
async fn gateways_that_start_together_agree_on_one_certificate() {
    let redis = testkit::redis().await;
    for round in 0..25 {
        let name = format!("nas-{round}");
        let names = [name.as_str()];
        let start = async || {
            let mut given = Given::new(&redis.url, &names).await;
            // It stands still: all of them make a certificate at the same moment.
            given.clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
            given.start().await
        };
        let (one, two, three) = tokio::join!(start(), start(), start());
        testkit::eventually(&format!("round {round} agrees"), async || {
            let served = tokio::join!(one.served(&name), two.served(&name), three.served(&name));
            served.0.is_some() && served.0 == served.1 && served.1 == served.2
        })
        .await;
    }
}
