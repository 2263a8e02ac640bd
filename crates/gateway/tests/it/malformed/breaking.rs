//! Requests that end early or come slowly. What ended early must not look whole to an app.

use super::case::{After, Case, Sent, Step, get, head, post};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = early();
    cases.extend(slow());
    cases
}

fn early() -> Vec<Case> {
    let whole = String::from_utf8(get("X: y")).unwrap();
    let until = |what: &str| whole.as_bytes()[..whole.find(what).unwrap() + what.len()].to_vec();
    let heads = [
        ("within the method", b"PO".to_vec()),
        ("within the target", until("/app/ca")),
        ("within the version", until("HTTP/1.")),
        ("within the line end", until("HTTP/1.1\r")),
        ("behind the request line", until("HTTP/1.1\r\n")),
        ("within a name", until("\r\nHo")),
        ("within a value", until("Host: local")),
        ("behind a field", until("X: y\r\n")),
        ("within the empty line", until("X: y\r\n\r")),
    ];
    let bodies = [
        ("before a body", post("Content-Length: 5", "")),
        ("within a body", post("Content-Length: 5", "abc")),
        (
            "one byte before the end of a body",
            post("Content-Length: 5", "abcd"),
        ),
        (
            "within a large body",
            post("Content-Length: 500000", &"x".repeat(200_000)),
        ),
        (
            "before the first chunk",
            post("Transfer-Encoding: chunked", ""),
        ),
        (
            "within a chunk",
            post("Transfer-Encoding: chunked", "5\r\nab"),
        ),
        (
            "behind a chunk",
            post("Transfer-Encoding: chunked", "3\r\nabc\r\n"),
        ),
        (
            "within the end of the chunks",
            post("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\n"),
        ),
    ];
    let mut cases = Vec::new();
    for (name, bytes) in heads.iter().chain(&bodies) {
        let case = |how: &str, last: Step| {
            let steps = vec![Step::Write(bytes.clone()), Step::Pause, last];
            Case::refused(&format!("early: {how} {name}"), "9112 8", "")
                .steps(steps)
                .late()
                .or_silent()
        };
        cases.push(case("sends no more", Step::Finish));
        cases.push(case("is gone", Step::Vanish));
    }
    for case in &mut cases {
        case.note = "An answer is polite. The rest of the request must not be made up.";
    }
    let second = [get("X: y"), b"GET /app/case/hid".to_vec()].concat();
    let steps = vec![Step::Write(second), Step::Answers(1), Step::Finish];
    cases.push(
        Case::passed(
            "early: within the second request",
            "9112 8",
            "",
            Sent::get(),
        )
        .steps(steps)
        .answers(&[&[200], &[400]])
        .after(After::Closed)
        .or_silent(),
    );
    cases
}

fn slow() -> Vec<Case> {
    let byte_by_byte = |bytes: &[u8]| -> Vec<Step> {
        let pairs = bytes
            .iter()
            .map(|byte| [Step::Write(vec![*byte]), Step::Pause]);
        pairs.flatten().collect()
    };
    // Names are put in per write, so the line that holds one comes whole.
    let named = |bytes: &[u8]| -> Vec<Step> {
        let end = bytes.windows(2).position(|two| two == b"\r\n").unwrap();
        let mut steps = vec![Step::Write(bytes[..end].to_vec())];
        steps.extend(byte_by_byte(&bytes[end..]));
        steps
    };
    let announced = "Trailer: X-Sum\r\nTransfer-Encoding: chunked";
    let chunks = "3;x=\"y\"\r\nabc\r\n1\r\nd\r\n0\r\nX-Sum: 4\r\n\r\n";
    let expects = head(
        "POST /app/case/echo?case0000 HTTP/1.1",
        &["Content-Length: 3", "Expect: 100-continue"],
    );
    let passed = |name: &str, steps: Vec<Step>, sent: Sent| {
        Case::passed(&format!("slow: {name}"), "9112 6", "", sent).steps(steps)
    };
    vec![
        passed(
            "a head byte by byte",
            named(&get("X: y")),
            Sent::get().with("x", "y"),
        ),
        passed(
            "a body byte by byte",
            named(&post("Content-Length: 5", "abcde")),
            Sent::post("abcde"),
        ),
        passed(
            "chunks byte by byte",
            named(&post(announced, chunks)),
            Sent::post("abcd").trailers(&["x-sum"]),
        ),
        passed(
            "a body that waits to be wanted",
            {
                vec![
                    Step::Write(expects.clone()),
                    Step::Interim,
                    Step::Write(b"abc".to_vec()),
                ]
            },
            Sent::post("abc"),
        )
        .may_have_interims(),
        Case::refused(
            "slow: a body that waits to be wanted and is not",
            "9110 10.1.1",
            "",
        )
        .steps(vec![
            Step::Write(post("Content-Length: 2000000\r\nExpect: 100-continue", "")),
            Step::Answers(1),
        ])
        .status(&[413])
        .note("Refused by its length before it is sent: no 100 may invite it."),
    ]
}
