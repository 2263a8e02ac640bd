//! What the tests start from: a platform of Redis, apps and a gateway.

use std::net::SocketAddr;
use std::sync::Arc;

use gateway::{Edge, GatewayConfig, Limits, Running, run_at};
use platform::telemetry::Telemetry;
use platform::{Clock, Environment, Lifecycle};
use registry::{AppId, AppSecret, Entry, Keyring, Watch, WatchTiming};
use testkit::{SECRET, TestRedis};

use crate::peer::{Peer, PeerOptions};

/// A platform without a gateway yet.
pub(crate) struct Platform {
    pub(crate) redis: TestRedis,
    pub(crate) state: tempfile::TempDir,
    /// The time on this machine, for gateways and auth.
    pub(crate) clock: Clock,
}

/// A gateway of its own lifecycle; stops when dropped.
pub(crate) struct TestGateway {
    pub(crate) running: Running,
    pub(crate) address: SocketAddr,
    pub(crate) watch: Watch,
    lifecycle: Lifecycle,
}

pub(crate) fn secret() -> AppSecret {
    AppSecret::new(SECRET).unwrap()
}

pub(crate) fn id(app: &str) -> AppId {
    AppId::new(app).unwrap()
}

impl Platform {
    pub(crate) async fn new() -> Self {
        Self::at(Clock::system()).await
    }

    pub(crate) async fn at(clock: Clock) -> Self {
        Self {
            redis: testkit::redis().await,
            state: tempfile::tempdir().unwrap(),
            clock,
        }
    }

    /// A gateway that keeps its state, on any free port.
    pub(crate) async fn gateway(&self) -> TestGateway {
        self.gateway_with(|_| {}).await
    }

    pub(crate) async fn gateway_with(
        &self,
        change: impl FnOnce(&mut GatewayConfig),
    ) -> TestGateway {
        let gateway = self.unread_gateway_with(change).await;
        gateway.watch.ready().await;
        gateway
    }

    /// A gateway that may not have seen the registry yet.
    pub(crate) async fn unread_gateway_with(
        &self,
        change: impl FnOnce(&mut GatewayConfig),
    ) -> TestGateway {
        let environment = Environment::from_map([
            ("APP_SECRET", SECRET),
            ("REDIS_URL", &self.redis.url),
            ("CLOUD_ENV", "dev"),
            ("PORT", "0"),
            ("DRAIN_SECONDS", "5"),
        ])
        .with("GATEWAY_STATE_DIR", self.state.path().display().to_string());
        let mut config = GatewayConfig::from_environment(&environment).unwrap();
        change(&mut config);
        let lifecycle = Lifecycle::new();
        let redis = registry::connect_in_background(&self.redis.url).unwrap();
        let stop = lifecycle.hard().child_token();
        let keyring = Keyring::Secret(secret());
        let watch = Watch::start(redis.clone(), keyring, WatchTiming::default(), stop);
        let edge = Edge {
            redis,
            registry: watch.clone(),
            clock: self.clock.clone(),
            lifecycle: lifecycle.clone(),
            telemetry: Telemetry::default(),
        };
        let running = run_at(edge, config).await.unwrap();
        let address = running.address();
        TestGateway {
            running,
            address,
            watch,
            lifecycle,
        }
    }

    /// An app with one instance, serving `/app/<id>` and `/api/<id>`.
    pub(crate) async fn app(&self, app: &str) -> Peer {
        self.app_with(app, |_| {}).await
    }

    pub(crate) async fn app_with(&self, app: &str, change: impl FnOnce(&mut PeerOptions)) -> Peer {
        let mut options = PeerOptions::new(app);
        change(&mut options);
        Peer::start(&self.redis.url, options).await
    }
}

impl TestGateway {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Apps the registry confirms. The gateway itself, which is registered too, is none.
    pub(crate) fn apps(&self) -> Vec<Arc<Entry>> {
        let mut apps = self.watch.snapshot().entries.clone();
        apps.retain(|entry| entry.id.as_str() != "gateway");
        apps
    }

    /// Waits until requests for the path reach this instance (or any, when none is named).
    pub(crate) async fn serves(&self, path: &str, instance: Option<&Peer>) {
        let client = client();
        testkit::eventually(&format!("{path} is served"), async || {
            let Ok(response) = client.get(self.url(path)).send().await else {
                return false;
            };
            let seen = response.headers().get("x-instance").cloned();
            match instance {
                None => seen.is_some(),
                Some(peer) => seen.is_some_and(|seen| seen == peer.instance.as_str()),
            }
        })
        .await;
    }
}

impl Drop for TestGateway {
    fn drop(&mut self) {
        self.lifecycle.abort();
    }
}

/// A client that keeps connections and follows nothing.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Everything most tests need: a platform, the app `hello`, and a gateway that serves it.
pub(crate) struct World {
    pub(crate) platform: Platform,
    pub(crate) hello: Peer,
    pub(crate) gateway: TestGateway,
    pub(crate) client: reqwest::Client,
}

pub(crate) async fn world() -> World {
    world_with(|_| {}).await
}

pub(crate) async fn world_with(limits: impl FnOnce(&mut Limits)) -> World {
    world_of(Platform::new().await, |config| limits(&mut config.limits)).await
}

pub(crate) async fn world_of(platform: Platform, change: impl FnOnce(&mut GatewayConfig)) -> World {
    let hello = platform.app("hello").await;
    let gateway = platform.gateway_with(change).await;
    gateway.serves("/app/hello/echo", Some(&hello)).await;
    World {
        platform,
        hello,
        gateway,
        client: client(),
    }
}

impl World {
    pub(crate) fn url(&self, path: &str) -> String {
        self.gateway.url(path)
    }

    /// What `hello` was sent.
    pub(crate) async fn echo(&self, request: reqwest::RequestBuilder) -> Echo {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }
}

/// What an app tells about a request it was sent.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Echo {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: usize,
}

impl Echo {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key == name);
        let first = found.next().map(|(_, value)| value.as_str());
        assert!(
            found.next().is_none(),
            "{name} came twice: {:?}",
            self.headers
        );
        first
    }
}

/// Shares a value with tasks.
pub(crate) fn shared<T>(value: T) -> Arc<T> {
    Arc::new(value)
}
