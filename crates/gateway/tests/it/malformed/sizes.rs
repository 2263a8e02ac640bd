//! Heads, lines and targets that are too large: 64 KiB, 128 fields, 8 KiB.

use super::case::{Case, Sent, get, head};

const KIB: usize = 1024;
const START: &str = "GET /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\n";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = heads();
    cases.extend(targets());
    cases.extend(endless());
    cases
}

fn fields(count: usize, length: usize) -> String {
    let value = "y".repeat(length);
    let lines: Vec<String> = (0..count)
        .map(|number| format!("X-{number}: {value}"))
        .collect();
    lines.join("\r\n")
}

fn heads() -> Vec<Case> {
    let passed = |name: &str, line: &str, last: &str, length: usize| {
        let sent = Sent::get().with(last, &"y".repeat(length));
        Case::passed(&format!("size: {name}"), "9112 2.3", get(line), sent)
    };
    let refused = |name: &str, line: &str| {
        Case::refused(&format!("size: {name}"), "6585 5", get(line)).status(&[431])
    };
    vec![
        passed("128 fields", &fields(127, 1), "x-126", 1),
        passed(
            "a head of 63 KiB in many fields",
            &fields(90, 700),
            "x-89",
            700,
        ),
        passed("a value of 63 KiB", &fields(1, 63 * KIB), "x-0", 63 * KIB),
        refused("129 fields", &fields(128, 1)),
        refused("129 fields of one name", &vec!["X: y"; 128].join("\r\n")),
        refused("5,000 fields", &fields(5_000, 1)),
        refused("a head of 66 KiB in many fields", &fields(96, 700)),
        refused("a value of 65 KiB", &fields(1, 65 * KIB)),
        refused("a value of 256 KiB", &fields(1, 256 * KIB)),
        refused("a name of 65 KiB", &format!("{}: y", "x".repeat(65 * KIB))),
        refused(
            "cookies of 65 KiB",
            &format!("Cookie: {}", "a=b; ".repeat(13 * KIB)),
        ),
        Case::refused("size: a large head with a fault at its end", "6585 5", {
            get(&format!("{}\r\nX : y", fields(1, 66 * KIB)))
        })
        .status(&[400, 431]),
    ]
}

fn targets() -> Vec<Case> {
    let target = |length: usize| {
        let stem = "/app/case/echo?case0000";
        format!("{stem}{}", "-".repeat(length - stem.len()))
    };
    let refused = |name: &str, target: &str| {
        let bytes = head(&format!("GET {target} HTTP/1.1"), &[]);
        Case::refused(&format!("size: {name}"), "9110 15.5.15", bytes).status(&[414])
    };
    let longest = target(8 * KIB);
    vec![
        Case::passed(
            "size: a target of 8 KiB",
            "9112 3",
            head(&format!("GET {longest} HTTP/1.1"), &[]),
            Sent::line(&format!("GET {longest}")),
        ),
        refused("a target of 8 KiB and a byte", &target(8 * KIB + 1)),
        refused("a target of 20 KiB", &target(20 * KIB)),
        refused("a target of 70 KiB", &target(70 * KIB)),
        refused(
            "a path of 9 KiB",
            &format!("/app/case/{}?case0000", "a/".repeat(4608)),
        ),
        refused(
            "an absolute target of 9 KiB",
            &format!("http://localhost{}", target(9 * KIB)),
        ),
    ]
}

/// Lines that go on and on, as far as the gateway reads.
fn endless() -> Vec<Case> {
    let much = "a".repeat(300 * KIB);
    let refused = |name: &str, bytes: String| {
        Case::refused(&format!("size: {name}"), "9112 2.3", bytes)
            .note("Whatever has no end in sight is refused at the limit, with an answer.")
    };
    vec![
        refused("a target without end", format!("GET /app/case/{much}")).status(&[414]),
        refused("a method without end", much.clone()).status(&[400, 414, 431, 501]),
        refused(
            "a version without end",
            format!("GET /app/case/echo?case0000 HTTP/1.1{much}"),
        )
        .status(&[400, 414, 431]),
        refused("a name without end", format!("{START}{much}")).status(&[431]),
        refused("a value without end", format!("{START}X: {much}")).status(&[431]),
        refused(
            "fields without end",
            format!("{START}{}", "X: y\r\n".repeat(50_000)),
        )
        .status(&[431]),
        refused("blanks without end", " ".repeat(300 * KIB)).status(&[400, 414, 431]),
        refused("NUL without end", "\0".repeat(300 * KIB)).status(&[400, 414, 431]),
    ]
}
