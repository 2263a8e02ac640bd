//! How long a changed setting takes until it is in force in every app.
//!
//! One app-settings and 24 apps in this process, each following over its own gRPC connection, with a real
//! PostgreSQL and Redis. Each round sets a value over the JSON API. Run with `--release` for figures:
//!
//! ```text
//! cargo run --release -p app-settings --example settings_live
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends with its failure and prints its figures"
)]

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use platform::{App, Routes, Service, StartError};
use registry::{Label, SettingDeclaration, SettingKind};
use reqwest::Method;
use rpc::settings::{Handle, Settings, organisation};
use serde_json::json;

const APPS: usize = 24;
const ROUNDS: usize = 500;
const READS: u32 = 10_000_000;

#[tokio::main]
async fn main() {
    let world = testkit::Setup::new().start().await;
    let settings = world.add(app_settings::app()).await;
    let mut running = Vec::new();
    let mut followed = Vec::new();
    for number in 0..APPS {
        let (app, slot) = follower(&format!("app-{number}"));
        running.push(world.add(app).await);
        followed.push(slot.get().unwrap().clone());
    }
    let admin = world.visitor_as(&settings, &testkit::admin());
    let path = "/api/settings/apps/settings/organisation.name";
    testkit::eventually("the organisation's settings are known", async || {
        let page = admin.get("/api/settings/apps/settings").await;
        page.status == 200 && page.body.contains("organisation.name")
    })
    .await;

    let (mut answered, mut first, mut everywhere) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let value = format!("Organisation {round}");
        let begun = Instant::now();
        let waiting = followed
            .iter()
            .map(|settings| in_force(settings, &value, begun));
        let request = admin
            .request(Method::PUT, path)
            .header("accept", "application/json")
            .header("origin", testkit::APP_URL)
            .header("sec-fetch-site", "same-origin")
            .json(&json!({ "value": value }));
        let (response, times) =
            tokio::join!(request.send(), futures_util::future::join_all(waiting));
        assert_eq!(response.unwrap().status(), 200);
        answered.push(begun.elapsed());
        first.push(*times.iter().min().unwrap());
        everywhere.push(*times.iter().max().unwrap());
    }
    println!("{APPS} apps, {ROUNDS} changes, from sending the request:");
    report("in force in the first app", first);
    report("in force in every app", everywhere);
    report("answered", answered);

    let name: Handle<Arc<str>> = followed
        .first()
        .unwrap()
        .handle(organisation::NAME)
        .unwrap();
    let flag: Handle<u32> = followed.first().unwrap().handle("count").unwrap();
    println!(
        "read of a number: {:.1} ns, of a text: {:.1} ns",
        per_read(&flag),
        per_read(&name)
    );
}

/// An app that follows its settings, and where they appear once it runs.
fn follower(id: &str) -> (App, Arc<OnceLock<Settings>>) {
    let slot: Arc<OnceLock<Settings>> = Arc::default();
    let filled = Arc::clone(&slot);
    let kind = SettingKind::Integer {
        min: None,
        max: None,
    };
    let count = SettingDeclaration::new("count", Label::new("Count", "Anzahl"), kind, json!(1));
    let app = App::new(id, "1.0.0").setting(count).start(
        |_| (),
        move |boot, ()| async move {
            filled.get_or_init({
                let settings = rpc::settings::follow(&boot).await;
                || settings
            });
            Ok::<_, StartError>(Service::new(Routes::new()))
        },
    );
    (app, slot)
}

/// How long after `begun` the app sees the value.
async fn in_force(settings: &Settings, value: &str, begun: Instant) -> Duration {
    let mut changes = settings.subscribe();
    while settings.get::<String>(organisation::NAME) != value {
        changes.changed().await.unwrap();
    }
    begun.elapsed()
}

fn per_read<T: rpc::settings::Setting>(handle: &Handle<T>) -> f64 {
    let begun = Instant::now();
    for _ in 0..READS {
        std::hint::black_box(handle.get());
    }
    begun.elapsed().as_secs_f64() * 1e9 / f64::from(READS)
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .copied()
            .unwrap_or_default()
    };
    let last = times.last().copied().unwrap_or_default();
    println!(
        "  {what:<28} p50 {:>8.2?}  p95 {:>8.2?}  p99 {:>8.2?}  max {last:>8.2?}",
        at(50),
        at(95),
        at(99)
    );
}
