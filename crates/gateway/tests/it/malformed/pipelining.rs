//! Several requests on one connection: each answered once, in order, and none behind a fault.

use super::case::{After, Case, Sent, get, hidden, raw};

const START: &str = "POST /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\n";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = rows();
    cases.extend(broken_rows());
    cases.extend(last_rows());
    cases
}

fn numbered(number: usize) -> (String, Sent) {
    let letter = char::from(b'a' + u8::try_from(number).unwrap());
    let target = format!("/app/case/echo?case0000{letter}");
    let bytes = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    (bytes, Sent::line(&format!("GET {target}")))
}

fn hidden_sent() -> Sent {
    Sent::line("GET /app/case/hidden?case0000hidden")
}

/// Good requests, answered in order.
fn rows() -> Vec<Case> {
    let row = |name: &str, bytes: String, sent: Vec<Sent>| {
        Case::in_a_row(&format!("row: {name}"), "9112 9.3.2", bytes, sent)
    };
    let many = |count: usize| -> (String, Vec<Sent>) { (0..count).map(numbered).unzip() };
    let (two, sent_two) = many(2);
    let (twenty, sent_twenty) = many(20);
    let bodies = format!(
        "{START}Content-Length: 3\r\n\r\nabc{START}Transfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n0\r\n\r\n{two}"
    );
    let (first, second) = (numbered(0), numbered(1));
    let with_head = format!(
        "{}HEAD /app/case/echo?case0000h HTTP/1.1\r\nHost: localhost\r\n\r\n{}",
        first.0, second.0
    );
    vec![
        row("two", two, sent_two),
        row("twenty", twenty, sent_twenty),
        row("bodies of every kind", bodies, {
            vec![
                Sent::post("abc"),
                Sent::post("def"),
                numbered(0).1,
                numbered(1).1,
            ]
        }),
        row("a HEAD in the middle", with_head, {
            vec![
                first.1,
                Sent::line("HEAD /app/case/echo?case0000h"),
                second.1,
            ]
        })
        .answers_head(1),
        row(
            "an empty line between",
            format!("{}\r\n{}", numbered(0).0, numbered(1).0),
            vec![numbered(0).1, numbered(1).1],
        ),
        row(
            "a wish to upgrade in the middle",
            format!(
                "GET /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n{}",
                hidden()
            ),
            vec![Sent::get(), hidden_sent()],
        ),
        row(
            "no body where none is announced",
            format!("{START}\r\n{}", hidden()),
            vec![Sent::post(""), hidden_sent()],
        ),
        row(
            "a length of nothing",
            format!("{START}Content-Length: 0\r\n\r\n{}", hidden()),
            vec![Sent::post(""), hidden_sent()],
        ),
        row(
            "the end of chunks",
            format!(
                "{START}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{}",
                hidden()
            ),
            vec![Sent::post(""), hidden_sent()],
        ),
    ]
}

/// What comes before a fault is answered, what comes behind it is not even looked at.
fn broken_rows() -> Vec<Case> {
    let faults = [
        (
            "a fault in the line",
            "GET  /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ),
        (
            "a fault in a field",
            "GET /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n",
        ),
        (
            "two lengths",
            "POST /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n",
        ),
        (
            "a coding and a length",
            "POST /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        (
            "NUL",
            "GET /app/case/\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ),
        ("words", "hello there\r\n\r\n"),
    ];
    let mut cases = Vec::new();
    for (name, fault) in faults {
        let (good, sent) = numbered(0);
        cases.push(Case::refused(
            &format!("row: {name}, then a good one"),
            "9112 2.2",
            format!("{fault}{good}"),
        ));
        cases.push(
            Case::refused(
                &format!("row: a good one, then {name}"),
                "9112 2.2",
                format!("{good}{fault}"),
            )
            .answers(&[&[200], &[400]])
            .forwarded(vec![sent]),
        );
    }
    let (good, sent) = numbered(0);
    let preface = format!("{good}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{}", hidden());
    cases.push(
        Case::refused(
            "row: the preface of HTTP/2 behind a request",
            "9113 3.4",
            preface,
        )
        .answers(&[&[200], &[400, 405, 501, 505]])
        .forwarded(vec![sent])
        .or_silent()
        .note("It begins a connection and nothing else."),
    );
    let surplus = format!("{START}Content-Length: 3\r\n\r\nabcdef\r\n\r\n");
    cases.push(
        Case::refused("row: more body than announced", "9112 9.3.2", surplus)
            .answers(&[&[200], &[400]])
            .forwarded(vec![Sent::post("abc")]),
    );
    cases
}

/// Nothing is processed behind a request that closes.
fn last_rows() -> Vec<Case> {
    let passed = |name: &str, clause: &'static str, bytes: Vec<u8>| {
        let bytes = [bytes, hidden().into()].concat();
        Case::passed(&format!("row: {name}"), clause, bytes, Sent::get()).after(After::Closed)
    };
    let old = raw(
        "GET /app/case/echo?case0000 HTTP/1.0",
        "\r\nHost: localhost",
    );
    vec![
        passed(
            "a request behind the last",
            "9112 9.6",
            get("Connection: close"),
        ),
        passed("a request behind one of HTTP/1.0", "9112 9.3", old),
    ]
}
