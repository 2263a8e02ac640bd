//! Orders from the first question to the certificate that is served.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use gateway::tls::{ChallengeKind, Source, State};

use crate::given::{Client, Gateway, Given, Ports};
use crate::pebble::{Pebble, Settings, verifying};

type Test = fn() -> Pin<Box<dyn Future<Output = ()>>>;

macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        &[$((stringify!($name), || Box::pin($name()))),*]
    };
}

/// Every test, by its name.
pub(crate) const ALL: &[(&str, Test)] = tests![
    http_01_leads_to_a_certificate_that_survives_the_loss_of_redis,
    tls_alpn_01_leads_to_a_certificate,
    the_authority_may_ask_any_gateway_and_one_orders,
    a_certificate_is_renewed_under_load_without_a_failure,
    when_one_challenge_fails_the_other_is_tried,
    an_account_that_was_forgotten_is_made_anew,
    the_bound_on_orders_holds_over_a_restart,
];

const NAME: &str = "cloud.example.org";

async fn given(redis: &testkit::TestRedis, pebble: &Pebble, ports: Ports) -> Given {
    let mut given = Given::new(&redis.url, &[NAME]).await;
    given.ports = ports;
    given.config.acme.directory = pebble.directory.clone();
    given.config.acme.roots.clone_from(&pebble.roots);
    // No lead is lost to a busy machine.
    given.config.timing.lease = Duration::from_secs(15);
    given.config.acme.email = Some("operator@example.org".to_owned());
    given
}

/// Waits for a valid certificate from the authority, which a client believes that knows its root only.
async fn is_served(gateway: &Gateway, pebble: &Pebble, name: &str) -> String {
    let served = gateway.serves_another(name, None).await;
    let config = Arc::new(verifying(pebble.root().await));
    let mut client = Client::connect(gateway.address, name, &config)
        .await
        .unwrap();
    client.echo("verified").await.unwrap();
    let status = gateway.status(name);
    assert_eq!(status.state, State::Valid, "{status:?}");
    assert_eq!(status.served.unwrap().source, Source::Acme);
    assert!(status.renew_at.is_some() && status.last_error.is_none());
    served
}

async fn one_order(only: ChallengeKind) -> (testkit::TestRedis, Pebble, String, Given) {
    let redis = testkit::redis().await;
    let ports = Ports::bind().await;
    let pebble = Pebble::start(Settings::new(ports.numbers())).await;
    let state = testkit::scratch("state");
    let mut first = given(&redis, &pebble, ports).await;
    first.config.acme.challenge = Some(only);
    first.state = Some(state.clone());
    let gateway = first.start().await;
    let served = is_served(&gateway, &pebble, NAME).await;
    assert_eq!(pebble.issued(), 1);
    gateway.stop().await;
    let mut again = given(&redis, &pebble, Ports::bind().await).await;
    again.state = Some(state);
    (redis, pebble, served, again)
}

async fn http_01_leads_to_a_certificate_that_survives_the_loss_of_redis() {
    let (redis, pebble, served, again) = one_order(ChallengeKind::Http01).await;
    redis.kill().await;
    let gateway = again.start().await;
    assert_eq!(gateway.served(NAME).await, Some(served.clone()));
    // Redis comes back empty; what the gateway holds is not ordered again.
    redis.start().await;
    testkit::eventually("the gateway leads", async || gateway.leads()).await;
    let other = given(&redis, &pebble, Ports::bind().await).await;
    let other = other.start().await;
    assert_eq!(other.serves_another(NAME, None).await, served);
    assert_eq!(pebble.issued(), 1);
}

async fn tls_alpn_01_leads_to_a_certificate() {
    let (_redis, pebble, served, again) = one_order(ChallengeKind::TlsAlpn01).await;
    // A start with everything at hand orders nothing.
    let gateway = again.start().await;
    assert_eq!(gateway.served(NAME).await, Some(served));
    assert_eq!(pebble.issued(), 1);
}

async fn the_authority_may_ask_any_gateway_and_one_orders() {
    let redis = testkit::redis().await;
    let asked = Ports::bind().await;
    let pebble = Pebble::start(Settings::new(asked.numbers())).await;
    let mut leading = given(&redis, &pebble, Ports::bind().await).await;
    // It has nothing to order yet, because this machine is no name for an authority, and leads.
    let domains = std::mem::replace(
        &mut leading.config.domains,
        vec!["localhost".parse().unwrap()],
    );
    let leader = leading.start().await;
    testkit::eventually("one leads", async || leader.leads()).await;
    let follower = given(&redis, &pebble, asked).await.start().await;
    assert!(!follower.leads());
    leader.tls.set_domains(domains);

    let served = is_served(&follower, &pebble, NAME).await;
    assert_eq!(leader.serves_another(NAME, None).await, served);
    // The other challenge, with the other gateway asked again.
    let other = "other.example.org";
    for gateway in [&leader, &follower] {
        let names = [NAME, other].map(|name| name.parse().unwrap());
        gateway.tls.set_domains(names.to_vec());
    }
    let second = follower.serves_another(other, None).await;
    assert_eq!(leader.serves_another(other, None).await, second);
    assert_eq!(pebble.issued(), 2);
    assert!(leader.leads() && !follower.leads());
}

