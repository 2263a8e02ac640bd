//! A connection URL taken apart: where to connect, and whether over TLS.
//!
//! `sslmode=require`, `verify-ca` and `verify-full` all mean the same here: TLS with a certificate that is valid
//! for the host's name. `prefer`, the default, uses TLS when the server offers it, and then verifies as well;
//! between programs on one machine (loopback, Unix socket) it means none.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, Limits, Schema};

/// Where a URL leads.
#[derive(Clone)]
pub(crate) struct Target {
    config: tokio_postgres::Config,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

/// User, hosts and database, for logs.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.config.get_user().unwrap_or("-");
        let database = self.config.get_dbname().unwrap_or(user);
        write!(f, "{user}@")?;
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match host {
                Host::Tcp(name) => write!(f, "{comma}{name}")?,
                Host::Unix(path) => write!(f, "{comma}{}", path.display())?,
            }
        }
        write!(f, "/{database}")
    }
}

impl Target {
    /// Understands a URL, or says nothing about it: it may hold a password.
    pub(crate) fn parse(url: &SecretString) -> Result<Self, Error> {
        let malformed = || Error::Config("the database's URL is malformed".to_owned());
        let url = url.expose_secret();
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(malformed());
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut mode = SslMode::Prefer;
        let mut kept = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", "disable")) => mode = SslMode::Disable,
                Some(("sslmode", "allow" | "prefer")) => mode = SslMode::Prefer,
                Some(("sslmode", "require" | "verify-ca" | "verify-full")) => {
                    mode = SslMode::Require;
                }
                Some(("sslmode", _)) => return Err(malformed()),
                _ => kept.push(parameter),
            }
        }
        let rest = if kept.is_empty() {
            base.to_owned()
        } else {
            format!("{base}?{}", kept.join("&"))
        };
        let mut config: tokio_postgres::Config = rest.parse().map_err(|_| malformed())?;
        if config.get_hosts().is_empty() || config.get_user().is_none() {
            return Err(malformed());
        }
        if config.get_dbname().is_none() {
            let user = config.get_user().unwrap_or_default().to_owned();
            config.dbname(user);
        }
        if mode == SslMode::Prefer && config.get_hosts().iter().all(is_this_machine) {
            mode = SslMode::Disable;
        }
        config.ssl_mode(mode);
        Ok(Self { config })
    }

    /// The same place for another role.
    pub(crate) fn with_role(&self, role: &str, password: &str) -> Self {
        let mut config = self.config.clone();
        config.user(role).password(password);
        Self { config }
    }

    /// Whether the URL has a password.
    pub(crate) fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// The same place and role with a password.
    pub(crate) fn with_password(&self, password: &str) -> Self {
        let mut config = self.config.clone();
        config.password(password);
        Self { config }
    }

    /// The database's name.
    pub(crate) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_default()
    }

    /// How to connect as an app: its schema first, its limits, and a name that operators recognise.
    pub(crate) fn session(
        &self,
        schema: &Schema,
        limits: &Limits,
        name: &str,
    ) -> tokio_postgres::Config {
        // Compiling a statement takes longer than any of ours may: seven tenths of a second for a list of groups.
        let settings = format!(
            "-c search_path={schema} -c statement_timeout={} -c lock_timeout={} \
             -c idle_in_transaction_session_timeout={} -c timezone=UTC -c jit=off",
            limits.statement.as_millis(),
            limits.lock.as_millis(),
            limits.idle_in_transaction.as_millis(),
        );
        self.configured(&settings, limits.connect, name)
    }

    /// How to connect for work on the schema itself, which may take long but must not queue others behind a lock.
    pub(crate) fn maintenance(
        &self,
        schema: &Schema,
        limits: &Limits,
        name: &str,
    ) -> tokio_postgres::Config {
        let settings = format!(
            "-c search_path={schema} -c lock_timeout={} -c timezone=UTC",
            limits.lock.as_millis()
        );
        self.configured(&settings, limits.connect, name)
    }

    fn configured(&self, settings: &str, connect: Duration, name: &str) -> tokio_postgres::Config {
        let mut config = self.config.clone();
        let settings = match config.get_options() {
            Some(given) => format!("{given} {settings}"),
            None => settings.to_owned(),
        };
        config
            .options(settings)
            .application_name(name)
            .connect_timeout(connect)
            // A peer that vanished is noticed in about half a minute instead of two hours.
            .keepalives(true)
            .keepalives_idle(Duration::from_secs(15))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3)
            .tcp_user_timeout(Duration::from_secs(15));
        config
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse()
                    .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
    }
}

/// TLS towards PostgreSQL: the authorities in `ca_file`, or the public ones.
pub(crate) fn tls(ca_file: Option<&Path>) -> Result<MakeRustlsConnect, Error> {
    let roots = match ca_file {
        Some(path) => authorities(path)?,
        None => RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        },
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Config(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn authorities(path: &Path) -> Result<RootCertStore, Error> {
    let unusable =
        |reason: String| Error::Config(format!("DATABASE_CA_FILE ({}): {reason}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))?
    {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable("holds no certificate".to_owned()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
    use super::*;

    fn parse(url: &str) -> Result<Target, Error> {
        Target::parse(&SecretString::from(url))
    }

    fn mode(url: &str) -> SslMode {
        parse(url).unwrap().config.get_ssl_mode()
    }

    #[test]
    fn tls_is_verified_unless_there_is_no_network() {
        assert_eq!(mode("postgres://a@db/x"), SslMode::Prefer);
        assert_eq!(
            mode("postgres://a@db/x?sslmode=verify-full"),
            SslMode::Require
        );
        assert_eq!(
            mode("postgres://a@db/x?application_name=y&sslmode=require"),
            SslMode::Require
        );
        assert_eq!(mode("postgres://a@db/x?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://a@127.0.0.1/x"), SslMode::Disable);
        assert_eq!(mode("postgres://a@%2Frun%2Fpg/x"), SslMode::Disable);
        assert_eq!(
            mode("postgres://a@localhost/x?sslmode=require"),
            SslMode::Require
        );
        assert_eq!(mode("postgres://a@localhost,db/x"), SslMode::Prefer);
    }

    #[test]
    fn a_url_that_is_none_is_refused_without_repeating_it() {
        for url in [
            "",
            "db",
            "mysql://a:hunter2@db/x",
            "postgres://a:hunter2@db/x?sslmode=maybe",
            "postgres://",
        ] {
            let error = parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}");
        }
        assert!(!format!("{:?}", parse("postgres://a:hunter2@db/x").unwrap()).contains("hunter2"));
    }

    #[test]
    fn a_missing_or_empty_authority_file_is_named() {
        let Err(error) = tls(Some(Path::new("/nonexistent/ca.pem"))) else {
            panic!("accepted");
        };
        assert!(error.to_string().contains("/nonexistent/ca.pem"));
        assert!(tls(None).is_ok());
    }
}
