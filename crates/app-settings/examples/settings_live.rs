//! How long a changed setting takes until it is in force in every app.
//!
//! One app-settings and 24 apps in this process, each following over its own gRPC connection, with a real
//! PostgreSQL and Redis. Each round sets a value over the JSON API. The moment of the commit is when a
//! connection that listens for it is notified. Run with `--release` for figures:
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

use futures_util::{StreamExt as _, stream};
use platform::{App, Routes, Service, StartError};
use registry::{Label, SettingDeclaration, SettingKind};
use reqwest::Method;
use rpc::settings::{Handle, Settings, organisation};
use serde_json::json;
use testkit::World;
use testkit::measure::Times;
use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, NoTls};

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

    let mut commits = commits(&world).await;
    let (mut committed, mut everywhere, mut total) = (Vec::new(), Vec::new(), Vec::new());
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
        let waiting = futures_util::future::join_all(waiting);
        let (response, times, commit) = tokio::join!(request.send(), waiting, commits.recv());
        assert_eq!(response.unwrap().status(), 200);
        let last = times.into_iter().max().unwrap();
        let commit = commit.unwrap().duration_since(begun);
        committed.push(commit);
        everywhere.push(last.saturating_sub(commit));
        total.push(last);
    }
    println!("{APPS} apps, {ROUNDS} changes:");
    for (what, times) in [
        ("request to commit", committed),
        ("commit to in force everywhere", everywhere),
        ("request to in force everywhere", total),
    ] {
        println!("{}", Times::new(times).line(what));
    }

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

/// The moments at which changes are committed.
async fn commits(world: &World) -> mpsc::UnboundedReceiver<Instant> {
    let owner_url = &world.database.owner_url;
    let (client, mut connection) = tokio_postgres::connect(owner_url, NoTls).await.unwrap();
    let (sender, receiver) = mpsc::unbounded_channel();
    world.host.lifecycle().spawn("commits", async move {
        let mut messages = stream::poll_fn(|context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            let is_commit = matches!(message, AsyncMessage::Notification(_));
            if is_commit && sender.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    let sql = "CREATE FUNCTION settings.tell() RETURNS trigger LANGUAGE plpgsql AS
                   $$ BEGIN PERFORM pg_notify('committed', ''); RETURN NULL; END $$;
               CREATE TRIGGER tell AFTER UPDATE ON settings.revision EXECUTE FUNCTION settings.tell();
               LISTEN committed";
    client.batch_execute(sql).await.unwrap();
    world.host.lifecycle().spawn("listener", async move {
        let _kept = client;
        std::future::pending::<()>().await;
    });
    receiver
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
