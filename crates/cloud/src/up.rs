//! `cloud up`: everything in one process, until told to stop.
//!
//! Starts the stores, then all apps and the gateway at once; stops in the opposite order, so that
//! requests in flight find what they need to the end.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use embedded::DataDir;
use futures_util::future::{join_all, try_join_all};
use gateway::GatewayConfig;
use platform::telemetry::Telemetry;
use platform::{App, Clock, CoreConfig, Environment, Host, Lifecycle, Mode, Running, StartError};

use tokio::signal::unix::SignalKind;

use crate::apps::{self, AppEnvironments};
use crate::dev_network::DevNetwork;
use crate::error::Error;
use crate::installation::Installation;
use crate::instance::Instance;
use crate::output::say;
use crate::stores::Stores;
use crate::{control, setup_link};

/// Stands in while the configuration is checked before Redis runs.
const PENDING: &str = "redis+unix:///pending";
/// Longest path of a directory for the apps' sockets: what a socket's path may have (107), less the
/// longest name of ours, `/notifications-<32 digits>.sock`.
const LONGEST_SOCKET_DIR: usize = 55;

/// Runs the platform.
pub(crate) async fn run(installation: &Installation) -> Result<ExitCode, Error> {
    let began = Instant::now();
    let data = DataDir::open(installation.data_dir())?;
    let environment = installation.environment_with_secret(&data)?;
    check(&environment)?;
    setup_link::clear(&setup_link_file(&data))?;
    let process = Lifecycle::new();
    process
        .stop_on_signals()
        .map_err(|error| StartError::failed("listening for signals", error))?;
    stop_on_hangup(&process)?;
    let stores = tokio::select! {
        stores = Stores::start(&data, &environment) => stores?,
        () = process.soft().cancelled() => return Ok(ExitCode::SUCCESS),
    };
    let platform = Platform {
        installation,
        data: &data,
        process: &process,
        began,
    };
    let outcome = Box::pin(platform.run(&stores, environment)).await;
    process.abort();
    let stopped = stores.stop().await;
    let code = outcome?;
    stopped?;
    Ok(code)
}

/// Refuses a wrong configuration before anything is started.
fn check(environment: &Environment) -> Result<(), Error> {
    let named = ["REDIS_URL", "REDIS_URL_FILE"]
        .iter()
        .any(|name| environment.get(name).is_some());
    let complete = if named {
        environment.clone()
    } else {
        environment.clone().with("REDIS_URL", PENDING)
    };
    GatewayConfig::from_environment(&complete)?;
    Ok(())
}

/// Stops in order when the terminal is closed: the private servers would stay behind otherwise.
fn stop_on_hangup(process: &Lifecycle) -> Result<(), Error> {
    let hangup = tokio::signal::unix::signal(SignalKind::hangup());
    let mut hangup = hangup.map_err(|error| StartError::failed("listening for signals", error))?;
    let lifecycle = process.clone();
    process.spawn("hangup", async move {
        hangup.recv().await;
        lifecycle.shutdown();
    });
    Ok(())
}

/// Where auth keeps the link that makes the first administrator.
fn setup_link_file(data: &DataDir) -> PathBuf {
    data.path().join("setup-link")
}

/// A platform while it runs.
struct Platform<'a> {
    installation: &'a Installation,
    data: &'a DataDir,
    /// Stops at a signal, and then stops the rest in its order.
    process: &'a Lifecycle,
    began: Instant,
}

