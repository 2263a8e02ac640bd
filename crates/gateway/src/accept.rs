//! First phase: is this a request at all, and does it have exactly one reading?

use std::borrow::Cow;

use crate::reject::{Fault, Reject};
use crate::wire::Length;
use crate::wire::request::{Head, Version};
use crate::{authority, target};

/// What a request is, once it has one reading.
pub(crate) struct Accepted<'a> {
    /// The path and query as they are matched and as the app is sent them.
    pub(crate) target: Cow<'a, str>,
    pub(crate) host: &'a str,
    pub(crate) length: Length,
    pub(crate) websocket: bool,
}

impl Accepted<'_> {
    /// The path without its query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// Checks method, framing, expectation, host and target.
pub(crate) fn accept<'a>(head: &Head<'a>) -> Result<Accepted<'a>, Reject> {
    check(head).map_err(Reject::client)
}

fn check<'a>(head: &Head<'a>) -> Result<Accepted<'a>, Fault> {
    let survey = &head.survey;
    let length = length(head)?;
    let extended = head.protocol.is_some();
    if head.method == "TRACE" || (head.method == "CONNECT" && !extended) {
        return Err(Fault::Method);
    }
    if survey
        .expect
        .is_some_and(|expected| !expected.eq_ignore_ascii_case(b"100-continue"))
    {
        return Err(Fault::Expectation);
    }
    let host = authority::of(head)?;
    let target = target::canonical(head.target)?;
    let websocket = if extended {
        head.protocol == Some("websocket")
    } else {
        head.version == Version::Http11 && head.method == "GET" && survey.wants_websocket
    };
    // A WebSocket begins where its request ends, so there cannot be a body between the two.
    if websocket && length != Length::None {
        return Err(Fault::Malformed);
    }
    if extended && !websocket {
        return Err(Fault::Method);
    }
    Ok(Accepted {
        target,
        host,
        length,
        websocket,
    })
}

/// How long the body is: HTTP/1 says so in the head, HTTP/2 by ending the stream.
fn length(head: &Head<'_>) -> Result<Length, Fault> {
    let named = head.survey.length(head.version)?;
    match (head.ended, named) {
        (None | Some(true), Length::None) => Ok(Length::None),
        (Some(true), _) => Err(Fault::Malformed),
        (Some(false), _) if head.protocol.is_some() => Ok(Length::None),
        (Some(false), Length::None) => Ok(Length::Chunked),
        (None | Some(false), named) => Ok(named),
    }
}
