//! The variables every app reads.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use registry::{AppKey, AppSecret, InstanceId, Keyring};
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::EnvFilter;
use url::Url;

use super::cidr::Cidr;
use super::environment::Environment;
use super::reader::{ConfigError, Reader};
use super::secret::is_sample;

const LEAST_SECRET: usize = 32;
const DEFAULT_APP_URL: &str = "http://localhost:3000";
const DEFAULT_LOG_FILTER: &str = "info";

/// Development or production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Readable logs, sample secrets allowed, developer pages shown.
    Dev,
    /// Everything strict. The default, so that forgetting the variable is safe.
    Production,
}

impl FromStr for Mode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "dev" => Ok(Self::Dev),
            "production" => Ok(Self::Production),
            _ => Err(()),
        }
    }
}

/// What every app is configured with, checked.
#[derive(Debug, Clone)]
pub struct CoreConfig {
    /// `APP_SECRET` or `APP_KEY`: what this process may sign and verify with.
    pub app_secret: Keyring,
    /// `APP_URL`: where people reach the installation.
    pub app_url: Url,
    /// `HOST`: address to listen on. Loopback unless told otherwise.
    pub host: IpAddr,
    /// `PORT` of the HTTP listener; 0 takes any free port.
    pub port: u16,
    /// `GRPC_PORT`; 0 takes any free port.
    pub grpc_port: u16,
    /// `ADVERTISE_HOST`: the host others reach this process by, when it is not `host`.
    pub advertise_host: Option<String>,
    /// `UNIX_SOCKET_DIR`: also listen on a socket in this directory.
    pub unix_dir: Option<PathBuf>,
    /// `LOG_LEVEL`: a level or filter directives.
    pub log_filter: String,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: where traces, metrics and logs are sent over gRPC.
    pub otlp_endpoint: Option<Url>,
    /// `TRUSTED_PROXIES`: whose forwarding headers are believed.
    pub trusted_proxies: Vec<Cidr>,
    /// `CLOUD_ENV`.
    pub env: Mode,
    /// `REDIS_URL`; holds a password in many installations.
    pub redis_url: SecretString,
    /// `DATABASE_URL`, for apps with a database.
    pub database_url: Option<SecretString>,
    /// `START_WAIT_SECONDS`: how long a dependency may be absent at start.
    pub start_wait: Duration,
    /// `DRAIN_SECONDS`: how long requests in flight may take at stop.
    pub drain: Duration,
    /// `INSTANCE_ID`; drawn at random for each start when not set.
    pub instance: Option<InstanceId>,
}

impl CoreConfig {
    /// Reads everything and notes each problem; `None` when a value without stand-in is missing.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let env = reader.parse("CLOUD_ENV", Mode::Production, "must be dev or production");
        // Every read happens before the first `?`, so that all problems are found.
        let app_secret = read_keyring(reader, env);
        let app_url = read_app_url(reader);
        let redis_url = read_redis_url(reader);
        let config = Self {
            host: reader.parse(
                "HOST",
                IpAddr::V4(Ipv4Addr::LOCALHOST),
                "must be an IP address to listen on",
            ),
            port: reader.parse("PORT", 0, "must be a port number"),
            grpc_port: reader.parse("GRPC_PORT", 0, "must be a port number"),
            advertise_host: read_advertise_host(reader),
            unix_dir: read_unix_dir(reader),
            log_filter: read_log_filter(reader),
            otlp_endpoint: read_otlp_endpoint(reader),
            trusted_proxies: read_trusted_proxies(reader),
            env,
            database_url: reader.secret("DATABASE_URL"),
            start_wait: reader.seconds("START_WAIT_SECONDS", Duration::from_secs(90)),
            drain: reader.seconds("DRAIN_SECONDS", Duration::from_secs(20)),
            instance: reader.parse_optional(
                "INSTANCE_ID",
                "must have 1 to 64 letters, digits or hyphens",
            ),
            app_secret: app_secret?,
            app_url: app_url?,
            redis_url: redis_url?,
        };
        Some(config)
    }

    /// Reads everything from `environment`, or says everything that is wrong with it.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let mut reader = environment.reader();
        let config = Self::read(&mut reader);
        reader.finish_with(config)
    }
}

