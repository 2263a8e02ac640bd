//! What no app may be sent, whatever the client said.

use super::reader::{Content, Fault, Head};

/// What is wrong with a request that reached an app.
pub(crate) fn faults(head: &Head, content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(Fault::Odd(what)) = &content.fault {
        faults.push(format!("an app was sent {what}"));
    }
    let names = head.fields.iter().map(|(name, _)| name);
    for name in names.chain(content.trailers.iter().map(|(name, _)| name)) {
        let plain = name.replace('_', "-");
        if is_never_sent(&plain) || (*name != plain && is_sensitive(&plain)) {
            faults.push(format!("an app was sent the field {name}"));
        }
    }
    for name in [
        "host",
        "x-request-id",
        "x-forwarded-for",
        "x-forwarded-proto",
    ] {
        let values = head.all(name);
        if values.len() != 1 {
            faults.push(format!("an app was sent {name} {} times", values.len()));
        }
    }
    // Every client of these tests is on this machine.
    let said = head.all("x-forwarded-for");
    if said.iter().any(|address| !address.starts_with("127.")) {
        faults.push(format!("an app was sent x-forwarded-for {said:?}"));
    }
    for protocol in head.all("upgrade") {
        if protocol != "websocket" {
            faults.push(format!("an app was asked to go on with {protocol:?}"));
        }
    }
    for option in head.all("connection") {
        let known = ["keep-alive", "close", "upgrade"];
        if !known.iter().any(|known| option.eq_ignore_ascii_case(known)) {
            faults.push(format!("an app was sent connection {option:?}"));
        }
    }
    faults
}

/// Whether a line asks for something on the canonical path that the gateway sends.
pub(crate) fn is_request_line(line: &str) -> bool {
    let parts: Vec<&str> = line.split(' ').collect();
    matches!(parts[..], [_, target, "HTTP/1.1"] if {
        let path = target.split('?').next().unwrap_or_default();
        path.starts_with('/') && !path.contains("//") && path.bytes().all(|byte| byte.is_ascii_graphic())
    })
}

/// Fields about one connection, credentials, and those in the platform's own name; `te` and `trailer` are the business
/// of single cases.
fn is_never_sent(name: &str) -> bool {
    name.starts_with("cloud-")
        || matches!(
            name,
            "authorization"
                | "expect"
                | "http2-settings"
                | "keep-alive"
                | "proxy-authenticate"
                | "proxy-authorization"
                | "proxy-connection"
                | "x-real-ip"
                | "x-original-url"
        )
}

/// Names that some servers take for these when `_` stands in for `-`, and that decide over framing, routing or trust.
fn is_sensitive(name: &str) -> bool {
    name.starts_with("x-forwarded")
        || matches!(
            name,
            "content-length" | "transfer-encoding" | "x-request-id" | "x-http-method-override"
        )
}
