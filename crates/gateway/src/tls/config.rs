//! The variables of TLS. Without `TLS_DOMAINS` there is none.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use platform::Reader;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use super::domain::Domain;
use super::files::Pair;

/// Most entries of `TLS_DOMAINS`.
const MOST_DOMAINS: usize = 1_000;
const PRODUCTION: &str = "https://acme-v02.api.letsencrypt.org/directory";
const STAGING: &str = "https://acme-staging-v02.api.letsencrypt.org/directory";

/// What a gateway that speaks TLS is configured with.
#[derive(Clone, Debug)]
pub struct TlsConfig {
    /// `TLS_DOMAINS`: what is served. Not empty at the start.
    pub domains: Vec<Domain>,
    /// `TLS_PORT`: where TLS is spoken. Port 0 takes any free port.
    pub port: u16,
    /// `TLS_PLAIN_PORT`: where plain requests are redirected and challenges answered.
    pub plain_port: u16,
    /// `TLS_CERT_FILE` and `TLS_KEY_FILE`: an imported certificate.
    pub file: Option<Pair>,
    /// `TLS_CERT_DIR`: a directory of imported certificates.
    pub directory: Option<PathBuf>,
    /// How certificates are ordered.
    pub acme: AcmeConfig,
    /// How often things are looked at.
    pub timing: Timing,
}

/// How certificates are ordered.
#[derive(Clone)]
pub struct AcmeConfig {
    /// `ACME_DIRECTORY`: the authority.
    pub directory: Url,
    /// `ACME_EMAIL`: whom the authority may write to.
    pub email: Option<String>,
    /// `ACME_CA_FILE`: believed beside the public authorities when the directory is asked. Empty: the public ones only.
    pub roots: Vec<CertificateDer<'static>>,
    /// `ACME_CHALLENGE`: the only challenge to answer; without one both take turns.
    pub challenge: Option<ChallengeKind>,
    /// Most orders within an hour, by all gateways together.
    pub orders_per_hour: usize,
}

/// How an authority is shown that a name is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChallengeKind {
    /// A file on the plain port, RFC 8555 8.3.
    #[serde(rename = "http-01")]
    Http01,
    /// A certificate on the TLS port, RFC 8737.
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn01,
}

/// How often things are looked at, and how long they last.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Between two looks at imported files.
    pub files: Duration,
    /// Between two full comparisons with what the other gateways know.
    pub reconcile: Duration,
    /// Life of the leader's lease; it is renewed three times within it.
    pub lease: Duration,
    /// Longest wait at the start for what the other gateways know.
    pub start: Duration,
    /// First pause after a failed order; later ones are longer.
    pub first_pause: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            files: Duration::from_secs(10),
            reconcile: Duration::from_secs(30),
            lease: Duration::from_secs(30),
            start: Duration::from_secs(2),
            first_pause: Duration::from_mins(1),
        }
    }
}

impl Default for AcmeConfig {
    fn default() -> Self {
        Self {
            directory: letsencrypt(),
            email: None,
            roots: Vec::new(),
            challenge: None,
            // Let's Encrypt allows 300 in three hours.
            orders_per_hour: 60,
        }
    }
}

impl AcmeConfig {
    /// Whether the authority is one of our own, which issues for internal names too.
    pub(super) fn is_private(&self) -> bool {
        !self.roots.is_empty()
    }
}

impl fmt::Debug for AcmeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address of the person is nobody's business in a log.
        f.debug_struct("AcmeConfig")
            .field("directory", &self.directory.as_str())
            .field("challenge", &self.challenge)
            .finish_non_exhaustive()
    }
}

impl FromStr for ChallengeKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "http-01" => Ok(Self::Http01),
            "tls-alpn-01" => Ok(Self::TlsAlpn01),
            _ => Err(()),
        }
    }
}

impl fmt::Display for ChallengeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http01 => "http-01",
            Self::TlsAlpn01 => "tls-alpn-01",
        })
    }
}

impl TlsConfig {
    /// TLS for these domains, everything else as it is without a variable.
    pub fn new(domains: Vec<Domain>) -> Self {
        Self {
            domains,
            port: 443,
            plain_port: 80,
            file: None,
            directory: None,
            acme: AcmeConfig::default(),
            timing: Timing::default(),
        }
    }

