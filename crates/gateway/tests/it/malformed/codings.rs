//! Transfer-Encoding: `chunked` alone, once, and never beside a length.

use super::case::{Case, Sent, get, head, post, raw};

const BODY: &str = "3\r\nabc\r\n0\r\n\r\n";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = beside_a_length();
    cases.extend(refused());
    cases.extend(unknown());
    cases.extend(passed());
    cases
}

fn beside_a_length() -> Vec<Case> {
    [
        (
            "before a length",
            "Transfer-Encoding: chunked\r\nContent-Length: 3",
        ),
        (
            "behind a length",
            "Content-Length: 13\r\nTransfer-Encoding: chunked",
        ),
        (
            "beside a length of nothing",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
        ),
        (
            "beside a length that is none",
            "Content-Length: x\r\nTransfer-Encoding: chunked",
        ),
        (
            "far from a length",
            "Content-Length: 13\r\nX: y\r\nTransfer-Encoding: chunked",
        ),
        (
            "unknown, beside a length",
            "Content-Length: 13\r\nTransfer-Encoding: xchunked",
        ),
        (
            "empty, beside a length",
            "Content-Length: 13\r\nTransfer-Encoding:",
        ),
    ]
    .into_iter()
    .map(|(name, lines)| {
        Case::refused(&format!("coding: {name}"), "9112 6.1", post(lines, BODY))
            .note("A server may go by the coding or refuse; whoever sends both is smuggling.")
    })
    .collect()
}

const REFUSED: &[(&str, &str, &str)] = &[
    (
        "chunked, then identity",
        "9112 6.1",
        "Transfer-Encoding: chunked, identity",
    ),
    (
        "identity, then chunked",
        "9112 7",
        "Transfer-Encoding: identity, chunked",
    ),
    ("identity", "9112 7", "Transfer-Encoding: identity"),
    (
        "chunked twice in a list",
        "9112 7.1",
        "Transfer-Encoding: chunked, chunked",
    ),
    (
        "chunked twice",
        "9112 7.1",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ),
    (
        "chunked, then something else",
        "9112 6.1",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
    ),
    (
        "something else, then chunked",
        "9112 6.1",
        "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
    ),
    (
        "a list that ends with nothing",
        "9110 5.6.1",
        "Transfer-Encoding: chunked,",
    ),
    (
        "a list that begins with nothing",
        "9110 5.6.1",
        "Transfer-Encoding: , chunked",
    ),
    (
        "chunked with a parameter",
        "9112 7.1",
        "Transfer-Encoding: chunked;q=1",
    ),
    (
        "chunked in quotes",
        "9112 7",
        "Transfer-Encoding: \"chunked\"",
    ),
    (
        "chunked in apostrophes",
        "9112 7",
        "Transfer-Encoding: 'chunked'",
    ),
    ("nothing", "9112 6.1", "Transfer-Encoding:"),
    ("only blanks", "9112 6.1", "Transfer-Encoding:   "),
    ("a blank within", "9112 7", "Transfer-Encoding: chu nked"),
    (
        "a word behind a blank",
        "9112 7",
        "Transfer-Encoding: chunked x",
    ),
    (
        "a vertical tab before it",
        "9110 5.5",
        "Transfer-Encoding: \u{b}chunked",
    ),
    (
        "a vertical tab behind it",
        "9110 5.5",
        "Transfer-Encoding: chunked\u{b}",
    ),
    (
        "a form feed before it",
        "9110 5.5",
        "Transfer-Encoding: \u{c}chunked",
    ),
    ("NUL behind it", "9110 5.5", "Transfer-Encoding: chunked\0"),
    (
        "a wide blank behind it",
        "9112 7",
        "Transfer-Encoding: chunked\u{a0}",
    ),
    (
        "a letter that looks the same",
        "9112 7",
        "Transfer-Encoding: \u{441}hunked",
    ),
    (
        "a letter that folds to the same",
        "9112 7",
        "Transfer-Encoding: chun\u{212a}ed",
    ),
    (
        "a blank before the colon",
        "9112 5.1",
        "Transfer-Encoding : chunked",
    ),
    (
        "a tab before the colon",
        "9112 5.1",
        "Transfer-Encoding\t: chunked",
    ),
    (
        "NUL within the name",
        "9110 5.1",
        "Transfer\0-Encoding: chunked",
    ),
    (
        "a blank within the name",
        "9110 5.1",
        "Transfer Encoding: chunked",
    ),
    (
        "a control character before the name",
        "9110 5.1",
        "\u{1}Transfer-Encoding: chunked",
    ),
    (
        "a wide blank before the colon",
        "9110 5.1",
        "Transfer-Encoding\u{a0}: chunked",
    ),
    (
        "a colon too many before it",
        "9112 7",
        "Transfer-Encoding: : chunked",
    ),
];

