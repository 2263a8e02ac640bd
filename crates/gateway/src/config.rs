//! What the gateway is configured with: the variables every process has, its own two, and its limits.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use platform::config::{Cidr, ConfigError};
use platform::{CoreConfig, Environment, Mode, Reader};
use registry::Keyring;
use secrecy::SecretString;

use crate::live::seeded_limits;
use crate::rates::Rate;
use crate::sessions::Belief;
use crate::tls::TlsConfig;

/// The port people expect the platform at.
const PORT: u16 = 3000;
/// More workers than this help nobody.
const MOST_WORKERS: usize = 256;

/// The configuration of one gateway.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Where it listens. Port 0 takes any free port.
    pub listen: SocketAddr,
    /// Where people reach the platform.
    pub app_url: url::Url,
    /// Verifies leases, opens signing keys, signs its calls and its state.
    pub keyring: Keyring,
    /// Where the registry is.
    pub redis_url: SecretString,
    /// `ADVERTISE_HOST`: the host others reach this gateway by, where it is not the one it listens at.
    pub advertise_host: Option<String>,
    /// Whose forwarding headers are believed, where the settings say nothing else.
    pub trusted_proxies: Vec<Cidr>,
    /// `GATEWAY_STATE_DIR`: where the last routes are kept for a start while Redis is away.
    pub state_dir: Option<PathBuf>,
    /// `GATEWAY_WORKERS`: threads that serve connections; as many as there are processors where it is not set.
    pub workers: usize,
    /// `GATEWAY_INTERNAL_ADDRESS`: where operators find metrics and health. Nowhere, when it is not set.
    pub internal: Option<SocketAddr>,
    /// `TLS_DOMAINS` and what belongs to it; nothing when TLS is off.
    pub tls: Option<TlsConfig>,
    /// How long requests in flight may take at stop.
    pub drain: Duration,
    /// Sizes and times, where the settings say nothing else.
    pub limits: Limits,
    /// How long what auth has said is believed.
    pub belief: Belief,
}

/// Sizes and times beyond which the gateway says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte of a request's head to its last.
    pub head: Duration,
    /// Silence of a kept connection between two requests.
    pub keep_alive: Duration,
    /// Wait for the head of an app's response, counted from the last byte of the request.
    pub response: Duration,
    /// Silence within a request's body.
    pub request_idle: Duration,
    /// Silence within a response's body, and on an upgraded connection.
    pub response_idle: Duration,
    /// Longest time a client may not take a byte of its answer.
    pub write_idle: Duration,
    /// Largest request body, in bytes, where the app's policy says nothing else.
    pub body: u64,
    /// Bytes of requests that all together may be held until they are whole, where apps want them whole. More are
    /// answered with 503.
    pub held: u64,
    /// Open connections; more are closed at once.
    pub connections: usize,
    /// Open connections from one address, or one /64 of IPv6. Does not hold for this machine itself.
    pub connections_per_address: usize,
    /// Requests of one address about whom nothing is known. Does not hold for this machine itself.
    pub rate_per_address: Rate,
    /// Requests of one signed-in person.
    pub rate_per_person: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            response: Duration::from_secs(30),
            request_idle: Duration::from_secs(30),
            response_idle: Duration::from_mins(10),
            write_idle: Duration::from_mins(1),
            body: 1024 * 1024,
            held: 256 * 1024 * 1024,
            connections: 20_000,
            connections_per_address: 512,
            rate_per_address: Rate {
                per_second: 500,
                burst: 2000,
            },
            rate_per_person: Rate {
                per_second: 100,
                burst: 1000,
            },
        }
    }
}

