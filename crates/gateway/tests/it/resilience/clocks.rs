//! The clock of the machine is set, forwards and back, while everything goes on.

use std::time::Duration;

use jiff::SignedDuration;
use platform::Clock;

use crate::faults::Load;
use crate::given::{Platform, world_of};
use crate::identity::{cookie, signed_in};

/// How far the clock is set, one after the other, in minutes. Sessions last an hour.
const JUMPS: [i64; 7] = [30, -25, -600, 590, -3, 40, -35];

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_costs_no_request_and_no_session() {
    let clock = Clock::manual(Clock::system().now());
    let world = world_of(Platform::at(clock.clone()).await, |config| {
        // Asked again and again, so that calls between services see every time as well.
        config.belief.fresh = Duration::from_millis(50);
    });
    let signed = signed_in(world.await).await;
    let world = &signed.world;
    let ada = signed.person(&cookie('a')).await.unwrap();
    let load = Load::start(&world.url("/app/hello/echo"), 2);
    for jump in JUMPS {
        clock.advance(SignedDuration::from_mins(jump));
        load.more(50).await;
        // Apps go by the same clock: what they are told must be neither over nor to come.
        for _ in 0..10 {
            let person = signed.person(&cookie('a')).await;
            assert_eq!(
                person.map(|person| person.user_id),
                Some(ada.user_id),
                "{jump}"
            );
        }
        assert!(!world.gateway.watch.snapshot().stale);
        assert!(
            world
                .gateway
                .apps()
                .iter()
                .any(|entry| entry.id.as_str() == "hello")
        );
    }
    // What ends by the clock does end by it.
    clock.advance(SignedDuration::from_hours(2));
    assert_eq!(
        signed
            .person(&cookie('a'))
            .await
            .map(|person| person.user_id),
        None
    );
    load.more(50).await;
    load.finish().await;
}