impl Platform<'_> {
    async fn run(&self, stores: &Stores, environment: Environment) -> Result<ExitCode, Error> {
        let environments = AppEnvironments::new(self.complete(stores.join(environment)));
        let config = CoreConfig::from_environment(environments.shared())?;
        let network = self
            .installation
            .dev_network()
            .map(|path| DevNetwork::open(path, environments.shared()));
        let _network = network.transpose()?;
        // Apps stop after the gateway, so they have a lifecycle of their own.
        let apps = Lifecycle::new();
        let telemetry = Telemetry::start("cloud", &config);
        let clock = Clock::system();
        let host = Host::with(telemetry.clone(), &config, apps.clone(), clock).await?;
        let outcome = Box::pin(self.serve(&host, &environments, stores)).await;
        if let Ok(running) = &outcome {
            self.stop_apps(running, &apps, &telemetry).await;
        }
        host.close().await;
        Instance::remove(self.data.path());
        match outcome {
            Err(error) if !was_stopped(&error) => Err(error),
            // Also when a task died while the others were still starting, which stops those.
            _ if apps.failure().or(self.process.failure()).is_some() => Ok(ExitCode::FAILURE),
            _ => Ok(ExitCode::SUCCESS),
        }
    }

    /// Starts apps and gateway, and returns the apps once the gateway has stopped.
    async fn serve(
        &self,
        host: &Host,
        environments: &AppEnvironments,
        stores: &Stores,
    ) -> Result<Vec<Running>, Error> {
        let gateway = GatewayConfig::from_environment(environments.shared())?;
        let app_url = gateway.app_url.to_string();
        let gateway = gateway::run(host, gateway);
        let apps = apps::all(self.installation.mode())
            .into_iter()
            .map(|app| start(host, app, environments));
        let starting = async {
            tokio::try_join!(
                async { gateway.await.map_err(Error::Start) },
                try_join_all(apps)
            )
        };
        let (gateway, running) = tokio::select! {
            started = starting => started?,
            () = self.process.soft().cancelled() => return Err(StartError::Stopped.into()),
        };
        let control = self.data.run().join("cloud.sock");
        control::serve(&control, host.registry().clone(), host.lifecycle())?;
        let instance = Instance {
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: Clock::system().now(),
            app_url,
            gateway: gateway.address().to_string(),
            control,
            redis_url: stores.redis_url(),
        };
        instance.write(self.data.path())?;
        self.announce(&instance);
        setup_link::show(
            setup_link_file(self.data),
            self.installation.mode(),
            self.process,
        );
        tokio::select! {
            () = self.process.soft().cancelled() => {}
            // A task of an app died; everything goes down with it.
            () = host.lifecycle().soft().cancelled() => self.process.shutdown(),
        }
        gateway.stop();
        tokio::select! {
            () = gateway.stopped() => {}
            () = self.process.hard().cancelled() => {}
        }
        Ok(running)
    }

    /// Stops every app, the receiver of the others' telemetry last; a second signal ends the wait.
    async fn stop_apps(&self, running: &[Running], apps: &Lifecycle, telemetry: &Telemetry) {
        let (receivers, others): (Vec<_>, Vec<_>) = running
            .iter()
            .partition(|app| app.app().as_str() == apps::RECEIVER);
        let stopped = async {
            for some in [others, receivers] {
                for app in &some {
                    app.stop();
                }
                join_all(some.iter().map(|app| app.stopped())).await;
                // The first time while the receiver still runs; the second has nothing left to send.
                telemetry.shutdown().await;
            }
        };
        tokio::pin!(stopped);
        tokio::select! {
            () = &mut stopped => {}
            () = self.process.hard().cancelled() => {
                apps.abort();
                stopped.await;
            }
        }
    }

    /// What everything in this process is told beyond the operator's variables.
    fn complete(&self, environment: Environment) -> Environment {
        let mut environment = environment.with(
            "SETUP_LINK_FILE",
            setup_link_file(self.data).to_string_lossy(),
        );
        let sockets = self.data.run().join("apps");
        if environment.get("UNIX_SOCKET_DIR").is_none()
            && sockets.as_os_str().len() <= LONGEST_SOCKET_DIR
        {
            clear_sockets(&sockets);
            environment = environment.with("UNIX_SOCKET_DIR", sockets.to_string_lossy());
        }
        if environment.get("GATEWAY_STATE_DIR").is_none() {
            environment = environment.with(
                "GATEWAY_STATE_DIR",
                self.data.path().join("gateway").to_string_lossy(),
            );
        }
        if self.installation.mode() == Mode::Dev && environment.get("MAIL_OUTBOX_DIR").is_none() {
            environment = environment.with(
                "MAIL_OUTBOX_DIR",
                self.data.path().join("outbox").to_string_lossy(),
            );
        }
        environment
    }

    fn announce(&self, instance: &Instance) {
        let mode = match self.installation.mode() {
            Mode::Dev => " (development)",
            Mode::Production => "",
        };
        say(&format!(
            "\n  Cloud {}{mode} is ready after {:.1} s\n\n    {}\n\n  data in {}; Ctrl-C stops everything",
            instance.version,
            self.began.elapsed().as_secs_f32(),
            instance.app_url,
            self.data.path().display()
        ));
    }
}

async fn start(host: &Host, app: App, environments: &AppEnvironments) -> Result<Running, Error> {
    let id = app.declaration().id.clone();
    let started = Box::pin(host.run(app, environments.of(&id))).await;
    started.map_err(|error| Error::App { app: id, error })
}

/// Removes the sockets of a platform that was killed: the data directory's lock says it is gone.
fn clear_sockets(directory: &std::path::Path) {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for path in entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "sock"))
    {
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::debug!(path = %path.display(), %error, "a left-over socket stays");
        }
    }
}

/// Whether a start ended because everything was told to stop.
fn was_stopped(error: &Error) -> bool {
    matches!(
        error,
        Error::Start(StartError::Stopped)
            | Error::App {
                error: StartError::Stopped,
                ..
            }
    )
}
