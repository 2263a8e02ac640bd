//! An app in the test's own process, with a real PostgreSQL and Redis, and people to visit it.

use std::sync::Arc;

use fred::clients::Client;
use fred::interfaces::{ClientLike, KeysInterface};
use platform::identity::{self, Claims, Jwks, Principal, PublicJwk, Signer};
use platform::telemetry::Telemetry;
use platform::{
    App, AppId, Boot, Clock, CoreConfig, Environment, Health, Host, InstanceId, Lifecycle, Running,
};
use registry::{AppSecret, Keyring};

use crate::{CookieClient, TestDatabase, TestRedis, database, redis};

/// The APP_SECRET of every test: random, and of no use anywhere else.
pub const SECRET: &str = "5d0c1e9a7b3f48c6a2e4f1807d96b35cfa72e8014b9d6c33";

/// Where people reach the platform in tests. Nothing listens there: tests connect to apps directly.
pub const APP_URL: &str = "http://localhost:3000";

/// The variables of an app under test.
pub fn environment(redis: &TestRedis, database: Option<&TestDatabase>) -> Environment {
    let environment = Environment::from_map([
        ("APP_SECRET", SECRET),
        ("APP_URL", APP_URL),
        ("CLOUD_ENV", "dev"),
        ("REDIS_URL", &redis.url),
        ("LOG_LEVEL", "warn"),
        ("START_WAIT_SECONDS", "30"),
        ("DRAIN_SECONDS", "5"),
    ]);
    match database {
        Some(database) => environment.with("DATABASE_OWNER_URL", &database.owner_url),
        None => environment,
    }
}

/// Runs an app with a fresh database and Redis.
pub async fn run(app: App) -> TestApp {
    Setup::new().run(app).await
}

/// What an app under test is given, where [`run`] is not enough.
#[must_use = "a setup does nothing until an app runs in it"]
#[derive(Default)]
pub struct Setup {
    redis: Option<TestRedis>,
    database: Option<TestDatabase>,
    clock: Option<Clock>,
    variables: Vec<(String, String)>,
}

impl Setup {
    /// A fresh database, a fresh Redis, the real time.
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses this Redis.
    pub fn redis(mut self, redis: TestRedis) -> Self {
        self.redis = Some(redis);
        self
    }

    /// Uses this database.
    pub fn database(mut self, database: TestDatabase) -> Self {
        self.database = Some(database);
        self
    }

    /// Uses this clock, such as one that the test moves.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Sets a variable.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs the app; returns when it is ready and registered.
    pub async fn run(self, app: App) -> TestApp {
        let world = Box::pin(World::start(self)).await;
        let running = world.add(app).await;
        TestApp { running, world }
    }

    /// Starts everything but an app: for tests of what several apps share.
    pub async fn start(self) -> World {
        Box::pin(World::start(self)).await
    }
}

/// What apps under test share: Redis, the database, the keys that sign people's identity.
pub struct World {
    /// The private Redis.
    pub redis: TestRedis,
    /// The database.
    pub database: TestDatabase,
    /// The host of the test process.
    pub host: Host,
    /// The time the apps see.
    pub clock: Clock,
    environment: Environment,
    config: CoreConfig,
    telemetry: Telemetry,
    signer: Signer,
}

impl World {
    async fn start(setup: Setup) -> Self {
        let redis = match setup.redis {
            Some(redis) => redis,
            None => redis().await,
        };
        let database = match setup.database {
            Some(database) => database,
            None => database().await,
        };
        let clock = setup.clock.unwrap_or_else(Clock::system);
        let environment = setup.variables.into_iter().fold(
            environment(&redis, Some(&database)),
            |all, (name, value)| all.with(name, value),
        );
        let config =
            CoreConfig::from_environment(&environment).expect("the test's environment is complete");
        let signer = Signer::generate().expect("a signing key");
        // Before the host reads the keys: it looks for unknown ones once a second at most.
        let client = redis.client().await;
        publish_key(&client, &signer, &config, &clock).await;
        client.quit().await.expect("the connection closes");
        let telemetry = Telemetry::start("test", &config);
        let lifecycle = Lifecycle::new();
        let host = Host::with(telemetry.clone(), &config, lifecycle, clock.clone());
        let host = host.await.expect("the host starts");
        Self {
            redis,
            database,
            host,
            clock,
            environment,
            config,
            telemetry,
            signer,
        }
    }

    /// Runs one more app; returns when it is ready and registered.
    pub async fn add(&self, app: App) -> Running {
        let id = app.declaration().id.clone();
        let running = Box::pin(self.host.run(app, self.environment.clone())).await;
        let running =
            running.unwrap_or_else(|error| panic!("{id} does not start: {}", error.chain()));
        running.ready().await;
        // Auth publishes its own keys when it starts; ours has to be among them.
        publish_key(self.host.redis(), &self.signer, &self.config, &self.clock).await;
        running
    }

