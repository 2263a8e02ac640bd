//! The command line of an app: `serve` (default), `migrate`, `config check`, `healthcheck`.
//!
//! Owns exit codes: 0 for a clean end, 1 for a failed start or a task that died, 64 for a wrong
//! configuration.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use bytes::Bytes;
use clap::{ArgMatches, Command};
use http::header::HOST;
use http::{Request, StatusCode};
use http_body_util::Empty;
use hyper_util::rt::TokioIo;

use crate::app::{App, Prepared};
use crate::boot::StartError;
use crate::clock::Clock;
use crate::config::{CoreConfig, Environment};
use crate::host::Host;
use crate::lifecycle::Lifecycle;
use crate::telemetry::Telemetry;

/// Longest wait for the answer to a health check.
const HEALTH_LIMIT: Duration = Duration::from_secs(5);
/// Longest wait for blocking work after everything has stopped.
const RUNTIME_LIMIT: Duration = Duration::from_secs(1);

/// The `main` of an app: parses the command line, runs, and yields the exit code.
pub fn main(app: App) -> ExitCode {
    let matches = match command(&app).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version come this way, too; clap knows which stream and code they want.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _printed = error.print();
            return ExitCode::from(code);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return say(&StartError::failed("starting the runtime", error)),
    };
    let code = runtime.block_on(run(app, &matches, Environment::from_process()));
    runtime.shutdown_timeout(RUNTIME_LIMIT);
    code
}

fn command(app: &App) -> Command {
    let declaration = app.declaration();
    let config = Command::new("config")
        .about("Looks at the configuration")
        .subcommand_required(true)
        .subcommand(
            Command::new("check").about("Reports every problem of the configuration and exits"),
        );
    Command::new(format!("app-{}", declaration.id))
        .version(declaration.version.clone())
        .about(declaration.description.get("en").to_owned())
        .subcommand(Command::new("serve").about("Serves until told to stop (default)"))
        .subcommand(Command::new("migrate").about("Brings the app's stores up to date and exits"))
        .subcommand(config)
        .subcommand(
            Command::new("healthcheck")
                .about("Asks the app on PORT of this machine whether it is healthy"),
        )
}

async fn run(app: App, matches: &ArgMatches, environment: Environment) -> ExitCode {
    let outcome = match matches.subcommand() {
        Some(("migrate", _)) => migrate(app, environment).await,
        Some(("config", _)) => check(app, environment),
        Some(("healthcheck", _)) => healthcheck(&environment).await,
        _ => Box::pin(serve(app, environment)).await,
    };
    match outcome {
        Ok(code) => code,
        Err(error) => say(&error),
    }
}

async fn serve(app: App, environment: Environment) -> Result<ExitCode, StartError> {
    let prepared = app.prepare(environment)?;
    let lifecycle = Lifecycle::new();
    lifecycle
        .stop_on_signals()
        .map_err(|error| StartError::failed("listening for signals", error))?;
    let telemetry = Telemetry::start(prepared.id.as_str(), &prepared.config);
    let outcome = serve_until_stopped(prepared, &telemetry, &lifecycle).await;
    if let Err(error) = &outcome {
        tracing::error!(error = error.chain(), "the app could not start");
    }
    telemetry.shutdown().await;
    Ok(match (outcome, lifecycle.failure()) {
        (Err(error), _) => ExitCode::from(error.exit_code()),
        (Ok(()), Some(_)) => ExitCode::FAILURE,
        (Ok(()), None) => ExitCode::SUCCESS,
    })
}

async fn serve_until_stopped(
    prepared: Prepared,
    telemetry: &Telemetry,
    lifecycle: &Lifecycle,
) -> Result<(), StartError> {
    let host = Host::with(
        telemetry.clone(),
        &prepared.config,
        lifecycle.clone(),
        Clock::system(),
    )
    .await?;
    let started = host.start_app(prepared).await;
    if let Ok(running) = &started {
        running.stopped().await;
    }
    host.close().await;
    started.map(drop)
}

async fn migrate(app: App, environment: Environment) -> Result<ExitCode, StartError> {
    let config = CoreConfig::from_environment(&environment)?;
    let telemetry = Telemetry::start(&app.declaration().id, &config);
    let migrated = app.migrate(&environment).await;
    telemetry.shutdown().await;
    let report = match migrated? {
        0 => "there is nothing to migrate",
        _ => "the stores are up to date",
    };
    Ok(report_on(std::io::stdout(), report, ExitCode::SUCCESS))
}

fn check(app: App, environment: Environment) -> Result<ExitCode, StartError> {
    app.prepare(environment)?;
    Ok(report_on(
        std::io::stdout(),
        "the configuration is complete",
        ExitCode::SUCCESS,
    ))
}

async fn healthcheck(environment: &Environment) -> Result<ExitCode, StartError> {
    let mut reader = environment.reader();
    let host = reader.parse(
        "HOST",
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        "must be an IP address to listen on",
    );
    let port = reader
        .parse_optional::<u16>("PORT", "must be a port number")
        .filter(|port| *port != 0);
    let port = reader.finish_with(port).map_err(|error| {
        if error.problems.is_empty() {
            StartError::failed(
                "health check",
                "PORT must be set to the port the app listens on",
            )
        } else {
            StartError::Config(error)
        }
    })?;
    let ip = match host {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let asking = ask_health(SocketAddr::new(ip, port));
    let status = tokio::time::timeout(HEALTH_LIMIT, asking)
        .await
        .map_err(|_| StartError::failed("health check", "no answer in time"))?
        .map_err(|error| StartError::failed("health check", error))?;
    if status.is_success() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(StartError::failed(
        "health check",
        format!("the app answers with status {}", status.as_u16()),
    ))
}

async fn ask_health(
    address: SocketAddr,
) -> Result<StatusCode, Box<dyn std::error::Error + Send + Sync>> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get("/health")
        .header(HOST, address.to_string())
        .body(Empty::<Bytes>::new())?;
    // The connection has to be driven beside the request; both end together.
    tokio::select! {
        response = sender.send_request(request) => Ok(response?.status()),
        ended = connection => Err(ended.err().map_or_else(|| "the connection was closed".into(), Into::into)),
    }
}

/// Prints why nothing was started; returns the exit code that says the same.
fn say(error: &StartError) -> ExitCode {
    report_on(
        std::io::stderr(),
        &error.chain(),
        ExitCode::from(error.exit_code()),
    )
}

fn report_on(mut stream: impl Write, text: &str, code: ExitCode) -> ExitCode {
    // A closed stream must not change the exit code.
    let _written = writeln!(stream, "{text}");
    code
}
