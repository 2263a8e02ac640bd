//! Names and values of fields, character by character.

use super::case::{Case, Sent, get, head};

const START: &[u8] = b"GET /app/case/echo?case0000 HTTP/1.1\r\nHost: localhost\r\n";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = names();
    cases.extend(values());
    cases.extend(passed());
    cases
}

fn bytes(line: &[u8]) -> Vec<u8> {
    [START, line, b"\r\n\r\n"].concat()
}

fn names() -> Vec<Case> {
    let lines: [(&str, &str, &[u8]); 19] = [
        ("a blank before the colon", "9112 5.1", b"X : a"),
        ("a tab before the colon", "9112 5.1", b"X\t: a"),
        (
            "blanks before the colon of Host's neighbour",
            "9112 5.1",
            b"Accept   : a",
        ),
        ("no name", "9110 5.1", b": a"),
        ("no colon", "9112 5", b"X"),
        ("no colon but a value", "9112 5", b"X a"),
        ("nothing but a colon", "9110 5.1", b":"),
        ("a blank within", "9110 5.1", b"X Y: a"),
        ("NUL within", "9110 5.1", b"X\0Y: a"),
        ("NUL before", "9110 5.1", b"\0X: a"),
        ("a control character within", "9110 5.1", b"X\x01: a"),
        ("an escape character before", "9110 5.1", b"\x1bX: a"),
        ("DEL within", "9110 5.1", b"X\x7fY: a"),
        ("a byte over 127", "9110 5.1", b"X\xe4: a"),
        ("a letter in UTF-8", "9110 5.1", b"X\xc3\xa4: a"),
        (
            "a letter that folds to another",
            "9110 5.1",
            b"\xe2\x84\xaaeep: a",
        ),
        ("a wide colon", "9112 5", b"X\xef\xbc\x9a a"),
        ("a line that is a request", "9112 5", b"GET / HTTP/1.1"),
        ("a vertical tab behind", "9110 5.1", b"X\x0b: a"),
    ];
    let mut cases: Vec<Case> = lines
        .into_iter()
        .map(|(name, clause, line)| Case::refused(&format!("name: {name}"), clause, bytes(line)))
        .collect();
    for delimiter in "\"(),/;<=>?@[\\]{}".chars() {
        let line = format!("X{delimiter}Y: a");
        let name = format!("name: {delimiter} within");
        cases.push(Case::refused(&name, "9110 5.6.2", get(&line)));
    }
    cases
}

fn values() -> Vec<Case> {
    let lines: [(&str, &[u8]); 11] = [
        ("NUL", b"X: a\0b"),
        ("only NUL", b"X: \0"),
        ("the first control character", b"X: a\x01b"),
        ("a bell", b"X: a\x07b"),
        ("a backspace", b"X: a\x08b"),
        ("a vertical tab", b"X: a\x0bb"),
        ("a form feed", b"X: a\x0cb"),
        ("an escape character", b"X: a\x1b[31mb"),
        ("the last control character", b"X: a\x1fb"),
        ("DEL", b"X: a\x7fb"),
        ("NUL at the end", b"X: a\0"),
    ];
    lines
        .into_iter()
        .map(|(name, line)| Case::refused(&format!("value: {name}"), "9110 5.5", bytes(line)))
        .collect()
}

fn passed() -> Vec<Case> {
    let pass = |name: &str, line: &[u8], (field, value): (&str, &str)| {
        let sent = Sent::get().with(field, value);
        Case::passed(name, "9110 5.5", bytes(line), sent)
    };
    let odd = "!#$%&'*+-.^_`|~0aZ";
    vec![
        pass("value: nothing", b"X:", ("x", "")),
        pass("value: blanks around", b"X: \t a b \t", ("x", "a b")),
        pass("value: no blank before", b"X:a", ("x", "a")),
        pass("value: a tab within", b"X: a\tb", ("x", "a\tb")),
        pass("value: colons", b"X: a:b::", ("x", "a:b::")),
        pass("value: quotes that do not close", b"X: \"a", ("x", "\"a")),
        pass(
            "value: bytes over 127",
            b"X: \xe4\xff\x80",
            ("x", "\u{e4}\u{ff}\u{80}"),
        )
        .note("Obsolete text is opaque, and passes unchanged."),
        pass("value: UTF-8", b"X: \xc3\xa4", ("x", "\u{c3}\u{a4}")),
        Case::passed(
            "name: every character that may be in one",
            "9110 5.6.2",
            head(
                "GET /app/case/echo?case0000 HTTP/1.1",
                &[&format!("{odd}: a")],
            ),
            Sent::get().with(&odd.to_ascii_lowercase(), "a"),
        ),
    ]
}
