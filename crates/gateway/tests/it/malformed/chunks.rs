//! Chunked bodies. A fault comes to light while the body is on its way, so an app may have the beginning of the
//! request; what it must never have is the end.

use super::case::{Case, Sent, Step, chunked, hidden, post};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = sizes();
    cases.extend(data());
    cases.extend(extensions());
    cases.extend(left_out());
    cases.extend(trailers());
    cases.extend(passed());
    cases
}

fn late(name: &str, clause: &'static str, body: &str) -> Case {
    Case::refused(&format!("chunk: {name}"), clause, chunked(body)).late()
}

fn sizes() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("no size", "\r\nabc\r\n0\r\n\r\n"),
        ("a size with a sign", "+3\r\nabc\r\n0\r\n\r\n"),
        ("a negative size", "-3\r\nabc\r\n0\r\n\r\n"),
        (
            "a size that says it is hexadecimal",
            "0x3\r\nabc\r\n0\r\n\r\n",
        ),
        ("a size with the h of old", "3h\r\nabc\r\n0\r\n\r\n"),
        ("a size that is no number", "g\r\nabc\r\n0\r\n\r\n"),
        ("an underscore within a size", "0_3\r\nabc\r\n0\r\n\r\n"),
        ("a point within a size", "3.0\r\nabc\r\n0\r\n\r\n"),
        ("a comma behind a size", "3,\r\nabc\r\n0\r\n\r\n"),
        ("a size in quotes", "\"3\"\r\nabc\r\n0\r\n\r\n"),
        ("a size of another script", "\u{663}\r\nabc\r\n0\r\n\r\n"),
        ("a blank before a size", " 3\r\nabc\r\n0\r\n\r\n"),
        ("a tab before a size", "\t3\r\nabc\r\n0\r\n\r\n"),
        ("a blank within a size", "0 3\r\nabc\r\n0\r\n\r\n"),
        ("NUL behind a size", "3\0\r\nabc\r\n0\r\n\r\n"),
        ("an empty line before a size", "\r\n3\r\nabc\r\n0\r\n\r\n"),
        ("17 digits", "00000000000000003\r\nabc\r\n0\r\n\r\n"),
        (
            "17 digits that wrap to what came",
            "10000000000000003\r\nabc\r\n0\r\n\r\n",
        ),
        ("17 zeros as the last chunk", "00000000000000000\r\n\r\n"),
        ("a bare LF behind a size", "3\nabc\r\n0\r\n\r\n"),
        ("a bare CR behind a size", "3\rabc\r\n0\r\n\r\n"),
        (
            "CR and something else behind a size",
            "3\rX\nabc\r\n0\r\n\r\n",
        ),
        ("CR twice behind a size", "3\r\r\nabc\r\n0\r\n\r\n"),
        ("a bare LF behind the last size", "3\r\nabc\r\n0\n\r\n"),
        ("a sign before the last size", "3\r\nabc\r\n-0\r\n\r\n"),
    ]
    .into_iter()
    .map(|(name, body)| late(name, "9112 7.1", body))
    .collect();
    for (name, body) in [
        ("blanks behind a size", "3 \r\nabc\r\n0\r\n\r\n"),
        ("a tab behind a size", "3\t\r\nabc\r\n0\r\n\r\n"),
        ("a blank behind the last size", "3\r\nabc\r\n0 \r\n\r\n"),
    ] {
        cases.push(late(name, "9112 7.1", body).note(
            "The grammar has blanks there only before an extension, so without one they are refused.",
        ));
    }
    for (name, size) in [
        ("a size that no counter holds", "ffffffffffffffff"),
        ("a size that wraps with its line end", "fffffffffffffffe"),
        ("a size that wraps when signed", "8000000000000000"),
        ("a size over the limit", "7fffffff"),
    ] {
        let bytes = chunked(&format!("{size}\r\nabc\r\n0\r\n\r\n"));
        let case = late(name, "9112 7.1", "").status(&[400, 413]).or_silent();
        cases.push(case.steps(vec![Step::Write(bytes), Step::Finish]));
    }
    cases
}

