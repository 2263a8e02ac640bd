//! A mail server, spoken to over SMTP (RFC 5321): one connection for each mail.

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters,
};
use lettre::transport::smtp::extension::ClientId;
use secrecy::{ExposeSecret as _, SecretString};

use super::parcel::Parcel;
use crate::domain::trouble::{Cause, Trouble};

/// For reaching the server.
const REACH: Duration = Duration::from_secs(15);
/// For a whole delivery. Longer than a healthy server needs, shorter than people wait for a sign-in.
const PATIENCE: Duration = Duration::from_mins(1);
/// For saying goodbye, once the mail was taken.
const FAREWELL: Duration = Duration::from_secs(2);
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// Not at all: an operator chose it.
    None,
    /// TLS after a greeting in the clear (RFC 3207); required, except on the way to this very machine.
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

impl Security {
    /// Reads the value of the setting.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "none" => Self::None,
            "tls" => Self::Tls,
            _ => Self::Starttls,
        }
    }

    /// The port that is usual for it.
    pub(crate) fn port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::Starttls => 587,
            Self::Tls => 465,
        }
    }
}

/// A mail server as it is set.
#[derive(Clone)]
pub(crate) struct SmtpServer {
    /// Its name or address.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// How the connection is protected.
    pub(crate) security: Security,
    /// User and password, if it asks for them.
    pub(crate) login: Option<(String, SecretString)>,
    /// Certificates that are trusted beside the public ones, in PEM; may be empty.
    pub(crate) trusted: String,
    /// The name this side greets with.
    pub(crate) hello: String,
}

impl SmtpServer {
    /// Delivers a mail. `Ok`: the server has taken it.
    pub(crate) async fn send(&self, parcel: &Parcel) -> Result<(), Trouble> {
        tokio::time::timeout(PATIENCE, self.deliver(parcel))
            .await
            .map_err(|_| Trouble::new(Cause::Timeout))?
    }

    async fn deliver(&self, parcel: &Parcel) -> Result<(), Trouble> {
        let to = vec![parcel.to.as_inner().clone()];
        let envelope = Envelope::new(Some(parcel.from.as_inner().clone()), to)
            .map_err(|_| Trouble::new(Cause::Address))?;
        let mut connection = self.connect().await?;
        connection
            .send(&envelope, &parcel.message)
            .await
            .map_err(|error| of_mail(&error))?;
        // Taken is taken, however the farewell goes.
        tokio::time::timeout(FAREWELL, connection.quit()).await.ok();
        Ok(())
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let hello = ClientId::Domain(self.hello.clone());
        let from_the_start = match self.security {
            Security::Tls => Some(self.tls()?),
            Security::None | Security::Starttls => None,
        };
        let server = (self.host.as_str(), self.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(server, Some(REACH), &hello, from_the_start, None);
        let mut connection = connecting.await.map_err(|error| of_connection(&error))?;
        if self.security == Security::Starttls {
            if connection.can_starttls() {
                let upgraded = connection.starttls(self.tls()?, &hello).await;
                upgraded.map_err(|error| of_connection(&error))?;
            } else if !self.is_here() {
                connection.abort().await;
                return Err(Trouble::new(Cause::NoTls));
            }
        }
        if let Some((user, password)) = &self.login {
            if !connection.is_encrypted() && !self.is_here() {
                connection.abort().await;
                return Err(Trouble::new(Cause::Unprotected));
            }
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let accepted = connection.auth(&MECHANISMS, &credentials).await;
            accepted.map_err(|error| of_login(&error))?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, Trouble> {
        let wrong = |error: Error| Trouble::said(Cause::Tls, &said(&error));
        let mut builder = TlsParameters::builder(self.host.clone())
            .certificate_store(CertificateStore::WebpkiRoots);
        if !self.trusted.trim().is_empty() {
            let certificates = Certificate::from_pem(self.trusted.as_bytes()).map_err(wrong)?;
            builder = builder.add_root_certificate(certificates);
        }
        builder.build().map_err(wrong)
    }

    /// Whether the server is on this very machine: no network sees what passes.
    fn is_here(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpServer")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

/// What a reply to the mail itself means.
fn of_mail(error: &Error) -> Trouble {
    let cause = match error.status().map(u16::from) {
        // The server wants a login first (RFC 4954): a matter of the settings, not of the mail.
        Some(530 | 534 | 535 | 538) => Cause::Login,
        Some(_) if error.is_permanent() => Cause::Refused,
        Some(_) => Cause::Later,
        None if error.is_client() => Cause::Address,
        None => return of_connection(error),
    };
    Trouble::said(cause, &said(error))
}

/// What failed before any mail was offered; none of it is the mail's fault.
fn of_connection(error: &Error) -> Trouble {
    let cause = if error.status().is_some() {
        Cause::Later
    } else if error.is_tls() || mentions_tls(error) {
        Cause::Tls
    } else if error.is_timeout() {
        Cause::Timeout
    } else if is_unreachable(error) {
        Cause::Unreachable
    } else {
        Cause::Broken
    };
    Trouble::said(cause, &said(error))
}

/// What failed while logging in: whatever it is, it is for the operator.
fn of_login(error: &Error) -> Trouble {
    match error.status() {
        Some(_) if error.is_transient() => Trouble::said(Cause::Later, &said(error)),
        Some(_) => Trouble::said(Cause::Login, &said(error)),
        None if error.is_client() => Trouble::said(Cause::Login, &said(error)),
        None => of_connection(error),
    }
}

/// Code and text of a reply, or what the network said. Never holds the message: nothing of it is in an error.
fn said(error: &Error) -> String {
    let mut text = error
        .status()
        .map(|code| u16::from(code).to_string())
        .unwrap_or_default();
    let mut source = error.source();
    while let Some(cause) = source {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Nobody has that name, or nobody listens there. The library tells by its text alone.
fn is_unreachable(error: &Error) -> bool {
    error.to_string().starts_with("Connection error")
}

/// A handshake's failure arrives wrapped in the error of a read.
fn mentions_tls(error: &Error) -> bool {
    io_error(error)
        .and_then(std::io::Error::get_ref)
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        .is_some()
}

fn io_error(error: &Error) -> Option<&std::io::Error> {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return Some(io);
        }
        source = cause.source();
    }
    None
}
