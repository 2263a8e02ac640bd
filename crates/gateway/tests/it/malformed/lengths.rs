//! Content-Length: one number in digits, once.

use super::case::{Case, Sent, post};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = refused();
    cases.extend(agreeing());
    cases.extend(passed());
    let long = format!("Content-Length: {}", "9".repeat(100));
    let name = "length: a hundred digits";
    cases.push(Case::refused(name, "9112 6.3", post(&long, "abc")));
    cases.push(
        Case::refused(
            "length: beyond every limit",
            "9112 6.3",
            post("Content-Length: 18446744073709551615", "abc"),
        )
        .status(&[400, 413]),
    );
    cases.push(
        Case::refused(
            "length: one more than a signed number holds",
            "9112 6.3",
            post("Content-Length: 9223372036854775808", "abc"),
        )
        .status(&[400, 413]),
    );
    cases
}

const REFUSED: &[(&str, &str, &str)] = &[
    (
        "two that differ",
        "9112 6.3",
        "Content-Length: 3\r\nContent-Length: 4",
    ),
    (
        "two that differ, the other way",
        "9112 6.3",
        "Content-Length: 4\r\nContent-Length: 3",
    ),
    (
        "two that differ, spelled differently",
        "9110 5.1",
        "content-length: 3\r\nCONTENT-LENGTH: 0",
    ),
    (
        "two that differ, far apart",
        "9112 6.3",
        "Content-Length: 3\r\nX: y\r\nContent-Length: 0",
    ),
    (
        "a list of different ones",
        "9110 8.6",
        "Content-Length: 3, 4",
    ),
    ("a sign", "9110 8.6", "Content-Length: +3"),
    ("a negative one", "9110 8.6", "Content-Length: -3"),
    ("a negative nothing", "9110 8.6", "Content-Length: -0"),
    ("hexadecimal", "9110 8.6", "Content-Length: 0x3"),
    ("a hexadecimal digit", "9110 8.6", "Content-Length: a"),
    ("a fraction", "9110 8.6", "Content-Length: 3.0"),
    ("an exponent", "9110 8.6", "Content-Length: 3e0"),
    ("a blank within", "9110 8.6", "Content-Length: 3 0"),
    ("an underscore within", "9110 8.6", "Content-Length: 1_0"),
    ("in quotes", "9110 8.6", "Content-Length: \"3\""),
    ("a parameter", "9110 8.6", "Content-Length: 3;a=b"),
    ("nothing", "9110 8.6", "Content-Length:"),
    ("only blanks", "9110 8.6", "Content-Length:    "),
    ("words", "9110 8.6", "Content-Length: three"),
    (
        "2^64, which wraps to nothing",
        "9112 6.3",
        "Content-Length: 18446744073709551616",
    ),
    (
        "2^64 + 3, which wraps to what came",
        "9112 6.3",
        "Content-Length: 18446744073709551619",
    ),
    (
        "2^32 + 3 with a sign",
        "9112 6.3",
        "Content-Length: +4294967299",
    ),
    (
        "digits of another script",
        "9110 8.6",
        "Content-Length: \u{0663}",
    ),
    (
        "a vertical tab before it",
        "9110 5.5",
        "Content-Length: \u{b}3",
    ),
    (
        "a form feed behind it",
        "9110 5.5",
        "Content-Length: 3\u{c}",
    ),
    ("NUL behind it", "9110 5.5", "Content-Length: 3\0"),
    (
        "a good one behind a bad one",
        "9112 6.3",
        "Content-Length: x\r\nContent-Length: 3",
    ),
];

fn refused() -> Vec<Case> {
    let refused = |(name, clause, line): &(&str, &'static str, &str)| {
        Case::refused(&format!("length: {name}"), clause, post(line, "abc"))
    };
    REFUSED.iter().map(refused).collect()
}

fn agreeing() -> Vec<Case> {
    [
        ("two that agree", "Content-Length: 3\r\nContent-Length: 3"),
        ("a list of equal ones", "Content-Length: 3, 3"),
        ("a list that ends with nothing", "Content-Length: 3,"),
    ]
    .into_iter()
    .map(|(name, line)| {
        Case::refused(&format!("length: {name}"), "9110 8.6", post(line, "abc")).note(
            "A recipient may take equal ones for one, or refuse. No honest client sends them.",
        )
    })
    .collect()
}

fn passed() -> Vec<Case> {
    let body = Sent::post("abc").with("content-length", "3");
    vec![
        Case::passed(
            "length: none, and no body",
            "9112 6.3",
            post("X: y", ""),
            Sent::post(""),
        ),
        Case::passed(
            "length: zero",
            "9112 6.3",
            post("Content-Length: 0", ""),
            Sent::post(""),
        ),
        Case::passed(
            "length: no blank before it",
            "9110 5.5",
            post("Content-Length:3", "abc"),
            body,
        ),
        Case::passed(
            "length: a tab before and blanks behind it",
            "9110 5.5",
            post("Content-Length:\t3 \t ", "abc"),
            Sent::post("abc").with("content-length", "3"),
        ),
        Case::passed(
            "length: zeros before it",
            "9110 8.6",
            post("Content-Length: 0003", "abc"),
            Sent::post("abc"),
        )
        .note("Digits and nothing else, so it has one reading: three."),
        Case::passed(
            "length: spelled with an underscore beside the real one",
            "9110 5.1",
            post("Content_Length: 100\r\nContent-Length: 3", "abc"),
            Sent::post("abc").with("content-length", "3"),
        )
        .note("Servers with CGI-like variables take both names for the same."),
    ]
}
