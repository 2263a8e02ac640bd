//! Heads that are none, or that do not end.

use super::lie::{Act, Lie, Outcome, ok};

pub(super) fn lies() -> Vec<Lie> {
    let mut lies = ends();
    lies.extend(starts());
    lies.extend(lines());
    lies.extend(sizes());
    lies
}

const ABC: Outcome = Outcome::Whole(200, "abc");

fn ends() -> Vec<Lie> {
    vec![
        Lie::new("the end before the head", "9112 8", "").then(Act::Close),
        Lie::new("a reset before the head", "9112 8", "").then(Act::Reset),
        Lie::new("the end within the status line", "9112 8", "HTTP/1.1 20").then(Act::Close),
        Lie::new(
            "the end behind the status line",
            "9112 8",
            "HTTP/1.1 200 OK\r\n",
        )
        .then(Act::Close),
        Lie::new(
            "the end within a field",
            "9112 8",
            "HTTP/1.1 200 OK\r\nContent-Le",
        )
        .then(Act::Close),
        Lie::new(
            "the end before the empty line",
            "9112 8",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        )
        .then(Act::Close),
        Lie::new(
            "a reset within the head",
            "9112 8",
            "HTTP/1.1 200 OK\r\nX: y\r\n",
        )
        .then(Act::Wait)
        .then(Act::Reset),
    ]
}

fn starts() -> Vec<Lie> {
    let rest = "X-Instance: liar\r\nContent-Length: 3\r\n\r\nabc";
    let start = |name, clause, line: &str| Lie::new(name, clause, format!("{line}\r\n{rest}"));
    vec![
        Lie::new("words", "9112 4", "hello\r\n").then(Act::Close),
        Lie::new(
            "a page and nothing before it",
            "9112 4",
            "<html>hello</html>\r\n\r\n",
        )
        .then(Act::Close),
        Lie::new(
            "a question",
            "9112 4",
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ),
        Lie::new("an alert of TLS", "9112 4", b"\x15\x03\x01\x00\x02\x02\x46").then(Act::Close),
        Lie::new("a frame of HTTP/2", "9112 4", b"\0\0\0\x04\0\0\0\0\0").then(Act::Close),
        Lie::new(
            "a banner of another protocol",
            "9112 4",
            "220 mail.example ESMTP\r\n",
        )
        .then(Act::Close),
        start("status 99", "9110 15", "HTTP/1.1 99 Odd"),
        start("status 1000", "9110 15", "HTTP/1.1 1000 Odd"),
        start("status 0", "9110 15", "HTTP/1.1 000 Odd"),
        start("status 099", "9110 15", "HTTP/1.1 099 Odd"),
        start("a status that is no number", "9112 4", "HTTP/1.1 abc Odd"),
        start("a negative status", "9112 4", "HTTP/1.1 -20 Odd"),
        start("no status", "9112 4", "HTTP/1.1"),
        start("no blank before the status", "9112 4", "HTTP/1.1200 OK"),
        start("a tab before the status", "9112 4", "HTTP/1.1\t200 OK"),
        start("HTTP/2.0", "9112 2.3", "HTTP/2.0 200 OK"),
        start("HTTP/0.9", "9112 2.3", "HTTP/0.9 200 OK"),
        start("HTTP in small letters", "9112 2.3", "http/1.1 200 OK"),
        start("a name of another protocol", "9112 2.3", "ICY 200 OK"),
        start(
            "a control character in the reason",
            "9112 4",
            "HTTP/1.1 200 O\x07K",
        ),
        start("NUL in the reason", "9112 4", "HTTP/1.1 200 O\0K"),
        start("no reason", "9112 4", "HTTP/1.1 200 ").or(ABC),
        start("no reason and no blank", "9112 4", "HTTP/1.1 200").or(ABC),
        start("a status that nobody knows", "9110 15", "HTTP/1.1 799 Odd")
            .or(Outcome::Whole(799, "abc")),
        start(
            "empty lines before it",
            "9112 2.2",
            "\r\n\r\nHTTP/1.1 200 OK",
        )
        .or(ABC),
    ]
}