impl GatewayConfig {
    /// Reads everything and notes each problem; `None` when a value without stand-in is missing.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let limits = seeded_limits(reader);
        let state_dir = read_state_dir(reader);
        let workers = read_workers(reader);
        let internal = read_internal(reader);
        let tls = TlsConfig::read(reader);
        let named = |name: &str| reader.environment().get(name).is_some();
        let (host_is_set, port_is_set) = (named("HOST"), named("PORT"));
        let core = CoreConfig::read(reader)?;
        let keyring = core.app_secret;
        if keyring.secret().is_none() {
            reader.problem(
                "APP_SECRET",
                "must be set for a gateway: APP_KEY cannot verify other apps",
            );
            return None;
        }
        let host = match core.env {
            // A gateway that nobody can reach is no use, but a developer's is nobody's business.
            Mode::Production if !host_is_set => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            Mode::Production | Mode::Dev => core.host,
        };
        let port = if port_is_set { core.port } else { PORT };
        Some(Self {
            listen: SocketAddr::new(host, port),
            app_url: core.app_url,
            keyring,
            redis_url: core.redis_url,
            advertise_host: core.advertise_host,
            trusted_proxies: core.trusted_proxies,
            state_dir,
            workers,
            internal,
            tls,
            drain: core.drain,
            limits,
            belief: Belief::default(),
        })
    }

    /// Reads everything from `environment`, or says everything that is wrong with it.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let mut reader = environment.reader();
        let config = Self::read(&mut reader);
        reader.finish_with(config)
    }
}

fn read_state_dir(reader: &mut Reader<'_>) -> Option<PathBuf> {
    let path = PathBuf::from(reader.optional("GATEWAY_STATE_DIR")?);
    if path.is_absolute() {
        return Some(path);
    }
    reader.problem("GATEWAY_STATE_DIR", "must be an absolute path");
    None
}

fn read_internal(reader: &mut Reader<'_>) -> Option<SocketAddr> {
    let address = reader.optional("GATEWAY_INTERNAL_ADDRESS")?.parse();
    if address.is_err() {
        reader.problem(
            "GATEWAY_INTERNAL_ADDRESS",
            "must be an address with a port, such as 127.0.0.1:9464",
        );
    }
    address.ok()
}

fn read_workers(reader: &mut Reader<'_>) -> usize {
    let available = || std::thread::available_parallelism().map_or(1, NonZero::get);
    match reader.optional("GATEWAY_WORKERS") {
        None => available(),
        Some(text) => text
            .parse()
            .ok()
            .filter(|workers| (1..=MOST_WORKERS).contains(workers))
            .unwrap_or_else(|| {
                reader.problem("GATEWAY_WORKERS", "must be a number from 1 to 256");
                1
            }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn environment() -> Environment {
        Environment::from_map([
            ("APP_SECRET", "8f3b1c90d27e46a5b8c1f0e9d7a63542"),
            ("REDIS_URL", "redis://127.0.0.1:1"),
        ])
    }

    #[test]
    fn people_find_the_gateway_at_port_3000() {
        let config = GatewayConfig::from_environment(&environment()).unwrap();
        assert_eq!(config.listen.to_string(), "0.0.0.0:3000");
        let dev = environment().with("CLOUD_ENV", "dev");
        let config = GatewayConfig::from_environment(&dev).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
        let chosen = environment().with("HOST", "127.0.0.2").with("PORT", "0");
        let config = GatewayConfig::from_environment(&chosen).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.2:0");
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let wrong = environment()
            .with("GATEWAY_STATE_DIR", "relative")
            .with("PORT", "x")
            .with("GATEWAY_RATE_PERSON", "0")
            .with("TLS_DOMAINS", "not a name");
        let error = GatewayConfig::from_environment(&wrong).unwrap_err();
        assert_eq!(error.problems.len(), 4, "{error}");
    }

    #[test]
    fn the_environment_seeds_the_limits() {
        let seeded = environment()
            .with("GATEWAY_RATE_PERSON", "1000000")
            .with("GATEWAY_TIMEOUT_HEAD", "5");
        let limits = GatewayConfig::from_environment(&seeded).unwrap().limits;
        assert_eq!(limits.rate_per_person.per_second, 1_000_000);
        assert_eq!(limits.head, Duration::from_secs(5));
        assert_eq!(limits.body, Limits::default().body);
    }

    #[test]
    fn a_gateway_needs_the_whole_secret() {
        let hello = registry::AppId::new("hello").unwrap();
        let secret = registry::AppSecret::new([1; 32]).unwrap();
        let key = environment()
            .without("APP_SECRET")
            .with("APP_KEY", secret.app_key(&hello).to_string());
        assert!(GatewayConfig::from_environment(&key).is_err());
    }
}