    /// The variables the apps are started with.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// What an app of this id would be started with, for clients of other apps.
    pub fn boot(&self, app: &str) -> Boot {
        let app = AppId::new(app).expect("an app id");
        let instance = InstanceId::random();
        let meter = self.telemetry.add_app(&app, "0.0.0", &instance);
        let lifecycle = self
            .host
            .lifecycle()
            .child(platform::telemetry::Scope::app(&app));
        Boot {
            app,
            version: Arc::from("0.0.0"),
            instance,
            config: Arc::new(self.config.clone()),
            environment: Arc::new(self.environment.clone()),
            clock: self.clock.clone(),
            lifecycle,
            health: Health::new(),
            registry: self.host.registry().clone(),
            redis: self.host.redis().clone(),
            identity: identity::Verifier::new(
                self.host.redis().clone(),
                identity::RootPublicKey::of(&self.config.app_secret),
                self.clock.clone(),
            ),
            settings: Arc::from([]),
            meter,
        }
    }

    /// The assertion a gateway would send an app about a person.
    pub fn assertion(&self, app: &AppId, who: &Principal) -> String {
        assertion(&self.signer, &self.clock, app, who)
    }

    /// A visitor of an app without an identity.
    pub fn visitor(&self, app: &Running) -> CookieClient {
        CookieClient::new(&format!("http://{}", app.http())).with_origin(APP_URL)
    }

    /// A visitor of an app with the identity that a gateway would assert. The session's
    /// anti-forgery token is in the page's forms, as for a browser.
    pub fn visitor_as(&self, app: &Running, who: &Principal) -> CookieClient {
        let (signer, clock, id, who) = (
            self.signer.clone(),
            self.clock.clone(),
            app.app().clone(),
            who.clone(),
        );
        self.visitor(app)
            .with_identity(move || assertion(&signer, &clock, &id, &who))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.host.lifecycle().abort();
    }
}

/// An app that runs in the test's process.
pub struct TestApp {
    /// The app.
    pub running: Running,
    /// What it runs in.
    pub world: World,
}

impl TestApp {
    /// Its address, e.g. `http://127.0.0.1:40001`.
    pub fn http(&self) -> String {
        format!("http://{}", self.running.http())
    }

    /// Its gRPC address; fails the test when it has none.
    pub fn grpc(&self) -> String {
        format!(
            "http://{}",
            self.running.grpc().expect("the app has gRPC services")
        )
    }

    /// A visitor without an identity.
    pub fn client(&self) -> CookieClient {
        self.world.visitor(&self.running)
    }

    /// A visitor with the identity that a gateway would assert.
    pub fn as_user(&self, who: &Principal) -> CookieClient {
        self.world.visitor_as(&self.running, who)
    }

    /// What an app of this id would be started with, for calling this one.
    pub fn boot(&self, app: &str) -> Boot {
        self.world.boot(app)
    }

    /// The assertion a gateway would send this app about a person.
    pub fn assertion(&self, who: &Principal) -> String {
        self.world.assertion(self.running.app(), who)
    }

    /// Stops the app the gentle way and returns what it ran in, for a second start.
    pub async fn stop(self) -> World {
        self.running.stop();
        self.running.stopped().await;
        self.world
    }
}

/// The secret of every test, for keys derived from it.
pub fn secret() -> AppSecret {
    AppSecret::new(SECRET).expect("the test's secret is long enough")
}

fn assertion(signer: &Signer, clock: &Clock, app: &AppId, who: &Principal) -> String {
    signer
        .sign(&Claims::new(who, app, clock.now()))
        .expect("an assertion")
}

/// Publishes the test's key beside those that are published already.
async fn publish_key(redis: &Client, signer: &Signer, config: &CoreConfig, clock: &Clock) {
    let published: Option<String> = redis.get(identity::REDIS_KEY).await.expect("Redis answers");
    let mut set = published.as_deref().and_then(keys_of).unwrap_or_default();
    let own = signer.public_jwk();
    if !set.keys.contains(&own) {
        set.keys.push(own);
    }
    let Keyring::Secret(secret) = &config.app_secret else {
        panic!("tests run with APP_SECRET");
    };
    let published = identity::publish_jwks(redis, secret, &set, clock.now()).await;
    published.expect("the test's key is published");
}

/// The keys in the published form. A test trusts it: it wants to add to it, not to verify with it.
fn keys_of(published: &str) -> Option<Jwks> {
    use base64::Engine as _;
    let payload = published.split('.').nth(1)?;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .ok()?;
    let value: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    let keys: Vec<PublicJwk> = serde_json::from_value(value.get("keys")?.clone()).ok()?;
    Some(Jwks { keys })
}