fn read_keyring(reader: &mut Reader<'_>, env: Mode) -> Option<Keyring> {
    let before = reader.problem_count();
    let secret = reader.secret("APP_SECRET");
    let key = reader.secret("APP_KEY");
    match (secret, key) {
        (Some(_), Some(_)) => {
            reader.problem("APP_SECRET", "and APP_KEY are both set: set one of them");
            None
        }
        (Some(secret), None) => read_app_secret(reader, env, secret.expose_secret()),
        (None, Some(key)) => {
            let key = key.expose_secret().parse::<AppKey>().ok();
            if key.is_none() {
                reader.problem("APP_KEY", "must be what `cloud app-key` prints");
            }
            key.map(Keyring::Key)
        }
        (None, None) => {
            if reader.problem_count() == before {
                reader.problem(
                    "APP_SECRET",
                    "must be set, to at least 32 random characters",
                );
            }
            None
        }
    }
}

fn read_app_secret(reader: &mut Reader<'_>, env: Mode, secret: &str) -> Option<Keyring> {
    if secret.len() < LEAST_SECRET {
        reader.problem("APP_SECRET", "must have at least 32 characters");
        return None;
    }
    if env == Mode::Production && is_sample(secret) {
        reader.problem(
            "APP_SECRET",
            "must be random: a sample or guessable value is accepted with CLOUD_ENV=dev only",
        );
        return None;
    }
    AppSecret::new(secret).ok().map(Keyring::Secret)
}

