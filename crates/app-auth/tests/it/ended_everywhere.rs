//! How long it takes until an ended session is over at every gateway: measured, printed, never asserted.

use std::time::{Duration, Instant};

use reqwest::Client;
use rpc::auth::v1 as wire;

use crate::edge::{free_port, gateway};
use crate::house::{House, call};

const ROUNDS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_in_one_place_is_over_at_two_gateways() {
    let house = House::open().await;
    let gateways = [
        gateway(&house, free_port(), "").await,
        gateway(&house, free_port(), "").await,
    ];
    let (ada, _) = house.person("ada").await;
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let mut times = Vec::new();
    let visitor = house.visitor();
    for _ in 0..ROUNDS {
        house.later(jiff::SignedDuration::from_hours(1));
        visitor.sign_in_well("ada").await;
        let cookie = format!("cloud={}", visitor.session());
        let is_in = async |address| {
            let url = format!("http://{address}/auth/security");
            let request = client.get(url).header("cookie", &cookie);
            request.send().await.unwrap().status() == 200
        };
        for gateway in &gateways {
            testkit::eventually("the session is known", async || {
                is_in(gateway.address).await
            })
            .await;
        }
        let request = wire::EndSessionsRequest {
            user_id: ada.user_id.clone(),
            session_id: String::new(),
        };
        let begun = Instant::now();
        house
            .rpc("cloud")
            .end_sessions(call(), request)
            .await
            .unwrap();
        for gateway in &gateways {
            testkit::eventually("the session is over", async || {
                !is_in(gateway.address).await
            })
            .await;
        }
        times.push(begun.elapsed());
    }
    times.sort();
    let most = times.last().copied().unwrap_or(Duration::ZERO);
    let median = times.get(ROUNDS / 2).copied().unwrap_or(Duration::ZERO);
    println!(
        "an ended session is over at two gateways after {median:?} (median of {ROUNDS}), {most:?} at most"
    );
}
