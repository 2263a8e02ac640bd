//! Paths with more than one reading, above all those that another reader would take into another app, or out of the
//! apps altogether. One app takes every path that no other does, so nothing that gets through gets lost.

use super::case::{After, Case, Sent, head};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = dots();
    cases.extend(slashes());
    cases.extend(escapes());
    cases.extend(characters());
    cases.extend(mended());
    cases.extend(passed());
    cases
}

/// Where the message ends is known, so the connection may go on.
fn refused(name: &str, clause: &'static str, target: impl AsRef<[u8]>) -> Case {
    let start = [
        b"GET ",
        target.as_ref(),
        b" HTTP/1.1\r\nHost: localhost\r\n",
    ]
    .concat();
    let bytes = [start.as_slice(), b"X-Case: case0000\r\n\r\n"].concat();
    Case::refused(&format!("path: {name}"), clause, bytes).after(After::Either)
}

fn dots() -> Vec<Case> {
    [
        ("up", "/app/case/.."),
        ("up and down", "/app/case/../case/echo"),
        ("up into another app", "/app/case/../other/echo"),
        ("up into a reserved prefix", "/app/case/../../auth/sign-in"),
        ("up beyond the root", "/../../../etc/passwd"),
        ("up from the root", "/.."),
        ("here", "/app/./case/echo"),
        ("here at the end", "/app/case/."),
        ("here at the root", "/./app/case/echo"),
        ("escaped up into another app", "/app/case/%2e%2e/other/echo"),
        ("escaped up in capitals", "/app/case/%2E%2E/other/echo"),
        ("half escaped up", "/app/case/.%2e/other/echo"),
        (
            "half escaped up, the other half",
            "/app/case/%2e./other/echo",
        ),
        ("escaped here", "/app/case/%2e/echo"),
        (
            "escaped up into a reserved prefix",
            "/app/case/%2e%2e/%2e%2e/auth/sign-in",
        ),
        ("up with parameters", "/app/case/..;x=1/other/echo"),
        ("up with empty parameters", "/app/case/..;/other/echo"),
        (
            "up with parameters into a reserved prefix",
            "/app/case/..;/..;/auth/sign-in",
        ),
        ("escaped up with parameters", "/app/case/%2e%2e;/other/echo"),
        ("here with parameters", "/app/.;x/case/echo"),
        ("up before a query", "/app/case/..?x"),
    ]
    .into_iter()
    .map(|(name, target)| refused(name, "3986 6.2.2.3", target))
    .collect()
}

fn slashes() -> Vec<Case> {
    [
        ("two slashes at the beginning", "//app/case/echo"),
        ("two slashes before a host", "//localhost/app/case/echo"),
        ("two slashes within the prefix", "/app//case/echo"),
        ("two slashes behind the prefix", "/app/case//echo"),
        ("two slashes before another app", "/app/case//app/other"),
        ("two slashes before a reserved prefix", "//auth/sign-in"),
        ("two slashes at the end", "/app/case/echo//"),
        ("only two slashes", "//"),
        ("an escaped slash within the prefix", "/app%2fcase/echo"),
        ("an escaped slash in capitals", "/app/case%2Fecho"),
        ("an escaped slash and up", "/app/case/..%2fother/echo"),
        ("everything escaped", "/app/case%2f%2e%2e%2fother"),
        ("a backslash", "/app/case\\echo"),
        ("a backslash and up", "/app/case/..\\other"),
        ("an escaped backslash", "/app/case/..%5cother"),
        ("an escaped backslash in capitals", "/app/case%5Cecho"),
        ("a slash and a backslash", "/\\app/case/echo"),
    ]
    .into_iter()
    .map(|(name, target)| refused(name, "3986 2.2", target))
    .collect()
}

fn escapes() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("NUL", "/app/case/%00"),
        ("NUL behind the prefix", "/app/case%00/echo"),
        ("a line end", "/app/case/%0d%0aX:%20y"),
        ("LF", "/app/case/%0aecho"),
        ("a tab", "/app/case/%09"),
        ("DEL", "/app/case/%7f"),
        ("an escape character", "/app/case/%1b"),
    ]
    .into_iter()
    .map(|(name, target)| refused(&format!("escaped {name}"), "3986 7.3", target))
    .collect();
    for (name, target) in [
        ("no digits", "/app/case/%"),
        ("one digit", "/app/case/%2"),
        ("one digit before a slash", "/app/case/%2/echo"),
        ("no hexadecimal digits", "/app/case/%zz"),
        ("one hexadecimal digit", "/app/case/%2g"),
        ("a sign", "/app/case/%+1"),
        ("an escape in an escape", "/app/case/%%32%65"),
        ("a number of Unicode", "/app/case/%u002e%u002e/other"),
        ("a wide number of Unicode", "/app/case/%uff0e%uff0e/other"),
    ] {
        cases.push(refused(&format!("escape with {name}"), "3986 2.1", target));
    }
    for (name, target) in [
        ("an overlong full stop", "/app/case/%c0%ae%c0%ae/other"),
        ("an overlong slash", "/app/case/..%c0%afother"),
        ("an overlong slash alone", "/app%c0%afcase"),
        ("an overlong backslash", "/app/case/..%c1%9cother"),
        (
            "an overlong slash of three bytes",
            "/app/case/%e0%80%afother",
        ),
        (
            "an overlong full stop of three bytes",
            "/app/case/%e0%80%ae%e0%80%ae/other",
        ),
        (
            "an overlong slash of four bytes",
            "/app/case/%f0%80%80%afother",
        ),
        ("an overlong NUL", "/app/case/%c0%80"),
    ] {
        cases
            .push(refused(name, "3629 3", target).note(
                "No UTF-8, but a lenient decoder makes of it what it was made to look like.",
            ));
    }
    cases
}

