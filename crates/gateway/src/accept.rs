//! First phase: is this a request at all, and does it have exactly one reading?

use http::Method;
use http::header::{CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::request::Parts;

use crate::exchange::Exchange;
use crate::reject::{Fault, Reject};
use crate::{authority, headers, target};

/// Fields a head may have.
pub(crate) const MOST_FIELDS: usize = 128;

/// Checks method, host, target and framing.
pub(crate) fn accept(exchange: &mut Exchange) -> Result<(), Reject> {
    let head = &mut exchange.head;
    check(head).map_err(Reject::client)?;
    exchange.host = authority::of(head).map_err(Reject::client)?;
    // In absolute form only the schemes that are served here.
    let scheme = head.uri.scheme_str();
    if scheme.is_some_and(|scheme| scheme != "http" && scheme != "https") {
        return Err(Reject::client(Fault::Path));
    }
    let given = head
        .uri
        .path_and_query()
        .ok_or(Reject::client(Fault::Path))?;
    exchange.target = target::canonical(given).map_err(Reject::client)?;
    if headers::wants_websocket(&head.method, head.version, &head.headers) {
        exchange.upgrade = head.extensions.remove();
    }
    Ok(())
}

fn check(head: &Parts) -> Result<(), Fault> {
    if head.method == Method::CONNECT || head.method == Method::TRACE {
        return Err(Fault::Method);
    }
    if head.headers.len() > MOST_FIELDS {
        return Err(Fault::HeadTooLarge);
    }
    // What two lengths or a length beside chunks would mean depends on the reader.
    let lengths = head.headers.get_all(CONTENT_LENGTH).iter().count();
    let codings = head.headers.get_all(TRANSFER_ENCODING).iter().count();
    if lengths > 1 || codings > 1 || (lengths == 1 && codings == 1) {
        return Err(Fault::Malformed);
    }
    match head.headers.get(EXPECT) {
        Some(expected) if !expected.as_bytes().eq_ignore_ascii_case(b"100-continue") => {
            Err(Fault::Expectation)
        }
        _ => Ok(()),
    }
}
