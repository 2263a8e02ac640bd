//! The rest of the request line: what separates its parts, and the version.

use super::case::{After, Case, Sent, head, raw};

const TARGET: &str = "/app/case/echo?case0000";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = separators();
    cases.extend(versions());
    cases.extend(older());
    cases
}

fn refused(name: &str, clause: &'static str, line: &str) -> Case {
    Case::refused(&format!("line: {name}"), clause, head(line, &[]))
}

fn separators() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        (
            "two blanks before the target",
            format!("GET  {TARGET} HTTP/1.1"),
        ),
        (
            "two blanks before the version",
            format!("GET {TARGET}  HTTP/1.1"),
        ),
        ("a tab before the target", format!("GET\t{TARGET} HTTP/1.1")),
        (
            "a tab before the version",
            format!("GET {TARGET}\tHTTP/1.1"),
        ),
        (
            "a vertical tab before the target",
            format!("GET\u{b}{TARGET} HTTP/1.1"),
        ),
        (
            "a form feed before the version",
            format!("GET {TARGET}\u{c}HTTP/1.1"),
        ),
        (
            "a blank behind the version",
            format!("GET {TARGET} HTTP/1.1 "),
        ),
        (
            "a tab behind the version",
            format!("GET {TARGET} HTTP/1.1\t"),
        ),
        (
            "a word behind the version",
            format!("GET {TARGET} HTTP/1.1 x"),
        ),
        ("two versions", format!("GET {TARGET} HTTP/1.1 HTTP/1.1")),
        (
            "a blank within the target",
            "GET /app/case/ec ho?case0000 HTTP/1.1".to_owned(),
        ),
        (
            "a blank within the query",
            "GET /app/case/echo?case0000 x HTTP/1.1".to_owned(),
        ),
        ("no target", "GET  HTTP/1.1".to_owned()),
        ("no target and one blank", "GET HTTP/1.1".to_owned()),
        (
            "a wide blank before the target",
            format!("GET\u{a0}{TARGET} HTTP/1.1"),
        ),
        (
            "nothing between method and target",
            format!("GET{TARGET} HTTP/1.1"),
        ),
        ("NUL before the version", format!("GET {TARGET}\0HTTP/1.1")),
        ("a field in its place", "Host: localhost".to_owned()),
        ("an answer in its place", "HTTP/1.1 200 OK".to_owned()),
    ]
    .into_iter()
    .map(|(name, line)| refused(name, "9112 3", &line))
    .collect();
    for case in &mut cases {
        case.note =
            "Blanks may be read leniently. Where the target ends is not a matter of taste here.";
    }
    cases
}

fn versions() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("in small letters", "http/1.1"),
        ("in mixed case", "Http/1.1"),
        ("no point", "HTTP/11"),
        ("no minor number", "HTTP/1"),
        ("a point and no minor number", "HTTP/1."),
        ("no major number", "HTTP/.1"),
        ("no number", "HTTP/"),
        ("no slash", "HTTP1.1"),
        ("a comma", "HTTP/1,1"),
        ("a zero before it", "HTTP/01.1"),
        ("two minor digits", "HTTP/1.10"),
        ("a minor zero more", "HTTP/1.01"),
        ("a third number", "HTTP/1.1.1"),
        ("a letter behind it", "HTTP/1.1x"),
        ("a sign", "HTTP/+1.1"),
        ("hexadecimal", "HTTP/1.a"),
        ("a blank before the slash", "HTTP /1.1"),
        ("a blank behind the slash", "HTTP/ 1.1"),
        ("another name", "HTTPS/1.1"),
        ("another protocol", "ICY/1.1"),
        ("a letter too few", "HTP/1.1"),
        ("digits of another script", "HTTP/\u{661}.\u{661}"),
        ("NUL behind it", "HTTP/1.1\0"),
    ]
    .into_iter()
    .map(|(name, version)| {
        let line = format!("GET {TARGET} {version}");
        Case::refused(&format!("version: {name}"), "9112 2.3", head(&line, &[])).status(&[400, 505])
    })
    .collect();
    for version in [
        "HTTP/1.2", "HTTP/1.9", "HTTP/0.9", "HTTP/0.0", "HTTP/2.0", "HTTP/2", "HTTP/3.0",
        "HTTP/9.9",
    ] {
        let line = format!("GET {TARGET} {version}");
        cases.push(
            Case::refused(&format!("version: {version}"), "9110 2.5", head(&line, &[]))
                .status(&[400, 505])
                .note("A higher minor version may be read as 1.1. There is none, so nobody honest says so."),
        );
    }
    cases
}

fn older() -> Vec<Case> {
    let old = |name: &str, bytes: Vec<u8>| {
        Case::refused(&format!("version: {name}"), "9112 2.3", bytes).status(&[400, 505])
    };
    let passed = |name: &str, lines: &str| {
        let bytes = raw(&format!("GET {TARGET} HTTP/1.0"), lines);
        Case::passed(&format!("version: {name}"), "9112 9.3", bytes, Sent::get())
    };
    vec![
        old(
            "none, as in HTTP/0.9",
            format!("GET {TARGET}\r\n\r\n").into(),
        ),
        old(
            "none, and a blank for it",
            format!("GET {TARGET} \r\n\r\n").into(),
        ),
        old(
            "none, but a host",
            raw(&format!("GET {TARGET}"), "\r\nHost: localhost"),
        ),
        passed("HTTP/1.0 closes", "\r\nHost: localhost").after(After::Closed),
        passed(
            "HTTP/1.0 that wants to go on",
            "\r\nHost: localhost\r\nConnection: keep-alive",
        )
        .after(After::Either),
        Case::passed(
            "version: HTTP/1.0 with an expectation",
            "9110 10.1.1",
            [
                raw(
                    &format!("POST {TARGET} HTTP/1.0"),
                    "\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue",
                ),
                b"abc".to_vec(),
            ]
            .concat(),
            Sent::post("abc"),
        )
        .note("To be ignored: an old client would take the interim answer for the answer.")
        .after(After::Closed),
    ]
}
