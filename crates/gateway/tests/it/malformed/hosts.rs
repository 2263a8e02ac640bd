//! Host: named once, well-formed, and the same as in an absolute target.

use super::case::{Case, Sent, raw};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = number();
    cases.extend(form());
    cases.extend(passed());
    cases
}

const START: &str = "GET /app/case/echo?case0000 HTTP/1.1";

fn refused(name: &str, clause: &'static str, lines: &str) -> Case {
    Case::refused(&format!("host: {name}"), clause, raw(START, lines))
}

fn number() -> Vec<Case> {
    vec![
        refused("none", "9112 3.2", "\r\nX: y"),
        refused("none, and nothing else either", "9112 3.2", ""),
        refused(
            "twice the same",
            "9112 3.2",
            "\r\nHost: localhost\r\nHost: localhost",
        ),
        refused("two", "9112 3.2", "\r\nHost: localhost\r\nHost: elsewhere"),
        refused(
            "two, spelled differently",
            "9112 3.2",
            "\r\nhost: localhost\r\nHOST: elsewhere",
        ),
        refused(
            "two, far apart",
            "9112 3.2",
            "\r\nHost: localhost\r\nX: y\r\nHost: elsewhere",
        ),
        refused(
            "a good one and an empty one",
            "9112 3.2",
            "\r\nHost: localhost\r\nHost:",
        ),
        refused("a list", "9112 3.2", "\r\nHost: localhost, elsewhere"),
        refused(
            "a list of equal ones",
            "9112 3.2",
            "\r\nHost: localhost,localhost",
        ),
        refused(
            "spelled with an underscore only",
            "9112 3.2",
            "\r\nHost_: localhost",
        ),
        Case::refused(
            "host: none in HTTP/1.0",
            "9112 3.2",
            raw("GET /app/case/echo?case0000 HTTP/1.0", "\r\nX: y"),
        )
        .note("HTTP/1.0 can do without. An app that builds addresses from it cannot."),
    ]
}

fn form() -> Vec<Case> {
    [
        ("empty", "9110 7.2", ""),
        ("only blanks", "9110 7.2", "   "),
        ("a person before it", "9110 4.2.4", "user@localhost"),
        (
            "a person and a password before it",
            "9110 4.2.4",
            "user:secret@localhost",
        ),
        ("a port without a number", "9110 7.2", "localhost:"),
        ("a port that is a word", "3986 3.2.3", "localhost:http"),
        ("a port over 65535", "9110 7.2", "localhost:65536"),
        ("a port that wraps", "9110 7.2", "localhost:4294967376"),
        ("port 0", "9110 7.2", "localhost:0"),
        ("a negative port", "3986 3.2.3", "localhost:-80"),
        ("a port with a sign", "3986 3.2.3", "localhost:+80"),
        ("two ports", "3986 3.2.3", "localhost:80:80"),
        ("only a port", "9110 7.2", ":80"),
        ("a blank within", "3986 3.2.2", "local host"),
        ("a tab within", "3986 3.2.2", "local\thost"),
        ("a path behind it", "3986 3.2.2", "localhost/app/other"),
        ("a query behind it", "3986 3.2.2", "localhost?x"),
        ("a fragment behind it", "3986 3.2.2", "localhost#x"),
        ("a backslash", "3986 3.2.2", "localhost\\x"),
        ("a scheme before it", "3986 3.2.2", "http://localhost"),
        ("two slashes before it", "3986 3.2.2", "//localhost"),
        ("letters that are not ASCII", "3986 3.2.2", "l\u{f6}calhost"),
        (
            "a full stop that is not ASCII",
            "3986 3.2.2",
            "localhost\u{3002}example",
        ),
        ("an escape", "3986 3.2.2", "local%68ost"),
        ("an escaped slash", "3986 3.2.2", "localhost%2fx"),
        ("quotes", "3986 3.2.2", "\"localhost\""),
        ("angle brackets", "3986 3.2.2", "<localhost>"),
        ("an asterisk", "3986 3.2.2", "*"),
        ("a semicolon", "3986 3.2.2", "localhost;x"),
        ("an address of IPv6 without brackets", "3986 3.2.2", "::1"),
        ("a bracket that does not close", "3986 3.2.2", "[::1"),
        ("a bracket that does not open", "3986 3.2.2", "::1]"),
        ("brackets around nothing", "3986 3.2.2", "[]"),
        ("brackets around a name", "3986 3.2.2", "[localhost]"),
        ("brackets around what is no address", "3986 3.2.2", "[::zz]"),
        (
            "brackets around an address of IPv4",
            "3986 3.2.2",
            "[127.0.0.1]",
        ),
        (
            "an address of IPv6 with a zone",
            "6874 2",
            "[fe80::1%25eth0]",
        ),
        ("something behind the brackets", "3986 3.2.2", "[::1]x"),
        ("NUL", "9110 5.5", "localhost\0"),
    ]
    .into_iter()
    .map(|(name, clause, host)| refused(name, clause, &format!("\r\nHost: {host}")))
    .collect()
}

fn passed() -> Vec<Case> {
    [
        ("a name", "localhost"),
        ("a name with a port", "localhost:3000"),
        ("capitals", "LOCALHOST"),
        ("a name with every character of names", "a-b.c_d.example"),
        ("an address of IPv4", "127.0.0.1:80"),
        ("an address of IPv6", "[2001:db8::1]:3000"),
        ("an address of IPv6 without a port", "[::1]"),
    ]
    .into_iter()
    .map(|(name, host)| {
        let bytes = raw(START, &format!("\r\nHost: {host}"));
        let sent = Sent::get()
            .with("host", host)
            .with("x-forwarded-host", host);
        Case::passed(&format!("host: {name}"), "9110 7.2", bytes, sent)
    })
    .collect()
}