fn read_app_url(reader: &mut Reader<'_>) -> Option<Url> {
    const EXPECTATION: &str = "must be an http or https URL without path, query or user";
    let text = reader
        .optional("APP_URL")
        .unwrap_or_else(|| DEFAULT_APP_URL.to_owned());
    let url = Url::parse(&text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if url.is_none() {
        reader.problem("APP_URL", EXPECTATION);
    }
    url
}

fn read_redis_url(reader: &mut Reader<'_>) -> Option<SecretString> {
    let before = reader.problem_count();
    let url = reader.required_secret("REDIS_URL");
    if reader.problem_count() > before {
        return None;
    }
    // Which forms are understood is the client's affair; this catches the ones nobody understands.
    let known = [
        "redis://",
        "rediss://",
        "redis+unix://",
        "redis-cluster://",
        "rediss-cluster://",
        "redis-sentinel://",
    ];
    if known
        .iter()
        .any(|scheme| url.expose_secret().starts_with(scheme))
    {
        return Some(url);
    }
    reader.problem(
        "REDIS_URL",
        "must be a redis://, rediss:// or redis+unix:// URL",
    );
    None
}

fn read_advertise_host(reader: &mut Reader<'_>) -> Option<String> {
    let text = reader.optional("ADVERTISE_HOST")?;
    // As it stands in a URL: an IPv6 address in brackets.
    let bracketed = match text.parse::<Ipv6Addr>() {
        Ok(ip) => format!("[{ip}]"),
        Err(_) => text,
    };
    let host = url::Host::parse(&bracketed).ok();
    if host.is_none() {
        reader.problem("ADVERTISE_HOST", "must be a host name or an IP address");
    }
    host.map(|host| host.to_string())
}

fn read_unix_dir(reader: &mut Reader<'_>) -> Option<PathBuf> {
    let path = PathBuf::from(reader.optional("UNIX_SOCKET_DIR")?);
    if path.is_absolute() {
        return Some(path);
    }
    reader.problem("UNIX_SOCKET_DIR", "must be an absolute path");
    None
}

fn read_log_filter(reader: &mut Reader<'_>) -> String {
    let filter = reader
        .optional("LOG_LEVEL")
        .unwrap_or_else(|| DEFAULT_LOG_FILTER.to_owned());
    if EnvFilter::builder().parse(&filter).is_err() {
        reader.problem(
            "LOG_LEVEL",
            "must be a level (error, warn, info, debug, trace) or filter directives",
        );
        return DEFAULT_LOG_FILTER.to_owned();
    }
    filter
}

fn read_otlp_endpoint(reader: &mut Reader<'_>) -> Option<Url> {
    let endpoint = reader.url("OTEL_EXPORTER_OTLP_ENDPOINT")?;
    if endpoint.scheme() == "http" && endpoint.has_host() {
        return Some(endpoint);
    }
    reader.problem(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "must be the http:// URL of an OTLP gRPC receiver",
    );
    None
}

fn read_trusted_proxies(reader: &mut Reader<'_>) -> Vec<Cidr> {
    let list = reader.optional("TRUSTED_PROXIES").unwrap_or_default();
    let items = list
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    let networks: Result<Vec<Cidr>, _> = items.map(str::parse).collect();
    networks.unwrap_or_else(|_| {
        reader.problem(
            "TRUSTED_PROXIES",
            "must be IP addresses or networks separated by commas",
        );
        Vec::new()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    const SECRET: &str = "8f3b1c90d27e46a5b8c1f0e9d7a63542";

    fn minimal() -> Environment {
        Environment::from_map([("APP_SECRET", SECRET), ("REDIS_URL", "redis://127.0.0.1:1")])
    }

    fn names(environment: &Environment) -> Vec<String> {
        let error = CoreConfig::from_environment(environment).unwrap_err();
        error
            .problems
            .into_iter()
            .map(|problem| problem.name)
            .collect()
    }

    #[test]
    fn the_least_configuration_is_strict_and_local() {
        let config = CoreConfig::from_environment(&minimal()).unwrap();
        assert_eq!(config.env, Mode::Production);
        assert!(config.host.is_loopback());
        assert_eq!(config.app_url.as_str(), "http://localhost:3000/");
        assert_eq!(config.start_wait, Duration::from_secs(90));
    }

    #[test]
    fn every_problem_is_reported_at_once_and_no_value_is_shown() {
        let environment = Environment::from_map([
            ("APP_SECRET", "hunter2"),
            ("REDIS_URL", "postgres://u:hunter2@h"),
            ("APP_URL", "ftp://hunter2"),
            ("PORT", "hunter2"),
            ("TRUSTED_PROXIES", "hunter2"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "hunter2"),
            ("LOG_LEVEL", "a=b=hunter2"),
            ("UNIX_SOCKET_DIR", "hunter2"),
            ("INSTANCE_ID", "hunter 2"),
            ("START_WAIT_SECONDS", "-1"),
            ("CLOUD_ENV", "hunter2"),
            ("ADVERTISE_HOST", "hunter2:80"),
        ]);
        let error = CoreConfig::from_environment(&environment).unwrap_err();
        assert_eq!(error.problems.len(), 12, "{error}");
        assert!(!error.to_string().contains("hunter"), "{error}");
    }

    #[test]
    fn sample_secrets_are_for_development() {
        let sample = minimal().with("APP_SECRET", "change-me-0123456789abcdef0123456789abcdef");
        assert_eq!(names(&sample), ["APP_SECRET"]);
        assert!(CoreConfig::from_environment(&sample.with("CLOUD_ENV", "dev")).is_ok());
    }

    #[test]
    fn a_short_secret_is_refused_even_in_development() {
        assert_eq!(
            names(
                &minimal()
                    .with("APP_SECRET", "short")
                    .with("CLOUD_ENV", "dev")
            ),
            ["APP_SECRET"]
        );
    }

    #[test]
    fn an_app_key_replaces_the_secret_but_does_not_join_it() {
        let app = registry::AppId::new("hello").unwrap();
        let key = AppSecret::new(SECRET).unwrap().app_key(&app).to_string();
        let alone = minimal().without("APP_SECRET").with("APP_KEY", key.clone());
        let config = CoreConfig::from_environment(&alone).unwrap();
        assert!(matches!(config.app_secret, Keyring::Key(_)));
        assert_eq!(names(&minimal().with("APP_KEY", key)), ["APP_SECRET"]);
        assert_eq!(
            names(&minimal().without("APP_SECRET").with("APP_KEY", "hello.x")),
            ["APP_KEY"]
        );
    }

    #[test]
    fn debug_output_of_the_configuration_holds_no_secret() {
        let config = CoreConfig::from_environment(
            &minimal().with("DATABASE_URL", "postgres://u:hunter2@h/d"),
        )
        .unwrap();
        let printed = format!("{config:?}");
        assert!(
            !printed.contains("hunter2") && !printed.contains(SECRET),
            "{printed}"
        );
    }
}
