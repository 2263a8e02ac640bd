//! The gateway as a process of its own. It starts without waiting for Redis: with the last routes on disk it can
//! serve at once.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use bytes::Bytes;
use clap::{Parser, Subcommand};
use gateway::{Edge, GatewayConfig, run_at};
use http::header::HOST;
use http::{Request, StatusCode};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use platform::telemetry::Telemetry;
use platform::{Clock, CoreConfig, Environment, Lifecycle, StartError};
use registry::{Watch, WatchTiming};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;

/// Longest wait for blocking work after everything has stopped.
const RUNTIME_LIMIT: Duration = Duration::from_secs(1);
/// Longest wait for the answer to a health check.
const HEALTH_LIMIT: Duration = Duration::from_secs(3);

/// Routes, identifies and proxies what comes from outside.
#[derive(Parser)]
#[command(name = "gateway", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Copy, Subcommand)]
enum Command {
    /// Serves until told to stop (default).
    Serve,
    /// Looks at the configuration.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Asks the gateway on PORT of this machine whether it is ready.
    Healthcheck,
}

#[derive(Clone, Copy, Subcommand)]
enum ConfigCommand {
    /// Reports every problem of the configuration and exits.
    Check,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return say(&StartError::failed("starting the runtime", error)),
    };
    let environment = Environment::from_process();
    let outcome = match arguments.command {
        Some(Command::Config {
            command: ConfigCommand::Check,
        }) => configure(&environment).map(|_| ExitCode::SUCCESS),
        Some(Command::Healthcheck) => runtime.block_on(healthcheck(&environment)),
        Some(Command::Serve) | None => runtime.block_on(serve(&environment)),
    };
    runtime.shutdown_timeout(RUNTIME_LIMIT);
    outcome.unwrap_or_else(|error| say(&error))
}

fn configure(environment: &Environment) -> Result<(CoreConfig, GatewayConfig), StartError> {
    let config = GatewayConfig::from_environment(environment)?;
    Ok((CoreConfig::from_environment(environment)?, config))
}

async fn serve(environment: &Environment) -> Result<ExitCode, StartError> {
    let (core, config) = configure(environment)?;
    let lifecycle = Lifecycle::new();
    lifecycle
        .stop_on_signals()
        .map_err(|error| StartError::failed("listening for signals", error))?;
    let telemetry = Telemetry::start("gateway", &core);
    let outcome = serve_until_stopped(&core, config, (&lifecycle, &telemetry)).await;
    if let Err(error) = &outcome {
        tracing::error!(error = error.chain(), "the gateway could not start");
    }
    telemetry.shutdown().await;
    outcome?;
    Ok(match lifecycle.failure() {
        Some(_) => ExitCode::FAILURE,
        None => ExitCode::SUCCESS,
    })
}

async fn serve_until_stopped(
    core: &CoreConfig,
    config: GatewayConfig,
    (lifecycle, telemetry): (&Lifecycle, &Telemetry),
) -> Result<(), StartError> {
    telemetry.send_metrics(lifecycle);
    let redis = registry::connect_in_background(core.redis_url.expose_secret())
        .map_err(|error| StartError::failed("understanding REDIS_URL", error))?;
    let keyring = config.keyring.clone();
    let stop = lifecycle.hard().child_token();
    let registry = Watch::start(redis.clone(), keyring, WatchTiming::default(), stop);
    let edge = Edge {
        redis,
        registry,
        clock: Clock::system(),
        lifecycle: lifecycle.clone(),
        telemetry: telemetry.clone(),
    };
    let running = run_at(edge, config).await?;
    running.stopped().await;
    lifecycle.abort();
    lifecycle.idle().await;
    Ok(())
}

/// Readiness, not health: a gateway that has lost Redis serves on, and restarting it would help nobody.
async fn healthcheck(environment: &Environment) -> Result<ExitCode, StartError> {
    let (_, config) = configure(environment)?;
    let ip = match config.listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let asking = ask(SocketAddr::new(ip, config.listen.port()));
    let failed = |reason: String| StartError::failed("health check", reason);
    match tokio::time::timeout(HEALTH_LIMIT, asking).await {
        Ok(Ok(StatusCode::OK)) => Ok(ExitCode::SUCCESS),
        Ok(Ok(status)) => Err(failed(format!(
            "the gateway answers with status {}",
            status.as_u16()
        ))),
        Ok(Err(error)) => Err(StartError::failed("health check", error)),
        Err(_) => Err(failed("no answer in time".to_owned())),
    }
}

async fn ask(address: SocketAddr) -> Result<StatusCode, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get("/ready")
        .header(HOST, "localhost")
        .body(Empty::<Bytes>::new())?;
    let response = async {
        let response = sender.send_request(request).await?;
        Ok(response.status())
    };
    tokio::select! {
        status = response => status,
        ended = connection => {
            ended?;
            Err("the gateway closed the connection".into())
        }
    }
}

/// Prints what is wrong where an operator looks who started the process by hand.
fn say(error: &StartError) -> ExitCode {
    // Nobody is left to be told when even this fails.
    drop(writeln!(std::io::stderr(), "gateway: {}", error.chain()));
    ExitCode::from(error.exit_code())
}
