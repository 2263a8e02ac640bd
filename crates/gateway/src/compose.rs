//! What an app is sent: the request as the client made it, without what ends at the gateway, and with what only the
//! gateway can say.

use std::net::IpAddr;
use std::time::Duration;

use platform::identity;

use crate::accept::Accepted;
use crate::cookies;
use crate::grpc;
use crate::identify::Identity;
use crate::record::Record;
use crate::via::Via;
use crate::wire::Length;
use crate::wire::fields::{self, RequestField};
use crate::wire::request::{Head, Version};

/// What the gateway adds.
pub(crate) struct Additions<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) record: &'a Record,
    pub(crate) client: IpAddr,
    pub(crate) secure: bool,
    pub(crate) via: &'a Via,
    /// How long a gRPC call may take in all.
    pub(crate) time: Option<Duration>,
    /// A trusted proxy says which request it asks about, and the app wants to know.
    pub(crate) original: bool,
}

/// Writes the head of the request as the app sees it.
pub(crate) fn compose(
    out: &mut Vec<u8>,
    head: &Head<'_>,
    accepted: &Accepted<'_>,
    additions: &Additions<'_>,
) {
    let method = if head.protocol.is_some() {
        "GET"
    } else {
        head.method
    };
    for part in [
        method,
        " ",
        &accepted.target,
        " HTTP/1.1\r\nhost: ",
        accepted.host,
        "\r\n",
    ] {
        out.extend_from_slice(part.as_bytes());
    }
    copy(out, head, accepted.websocket, additions.time.is_some());
    if head.survey.has_cookies {
        cookies::write_others(head, out);
    }
    if additions.original {
        copy_original(out, head);
    }
    frame(out, head, accepted.length);
    if accepted.websocket {
        out.extend_from_slice(b"connection: upgrade\r\nupgrade: websocket\r\n");
    }
    if head.protocol.is_some() {
        // The app speaks HTTP/1 and expects the handshake of RFC 6455; over HTTP/2 there is none (RFC 8441, 5).
        out.extend_from_slice(b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
    }
    if let Identity::Somebody { assertion, .. } = additions.identity {
        field(out, identity::HEADER.as_str(), assertion.as_bytes());
    }
    field(out, "x-request-id", additions.record.id.as_bytes());
    field(out, "x-forwarded-host", accepted.host.as_bytes());
    let scheme: &[u8] = if additions.secure {
        b"x-forwarded-proto: https\r\nx-forwarded-for: "
    } else {
        b"x-forwarded-proto: http\r\nx-forwarded-for: "
    };
    out.extend_from_slice(scheme);
    write_address(out, additions.client);
    out.extend_from_slice(b"\r\n");
    if let Some(time) = additions.time {
        grpc::write_time(out, time);
    }
    additions.record.trace.write(out);
    out.extend_from_slice(additions.via.line());
    out.extend_from_slice(b"\r\n");
}

/// Copies the fields of a request that an app may see. Cookies, host, identity and forwarding are the caller's.
fn copy(out: &mut Vec<u8>, head: &Head<'_>, websocket: bool, timed: bool) {
    for each in head.fields {
        let passes = match fields::of_request(each.name) {
            RequestField::Other
            | RequestField::ContentType
            | RequestField::Origin
            | RequestField::Via => true,
            RequestField::WebSocketKey => websocket,
            RequestField::GrpcTimeout => !timed,
            _ => false,
        };
        if passes && !head.is_nominated(each.name) {
            field(out, each.name, each.value);
        }
    }
    // Of all that TE can say only this concerns the far end as well.
    if head.survey.trailers {
        out.extend_from_slice(b"te: trailers\r\n");
    }
}

/// Copies what a trusted proxy says about the request it asks about, under names that only the gateway uses. All that
/// was said is copied: an app can tell then that somebody spoke twice.
fn copy_original(out: &mut Vec<u8>, head: &Head<'_>) {
    const NAMES: [(&str, &str); 4] = [
        ("x-original-url", "cloud-original-url"),
        ("x-forwarded-host", "cloud-original-host"),
        ("x-forwarded-proto", "cloud-original-proto"),
        ("x-forwarded-uri", "cloud-original-uri"),
    ];
    for each in head.fields {
        let known = NAMES
            .into_iter()
            .find(|(name, _)| each.name.eq_ignore_ascii_case(name));
        if let Some((_, ours)) = known.filter(|_| !head.is_nominated(each.name)) {
            field(out, ours, each.value);
        }
    }
}

/// Says how long the body is, in the one way the gateway sends it.
fn frame(out: &mut Vec<u8>, head: &Head<'_>, length: Length) {
    match length {
        Length::Known(length) => {
            out.extend_from_slice(b"content-length: ");
            write_number(out, length);
            out.extend_from_slice(b"\r\n");
        }
        Length::Chunked | Length::UntilClose => {
            out.extend_from_slice(b"transfer-encoding: chunked\r\n");
        }
        Length::None if head.survey.names_length() && head.version != Version::Http2 => {
            out.extend_from_slice(b"content-length: 0\r\n");
        }
        Length::None => {}
    }
}

/// Writes one field.
pub(crate) fn field(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// Writes a number in decimal digits.
pub(crate) fn write_number(out: &mut Vec<u8>, number: u64) {
    let mut buffer = itoa::Buffer::new();
    out.extend_from_slice(buffer.format(number).as_bytes());
}

fn write_address(out: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V4(address) => {
            for (place, octet) in address.octets().into_iter().enumerate() {
                if place > 0 {
                    out.push(b'.');
                }
                write_number(out, u64::from(octet));
            }
        }
        IpAddr::V6(address) => out.extend_from_slice(address.to_string().as_bytes()),
    }
}

/// Whether a trailer of a request may pass.
pub(crate) fn trailer_passes(name: &str) -> bool {
    fields::of_request(name) == RequestField::Other && !fields::is_about_content(name)
}