fn data() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("data longer than said", "3\r\nabcd\r\n0\r\n\r\n"),
        ("data shorter than said", "4\r\nabc\r\n0\r\n\r\n"),
        ("no line end behind the data", "3\r\nabc0\r\n\r\n"),
        ("a bare LF behind the data", "3\r\nabc\n0\r\n\r\n"),
        ("a bare CR behind the data", "3\r\nabc\r0\r\n\r\n"),
        ("CR twice behind the data", "3\r\nabc\r\r\n0\r\n\r\n"),
        ("two other bytes behind the data", "3\r\nabcXX0\r\n\r\n"),
        ("LF and CR in the wrong order", "3\r\nabc\n\r0\r\n\r\n"),
    ]
    .into_iter()
    .map(|(name, body)| late(name, "9112 7.1", body))
    .collect();
    let ends = format!("3\r\nabc0\r\n\r\n{}", hidden());
    cases.push(late(
        "a request behind a chunk without its end",
        "9112 7.1",
        &ends,
    ));
    for (name, body) in [
        ("the body ends within a size", "3\r\nabc\r\n1"),
        ("the body ends within the data", "5\r\nabc"),
        ("the body ends behind the data", "3\r\nabc\r\n"),
        ("the body ends behind the last size", "3\r\nabc\r\n0\r\n"),
        (
            "the body ends within the last line end",
            "3\r\nabc\r\n0\r\n\r",
        ),
        (
            "the body ends within a trailer",
            "3\r\nabc\r\n0\r\nX-Sum: 4",
        ),
    ] {
        let steps = vec![Step::Write(chunked(body)), Step::Finish];
        cases.push(late(name, "9112 8", "").steps(steps).or_silent());
    }
    cases
}

/// Blanks belong to an extension, and count as one.
pub(super) fn blanks() -> Vec<Case> {
    let blanks = " ".repeat(10_000);
    vec![
        late(
            "blanks without end before an extension",
            "9112 7.1.1",
            &format!("3{blanks};a\r\nabc\r\n0\r\n\r\n"),
        )
        .status(&[400, 431]),
        late(
            "blanks without end before the last extension",
            "9112 7.1.1",
            &format!("3\r\nabc\r\n0{blanks};a\r\n\r\n"),
        )
        .status(&[400, 431]),
    ]
}

fn extensions() -> Vec<Case> {
    let long = |length: usize| format!("3;{}\r\nabc\r\n0\r\n\r\n", "x".repeat(length));
    let many = format!(
        "{}0\r\n\r\n",
        format!("1;{}\r\na\r\n", "x".repeat(1000)).repeat(8)
    );
    let last = format!("3\r\nabc\r\n0;{}\r\n\r\n", "x".repeat(5000));
    let passed = |name: &str, body: &str| {
        Case::passed(
            &format!("chunk: {name}"),
            "9112 7.1.1",
            chunked(body),
            Sent::post("abc"),
        )
        .note("What nobody knows is ignored, and not sent on.")
    };
    let mut cases = vec![
        passed("an extension", "3;a=b\r\nabc\r\n0\r\n\r\n"),
        passed("an extension without a value", "3;a\r\nabc\r\n0\r\n\r\n"),
        passed(
            "extensions, one of them in quotes",
            "3;a=b;c=\"d e\"\r\nabc\r\n0;f\r\n\r\n",
        ),
        passed(
            "blanks around an extension",
            "3 ; a = b\r\nabc\r\n0\r\n\r\n",
        )
        .note("Bad whitespace is to be taken out, and the extension with it."),
        passed("an extension of 4,000 bytes", &long(4000)),
        late("an extension of 5,000 bytes", "9112 7.1.1", &long(5000)).status(&[400, 431]),
        late(
            "an extension of 100,000 bytes",
            "9112 7.1.1",
            &long(100_000),
        )
        .status(&[400, 431]),
        late(
            "an extension of 5,000 bytes at the end",
            "9112 7.1.1",
            &last,
        )
        .status(&[400, 431]),
        late("extensions of 8,000 bytes in all", "9112 7.1.1", &many)
            .status(&[400, 431])
            .note("The limit is on all of them together, or it would be none."),
    ];
    for (name, body) in [
        ("a bare LF within an extension", "3;a\nabc\r\n0\r\n\r\n"),
        (
            "a bare LF within a quoted extension",
            "3;a=\"\n\"\r\nabc\r\n0\r\n\r\n",
        ),
        (
            "a bare CR within an extension",
            "3;a\rb\r\nabc\r\n0\r\n\r\n",
        ),
        ("CR twice behind an extension", "3;a\r\r\nabc\r\n0\r\n\r\n"),
        ("NUL within an extension", "3;a\0b\r\nabc\r\n0\r\n\r\n"),
        (
            "a bare LF within the last extension",
            "3\r\nabc\r\n0;a\n\r\n",
        ),
    ] {
        cases.push(late(name, "9112 7.1.1", body));
    }
    let request = hidden();
    let hides = format!("3;\nabc\r\n{:x}\r\n{request}\r\n0\r\n\r\n", request.len());
    cases.push(late(
        "a bare LF in an extension hides a request",
        "9112 7.1.1",
        &hides,
    ));
    cases
}

