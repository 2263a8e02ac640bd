//! Fields about one connection, fields in the platform's own name, and attempts to make the gateway drop or switch what
//! is not up to the client.

use super::case::{After, Case, Sent, get, head, post};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = nominated();
    cases.extend(closing());
    cases.extend(own());
    cases.extend(hop_by_hop());
    cases.extend(upgrades());
    cases.extend(expectations());
    cases
}

/// `Connection` names what concerns one connection. It cannot name away what the gateway adds, or what frames a body.
fn nominated() -> Vec<Case> {
    vec![
        passed(
            "a field",
            "Connection: X-Secret\r\nX-Secret: 1\r\nX-Kept: 1",
            Sent::get().with("x-kept", "1").without(&["x-secret"]),
        ),
        passed(
            "a field before it",
            "X-Secret: 1\r\nConnection: X-Secret",
            Sent::get().without(&["x-secret"]),
        ),
        passed(
            "a field that came twice",
            "X-Secret: 1\r\nX-Secret: 2\r\nConnection: x-secret",
            Sent::get().without(&["x-secret"]),
        ),
        passed(
            "fields in a list",
            "Connection: ,X-A ,\tX-B,, keep-alive\r\nX-A: 1\r\nX-B: 1",
            Sent::get().without(&["x-a", "x-b"]),
        ),
        passed(
            "fields in several fields",
            "Connection: X-A\r\nX-A: 1\r\nConnection: X-B\r\nX-B: 1",
            Sent::get().without(&["x-a", "x-b"]),
        ),
        passed("nothing", "Connection:", Sent::get()),
        passed(
            "what is no name",
            "Connection: a b, \"c\", (d)",
            Sent::get(),
        ),
        passed("itself", "Connection: connection", Sent::get()),
        passed(
            "Host",
            "Connection: Host",
            Sent::get().with("host", "localhost"),
        ),
        passed("Cookie", "Connection: Cookie\r\nCookie: a=b", Sent::get()),
        passed(
            "the platform's own field",
            "Connection: Cloud-Identity\r\nCloud-Identity: forged",
            Sent::get().without(&["cloud-identity"]),
        ),
        passed(
            "a word of proxies",
            "Connection: X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host",
            Sent::get()
                .with("x-forwarded-proto", "http")
                .with("x-forwarded-host", "localhost"),
        )
        .note("They are the gateway's on the next connection, so this client has no say in them."),
        passed(
            "the request id",
            "Connection: X-Request-Id, traceparent",
            Sent::get(),
        ),
        body(
            "Content-Length",
            "Connection: Content-Length\r\nContent-Length: 3",
            "abc",
        ),
        body(
            "Transfer-Encoding",
            "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
            "3\r\nabc\r\n0\r\n\r\n",
        ),
    ]
}

/// Options of a connection that end it.
fn closing() -> Vec<Case> {
    [
        ("close", "Connection: close"),
        ("close in capitals", "Connection: CLOSE"),
        ("close in a list", "Connection: x-a, close, x-b"),
        (
            "close and keep-alive",
            "Connection: keep-alive\r\nConnection: close",
        ),
        (
            "close and an upgrade",
            "Connection: upgrade, close\r\nUpgrade: foo",
        ),
    ]
    .into_iter()
    .map(|(name, lines)| passed(name, lines, Sent::get()).after(After::Closed))
    .collect()
}

fn passed(name: &str, lines: &str, sent: Sent) -> Case {
    Case::passed(
        &format!("connection: {name}"),
        "9110 7.6.1",
        get(lines),
        sent,
    )
}

fn body(name: &str, lines: &str, body: &str) -> Case {
    let sent = Sent::post("abc");
    Case::passed(
        &format!("connection: {name}"),
        "9110 7.6.1",
        post(lines, body),
        sent,
    )
}