fn characters() -> Vec<Case> {
    let targets: [(&str, &str, &[u8]); 15] = [
        ("a fragment", "9112 3.2", b"/app/case/echo#x"),
        ("an empty fragment", "9112 3.2", b"/app/case/echo#"),
        ("a fragment before a query", "9112 3.2", b"/app/case/#?x"),
        ("a fragment in the query", "9112 3.2", b"/app/case/echo?x#y"),
        (
            "a backslash in the query",
            "3986 3.4",
            b"/app/case/echo?x\\y",
        ),
        ("letters in UTF-8", "3986 2", b"/app/case/\xc3\xa4"),
        ("letters in Latin-1", "3986 2", b"/app/case/\xe4"),
        (
            "letters in UTF-8 in the query",
            "3986 2",
            b"/app/case/echo?\xc3\xa4",
        ),
        ("a quote", "3986 3.3", b"/app/case/\"echo\""),
        ("angle brackets", "3986 3.3", b"/app/case/<echo>"),
        ("a caret", "3986 3.3", b"/app/case/^"),
        ("a backtick", "3986 3.3", b"/app/case/`"),
        ("DEL", "3986 2", b"/app/case/\x7f"),
        (
            "an overlong slash, unescaped",
            "3986 2",
            b"/app/case/..\xc0\xafother",
        ),
        (
            "a wide slash, unescaped",
            "3986 2",
            b"/app/case/..\xef\xbc\x8fother",
        ),
    ];
    let mut cases: Vec<Case> = targets
        .into_iter()
        .map(|(name, clause, target)| refused(name, clause, target))
        .collect();
    for (name, target) in [
        ("NUL", b"/app/case/\0"),
        ("a bell", b"/app/case/\x07"),
        ("an escape character", b"/app/case/\x1b"),
        ("the last control character", b"/app/case/\x1f"),
    ] {
        cases.push(refused(name, "3986 2", target).after(After::Closed));
    }
    let query = b"/app/case/echo?\0";
    cases.push(refused("NUL in the query", "3986 2", query).after(After::Closed));
    cases
}

fn pass(name: &str, target: &str, sent: &str) -> Case {
    let bytes = head(&format!("GET {target} HTTP/1.1"), &["X-Case: case0000"]);
    let sent = Sent::line(&format!("GET {sent}"));
    Case::passed(&format!("path: {name}"), "3986 6.2.2", bytes, sent)
}

/// Spelled unusually, with one meaning: that is what is matched, and that is what is sent.
fn mended() -> Vec<Case> {
    vec![
        pass(
            "escaped letters within the prefix",
            "/%61pp/c%61se/echo",
            "/app/case/echo",
        ),
        pass(
            "escaped letters into another app",
            "/app/%6fther/x1",
            "/app/other/x1",
        )
        .at("other"),
        pass(
            "escaped letters into a reserved prefix",
            "/%61uth/x1",
            "/auth/x1",
        )
        .at("auth"),
        pass(
            "escaped letters behind the prefix",
            "/app/case/%65cho%2dx",
            "/app/case/echo-x",
        ),
        pass("an escaped tilde", "/app/case/%7e", "/app/case/~"),
        pass(
            "small digits of an escape",
            "/app/case/%c3%a4",
            "/app/case/%C3%A4",
        ),
        pass(
            "an escaped escape",
            "/app/case/%252e%252e/x1",
            "/app/case/%252e%252e/x1",
        ),
        pass(
            "an escaped escape of a slash",
            "/app/case%252fother",
            "/app/case%252fother",
        )
        .at("dashboard"),
    ]
}

fn passed() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("the prefix", "/app/case"),
        ("the prefix and a slash", "/app/case/"),
        ("a slash at the end", "/app/case/echo/"),
        ("three dots", "/app/case/.../x1"),
        ("a dot before a name", "/app/case/.x"),
        ("a dot behind a name", "/app/case/x."),
        ("two dots behind a name", "/app/case/x.."),
        ("two dots before a name", "/app/case/..x"),
        ("parameters", "/app/case/a;b=c/d,e"),
        ("other characters of paths", "/app/case/a@b:c!$&'()*+,=d"),
        ("an escaped question mark", "/app/case/%3Fx"),
        ("an escaped number sign", "/app/case/%23x"),
        ("an escaped blank", "/app/case/a%20b"),
        ("an escaped wide slash", "/app/case/..%EF%BC%8Fx"),
        ("an empty query", "/app/case/echo?"),
        ("a query that looks like a path", "/app/case/echo?/../%2f//"),
        ("a query with a question mark", "/app/case/echo?a?b=c?d"),
        ("a query with broken escapes", "/app/case/echo?%&%2&%zz&%00"),
        (
            "a query with an address",
            "/app/case/echo?x=http://elsewhere/",
        ),
    ]
    .into_iter()
    .map(|(name, target)| pass(name, target, target))
    .collect();
    for (name, target) in [
        ("the prefix in capitals", "/APP/CASE/x1"),
        ("more than the prefix", "/app/case-x/x1"),
        ("the prefix and a full stop", "/app/case./x1"),
        ("the prefix with parameters", "/app/case;x=1/x1"),
        ("the prefix and an escaped blank", "/app/case%20/x1"),
        ("the prefix and an escaped semicolon", "/app/case%3B/x1"),
        ("less than the prefix", "/app/cas/x1"),
        ("the beginning of the prefix", "/app"),
    ] {
        cases.push(pass(name, target, target).at("dashboard"));
    }
    cases
}
