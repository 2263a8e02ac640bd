//! A platform somewhere else, asked over HTTP or HTTPS as any program asks it: with a key or without.

mod tls;

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, IF_MATCH, USER_AGENT};
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use url::{Host, Url};

use crate::error::Error;
use crate::fetch::{self, Answer, Failure};

/// Longest wait for an answer.
const LIMIT: Duration = Duration::from_secs(30);

/// Where a platform is reached: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(Url);

impl Address {
    /// Reads what somebody typed. Plain HTTP to another machine is refused unless `allows_plain`: the key would
    /// travel for everybody on the way to read.
    pub(crate) fn parse(typed: &str, allows_plain: bool) -> Result<Self, Error> {
        let wrong = || {
            Error::Usage(format!(
                "{typed:?} is no address of a platform; write it as in https://cloud.example.org"
            ))
        };
        let mut url = Url::parse(typed.trim()).map_err(|_| wrong())?;
        let plain = match url.scheme() {
            "https" => false,
            "http" => true,
            _ => return Err(wrong()),
        };
        let bare = url.username().is_empty() && url.password().is_none() && url.path() == "/";
        let is_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(wrong()),
        };
        if !bare || url.query().is_some() {
            return Err(wrong());
        }
        if plain && !is_here && !allows_plain {
            return Err(Error::Usage(format!(
                "{typed} is not encrypted, so whoever is on the way could read the key; use https, or --allow-http in a network you trust"
            )));
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// As in `https://cloud.example.org`.
    pub(crate) fn text(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// A name for a file.
    pub(crate) fn file_name(&self) -> String {
        let (host, port) = (self.0.host_str(), self.0.port_or_known_default());
        format!(
            "{}_{}_{}.json",
            self.0.scheme(),
            host.unwrap_or_default(),
            port.unwrap_or_default()
        )
    }

    fn authority(&self) -> &str {
        self.0.authority()
    }
}

/// A platform to ask.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    address: Address,
    key: Option<String>,
}

/// A request of an API.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// With its query.
    pub(crate) path: String,
    /// JSON.
    pub(crate) body: Option<Bytes>,
    /// The version it is to change.
    pub(crate) if_match: Option<String>,
    /// What makes sending it twice harmless.
    pub(crate) idempotency_key: Option<String>,
}

impl Call {
    fn simple(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            body: None,
            if_match: None,
            idempotency_key: None,
        }
    }
}

/// What a request sends.
pub(crate) type Fields<'a> = &'a [(&'a str, &'a str)];

impl Remote {
    /// Without a key.
    pub(crate) fn new(address: &Address) -> Self {
        Self {
            address: address.clone(),
            key: None,
        }
    }

