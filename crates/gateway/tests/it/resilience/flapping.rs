//! An instance that comes and goes all the time is nobody else's trouble.

use registry::{Lease, LeaseTiming};

use crate::faults::Load;
use crate::given::world;
use crate::peer::PeerOptions;

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_comes_and_goes_disturbs_no_other() {
    let world = world().await;
    let load = Load::start(&world.url("/app/hello/echo"), 4);
    load.more(50).await;
    let redis = world.platform.redis.client().await;
    for turn in 0..50 {
        let mut options = PeerOptions::new("flapping");
        options.entry.http = world.gateway.url("").replace("127.0.0.1", "127.0.0.2");
        options.entry.prefixes.push(format!("/app/flapping/{turn}"));
        let timing = LeaseTiming::default();
        let lease = Lease::register(redis.clone(), options.keyring, options.entry, timing);
        lease.await.unwrap().release().await.unwrap();
    }
    load.more(50).await;
    load.finish().await;
    testkit::eventually("nothing of it is left", async || {
        world.gateway.apps().len() == 1
    })
    .await;
}
