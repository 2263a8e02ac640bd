//! What an app is started with, for tests of a part of it.

use std::sync::Arc;

use platform::config::{CoreConfig, Environment};
use platform::identity::{RootPublicKey, Verifier};
use platform::{AppId, Boot, Clock, Health, InstanceId, Lifecycle};
use platform_redis::Redis;
use registry::{Watch, WatchTiming};
use testkit::TestRedis;

/// An app `hello` on this Redis.
pub(crate) async fn hello(redis: &TestRedis) -> (Boot, Redis) {
    let boot = boot(redis).await;
    let redis = platform_redis::connect(&boot);
    (boot, redis)
}

async fn boot(redis: &TestRedis) -> Boot {
    let environment = Environment::from_map([
        ("APP_SECRET", "6f1c9a5d2b7e4083a1d6c3f5e8b09274"),
        ("REDIS_URL", redis.url.as_str()),
    ]);
    let config = CoreConfig::from_environment(&environment).unwrap();
    let client = registry::connect(&redis.url).await.unwrap();
    let lifecycle = Lifecycle::new();
    let clock = Clock::system();
    Boot {
        app: AppId::new("hello").unwrap(),
        version: Arc::from("1.0.0"),
        instance: InstanceId::random(),
        registry: Watch::start(
            client.clone(),
            config.app_secret.clone(),
            WatchTiming::default(),
            lifecycle.hard().clone(),
        ),
        identity: Verifier::new(
            client.clone(),
            RootPublicKey::of(&config.app_secret),
            clock.clone(),
        ),
        config: Arc::new(config),
        environment: Arc::new(environment),
        clock,
        lifecycle,
        health: Health::new(),
        redis: client,
        settings: Arc::new([]),
        meter: opentelemetry::global::meter("hello"),
    }
}
