//! The program the tests start: an app that can be asked to hold a request, to lose a task or to
//! tell its trace. With `SPECIMEN_SECOND` set, a second app shares the process, as in `cloud`.

use std::process::ExitCode;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::routing::get;
use http::HeaderMap;
use platform::{
    Access, App, Boot, Environment, Host, Label, Lifecycle, Reader, Routes, Service, StartError,
};

fn main() -> ExitCode {
    let environment = Environment::from_process();
    if environment.get("SPECIMEN_SECOND").is_some() {
        return share(environment);
    }
    platform::main(specimen("specimen"))
}

fn specimen(id: &'static str) -> App {
    App::new(id, "1.2.3")
        .name(Label::new("Specimen", "Muster"))
        .description(Label::new("What the tests start", "Was die Tests starten"))
        .prefix(&format!("/app/{id}"))
        .start(read, start)
        .also_migrate(async |_| Ok(()))
}

/// Needs a variable of its own, so that a test can see both halves of the configuration reported.
fn read(reader: &mut Reader<'_>) -> u16 {
    reader.required("SPECIMEN_NAME");
    reader.parse("SPECIMEN_LIMIT", 10, "must be a number below 65536")
}

async fn start(boot: Boot, _limit: u16) -> Result<Service, StartError> {
    let base = format!("/app/{}", boot.app);
    let path = |end: &str| format!("{base}{end}");
    let routes = Routes::new()
        .api(&path(""), Access::Public, get(hello))
        .api(&path("/hold/{milliseconds}"), Access::Public, get(hold))
        .api(
            &path("/stuck"),
            Access::Public,
            get(std::future::pending::<String>),
        )
        .api(&path("/die/{how}"), Access::Public, get(die))
        .api(&path("/trace"), Access::Public, get(trace))
        .with_state(boot);
    Ok(Service::new(routes))
}

async fn hello(State(boot): State<Boot>) -> String {
    tracing::info!(visitor = "nobody", password = "hunter2", "greeted");
    boot.spawn("errand", async { tracing::info!("ran an errand") });
    format!("hello from {}", boot.app)
}

/// Answers only when the process is stopping, and this much later.
async fn hold(State(boot): State<Boot>, Path(milliseconds): Path<u64>) -> &'static str {
    tracing::info!("holding a request");
    boot.lifecycle.soft().cancelled().await;
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    "finished"
}

async fn die(State(boot): State<Boot>, Path(how): Path<String>) -> &'static str {
    boot.spawn("doomed", async move {
        assert_ne!(how, "panic", "as the test asked");
        Err::<(), _>("as the test asked")
    });
    "dying"
}

async fn trace() -> String {
    let mut headers = HeaderMap::new();
    platform::telemetry::inject(&mut headers);
    let traceparent = headers
        .get("traceparent")
        .and_then(|value| value.to_str().ok());
    traceparent.unwrap_or_default().to_owned()
}

/// Two apps in one process.
fn share(environment: Environment) -> ExitCode {
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    else {
        return ExitCode::FAILURE;
    };
    let outcome = runtime.block_on(run_both(environment));
    ExitCode::from(outcome.err().map_or(0, |error| error.exit_code()))
}

async fn run_both(environment: Environment) -> Result<(), StartError> {
    let config = platform::CoreConfig::from_environment(&environment)?;
    let lifecycle = Lifecycle::new();
    lifecycle
        .stop_on_signals()
        .map_err(|error| StartError::failed("signals", error))?;
    let host = Host::start(&config, lifecycle).await?;
    let first = host.run(specimen("specimen"), environment.clone()).await?;
    let second = host.run(specimen("second"), environment).await?;
    first.stopped().await;
    second.stopped().await;
    host.close().await;
    Ok(())
}