/// What only the platform says, in every spelling. The runner looks for all of them in every request.
fn own() -> Vec<Case> {
    [
        ("Cloud-Identity", "Cloud-Identity: forged"),
        ("cloud-identity in small letters", "cloud-identity: forged"),
        ("CLOUD-IDENTITY in capitals", "CLOUD-IDENTITY: forged"),
        ("Cloud_Identity", "Cloud_Identity: forged"),
        (
            "cloud_identity and cloud-identity",
            "cloud_identity: forged\r\ncloud-identity: forged",
        ),
        ("Cloud-Service", "Cloud-Service: forged"),
        ("Cloud_Service", "Cloud_Service: forged"),
        (
            "a field of the platform that is not there yet",
            "Cloud-Tomorrow: forged",
        ),
        ("nothing in the platform's own field", "Cloud-Identity:"),
        ("X-Forwarded-For", "X-Forwarded-For: 10.0.0.1"),
        (
            "X-Forwarded-For, several times",
            "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2, 10.0.0.3",
        ),
        ("X_Forwarded_For", "X_Forwarded_For: 10.0.0.1"),
        ("X-Forwarded_For", "X-Forwarded_For: 10.0.0.1"),
        ("X-Forwarded-Proto", "X-Forwarded-Proto: https"),
        ("X_Forwarded_Proto", "X_Forwarded_Proto: https"),
        ("X-Real-Ip", "X-Real-Ip: 10.0.0.1"),
        ("X_Real_Ip", "X_Real_Ip: 10.0.0.1"),
        ("X-Original-Url", "X-Original-Url: /admin"),
        (
            "X-Http-Method-Override with an underscore",
            "X_Http_Method_Override: DELETE",
        ),
        ("X_Request_Id", "X_Request_Id: forged"),
        ("Authorization", "Authorization: Bearer x"),
        ("Proxy-Authorization", "Proxy-Authorization: Basic eDp5"),
    ]
    .into_iter()
    .map(|(name, line)| {
        Case::passed(
            &format!("own: {name}"),
            "9110 7.6.3",
            get(line),
            Sent::get(),
        )
        .note("Some servers take `_` for `-`, so both spellings are one name.")
    })
    .chain([
        Case::passed(
            "own: X-Forwarded-Host",
            "7239 8.1",
            get("X-Forwarded-Host: elsewhere"),
            Sent::get().with("x-forwarded-host", "localhost"),
        ),
        Case::passed(
            "own: Forwarded",
            "7239 4",
            get("Forwarded: for=10.0.0.1;proto=https"),
            Sent::get().without(&["forwarded"]),
        ),
    ])
    .collect()
}

fn hop_by_hop() -> Vec<Case> {
    let passed = |name: &str, lines: &str, sent: Sent| {
        Case::passed(&format!("hop: {name}"), "9110 7.6.1", get(lines), sent)
    };
    vec![
        passed("Keep-Alive", "Keep-Alive: timeout=5, max=1000", Sent::get()),
        passed(
            "Proxy-Connection",
            "Proxy-Connection: keep-alive",
            Sent::get(),
        ),
        passed(
            "Proxy-Connection that closes",
            "Proxy-Connection: close",
            Sent::get(),
        )
        .note("Never a standard, and not obeyed."),
        passed(
            "Proxy-Authenticate",
            "Proxy-Authenticate: Basic",
            Sent::get(),
        ),
        passed(
            "Proxy",
            "Proxy: http://elsewhere",
            Sent::get().without(&["proxy"]),
        )
        .note("As HTTP_PROXY of a CGI program it would decide whom that program asks."),
        passed(
            "TE of trailers",
            "TE: trailers\r\nConnection: TE",
            Sent::get().with("te", "trailers"),
        ),
        passed(
            "TE of other codings",
            "TE: gzip, deflate;q=0.5\r\nConnection: TE",
            Sent::get().without(&["te"]),
        ),
        passed(
            "TE of trailers among others",
            "TE: gzip, trailers\r\nConnection: TE",
            Sent::get().with("te", "trailers"),
        ),
        passed("Trailer without a body", "Trailer: X-Sum", Sent::get()),
        passed(
            "Max-Forwards",
            "Max-Forwards: 0",
            Sent::get().with("max-forwards", "0"),
        )
        .note("It limits TRACE and OPTIONS only."),
    ]
}