    /// Reads everything and notes each problem; `None` when TLS is off.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        const PORT: &str = "must be a port number";
        let domains = read_domains(reader);
        let config = Self {
            port: reader.parse("TLS_PORT", 443, PORT),
            plain_port: reader.parse("TLS_PLAIN_PORT", 80, PORT),
            file: read_pair(reader),
            directory: read_directory(reader),
            acme: read_acme(reader),
            timing: Timing::default(),
            domains,
        };
        if config.port == config.plain_port && config.port != 0 {
            reader.problem("TLS_PLAIN_PORT", "must be another port than TLS_PORT");
        }
        let imports = config.file.is_some() || config.directory.is_some();
        if config.domains.is_empty() {
            if imports && reader.environment().get("TLS_DOMAINS").is_none() {
                reader.problem(
                    "TLS_DOMAINS",
                    "must be set for the imported certificate to be served",
                );
            }
            return None;
        }
        let is_orphan = |domain: &Domain| domain.is_wildcard() && !domain.is_internal();
        if !imports && config.domains.iter().any(is_orphan) {
            reader.problem(
                "TLS_DOMAINS",
                "holds a wildcard, which cannot be ordered: import a certificate for it with \
                 TLS_CERT_FILE or TLS_CERT_DIR",
            );
        }
        Some(config)
    }

    /// The port people reach TLS at, for redirects: the one in `APP_URL` when that is https, because `TLS_PORT` may
    /// stand behind a mapping.
    pub fn public_port(&self, app_url: &Url) -> u16 {
        match app_url.scheme() {
            "https" => app_url.port_or_known_default().unwrap_or(self.port),
            _ => self.port,
        }
    }
}

fn read_domains(reader: &mut Reader<'_>) -> Vec<Domain> {
    const NAME: &str = "TLS_DOMAINS";
    let list = reader.optional(NAME).unwrap_or_default();
    let items = list
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    let domains: Result<BTreeSet<Domain>, _> = items.clone().map(str::parse).collect();
    match domains {
        Ok(domains) if domains.len() > MOST_DOMAINS => {
            reader.problem(NAME, "must name at most 1000 domains");
            Vec::new()
        }
        Ok(_) => {
            // The first one named is the one served to a client that names none.
            let mut seen = BTreeSet::new();
            items
                .filter_map(|item| item.parse::<Domain>().ok())
                .filter(|domain| seen.insert(domain.clone()))
                .collect()
        }
        Err(_) => {
            reader.problem(
                NAME,
                "must be host names, wildcards (*.example.org) or IP addresses separated by commas",
            );
            Vec::new()
        }
    }
}

fn read_pair(reader: &mut Reader<'_>) -> Option<Pair> {
    let certificate = read_path(reader, "TLS_CERT_FILE");
    let key = read_path(reader, "TLS_KEY_FILE");
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            let pair = Pair { certificate, key };
            if let Err(error) = pair.load() {
                reader.problem("TLS_CERT_FILE", &format!("and TLS_KEY_FILE: {error}"));
            }
            Some(pair)
        }
        (Some(_), None) => {
            reader.problem("TLS_KEY_FILE", "must be set when TLS_CERT_FILE is");
            None
        }
        (None, Some(_)) => {
            reader.problem("TLS_CERT_FILE", "must be set when TLS_KEY_FILE is");
            None
        }
        (None, None) => None,
    }
}

fn read_directory(reader: &mut Reader<'_>) -> Option<PathBuf> {
    let path = read_path(reader, "TLS_CERT_DIR")?;
    if !path.is_dir() {
        reader.problem("TLS_CERT_DIR", "must name a directory that exists");
    }
    Some(path)
}

fn read_path(reader: &mut Reader<'_>, name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(reader.optional(name)?);
    if path.is_absolute() {
        return Some(path);
    }
    reader.problem(name, "must be an absolute path");
    None
}

fn read_acme(reader: &mut Reader<'_>) -> AcmeConfig {
    AcmeConfig {
        directory: read_authority(reader),
        email: read_email(reader),
        roots: read_roots(reader),
        challenge: reader.parse_optional("ACME_CHALLENGE", "must be http-01 or tls-alpn-01"),
        ..AcmeConfig::default()
    }
}

fn letsencrypt() -> Url {
    let Ok(url) = PRODUCTION.parse() else {
        unreachable!("a constant that is a URL")
    };
    url
}

fn read_authority(reader: &mut Reader<'_>) -> Url {
    const NAME: &str = "ACME_DIRECTORY";
    let text = reader.optional(NAME);
    let text = match text.as_deref() {
        None | Some("letsencrypt") => PRODUCTION,
        Some("staging") => STAGING,
        Some(url) => url,
    };
    let url = Url::parse(text).ok().filter(|url| {
        url.scheme() == "https"
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    });
    url.unwrap_or_else(|| {
        reader.problem(
            NAME,
            "must be letsencrypt, staging or the https URL of a directory",
        );
        letsencrypt()
    })
}

fn read_email(reader: &mut Reader<'_>) -> Option<String> {
    let email = reader.optional("ACME_EMAIL")?;
    let is_sound = email.len() <= 254
        && email.bytes().all(|byte| byte.is_ascii_graphic())
        && !email.contains([',', '?', '<', '>'])
        && email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if is_sound {
        return Some(email);
    }
    reader.problem("ACME_EMAIL", "must be one e-mail address");
    None
}

