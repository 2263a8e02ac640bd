//! Sixth phase: what the client gets to see of an answer. What concerns one connection or this platform's own affairs
//! ends here, and what protects a browser is added where the app does not say it better itself.

use std::borrow::Cow;

use http::StatusCode;

use crate::compose;
use crate::cookies;
use crate::exchange::Manner;
use crate::rates::Quota;
use crate::record::id::RequestId;
use crate::wire::Length;
use crate::wire::fields::{self, ResponseField};
use crate::wire::request::Version;
use crate::wire::response::ResponseHead;

/// What the answer depends on beside itself.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) manner: Manner,
    /// The request went to auth, which alone may start and end sessions.
    pub(crate) to_auth: bool,
    pub(crate) id: &'a RequestId,
    pub(crate) quota: Option<Quota>,
}

/// An answer of the gateway itself.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) status: StatusCode,
    pub(crate) fields: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) body: Vec<u8>,
    /// The connection cannot be used any further.
    pub(crate) closes: bool,
}

/// What an app has decided itself.
#[expect(
    clippy::struct_excessive_bools,
    reason = "five fields, each there or not"
)]
#[derive(Default)]
struct Decided {
    content_type_options: bool,
    referrer: bool,
    permissions: bool,
    frames: bool,
    transport: bool,
}

/// Passes on the fields of an app's answer, and adds ours. Says nothing about length and connection.
pub(crate) fn fields(
    head: &ResponseHead<'_>,
    asked: &Asked<'_>,
    mut emit: impl FnMut(&str, &[u8]),
) {
    let mut decided = Decided::default();
    for field in head.fields {
        let passes = match fields::of_response(field.name) {
            ResponseField::Other => true,
            ResponseField::Drop
            | ResponseField::Route
            | ResponseField::Connection
            | ResponseField::Upgrade
            | ResponseField::ContentLength
            | ResponseField::TransferEncoding => false,
            ResponseField::SetCookie => asked.to_auth || !cookies::sets_session(field.value),
            ResponseField::ContentTypeOptions => {
                decided.content_type_options = true;
                true
            }
            ResponseField::ReferrerPolicy => {
                decided.referrer = true;
                true
            }
            ResponseField::PermissionsPolicy => {
                decided.permissions = true;
                true
            }
            ResponseField::ContentSecurityPolicy => {
                decided.frames |= mentions_frames(field.value);
                true
            }
            ResponseField::StrictTransportSecurity => {
                decided.transport = true;
                asked.manner.secure
            }
        };
        if passes && !head.is_nominated(field.name) {
            emit(field.name, field.value);
        }
    }
    if let Some(quota) = asked.quota.filter(Quota::runs_low) {
        quota.emit(&mut emit);
    }
    protect(&decided, asked, &mut emit);
}

fn protect(decided: &Decided, asked: &Asked<'_>, emit: &mut impl FnMut(&str, &[u8])) {
    if !decided.content_type_options {
        emit("x-content-type-options", b"nosniff");
    }
    if !decided.referrer {
        emit("referrer-policy", b"strict-origin-when-cross-origin");
    }
    if !decided.permissions {
        emit(
            "permissions-policy",
            b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        );
    }
    if !decided.frames {
        // Several policies all apply, so this narrows an app's own without changing it.
        emit("content-security-policy", b"frame-ancestors 'self'");
    }
    if asked.manner.secure && !decided.transport {
        emit("strict-transport-security", b"max-age=31536000");
    }
    emit("x-request-id", asked.id.as_bytes());
}

/// Whether a trailer of an answer may pass: none that would mean something to the connection or the gateway.
pub(crate) fn trailer_passes(name: &str) -> bool {
    fields::of_response(name) == ResponseField::Other && !fields::is_about_content(name)
}

fn mentions_frames(policy: &[u8]) -> bool {
    memchr::memmem::find(policy, b"frame-ancestors").is_some()
}

/// Writes the head of an app's answer for a client that speaks HTTP/1.
pub(crate) fn write(out: &mut Vec<u8>, head: &ResponseHead<'_>, asked: &Asked<'_>) {
    status_line(out, head.status);
    fields(head, asked, |name, value| compose::field(out, name, value));
    match head.length {
        Length::Known(length) => length_field(out, length),
        Length::None if head.status == 101 => out.extend_from_slice(b"upgrade: websocket\r\n"),
        Length::None => {
            if let Some(length) = head.named_length.filter(|_| head.status != 204) {
                length_field(out, length);
            }
        }
        Length::Chunked | Length::UntilClose if asked.manner.version == Version::Http11 => {
            out.extend_from_slice(b"transfer-encoding: chunked\r\n");
        }
        Length::Chunked | Length::UntilClose => {}
    }
    if head.status == 101 {
        out.extend_from_slice(b"connection: upgrade\r\n");
    } else {
        connection(out, asked.manner.version, asked.manner.keeps);
    }
    out.extend_from_slice(b"\r\n");
}

/// Writes a whole answer of the gateway itself for a client that speaks HTTP/1.
pub(crate) fn write_own(out: &mut Vec<u8>, own: &Own, asked: &Asked<'_>) {
    status_line(out, own.status.as_u16());
    own_fields(own, asked, |name, value| compose::field(out, name, value));
    length_field(out, u64::try_from(own.body.len()).unwrap_or(u64::MAX));
    connection(out, asked.manner.version, asked.manner.keeps && !own.closes);
    out.extend_from_slice(b"\r\n");
    if !asked.manner.to_head {
        out.extend_from_slice(&own.body);
    }
}

/// The fields of an answer of the gateway itself. Says nothing about length and connection.
pub(crate) fn own_fields(own: &Own, asked: &Asked<'_>, mut emit: impl FnMut(&str, &[u8])) {
    let decided = Decided {
        frames: own
            .fields
            .iter()
            .any(|(name, _)| *name == "content-security-policy"),
        ..Decided::default()
    };
    for (name, value) in &own.fields {
        emit(name, value.as_bytes());
    }
    protect(&decided, asked, &mut emit);
}

fn status_line(out: &mut Vec<u8>, status: u16) {
    if status == 200 {
        out.extend_from_slice(b"HTTP/1.1 200 OK\r\n");
        return;
    }
    out.extend_from_slice(b"HTTP/1.1 ");
    compose::write_number(out, u64::from(status));
    out.push(b' ');
    let reason = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    out.extend_from_slice(reason.unwrap_or_default().as_bytes());
    out.extend_from_slice(b"\r\n");
}

fn length_field(out: &mut Vec<u8>, length: u64) {
    out.extend_from_slice(b"content-length: ");
    compose::write_number(out, length);
    out.extend_from_slice(b"\r\n");
}

fn connection(out: &mut Vec<u8>, version: Version, keeps: bool) {
    match (version, keeps) {
        (Version::Http10, true) => out.extend_from_slice(b"connection: keep-alive\r\n"),
        (_, false) => out.extend_from_slice(b"connection: close\r\n"),
        (_, true) => {}
    }
}
