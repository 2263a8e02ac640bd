//! Which directory: its address, who reads, and where in it.

use std::net::IpAddr;
use std::sync::Arc;

use rustls::ClientConfig;
use secrecy::SecretString;

use crate::filter::Filter;
use crate::mapping::Mapping;
use crate::tls;

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (`ldaps`), port 636 as a rule.
    Tls,
    /// TLS before anything is said (RFC 4511 section 4.14), port 389 as a rule.
    StartTls,
    /// Not at all: to this machine itself alone.
    Plain,
}

impl Security {
    /// All of them, the safest first.
    pub const ALL: [Self; 3] = [Self::Tls, Self::StartTls, Self::Plain];

    /// Its word in forms and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::Plain => "plain",
        }
    }

    /// The one of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// Why an address does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Neither a host name nor an address.
    #[error("the server must be a host name or an address, without scheme and port")]
    Host,
    /// Port 0.
    #[error("the port must be 1 to 65535")]
    Port,
    /// Plain text to another machine.
    #[error("without TLS only localhost may be asked")]
    Plain,
    /// No certificate in it, or too much.
    #[error("the authority must be one or more certificates in PEM, 64 KiB at most")]
    Authority,
}

/// The server, and how it proves to be that.
#[derive(Clone, Debug)]
pub struct Server {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) tls: Arc<ClientConfig>,
}

impl Server {
    /// Most bytes of an authority in PEM.
    pub const MOST_AUTHORITY: usize = 64 * 1024;

    /// A server at `host`, a name or an address. With an `authority` in PEM only that one is believed, else those that
    /// the system and the public trust.
    ///
    /// # Errors
    /// Which part does not do.
    pub fn new(
        host: &str,
        port: u16,
        security: Security,
        authority: Option<&str>,
    ) -> Result<Self, Unfit> {
        let host = host.trim().trim_start_matches('[').trim_end_matches(']');
        rustls::pki_types::ServerName::try_from(host).map_err(|_| Unfit::Host)?;
        if port == 0 {
            return Err(Unfit::Port);
        }
        if security == Security::Plain && !is_this_machine(host) {
            return Err(Unfit::Plain);
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            security,
            tls: tls::config(authority)?,
        })
    }
}

/// Whether the name means this machine, whatever name servers say.
fn is_this_machine(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The account that reads.
#[derive(Clone, Debug)]
pub struct Bind {
    /// Its distinguished name; Active Directory also takes `user@domain`.
    pub dn: String,
    /// Its password.
    pub password: SecretString,
}

/// Where entries are looked for, and which count.
#[derive(Clone, Debug)]
pub struct Place {
    pub(crate) base: String,
    pub(crate) filter: Filter,
}

impl Place {
    /// Everything at and below `base` that the filter takes.
    pub fn new(base: &str, filter: Filter) -> Self {
        let base = base.trim().to_owned();
        Self { base, filter }
    }
}

/// Everything that is to be known to read a directory.
#[derive(Clone, Debug)]
pub struct Source {
    /// The server.
    pub server: Server,
    /// Who reads; `None` is nobody in particular, where the server lets them.
    pub bind: Option<Bind>,
    /// Where people are.
    pub people: Place,
    /// Where groups are; `None` leaves groups alone.
    pub groups: Option<Place>,
    /// Which attribute means what.
    pub mapping: Mapping,
    /// Port of FreeIPA's web interface on the same host, where that may be written to.
    pub web: Option<u16>,
}
