//! The head of a request and the one reading of it. What could be read in two ways is refused (RFC 9112, 3 and 6.3).

use std::mem::MaybeUninit;

use super::fields::{self, RequestField};
use super::{Field, LONGEST_HEAD, Length, MOST_FIELDS};
use crate::reject::Fault;
use crate::target;

/// Bytes a method may have; the longest that is registered has seventeen.
const LONGEST_METHOD: usize = 32;

/// The version a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Http10,
    Http11,
    Http2,
}

/// The head of a request, borrowed from where it was read.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) method: &'a str,
    pub(crate) version: Version,
    /// The path with its query, as given.
    pub(crate) target: &'a str,
    /// Where the request names its host beside the Host field: absolute form, or `:authority`.
    pub(crate) authority: Option<&'a str>,
    /// `:protocol` of an extended CONNECT (RFC 8441).
    pub(crate) protocol: Option<&'a str>,
    pub(crate) fields: &'a [Field<'a>],
    pub(crate) survey: Survey<'a>,
    /// In HTTP/2: whether the stream has ended with the head, so that there is no body.
    pub(crate) ended: Option<bool>,
}

/// What the fields say that the gateway itself must know.
#[derive(Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what was seen in passing, each for itself"
)]
pub(crate) struct Survey<'a> {
    hosts: u8,
    pub(crate) host: Option<&'a [u8]>,
    lengths: u8,
    codings: u8,
    length: Option<&'a [u8]>,
    coding: Option<&'a [u8]>,
    pub(crate) expect: Option<&'a [u8]>,
    pub(crate) content_type: Option<&'a [u8]>,
    pub(crate) grpc_timeout: Option<&'a [u8]>,
    pub(crate) origin: Option<&'a [u8]>,
    pub(crate) origins: u8,
    pub(crate) has_websocket_key: bool,
    pub(crate) wants_websocket: bool,
    pub(crate) has_cookies: bool,
    pub(crate) authorizations: u8,
    pub(crate) authorization: Option<&'a [u8]>,
    pub(crate) trailers: bool,
    pub(crate) has_via: bool,
    pub(crate) request_id: Option<&'a [u8]>,
    pub(crate) trace_parent: Option<&'a [u8]>,
    pub(crate) trace_state: Option<&'a [u8]>,
    /// `Connection: close`.
    pub(crate) closes: bool,
    /// `Connection: keep-alive`.
    pub(crate) keeps: bool,
    pub(crate) upgrades: bool,
    /// Connection names fields of its own, which must not be passed on.
    pub(crate) nominates: bool,
}

/// Parses the bytes of a whole head and calls `then` with it. The fields live on the stack for as long as that takes.
pub(crate) fn parse<T>(bytes: &[u8], then: impl FnOnce(Head<'_>) -> T) -> Result<T, Fault> {
    if bytes.len() > LONGEST_HEAD {
        return Err(too_large(bytes));
    }
    let mut fields = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let mut request = httparse::Request::new(&mut []);
    match request.parse_with_uninit_headers(bytes, &mut fields) {
        Ok(httparse::Status::Complete(read)) if read == bytes.len() => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Fault::HeadTooLarge),
        Ok(_) | Err(_) => return Err(Fault::Malformed),
    }
    let (Some(method), Some(given)) = (request.method, request.path) else {
        return Err(Fault::Malformed);
    };
    if method.len() > LONGEST_METHOD {
        return Err(Fault::Malformed);
    }
    if given.len() > target::LONGEST {
        return Err(Fault::TargetTooLong);
    }
    let version = match request.version {
        Some(1) => Version::Http11,
        Some(0) => Version::Http10,
        _ => return Err(Fault::Malformed),
    };
    let (authority, target) = if method == "CONNECT" {
        (Some(given), "/")
    } else {
        form(given)?
    };
    let survey = Survey::of(request.headers)?;
    Ok(then(Head {
        method,
        version,
        target,
        authority,
        protocol: None,
        fields: request.headers,
        survey,
        ended: None,
    }))
}

/// A head that has no end in sight: is it the target that is too long, or the rest?
pub(crate) fn too_large(begun: &[u8]) -> Fault {
    let line = begun.split(|byte| *byte == b'\n').next();
    if line.unwrap_or_default().len() > target::LONGEST {
        Fault::TargetTooLong
    } else {
        Fault::HeadTooLarge
    }
}