/// What decides over framing, routing or trust must not come late.
fn left_out() -> Vec<Case> {
    [
        ("a length", "Content-Length: 100"),
        ("a coding", "Transfer-Encoding: chunked"),
        ("a host", "Host: elsewhere"),
        ("the platform's own field", "Cloud-Identity: forged"),
        (
            "the platform's own field with an underscore",
            "cloud_identity: forged",
        ),
        (
            "the platform's own field about services",
            "Cloud-Service: forged",
        ),
        ("credentials", "Authorization: Bearer x"),
        ("a cookie", "Cookie: a=b"),
        ("a word of proxies", "X-Forwarded-For: 10.0.0.1"),
        ("another word of proxies", "Forwarded: for=10.0.0.1"),
        ("a request id", "X-Request-Id: forged"),
        ("options of a connection", "Connection: close"),
        ("an upgrade", "Upgrade: h2c"),
        ("an expectation", "Expect: 100-continue"),
        ("trailers", "Trailer: X-Sum"),
    ]
    .into_iter()
    .map(|(name, line)| {
        let body = format!("3\r\nabc\r\n0\r\nX-Sum: 4\r\n{line}\r\n\r\n");
        let announced = line.split(':').next().unwrap();
        let announced = format!("Trailer: X-Sum, {announced}\r\nTransfer-Encoding: chunked");
        Case::passed(
            &format!("trailer: {name}"),
            "9110 6.5.1",
            post(&announced, &body),
            Sent::post("abc").trailers(&["x-sum"]),
        )
        .note("It is left out, or the request refused.")
        .or_refused(&[400])
    })
    .collect()
}

fn trailers() -> Vec<Case> {
    let refused = |name: &str, clause: &'static str, lines: &str| {
        let body = format!("3\r\nabc\r\n0\r\n{lines}\r\n\r\n");
        Case::refused(&format!("trailer: {name}"), clause, chunked(&body)).late()
    };
    let long = format!("X: {}", "y".repeat(70 * 1024));
    let many = ["X: y"; 1000].join("\r\n");
    let end = "3\r\nabc\r\n0\r\nX-Sum: 4\r\n\n";
    vec![
        refused("too large", "6585 5", &long).status(&[400, 431]),
        refused("too many", "6585 5", &many).status(&[400, 431]),
        refused("a bare LF behind it", "9112 2.2", "X-Sum: 4\nY: z"),
        refused("a bare CR within it", "9112 2.2", "X-Sum: 4\rY: z"),
        refused("it goes on on the next line", "9112 5.2", "X-Sum: 4\r\n 2"),
        refused("it begins with a blank", "9112 5.2", " X-Sum: 4"),
        refused("a blank before the colon", "9112 5.1", "X-Sum : 4"),
        refused("no colon", "9112 5", "X-Sum"),
        refused("no name", "9112 5", ": 4"),
        refused("NUL within it", "9110 5.5", "X-Sum: \0"),
        refused(
            "a request in its place",
            "9112 7.1.2",
            "GET /app/case/hidden HTTP/1.1",
        ),
        Case::refused("trailer: a bare LF as the end", "9112 2.2", chunked(end)).late(),
    ]
}

fn passed() -> Vec<Case> {
    [
        ("a body of nothing", "0\r\n\r\n", ""),
        ("several chunks", "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"),
        ("zeros before a size", "0003\r\nabc\r\n0\r\n\r\n", "abc"),
        (
            "several zeros as the last chunk",
            "3\r\nabc\r\n000\r\n\r\n",
            "abc",
        ),
        (
            "a size in capitals",
            "A\r\n0123456789\r\n0\r\n\r\n",
            "0123456789",
        ),
        (
            "a size in small letters",
            "a\r\n0123456789\r\n0\r\n\r\n",
            "0123456789",
        ),
        (
            "data that looks like the end",
            "5\r\n0\r\n\r\n\r\n0\r\n\r\n",
            "0\r\n\r\n",
        ),
    ]
    .into_iter()
    .map(|(name, body, data)| {
        let sent = Sent::post(data);
        Case::passed(&format!("chunk: {name}"), "9112 7.1", chunked(body), sent)
    })
    .collect()
}
