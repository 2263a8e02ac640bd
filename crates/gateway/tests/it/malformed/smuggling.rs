//! The ways to make two readers disagree on where a request ends, so that one sees a request where the other sees a body.

use super::case::{After, Case, Sent, Step, get, head, hidden, post};

const START: &str = "POST /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\n";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = classics();
    cases.extend(bodies());
    cases.extend(refused_bodies());
    cases
}

/// Smuggling, as it is known by the two headers that front and back go by.
fn classics() -> Vec<Case> {
    let request = hidden();
    let chunk = format!("{:x}\r\n{request}\r\n0\r\n\r\n", request.len());
    let behind = format!("0\r\n\r\n{request}");
    let length = request.len();
    let both = |coding: &str, length: usize, body: &str| {
        format!("{START}Content-Length: {length}\r\n{coding}\r\n\r\n{body}")
    };
    let chunked = "Transfer-Encoding: chunked";
    let old = START.replace("1.1", "1.0");
    let cases = [
        ("CL.TE", both(chunked, behind.len(), &behind)),
        ("CL.TE of one byte", both(chunked, 6, "0\r\n\r\nG")),
        ("TE.CL", both(chunked, 4, &chunk)),
        (
            "CL.CL",
            format!("{START}Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{request}"),
        ),
        (
            "CL.CL, the other way",
            format!("{START}Content-Length: {length}\r\nContent-Length: 0\r\n\r\n{request}"),
        ),
        (
            "CL.CL with a sign",
            format!("{START}Content-Length: +{length}\r\n\r\n{request}"),
        ),
        (
            "TE.0",
            format!("{START}Transfer-Encoding: identity\r\n\r\n{chunk}"),
        ),
        (
            "TE in HTTP/1.0",
            format!("{old}{chunked}\r\nConnection: keep-alive\r\n\r\n{behind}"),
        ),
    ];
    let hardly_chunked = HARDLY_CHUNKED.iter().map(|(name, coding)| {
        let bytes = both(coding, behind.len(), &behind);
        (*name, bytes)
    });
    cases
        .into_iter()
        .chain(hardly_chunked)
        .map(|(name, bytes)| {
            Case::refused(&format!("smuggled: {name}"), "9112 11.2", bytes).status(&[400, 501])
        })
        .collect()
}

/// Spellings of the coding that one of two readers might not see.
const HARDLY_CHUNKED: &[(&str, &str)] = &[
    (
        "TE.TE with cow",
        "Transfer-Encoding: chunked\r\nTransfer-encoding: cow",
    ),
    (
        "TE.TE with cow first",
        "Transfer-Encoding: cow\r\nTransfer-encoding: chunked",
    ),
    (
        "TE.TE with a blank before the colon",
        "Transfer-Encoding : chunked",
    ),
    ("TE.TE with a tab", "Transfer-Encoding:\tchunked"),
    (
        "TE.TE with a vertical tab",
        "Transfer-Encoding:\u{b}chunked",
    ),
    ("TE.TE with x", "Transfer-Encoding: xchunked"),
    ("TE.TE on the next line", "Transfer-Encoding:\r\n chunked"),
    ("TE.TE in a fold", "X: y\r\n Transfer-Encoding: chunked"),
    ("TE.TE behind a bare LF", "X: y\nTransfer-Encoding: chunked"),
    ("TE.TE with a blank first", " Transfer-Encoding: chunked"),
    ("TE.TE behind NUL", "X: y\0\r\nTransfer-Encoding: chunked"),
];

/// A request in a body is a body, whatever the method.
fn bodies() -> Vec<Case> {
    let request = hidden();
    let length = format!("Content-Length: {}", request.len());
    let chunk = format!("{:x}\r\n{request}\r\n0\r\n\r\n", request.len());
    let mut cases = Vec::new();
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
        for (kind, line, body) in [
            ("CL.0", length.as_str(), &request),
            ("TE.0", "Transfer-Encoding: chunked", &chunk),
        ] {
            let start = head(
                &format!("{method} /app/case/echo?case0000 HTTP/1.1"),
                &[line],
            );
            let sent = Sent::line(&format!("{method} /app/case/echo?case0000")).body(&request);
            let name = format!("smuggled: {kind} with {method}");
            let case = Case::passed(
                &name,
                "9110 9.3.1",
                [start, body.clone().into()].concat(),
                sent,
            );
            cases.push(if method == "HEAD" {
                case.answers_head(0)
            } else {
                case
            });
        }
    }
    let wish = "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let steps = vec![Step::Write(get(wish)), Step::Answers(1)];
    cases.push(
        Case::passed(
            "smuggled: a WebSocket that the app does not open",
            "6455 4.2.2",
            "",
            Sent::get(),
        )
        .steps(steps)
        .after(After::Either)
        .note("Until the app says 101 this is HTTP: what follows is a request like any other."),
    );
    cases
}

/// A refusal that comes before the body has been read: the body is skipped or the connection closed, never obeyed.
fn refused_bodies() -> Vec<Case> {
    let request = hidden();
    let length = format!("Content-Length: {}", request.len());
    let case = |name: &str, line: &str, statuses: &[u16]| {
        let bytes = [head(line, &[&length]), request.clone().into()].concat();
        Case::refused(&format!("skipped: {name}"), "9112 9.3", bytes)
            .status(statuses)
            .after(After::Either)
    };
    let expects = format!("Expect: magic\r\n{length}");
    let grpc = format!("Content-Type: application/grpc\r\n{length}");
    let large = post("Content-Length: 2000000", &request);
    vec![
        case(
            "the body of a refused path",
            "POST /app/case/../other HTTP/1.1",
            &[400],
        ),
        case(
            "the body of a TRACE",
            "TRACE /app/case/echo?case0000 HTTP/1.1",
            &[400, 405, 501],
        ),
        case(
            "the body of a CONNECT",
            "CONNECT localhost:80 HTTP/1.1",
            &[400, 405, 501],
        ),
        case(
            "the body of a question about health",
            "GET /health HTTP/1.1",
            &[200, 400, 503],
        ),
        case(
            "the body of a wrong question about health",
            "POST /health HTTP/1.1",
            &[400, 405],
        ),
        case(
            "the body of a target with an asterisk",
            "OPTIONS * HTTP/1.1",
            &[200, 204, 400, 405, 501],
        ),
        Case::refused(
            "skipped: the body of an expectation",
            "9110 10.1.1",
            post(&expects, &request),
        )
        .status(&[400, 417])
        .after(After::Either),
        Case::refused(
            "skipped: the body of gRPC from outside",
            "9110 15.5.16",
            post(&grpc, &request),
        )
        .status(&[415])
        .after(After::Either),
        Case::refused(
            "skipped: the beginning of a body that is too large",
            "9110 15.5.14",
            large,
        )
        .status(&[413]),
    ]
}