    /// With one.
    pub(crate) fn with_key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Where it is.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Asks for a resource.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let (status, body) = self.call(&Call::simple(Method::GET, path)).await?;
        self.read(status, &body)
    }

    /// Sends a form; returns the answer as it is.
    pub(crate) async fn post(&self, path: &str, fields: Fields<'_>) -> Result<Answer, Error> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let mut call = Call::simple(Method::POST, path);
        call.body = Some(Bytes::from(form.finish()));
        self.exchange(&call, "application/x-www-form-urlencoded")
            .await
    }

    /// Makes a request of an API; returns the answer as it is.
    pub(crate) async fn call(&self, call: &Call) -> Result<Answer, Error> {
        self.exchange(call, "application/json").await
    }

    /// Reads an answer, or says why there is none.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        status: StatusCode,
        body: &Bytes,
    ) -> Result<T, Error> {
        if !status.is_success() {
            return Err(self.refusal(status, body));
        }
        serde_json::from_slice(body).map_err(|_| {
            let reason =
                "it does not answer like this version of Cloud; look whether the address is right";
            self.failed(reason)
        })
    }

    /// What an answer that is no success means for whoever asked.
    pub(crate) fn refusal(&self, status: StatusCode, body: &Bytes) -> Error {
        match status {
            StatusCode::UNAUTHORIZED => Error::SignedOut(self.address.text()),
            StatusCode::NOT_FOUND => {
                self.failed("it knows nothing of this; look whether the address and the id are right, and whether it runs this version of Cloud")
            }
            StatusCode::TOO_MANY_REQUESTS => {
                self.failed("it was asked too often; try again in a minute")
            }
            status if status.is_server_error() => {
                self.failed("it is not well at this moment; try again in a minute")
            }
            _ => self.failed(&sentence(status, body)),
        }
    }

    fn failed(&self, reason: &str) -> Error {
        Error::Remote {
            address: self.address.text(),
            reason: reason.to_owned(),
        }
    }

    async fn exchange(&self, call: &Call, kind: &'static str) -> Result<Answer, Error> {
        let asked = tokio::time::timeout(LIMIT, self.ask(call, kind)).await;
        let reason = match asked {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => format!(
                "cannot be asked: {failure}; look whether the address is right and the platform runs"
            ),
            Err(_late) => "does not answer within 30 seconds; try again later".to_owned(),
        };
        Err(Error::Unreachable {
            address: self.address.text(),
            reason,
        })
    }

    async fn ask(&self, call: &Call, kind: &'static str) -> Result<Answer, Failure> {
        let request = self.request(call, kind)?;
        let url = &self.address.0;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = url.port_or_known_default().unwrap_or_default();
        let stream = TcpStream::connect((host, port)).await?;
        if url.scheme() == "https" {
            fetch::exchange(tls::connect(host, stream).await?, request).await
        } else {
            fetch::exchange(stream, request).await
        }
    }

    /// `kind` is the type of the body, if there is one.
    fn request(&self, call: &Call, kind: &'static str) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(&call.path)
            .header(HOST, self.address.authority())
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, concat!("cloud/", env!("CARGO_PKG_VERSION")));
        if call.body.is_some() {
            request = request.header(CONTENT_TYPE, kind);
        }
        if let Some(tag) = &call.if_match {
            request = request.header(IF_MATCH, tag);
        }
        if let Some(key) = &call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(key) = &self.key {
            let mut value = HeaderValue::try_from(format!("Bearer {key}"))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        Ok(request.body(Full::new(call.body.clone().unwrap_or_default()))?)
    }
}

/// The sentence of a problem (RFC 9457) or of an OAuth error (RFC 6749), else the status.
fn sentence(status: StatusCode, body: &Bytes) -> String {
    let problem: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let told = ["detail", "error_description", "title"]
        .iter()
        .find_map(|name| problem.get(name)?.as_str());
    told.map_or_else(|| format!("it answered {status}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn an_address_is_an_origin() {
        let of = |typed: &str| Address::parse(typed, false).map(|address| address.text());
        assert_eq!(
            of("https://Cloud.example.org/").unwrap(),
            "https://cloud.example.org"
        );
        assert_eq!(
            of("http://localhost:3000").unwrap(),
            "http://localhost:3000"
        );
        assert_eq!(of("http://[::1]:3000").unwrap(), "http://[::1]:3000");
        for wrong in [
            "cloud.example.org",
            "ftp://cloud.example.org",
            "https://ada:x@cloud.example.org",
            "https://cloud.example.org/app",
            "https://cloud.example.org/?x",
            "",
        ] {
            assert_eq!(of(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn a_key_does_not_travel_in_plain_text_unless_told_to() {
        for plain in [
            "http://cloud.example.org",
            "http://192.0.2.1",
            "http://localhost.example.org",
        ] {
            let refused = Address::parse(plain, false).unwrap_err().to_string();
            assert!(refused.contains("https"), "{refused}");
            assert!(Address::parse(plain, true).is_ok());
        }
    }

    #[test]
    fn two_platforms_are_two_files() {
        let name = |typed| Address::parse(typed, false).unwrap().file_name();
        assert_eq!(
            name("https://cloud.example.org"),
            "https_cloud.example.org_443.json"
        );
        assert_ne!(name("http://localhost:3000"), name("http://localhost:3001"));
        assert_eq!(name("https://a:443"), name("https://a"));
    }
}