async fn a_certificate_is_renewed_under_load_without_a_failure() {
    let redis = testkit::redis().await;
    let ports = Ports::bind().await;
    let mut settings = Settings::new(ports.numbers());
    settings.life = Duration::from_secs(9);
    let pebble = Pebble::start(settings).await;
    let gateway = given(&redis, &pebble, ports).await.start().await;
    let first = gateway.serves_another(NAME, None).await;
    let mut open = gateway.connect(NAME).await.unwrap();
    assert_eq!(open.fingerprint(), first);
    let (mut handshakes, mut renewed) = (0, false);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while !renewed {
        let mut fresh = gateway.connect(NAME).await.unwrap();
        fresh.echo("fresh").await.unwrap();
        open.echo("open").await.unwrap();
        handshakes += 1;
        renewed = fresh.fingerprint() != first;
        assert!(tokio::time::Instant::now() < deadline, "never renewed");
    }
    assert!(handshakes > 10, "{handshakes}");
    let mut after = gateway.connect(NAME).await.unwrap();
    after.echo("after").await.unwrap();
    open.echo("still open").await.unwrap();
}

async fn when_one_challenge_fails_the_other_is_tried() {
    let redis = testkit::redis().await;
    let ports = Ports::bind().await;
    let (tls, _plain) = ports.numbers();
    // The plain port cannot be reached from outside.
    let pebble = Pebble::start(Settings::new((tls, 1))).await;
    let gateway = given(&redis, &pebble, ports).await.start().await;
    let mut status = gateway.tls.watch();
    let failed = status.wait_for(|status| status.names[0].last_error.is_some());
    let failed = failed.await.unwrap().names[0].clone();
    let error = failed.last_error.unwrap();
    assert_eq!(failed.state, State::Missing);
    if let Some(retry_at) = error.retry_at {
        assert!(retry_at > error.at.unwrap());
        // In the authority's own words.
        assert!(error.message.contains("(connection)"), "{}", error.message);
    }
    is_served(&gateway, &pebble, NAME).await;
}

async fn an_account_that_was_forgotten_is_made_anew() {
    let redis = testkit::redis().await;
    let ports = Ports::bind().await;
    let mut pebble = Pebble::start(Settings::new(ports.numbers())).await;
    let gateway = given(&redis, &pebble, ports).await.start().await;
    is_served(&gateway, &pebble, NAME).await;
    pebble.forget().await;
    let other = "other.example.org";
    let names = [NAME, other].map(|name| name.parse().unwrap());
    gateway.tls.set_domains(names.to_vec());
    is_served(&gateway, &pebble, other).await;
}

async fn the_bound_on_orders_holds_over_a_restart() {
    let redis = testkit::redis().await;
    // Nobody answers there: every order fails.
    let pebble = Pebble::start(Settings::new((1, 1))).await;
    let state = testkit::scratch("state");
    let gateway = async |bound| {
        let mut given = given(&redis, &pebble, Ports::bind().await).await;
        given.config.acme.orders_per_hour = bound;
        given.state = Some(state.clone());
        given.start().await
    };
    let first = gateway(2).await;
    let mut failures = Vec::new();
    let retry_at = testkit::until("the second order fails", async || {
        let error = first.status(NAME).last_error?;
        let failure = (error.at?, error.retry_at?);
        if !failures.contains(&failure) {
            failures.push(failure);
        }
        (failures.len() == 2).then_some(failure.1)
    })
    .await;
    first.stop().await;
    redis.flush().await;
    // The next one knows of both orders, and that the pause is over.
    let second = gateway(2).await;
    testkit::eventually("the gateway leads", async || second.leads()).await;
    let due = retry_at + Duration::from_secs(2);
    testkit::eventually("the third order would be due", async || {
        platform::Clock::system().now() > due
    })
    .await;
    assert_eq!(pebble.orders(), 2);
    second.stop().await;
    let third = gateway(3).await;
    testkit::eventually("a wider bound lets it through", async || {
        pebble.orders() == 3
    })
    .await;
    drop(third);
}