fn refused() -> Vec<Case> {
    let mut cases: Vec<Case> = REFUSED
        .iter()
        .map(|(name, clause, line)| {
            Case::refused(&format!("coding: {name}"), clause, post(line, BODY))
        })
        .collect();
    cases.push(Case::refused(
        "coding: identity on a GET",
        "9112 7",
        get("Transfer-Encoding: identity"),
    ));
    cases.push(
        Case::refused(
            "coding: in HTTP/1.0",
            "9112 6.1",
            raw(
                "POST /app/case/echo?case0000 HTTP/1.0\r\nHost: localhost\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0",
            ),
        )
        .note("Faulty framing by the RFC: the next proxy may never have heard of chunks."),
    );
    cases
}

/// What nobody here decodes may be 501 as well.
fn unknown() -> Vec<Case> {
    [
        ("xchunked", "Transfer-Encoding: xchunked"),
        ("chunk", "Transfer-Encoding: chunk"),
        ("chunkedchunked", "Transfer-Encoding: chunkedchunked"),
        ("gzip", "Transfer-Encoding: gzip"),
        ("gzip, then chunked", "Transfer-Encoding: gzip, chunked"),
        (
            "gzip and chunked in two fields",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
        ),
        ("cow, as in the classic", "Transfer-Encoding: cow"),
    ]
    .into_iter()
    .map(|(name, line)| {
        Case::refused(&format!("coding: {name}"), "9112 6.1", post(line, BODY)).status(&[400, 501])
    })
    .collect()
}

fn passed() -> Vec<Case> {
    let lines = [
        ("as it should be", "9112 7.1", "Transfer-Encoding: chunked"),
        ("in capitals", "9112 7", "Transfer-Encoding: CHUNKED"),
        (
            "no blank before it",
            "9110 5.5",
            "Transfer-Encoding:chunked",
        ),
        ("a tab before it", "9110 5.5", "Transfer-Encoding:\tchunked"),
        (
            "blanks around it",
            "9110 5.5",
            "Transfer-Encoding:  \t chunked \t ",
        ),
        (
            "a name in mixed case",
            "9110 5.1",
            "tRANSFER-eNCODING: chunked",
        ),
    ];
    let mut cases: Vec<Case> = lines
        .into_iter()
        .map(|(name, clause, line)| {
            Case::passed(
                &format!("coding: {name}"),
                clause,
                post(line, BODY),
                Sent::post("abc"),
            )
        })
        .collect();
    cases.push(
        Case::passed(
            "coding: spelled with an underscore beside a length",
            "9110 5.1",
            post("Transfer_Encoding: chunked\r\nContent-Length: 3", "abc"),
            Sent::post("abc").with("content-length", "3"),
        )
        .note("Servers with CGI-like variables take both names for the same."),
    );
    let line = head(
        "GET /app/case/echo?case0000 HTTP/1.1",
        &["Transfer-Encoding: chunked"],
    );
    cases.push(Case::passed(
        "coding: chunks on a GET",
        "9110 9.3.1",
        [line, BODY.into()].concat(),
        Sent::get().body("abc"),
    ));
    cases
}
