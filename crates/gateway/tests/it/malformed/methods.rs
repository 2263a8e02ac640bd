//! Methods: a token, in the case it is in.

use super::case::{After, Case, Sent, head, hidden};

const TARGET: &str = "/app/case/echo?case0000";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = refused();
    cases.extend(unserved());
    cases.extend(unknown());
    cases.extend(known());
    cases
}

fn refused() -> Vec<Case> {
    [
        ("none", ""),
        ("a blank before it", " GET"),
        ("NUL within", "GE\0T"),
        ("NUL before it", "\0GET"),
        ("a control character within", "GE\u{1}T"),
        ("DEL within", "GE\u{7f}T"),
        ("in quotes", "\"GET\""),
        ("in brackets", "[GET]"),
        ("a colon behind it", "GET:"),
        ("a slash within", "G/T"),
        ("a comma within", "GET,POST"),
        ("an equals sign within", "GET=1"),
        ("a backslash within", "G\\T"),
        ("letters that are not ASCII", "G\u{cb}T"),
        ("a letter that looks the same", "G\u{395}T"),
        ("a byte order mark before it", "\u{feff}GET"),
    ]
    .into_iter()
    .map(|(name, method)| {
        let bytes = head(&format!("{method} {TARGET} HTTP/1.1"), &[]);
        Case::refused(&format!("method: {name}"), "9110 9.1", bytes)
    })
    .collect()
}

/// Methods that are well-formed and end here.
fn unserved() -> Vec<Case> {
    let case = |name: &str, clause: &'static str, line: &str, statuses: &[u16]| {
        Case::refused(&format!("method: {name}"), clause, head(line, &[]))
            .status(statuses)
            .after(After::Either)
    };
    vec![
        case(
            "TRACE",
            "9110 9.3.8",
            &format!("TRACE {TARGET} HTTP/1.1"),
            &[405, 501],
        ),
        case(
            "CONNECT to a host",
            "9110 9.3.6",
            "CONNECT localhost:80 HTTP/1.1",
            &[400, 405, 501],
        ),
        case(
            "CONNECT to a path",
            "9112 3.2.3",
            &format!("CONNECT {TARGET} HTTP/1.1"),
            &[400, 405, 501],
        ),
        case(
            "CONNECT to an absolute target",
            "9112 3.2.3",
            &format!("CONNECT http://localhost{TARGET} HTTP/1.1"),
            &[400, 405, 501],
        ),
        case(
            "CONNECT without a port",
            "9110 9.3.6",
            "CONNECT localhost HTTP/1.1",
            &[400, 405, 501],
        ),
        case(
            "CONNECT to another host",
            "9110 9.3.6",
            "CONNECT elsewhere:443 HTTP/1.1",
            &[400, 405, 501],
        ),
        Case::refused(
            "method: CONNECT with a request behind it",
            "9110 9.3.6",
            [head("CONNECT localhost:80 HTTP/1.1", &[]), hidden().into()].concat(),
        )
        .status(&[400, 405, 501])
        .note("No tunnel: what follows is not for anybody at the other end of one."),
        Case::refused(
            "method: the preface of HTTP/2, and no more of it",
            "9113 3.4",
            "PRI * HTTP/2.0\r\nHost: localhost\r\n\r\n",
        )
        .status(&[400, 405, 501, 505])
        .or_silent(),
    ]
}

/// Tokens that no RFC knows: refused, or passed on letter by letter.
fn unknown() -> Vec<Case> {
    [
        ("in small letters", "get"),
        ("in mixed case", "Get"),
        ("of another protocol", "M-SEARCH"),
        ("of the preface of HTTP/2", "PRI"),
        ("one letter", "X"),
        ("a digit", "1"),
        ("every character of a token", "!#$%&'*+-.^_`|~0aZ"),
    ]
    .into_iter()
    .map(|(name, method)| {
        let bytes = head(&format!("{method} {TARGET} HTTP/1.1"), &[]);
        let sent = Sent::line(&format!("{method} {TARGET}"));
        Case::passed(&format!("method: {name}"), "9110 9.1", bytes, sent)
            .note("Methods have their case, so `get` is not GET: refuse it or pass it on, but never change it.")
            .or_refused(&[400, 405, 501])
            .after(After::Either)
    })
    .collect()
}

fn known() -> Vec<Case> {
    let mut cases: Vec<Case> = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .map(|method| {
            let bytes = head(&format!("{method} {TARGET} HTTP/1.1"), &[]);
            let sent = Sent::line(&format!("{method} {TARGET}"));
            Case::passed(
                &format!("method: {method} without a body"),
                "9110 9.3",
                bytes,
                sent,
            )
        })
        .collect();
    let bytes = head(&format!("HEAD {TARGET} HTTP/1.1"), &[]);
    let sent = Sent::line(&format!("HEAD {TARGET}"));
    cases.push(Case::passed("method: HEAD", "9110 9.3.2", bytes, sent).answers_head(0));
    let long = format!("{} {TARGET} HTTP/1.1", "A".repeat(10 * 1024));
    cases.push(
        Case::refused("method: 10 KiB of letters", "9112 3", head(&long, &[]))
            .status(&[400, 414, 431, 501]),
    );
    cases
}
