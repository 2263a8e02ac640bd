//! The apps of this process, and the environment each is started with.

use platform::{App, Environment, Mode};

/// Where OpenTelemetry's receivers listen by convention.
const OTLP_PORT: u16 = 4317;
/// The app that receives telemetry; it stops last.
pub(crate) const RECEIVER: &str = "logging";

/// Every app, ready to start.
pub(crate) fn all(mode: Mode) -> Vec<App> {
    let mut apps = vec![
        cloud_app_auth::app(),
        cloud_app_accounts::app(),
        cloud_app_settings::app(),
        cloud_app_notifications::app(),
        cloud_app_logging::app(),
        cloud_app_dashboard::app(),
    ];
    if mode == Mode::Dev {
        apps.push(cloud_app_ui_lab::app());
    }
    apps
}

/// What the apps of one process are given.
pub(crate) struct AppEnvironments {
    base: Environment,
    /// Port of the OTLP receiver of this process, unless telemetry goes elsewhere.
    receiver_port: Option<u16>,
}

impl AppEnvironments {
    /// Prepares the variables: apps listen on free ports of the loopback interface, and telemetry
    /// goes to the logging app of this process unless the environment names another receiver.
    pub(crate) fn new(environment: Environment) -> Self {
        let receiver_port = match environment.get("OTEL_EXPORTER_OTLP_ENDPOINT") {
            Some(_) => None,
            None => free_port(),
        };
        let base = match receiver_port {
            Some(port) => environment.with(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                format!("http://127.0.0.1:{port}"),
            ),
            None => environment,
        };
        Self {
            base,
            receiver_port,
        }
    }

    /// What everything in the process has in common; the gateway gets it as it is.
    pub(crate) fn shared(&self) -> &Environment {
        &self.base
    }

    /// What one app is started with.
    pub(crate) fn of(&self, app: &str) -> Environment {
        // The gateway's own place in the network is not an app's.
        let mut environment = ["PORT", "GRPC_PORT", "ADVERTISE_HOST", "INSTANCE_ID"]
            .iter()
            .fold(self.base.clone(), |environment, name| {
                environment.without(name)
            })
            .with("HOST", "127.0.0.1");
        let own = format!("{}_DATABASE_URL", app.to_uppercase().replace('-', "_"));
        if let Some(url) = self.base.get(&own).map(str::to_owned) {
            environment = environment.with("DATABASE_URL", url);
        } else if let Some(url) = self.base.get("DATABASE_URL").map(str::to_owned) {
            // One URL for all apps is an owner's: each app has a role and a schema of its own.
            environment = environment
                .without("DATABASE_URL")
                .with("DATABASE_OWNER_URL", url);
        }
        match self.receiver_port {
            Some(port) if app == RECEIVER => environment.with("GRPC_PORT", port.to_string()),
            _ => environment,
        }
    }
}

/// The usual port of an OTLP receiver, or any free one.
fn free_port() -> Option<u16> {
    [OTLP_PORT, 0].into_iter().find_map(|port| {
        let listener = std::net::TcpListener::bind(("127.0.0.1", port)).ok()?;
        Some(listener.local_addr().ok()?.port())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn one_url_for_all_is_an_owners_and_an_apps_own_wins() {
        let environments = AppEnvironments::new(Environment::from_map([
            ("DATABASE_URL", "postgres://owner@h/d"),
            ("AUTH_DATABASE_URL", "postgres://svc_auth@h/d"),
            ("PORT", "3000"),
            ("HOST", "0.0.0.0"),
        ]));
        let accounts = environments.of("accounts");
        assert_eq!(
            accounts.get("DATABASE_OWNER_URL"),
            Some("postgres://owner@h/d")
        );
        assert_eq!(accounts.get("DATABASE_URL"), None);
        assert_eq!(
            (accounts.get("PORT"), accounts.get("HOST")),
            (None, Some("127.0.0.1"))
        );
        assert_eq!(
            environments.of("auth").get("DATABASE_URL"),
            Some("postgres://svc_auth@h/d")
        );
    }

    #[test]
    fn telemetry_goes_to_the_logging_app_unless_told_otherwise() {
        let environments = AppEnvironments::new(Environment::default());
        let port = environments
            .of("logging")
            .get("GRPC_PORT")
            .unwrap()
            .to_owned();
        let endpoint = format!("http://127.0.0.1:{port}");
        assert_eq!(
            environments.of("auth").get("OTEL_EXPORTER_OTLP_ENDPOINT"),
            Some(endpoint.as_str())
        );
        assert_eq!(environments.of("auth").get("GRPC_PORT"), None);
        let elsewhere =
            Environment::from_map([("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317")]);
        let environments = AppEnvironments::new(elsewhere);
        assert_eq!(environments.of("logging").get("GRPC_PORT"), None);
        assert_eq!(
            environments.shared().get("OTEL_EXPORTER_OTLP_ENDPOINT"),
            Some("http://collector:4317")
        );
    }

    #[test]
    fn every_app_is_declared_soundly_and_once() {
        for mode in [Mode::Dev, Mode::Production] {
            let apps = all(mode);
            let mut ids: Vec<String> = apps
                .iter()
                .map(|app| app.declaration().id().unwrap().to_string())
                .collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), apps.len());
        }
    }
}