/// Takes a target in absolute form apart (RFC 9112, 3.2.2).
fn form(given: &str) -> Result<(Option<&str>, &str), Fault> {
    if given.starts_with('/') || given == "*" {
        return Ok((None, given));
    }
    // Only the schemes that are served here.
    let rest = ["http://", "https://"].into_iter().find_map(|scheme| {
        let (start, rest) = given.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let rest = rest.ok_or(Fault::Path)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    match target.as_bytes().first() {
        Some(b'/' | b'?') => Ok((Some(authority), target)),
        None => Ok((Some(authority), "/")),
        Some(_) => Err(Fault::Path),
    }
}

impl<'a> Survey<'a> {
    /// Looks through the fields once.
    pub(crate) fn of(all: &'a [Field<'a>]) -> Result<Self, Fault> {
        let mut survey = Self::default();
        let mut upgrade = None;
        for field in all {
            let value = field.value;
            match fields::of_request(field.name) {
                RequestField::Host => {
                    survey.hosts = survey.hosts.saturating_add(1);
                    survey.host = Some(value);
                }
                RequestField::ContentLength => {
                    survey.lengths = survey.lengths.saturating_add(1);
                    survey.length = Some(value);
                }
                RequestField::TransferEncoding => {
                    survey.codings = survey.codings.saturating_add(1);
                    survey.coding = Some(value);
                }
                RequestField::Connection => survey.connection(value),
                RequestField::Upgrade => upgrade = Some(value),
                RequestField::Te => survey.trailers |= fields::has_token(value, "trailers"),
                RequestField::Expect => survey.expect = Some(value),
                RequestField::Cookie => survey.has_cookies = true,
                RequestField::Authorization => {
                    survey.authorizations = survey.authorizations.saturating_add(1);
                    survey.authorization = Some(value);
                }
                RequestField::ContentType => survey.content_type = Some(value),
                RequestField::GrpcTimeout => survey.grpc_timeout = Some(value),
                RequestField::Origin => {
                    survey.origins = survey.origins.saturating_add(1);
                    survey.origin = Some(value);
                }
                RequestField::WebSocketKey => survey.has_websocket_key = true,
                RequestField::RequestId => survey.request_id = Some(value),
                RequestField::TraceParent => survey.trace_parent = Some(value),
                RequestField::TraceState => survey.trace_state = Some(value),
                RequestField::Via => survey.has_via = true,
                RequestField::Other
                | RequestField::Drop
                | RequestField::ForwardedFor
                | RequestField::ForwardedProto => {}
            }
        }
        survey.wants_websocket = survey.upgrades
            && survey.has_websocket_key
            && upgrade.is_some_and(|value| fields::has_token(value, "websocket"));
        if survey.hosts > 1 {
            return Err(Fault::Host);
        }
        Ok(survey)
    }

    fn connection(&mut self, value: &[u8]) {
        for item in fields::items(value) {
            if item.eq_ignore_ascii_case(b"close") {
                self.closes = true;
            } else if item.eq_ignore_ascii_case(b"keep-alive") {
                self.keeps = true;
            } else if item.eq_ignore_ascii_case(b"upgrade") {
                self.upgrades = true;
            } else {
                self.nominates = true;
            }
        }
    }

    /// The one length of the body (RFC 9112, 6.3). A second word on it is one too many, whatever it says.
    pub(crate) fn length(&self, version: Version) -> Result<Length, Fault> {
        match (self.lengths, self.codings) {
            (0, 0) => Ok(Length::None),
            (1, 0) => match self.length.and_then(fields::digits) {
                Some(0) => Ok(Length::None),
                Some(length) => Ok(Length::Known(length)),
                None => Err(Fault::Malformed),
            },
            (0, 1) => match self.coding {
                Some(coding)
                    if version == Version::Http11 && coding.eq_ignore_ascii_case(b"chunked") =>
                {
                    Ok(Length::Chunked)
                }
                _ => Err(Fault::Malformed),
            },
            _ => Err(Fault::Malformed),
        }
    }

    /// Whether a length was given, though it be nothing.
    pub(crate) fn names_length(&self) -> bool {
        self.lengths > 0
    }
}

impl<'a> Head<'a> {
    /// Whether Connection names this field as its own (RFC 9110, 7.6.1). Framing is not up for nomination.
    pub(crate) fn is_nominated(&self, name: &str) -> bool {
        self.survey.nominates
            && self.fields.iter().any(|field| {
                field.name.eq_ignore_ascii_case("connection")
                    && fields::has_token(field.value, name)
            })
    }

    /// The values of a field, by its name in lower case.
    pub(crate) fn values(&self, name: &str) -> impl DoubleEndedIterator<Item = &'a [u8]> {
        let fields: &'a [Field<'a>] = self.fields;
        fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value)
    }

    /// The values of a field that are text.
    pub(crate) fn texts(&self, name: &str) -> impl DoubleEndedIterator<Item = &'a str> {
        self.values(name)
            .filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// The path without its query.
    pub(crate) fn path(&self) -> &'a str {
        self.target.split('?').next().unwrap_or_default()
    }
}
