//! Where lines begin and end: with CR and LF, and nowhere else.

use super::case::{Case, Sent, get, hidden, post, raw};

const START: &str = "GET /app/case/echo?case0000 HTTP/1.1";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = folds();
    cases.extend(line_feeds());
    cases.extend(carriage_returns());
    cases.extend(hiding());
    cases.extend(before());
    cases
}

fn folds() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("a value goes on behind a blank", "X: a\r\n b"),
        ("a value goes on behind a tab", "X: a\r\n\tb"),
        ("a value begins on the next line", "X:\r\n a"),
        ("a value goes on with nothing", "X: a\r\n "),
        ("a value goes on twice", "X: a\r\n b\r\n c"),
        ("a length goes on", "Content-Length: 1\r\n 0"),
        ("a length begins on the next line", "Content-Length:\r\n 0"),
        (
            "a coding begins on the next line",
            "Transfer-Encoding:\r\n chunked",
        ),
        (
            "a value goes on with what looks like a field",
            "X: a\r\n Transfer-Encoding: chunked",
        ),
    ]
    .into_iter()
    .map(|(name, line)| Case::refused(&format!("fold: {name}"), "9112 5.2", get(line)))
    .collect();
    for (name, rest) in [
        (
            "a field behind a blank comes first",
            " X: a\r\nHost: localhost",
        ),
        (
            "a field behind a tab comes first",
            "\tX: a\r\nHost: localhost",
        ),
        ("the host comes behind a blank", " Host: localhost"),
        ("the host goes on", "Host: local\r\n host"),
        ("a line of blanks comes first", "  \r\nHost: localhost"),
    ] {
        let bytes = raw(START, &format!("\r\n{rest}"));
        cases.push(
            Case::refused(&format!("fold: {name}"), "9112 2.2", bytes)
                .note("Such lines may be skipped or refused; skipped, they are another's field."),
        );
    }
    cases
}

fn line_feeds() -> Vec<Case> {
    let note = "A recipient may take LF for a line end. Whoever counts lines otherwise sees another message.";
    [
        (
            "LF behind the request line",
            format!("{START}\nHost: localhost\r\n\r\n"),
        ),
        (
            "LF behind the host",
            format!("{START}\r\nHost: localhost\n\r\n"),
        ),
        (
            "LF behind a field in the middle",
            format!("{START}\r\nHost: localhost\r\nX: a\nY: b\r\n\r\n"),
        ),
        (
            "LF as the empty line",
            format!("{START}\r\nHost: localhost\r\n\n"),
        ),
        ("LF everywhere", format!("{START}\nHost: localhost\n\n")),
        (
            "LF and CR in the wrong order",
            format!("{START}\n\rHost: localhost\n\r\n\r"),
        ),
        (
            "LF at the end of a value",
            format!("{START}\r\nHost: localhost\r\nX: a\n\r\n\r\n"),
        ),
    ]
    .into_iter()
    .map(|(name, bytes)| Case::refused(&format!("bare: {name}"), "9112 2.2", bytes).note(note))
    .collect()
}

fn carriage_returns() -> Vec<Case> {
    [
        (
            "CR within a value",
            format!("{START}\r\nHost: localhost\r\nX: a\rb\r\n\r\n"),
        ),
        (
            "CR at the beginning of a value",
            format!("{START}\r\nHost: localhost\r\nX: \ra\r\n\r\n"),
        ),
        (
            "CR at the end of a value",
            format!("{START}\r\nHost: localhost\r\nX: a\r\r\n\r\n"),
        ),
        (
            "CR within a name",
            format!("{START}\r\nHost: localhost\r\nX\rY: a\r\n\r\n"),
        ),
        (
            "CR before the colon",
            format!("{START}\r\nHost: localhost\r\nX\r: a\r\n\r\n"),
        ),
        (
            "CR behind the request line",
            format!("{START}\rHost: localhost\r\n\r\n"),
        ),
        (
            "CR twice behind the request line",
            format!("{START}\r\r\nHost: localhost\r\n\r\n"),
        ),
        (
            "CR within the target",
            "GET /app/case/echo\r?case0000 HTTP/1.1\r\nHost: localhost\r\n\r\n".into(),
        ),
        (
            "CR before the version",
            "GET /app/case/echo?case0000\r HTTP/1.1\r\nHost: localhost\r\n\r\n".into(),
        ),
        (
            "CR for every line end",
            format!("{START}\rHost: localhost\r\rX: y\r\n\r\n"),
        ),
        (
            "CR in place of the empty line",
            format!("{START}\r\nHost: localhost\r\n\rX: y\r\n\r\n"),
        ),
    ]
    .into_iter()
    .map(|(name, bytes)| Case::refused(&format!("bare: {name}"), "9112 2.2", bytes))
    .collect()
}

/// Fields and requests that only a reader who takes CR or LF for a line end would see.
fn hiding() -> Vec<Case> {
    vec![
        Case::refused(
            "bare: LF hides a coding",
            "9112 2.2",
            post(
                "X: a\nTransfer-Encoding: chunked\r\nContent-Length: 5",
                "0\r\n\r\n",
            ),
        ),
        Case::refused(
            "bare: CR hides a coding",
            "9112 2.2",
            post(
                "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 5",
                "0\r\n\r\n",
            ),
        ),
        Case::refused(
            "bare: CR hides a length",
            "9112 2.2",
            post("X: a\rContent-Length: 0\r\nContent-Length: 3", "abc"),
        ),
        Case::refused(
            "bare: LF hides the platform's own field",
            "9112 2.2",
            get("X: a\nCloud-Identity: forged"),
        ),
        Case::refused(
            "bare: CR hides the platform's own field",
            "9112 2.2",
            get("X: a\rCloud-Identity: forged"),
        ),
        Case::refused(
            "bare: LF ends the head before a request",
            "9112 2.2",
            format!("{START}\r\nHost: localhost\r\nX: y\n\n{}", hidden()),
        ),
        Case::refused(
            "bare: CR ends the head before a request",
            "9112 2.2",
            format!("{START}\r\nHost: localhost\r\nX: y\r\r{}", hidden()),
        ),
    ]
}

fn before() -> Vec<Case> {
    let whole = String::from_utf8(get("X: y")).unwrap();
    let note =
        "At least one empty line is to be ignored, for old clients that send one behind a body.";
    let mut cases = vec![
        Case::passed(
            "before: an empty line",
            "9112 2.2",
            format!("\r\n{whole}"),
            Sent::get(),
        )
        .note(note),
        Case::passed(
            "before: two empty lines",
            "9112 2.2",
            format!("\r\n\r\n{whole}"),
            Sent::get(),
        )
        .note(note)
        .or_refused(&[400]),
        Case::refused(
            "before: empty lines without end",
            "9112 2.2",
            "\r\n".repeat(70_000),
        )
        .status(&[400, 408, 431])
        .note("What is ignored is bounded like everything else.")
        .or_silent(),
    ];
    for (name, bytes) in [
        ("a bare LF", "\n"),
        ("a bare CR", "\r"),
        ("a blank", " "),
        ("a tab", "\t"),
        ("a line of blanks", "  \r\n"),
        ("an empty line and a blank", "\r\n "),
        ("NUL", "\0"),
        ("a byte order mark", "\u{feff}"),
        ("a line of words", "hello\r\n"),
        ("a colon", ":\r\n"),
    ] {
        let bytes = format!("{bytes}{whole}");
        cases.push(Case::refused(&format!("before: {name}"), "9112 2.2", bytes));
    }
    cases
}