fn read_roots(reader: &mut Reader<'_>) -> Vec<CertificateDer<'static>> {
    const NAME: &str = "ACME_CA_FILE";
    let Some(path) = read_path(reader, NAME) else {
        return Vec::new();
    };
    roots(&path).unwrap_or_else(|| {
        reader.problem(NAME, "must name a PEM file with certificates");
        Vec::new()
    })
}

fn roots(path: &Path) -> Option<Vec<CertificateDer<'static>>> {
    let text = super::files::read(path).ok()?;
    let roots: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .ok()?;
    let mut store = rustls::RootCertStore::empty();
    let usable = roots.iter().all(|root| store.add(root.clone()).is_ok());
    (usable && !roots.is_empty()).then_some(roots)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use platform::Environment;

    use super::*;

    fn read(environment: &Environment) -> Result<Option<TlsConfig>, Vec<String>> {
        let mut reader = environment.reader();
        let config = TlsConfig::read(&mut reader);
        reader.finish().map(|()| config).map_err(|error| {
            let problems = error.problems.into_iter();
            problems.map(|problem| problem.name).collect()
        })
    }

    fn with(pairs: &[(&str, &str)]) -> Result<Option<TlsConfig>, Vec<String>> {
        read(&Environment::from_map(pairs.iter().copied()))
    }

    #[test]
    fn tls_is_off_until_a_domain_is_named() {
        assert!(with(&[]).unwrap().is_none());
        assert!(with(&[("TLS_PORT", "8443")]).unwrap().is_none());
        let config = with(&[("TLS_DOMAINS", "b.example.org, a.example.org,b.example.org,")])
            .unwrap()
            .unwrap();
        let names: Vec<&str> = config.domains.iter().map(Domain::as_str).collect();
        assert_eq!(names, ["b.example.org", "a.example.org"]);
        assert_eq!((config.port, config.plain_port), (443, 80));
        assert_eq!(config.acme.directory.as_str(), PRODUCTION);
    }

    #[test]
    fn the_staging_authority_has_a_name() {
        let config = with(&[("TLS_DOMAINS", "a.org"), ("ACME_DIRECTORY", "staging")]);
        let acme = config.unwrap().unwrap().acme;
        assert_eq!(acme.directory.as_str(), STAGING);
    }

    #[test]
    fn every_problem_is_reported_at_once_and_no_value_is_shown() {
        let wrong = Environment::from_map([
            ("TLS_DOMAINS", "hunter_2"),
            ("TLS_PORT", "hunter2"),
            ("TLS_PLAIN_PORT", "hunter2"),
            ("TLS_CERT_FILE", "/hunter2"),
            ("TLS_CERT_DIR", "/hunter2"),
            ("ACME_DIRECTORY", "http://hunter2"),
            ("ACME_EMAIL", "hunter2"),
            ("ACME_CA_FILE", "/hunter2"),
            ("ACME_CHALLENGE", "dns-01"),
        ]);
        let mut reader = wrong.reader();
        assert!(TlsConfig::read(&mut reader).is_none());
        let error = reader.finish().unwrap_err();
        assert_eq!(error.problems.len(), 9, "{error}");
        assert!(!error.to_string().contains("hunter"), "{error}");
    }

    #[test]
    fn half_a_pair_and_an_orphaned_wildcard_are_refused() {
        let on = ("TLS_DOMAINS", "a.org");
        assert_eq!(
            with(&[on, ("TLS_KEY_FILE", "/k")]).unwrap_err(),
            ["TLS_CERT_FILE"]
        );
        assert_eq!(
            with(&[on, ("TLS_CERT_FILE", "relative")]).unwrap_err(),
            ["TLS_CERT_FILE"]
        );
        assert_eq!(
            with(&[on, ("TLS_PORT", "80")]).unwrap_err(),
            ["TLS_PLAIN_PORT"]
        );
        assert_eq!(
            with(&[("TLS_DOMAINS", "*.example.org")]).unwrap_err(),
            ["TLS_DOMAINS"]
        );
        assert!(with(&[("TLS_DOMAINS", "*.home.arpa")]).is_ok());
    }

    #[test]
    fn an_imported_certificate_without_a_domain_is_a_mistake() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().to_str().unwrap();
        assert_eq!(
            with(&[("TLS_CERT_DIR", path)]).unwrap_err(),
            ["TLS_DOMAINS"]
        );
        let both = [("TLS_CERT_DIR", path), ("TLS_DOMAINS", "*.example.org")];
        assert!(with(&both).is_ok());
    }

    #[test]
    fn redirects_go_where_people_reach_the_platform() {
        let config = TlsConfig::new(vec!["a.org".parse().unwrap()]);
        let port = |url: &str| config.public_port(&url.parse().unwrap());
        assert_eq!(port("https://a.org"), 443);
        assert_eq!(port("https://a.org:8443"), 8443);
        assert_eq!(port("http://a.org:3000"), 443);
    }
}
