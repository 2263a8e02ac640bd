//! What a gateway tells of itself: its snapshot in Redis.

use fred::interfaces::{KeysInterface, SortedSetsInterface};
use registry::edge::{Fault, IssueKind, Report, Standing};
use registry::{AppSecret, Keyring, edge};

use crate::given::{Platform, secret, world};

/// The report of the only gateway, as soon as it fulfils a condition.
async fn report(platform: &Platform, what: &str, condition: impl Fn(&Report) -> bool) -> Report {
    let last = std::cell::RefCell::new(None);
    testkit::eventually(what, async || {
        let report = reports(platform).await.pop();
        let is_met = report.as_ref().is_some_and(&condition);
        *last.borrow_mut() = report;
        is_met
    })
    .await;
    last.into_inner().unwrap()
}

/// What every gateway reports now.
pub(crate) async fn reports(platform: &Platform) -> Vec<Report> {
    let redis = platform.redis.client().await;
    let keyring = Keyring::Secret(secret());
    let now = platform::Clock::system().now();
    let found = edge::read(&redis, &keyring, now).await.unwrap();
    found
        .into_iter()
        .map(|found| found.report.unwrap())
        .collect()
}

#[tokio::test]
async fn a_gateway_is_seen_with_its_routes_their_owners_and_what_they_took() {
    let world = world().await;
    let before = report(&world.platform, "a report", |_| true).await;
    assert_eq!(before.address, world.gateway.address.to_string());
    let missing = world.client.get(world.url("/nowhere")).send().await;
    assert_eq!(missing.unwrap().status(), 404);
    world
        .client
        .get(world.url("/app/hello/echo"))
        .send()
        .await
        .unwrap();
    let seen = report(&world.platform, "both requests", |report| {
        let nowhere = report.routes.iter().find(|route| route.prefix.is_none());
        nowhere.is_some_and(|route| route.classes[4] > 0)
            && report.routes.iter().any(|route| route.classes[2] > 1)
    })
    .await;
    let route = seen
        .routes
        .iter()
        .find(|route| route.prefix.as_deref() == Some("/app/hello"))
        .unwrap();
    assert_eq!(route.app.as_ref().unwrap().as_str(), "hello");
    assert_eq!(route.instances, 1);
    assert_eq!(route.recent, route.total, "it has not run for a minute");
    assert!(route.recent.p50 > 0 && route.recent.p50 <= route.recent.p99);
    assert!(seen.table.version > 0 && seen.table.built_at.is_some());
    assert!(seen.requests >= 2);
    let [instance] = seen.instances.as_slice() else {
        panic!("{:?}", seen.instances)
    };
    assert_eq!(instance.instance, world.hello.instance);
    assert_eq!(instance.standing, Standing::Well);
    assert!(instance.confirmed && instance.latency > 0);
}

#[tokio::test]
async fn a_refused_registration_is_named_with_its_reason() {
    let platform = Platform::new().await;
    let redis = platform.redis.client().await;
    let () = redis
        .set("apps/junk/i1", "{{{", None, None, false)
        .await
        .unwrap();
    let () = redis
        .zadd("apps", None, None, false, false, (4e9, "junk/i1"))
        .await
        .unwrap();
    let stranger = platform
        .app_with("stranger", |options| {
            options.keyring = Keyring::Secret(AppSecret::new([9; 32]).unwrap());
        })
        .await;
    let _gateway = platform.gateway().await;
    let seen = report(&platform, "both issues", |report| report.issues.len() == 2).await;
    let issue = |app: &str| seen.issues.iter().find(|issue| issue.app == app).unwrap();
    assert_eq!(issue("junk").kind, IssueKind::Malformed);
    assert_eq!(issue("junk").instance, "i1");
    assert_eq!(issue("stranger").kind, IssueKind::Unsigned);
    assert_eq!(issue("stranger").instance, stranger.instance.as_str());
    assert!(seen.instances.is_empty());
}

#[tokio::test]
async fn an_instance_that_failed_is_seen_to_rest() {
    let mut world = world().await;
    report(&world.platform, "one that is well", |report| {
        report
            .instances
            .iter()
            .any(|one| one.standing == Standing::Well)
    })
    .await;
    world.hello.die().await;
    let answer = world.client.get(world.url("/app/hello/echo")).send().await;
    assert!(answer.unwrap().status().is_server_error());
    report(&world.platform, "one that is not", |report| {
        let mut all = report.instances.iter();
        all.any(|one| matches!(one.standing, Standing::Resting | Standing::Trial))
    })
    .await;
}

#[tokio::test]
async fn nobody_else_can_write_a_report_and_one_that_stops_takes_its_own_away() {
    let world = world().await;
    let seen = report(&world.platform, "a report", |_| true).await;
    let redis = world.platform.redis.client().await;
    let now = platform::Clock::system().now();
    let strange = Keyring::Secret(AppSecret::new([9; 32]).unwrap());
    let found = edge::read(&redis, &strange, now).await.unwrap();
    assert_eq!(found[0].report, Err(Fault::Unsigned));
    let key = format!("gateways/{}", seen.gateway);
    let left: i64 = redis.pttl(&key).await.unwrap();
    assert!((1..=10_000).contains(&left), "{left}");
    world.gateway.running.stop();
    world.gateway.running.stopped().await;
    testkit::eventually("it is gone", async || {
        let there: i64 = redis.exists(&key).await.unwrap();
        there == 0
    })
    .await;
}
