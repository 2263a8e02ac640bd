//! The forms a target may have, other than a path.

use super::case::{After, Case, Sent, head, raw};

const PATH: &str = "/app/case/echo?case0000";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = absolute();
    cases.extend(mismatched());
    cases.extend(others());
    cases
}

/// Absolute form, as clients send it to proxies: every server must take it.
fn absolute() -> Vec<Case> {
    let passed = |name: &str, target: &str, sent: Sent| {
        let bytes = head(&format!("GET {target} HTTP/1.1"), &[]);
        Case::passed(&format!("absolute: {name}"), "9112 3.2.2", bytes, sent)
    };
    vec![
        passed("the host asked for", &format!("http://localhost{PATH}"), Sent::get().with("host", "localhost")),
        passed("in capitals", &format!("HTTP://LOCALHOST{PATH}"), Sent::get().with("x-forwarded-host", "localhost"))
            .note("Schemes and hosts have no case. Which spelling is sent on is left open but for Host itself."),
        passed("no path", "http://localhost?case0000", Sent::line("GET /?case0000").to("dashboard")),
        passed("a path of a slash", "http://localhost/?case0000", Sent::line("GET /?case0000").to("dashboard")),
        passed("a spelling to be mended", "http://localhost/%61pp/case/echo?case0000", Sent::get()),
    ]
}

fn mismatched() -> Vec<Case> {
    let note = "A proxy goes by the target and a server by Host, so they must say the same.";
    let mut cases: Vec<Case> = [
        ("another host", "http://elsewhere/app/case/echo?case0000"),
        (
            "a host that begins the same",
            "http://localhost.example/app/case/echo?case0000",
        ),
        (
            "a host that ends the same",
            "http://nolocalhost/app/case/echo?case0000",
        ),
        (
            "a port that Host does not say",
            "http://localhost:8080/app/case/echo?case0000",
        ),
        ("a person", "http://user@localhost/app/case/echo?case0000"),
        (
            "a person and a password",
            "http://user:secret@localhost/app/case/echo?case0000",
        ),
        (
            "a host as the person",
            "http://localhost@elsewhere/app/case/echo?case0000",
        ),
        (
            "a backslash before the host's end",
            "http://localhost\\@elsewhere/app/case/echo?case0000",
        ),
        ("no host", "http:///app/case/echo?case0000"),
        ("no slashes", "http:app/case/echo?case0000"),
        ("one slash", "http:/app/case/echo?case0000"),
        (
            "a port that is none",
            "http://localhost:x/app/case/echo?case0000",
        ),
        (
            "a port without a number",
            "http://localhost:/app/case/echo?case0000",
        ),
        (
            "an escape in the host",
            "http://local%68ost/app/case/echo?case0000",
        ),
    ]
    .into_iter()
    .map(|(name, target)| {
        let bytes = head(&format!("GET {target} HTTP/1.1"), &[]);
        Case::refused(&format!("absolute: {name}"), "9112 3.2.2", bytes).note(note)
    })
    .collect();
    let bytes = |target: &str, lines: &str| raw(&format!("GET {target} HTTP/1.1"), lines);
    cases.push(Case::refused(
        "absolute: no Host beside it",
        "9112 3.2",
        bytes("http://localhost/app/case/echo?case0000", "\r\nX: y"),
    ));
    cases.push(Case::refused(
        "absolute: two Hosts beside it",
        "9112 3.2",
        bytes(
            "http://localhost/app/case/echo?case0000",
            "\r\nHost: localhost\r\nHost: elsewhere",
        ),
    ));
    cases.push(Case::refused(
        "absolute: an empty Host beside it",
        "9112 3.2",
        bytes("http://localhost/app/case/echo?case0000", "\r\nHost:"),
    ));
    for scheme in ["ftp", "file", "gopher", "ws", "javascript", "h2c", "unix"] {
        let line = format!("GET {scheme}://localhost{PATH} HTTP/1.1");
        cases.push(
            Case::refused(&format!("absolute: {scheme}"), "9110 7.4", head(&line, &[]))
                .after(After::Either)
                .status(&[400, 421])
                .note("Not a scheme that is served here."),
        );
    }
    cases
}

fn others() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("an authority", "9112 3.2.3", "localhost:80"),
        ("an authority without a port", "9112 3.2.3", "localhost"),
        ("an address", "9112 3.2.3", "127.0.0.1:80"),
        (
            "a path that does not begin with a slash",
            "9112 3.2.1",
            "app/case/echo?case0000",
        ),
        ("only a query", "9112 3.2.1", "?case0000"),
        ("only a fragment", "9112 3.2.1", "#case0000"),
        ("dots", "9112 3.2.1", "../app/case/echo?case0000"),
        ("a backslash", "9112 3.2.1", "\\app\\case\\echo?case0000"),
        (
            "an escaped slash",
            "9112 3.2.1",
            "%2fapp/case/echo?case0000",
        ),
        (
            "an asterisk with a path",
            "9112 3.2.4",
            "*/app/case/echo?case0000",
        ),
        (
            "an at sign",
            "9112 3.2.1",
            "@localhost/app/case/echo?case0000",
        ),
        ("a colon", "9112 3.2.1", ":80/app/case/echo?case0000"),
    ]
    .into_iter()
    .map(|(name, clause, target)| {
        let bytes = head(&format!("GET {target} HTTP/1.1"), &[]);
        Case::refused(&format!("target: {name}"), clause, bytes).after(After::Either)
    })
    .collect();
    for method in ["GET", "POST", "DELETE"] {
        let bytes = head(&format!("{method} * HTTP/1.1"), &[]);
        let name = format!("target: an asterisk for {method}");
        cases.push(Case::refused(&name, "9112 3.2.4", bytes).after(After::Either));
    }
    cases.push(
        Case::refused(
            "target: an asterisk for OPTIONS",
            "9112 3.2.4",
            head("OPTIONS * HTTP/1.1", &[]),
        )
        .status(&[200, 204, 400, 405, 501])
        .after(After::Either)
        .note(
            "About the server as a whole: the gateway may answer for itself, and no app is asked.",
        ),
    );
    cases.push(
        Case::refused(
            "target: an asterisk for OPTIONS with a query",
            "9112 3.2.4",
            head("OPTIONS *?case0000 HTTP/1.1", &[]),
        )
        .after(After::Either),
    );
    cases
}