fn lines() -> Vec<Lie> {
    let line = |name, clause, line: &str| {
        Lie::new(
            name,
            clause,
            ok(&format!("{line}\r\nContent-Length: 3\r\n")) + "abc",
        )
    };
    let whole = ok("Content-Length: 3\r\n") + "abc";
    vec![
        Lie::new(
            "LF for every line end",
            "9112 2.2",
            whole.replace("\r\n", "\n"),
        )
        .or(ABC),
        Lie::new(
            "LF for the last line end",
            "9112 2.2",
            whole.replace("\r\n\r\n", "\r\n\n"),
        )
        .or(ABC),
        Lie::new(
            "CR for every line end",
            "9112 2.2",
            whole.replace("\r\n", "\r"),
        )
        .then(Act::Close),
        line("CR within a value", "9112 2.2", "X: a\rb"),
        line(
            "CR hides a field",
            "9112 2.2",
            "X: a\rSet-Cookie: cloud=stolen",
        ),
        line("NUL within a value", "9110 5.5", "X: a\0b"),
        line(
            "a control character within a value",
            "9110 5.5",
            "X: a\x01b",
        ),
        line(
            "a value that goes on on the next line",
            "9112 5.2",
            "X: a\r\n b",
        )
        .or(ABC),
        line("a first line that goes on", "9112 5.2", " X: a").or(ABC),
        line("a blank before the colon", "9112 5.1", "X : a").or(ABC),
        line(
            "a length with a blank before the colon",
            "9112 5.1",
            "Content-Length : 1",
        ),
        line("no colon", "9112 5", "X"),
        line("no name", "9110 5.1", ": a"),
        line("a blank within a name", "9110 5.1", "X Y: a"),
        line("NUL within a name", "9110 5.1", "X\0Y: a"),
        line(
            "letters that are not ASCII in a name",
            "9110 5.1",
            "X\u{e4}: a",
        ),
        line(
            "letters that are not ASCII in a value",
            "9110 5.5",
            "X: \u{e4}",
        )
        .only(ABC),
    ]
}

fn sizes() -> Vec<Lie> {
    let fields = |count: usize, length: usize| {
        let value = "y".repeat(length);
        let lines: Vec<String> = (0..count)
            .map(|number| format!("X-{number}: {value}\r\n"))
            .collect();
        let lines = lines.concat();
        ok(&format!("{lines}Content-Length: 3\r\n")) + "abc"
    };
    vec![
        Lie::new("300 fields", "9110 5.4", fields(300, 1)),
        Lie::new("10,000 fields", "9110 5.4", fields(10_000, 1)),
        Lie::new("a value of 70 KiB", "9110 5.4", fields(1, 70 * 1024)),
        Lie::new("a head of 70 KiB", "9110 5.4", fields(100, 700)),
        Lie::new("a head of 50 KiB", "9110 5.4", fields(71, 700)).only(ABC),
        Lie::new("100 fields", "9110 5.4", fields(100, 1)).only(ABC),
        Lie::new("a status line without end", "9112 4", "HTTP/1.1 200 ").then(Act::Forever("x")),
        Lie::new("a name without end", "9110 5.4", "HTTP/1.1 200 OK\r\n").then(Act::Forever("x")),
        Lie::new("a value without end", "9110 5.4", "HTTP/1.1 200 OK\r\nX: ")
            .then(Act::Forever("x")),
        Lie::new("fields without end", "9110 5.4", "HTTP/1.1 200 OK\r\n")
            .then(Act::Forever("X: y\r\n")),
        Lie::new("empty lines without end", "9112 2.2", "").then(Act::Forever("\r\n")),
        Lie::new("bytes without end", "9112 4", "").then(Act::Forever("x")),
    ]
}