/// WebSocket is the only protocol that is switched to, and only when everything about the wish is right.
fn upgrades() -> Vec<Case> {
    let passed = |name: &str, lines: &str| {
        let sent = Sent::get().without(&["upgrade"]);
        Case::passed(&format!("upgrade: {name}"), "9110 7.8", get(lines), sent)
    };
    let h2c =
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__";
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13";
    let start = "GET /app/case/echo?case0000 HTTP/1.0";
    vec![
        passed("h2c", h2c),
        passed(
            "h2c that nothing nominates",
            "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        ),
        passed("HTTP2-Settings alone", "HTTP2-Settings: AAMAAABkAAQAAP__"),
        passed("h2", "Connection: upgrade\r\nUpgrade: h2"),
        passed("HTTP/2.0", "Connection: upgrade\r\nUpgrade: HTTP/2.0"),
        passed("foo", "Connection: upgrade\r\nUpgrade: foo"),
        passed("TLS", "Connection: upgrade\r\nUpgrade: TLS/1.0"),
        passed("nothing", "Connection: upgrade\r\nUpgrade:"),
        passed("no protocol", "Connection: upgrade"),
        passed(
            "websocket without a key",
            "Connection: upgrade\r\nUpgrade: websocket",
        )
        .or_refused(&[400, 426]),
        passed(
            "websocket that nothing nominates",
            &format!("Upgrade: websocket\r\n{key}"),
        )
        .or_refused(&[400, 426]),
        passed(
            "websocket with another name",
            &format!("Connection: upgrade\r\nUpgrade: websockets\r\n{key}"),
        )
        .or_refused(&[400, 426]),
        Case::passed(
            "upgrade: h2c with a body",
            "9113 3.1",
            post(&format!("{h2c}\r\nContent-Length: 3"), "abc"),
            Sent::post("abc"),
        ),
        Case::passed(
            "upgrade: websocket by POST",
            "6455 4.1",
            post(
                &format!("Connection: upgrade\r\nUpgrade: websocket\r\n{key}\r\nContent-Length: 3"),
                "abc",
            ),
            Sent::post("abc").without(&["upgrade"]),
        )
        .or_refused(&[400, 405, 426]),
        Case::passed(
            "upgrade: websocket in HTTP/1.0",
            "6455 4.1",
            head(start, &["Connection: upgrade", "Upgrade: websocket", key]),
            Sent::get().without(&["upgrade"]),
        )
        .or_refused(&[400, 426])
        .after(After::Closed),
    ]
}

fn expectations() -> Vec<Case> {
    let passed = |name: &str, lines: &str| {
        let lines = format!("{lines}\r\nContent-Length: 3");
        let sent = Sent::post("abc");
        Case::passed(
            &format!("expect: {name}"),
            "9110 10.1.1",
            post(&lines, "abc"),
            sent,
        )
        .may_have_interims()
    };
    let mut cases = vec![
        passed("100-continue, and no wait", "Expect: 100-continue"),
        passed("100-Continue in mixed case", "Expect: 100-Continue"),
        Case::passed(
            "expect: 100-continue without a body",
            "9110 10.1.1",
            get("Expect: 100-continue"),
            Sent::get(),
        )
        .may_have_interims(),
    ];
    for (name, line) in [
        ("something else", "Expect: magic"),
        ("200-ok", "Expect: 200-ok"),
        ("100-continue with a parameter", "Expect: 100-continue;x=y"),
        (
            "100-continue and something else",
            "Expect: 100-continue, magic",
        ),
        (
            "something else in a second field",
            "Expect: 100-continue\r\nExpect: magic",
        ),
        ("nothing", "Expect:"),
    ] {
        let bytes = post(&format!("{line}\r\nContent-Length: 3"), "abc");
        cases.push(
            Case::refused(&format!("expect: {name}"), "9110 10.1.1", bytes)
                .status(&[400, 417])
                .after(After::Either)
                .note(
                    "It may be ignored or refused. Refused, nobody waits for what does not come.",
                ),
        );
    }
    cases
}
