#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
use super::*;

/// Feeds the bytes whole, and byte by byte; both must come to the same end.
fn fed(bytes: &[u8]) -> Result<Framing, Fault> {
    let mut whole = Framing::new();
    let outcome = whole.feed(bytes);
    let mut slow = Framing::new();
    let slowly = bytes
        .iter()
        .try_for_each(|byte| slow.feed(std::slice::from_ref(byte)));
    assert_eq!(outcome, slowly, "{:?}", String::from_utf8_lossy(bytes));
    if outcome.is_ok() {
        assert_eq!(
            format!("{whole:?}"),
            format!("{slow:?}"),
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
    outcome.map(|()| whole)
}

fn ends_between_messages(bytes: &[u8]) -> bool {
    matches!(fed(bytes), Ok(Framing::Head(begun)) if begun.is_empty())
}

#[test]
fn messages_end_where_they_say() {
    for whole in [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\nX: y\r\nZ: 1\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 1\r\n\r\nxGET / HTTP/1.0\r\n\r\n",
    ] {
        assert!(ends_between_messages(whole.as_bytes()), "{whole:?}");
    }
    for part in [
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "GET",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
    ] {
        assert!(!ends_between_messages(part.as_bytes()), "{part:?}");
        assert!(fed(part.as_bytes()).is_ok(), "{part:?}");
    }
}

#[test]
fn two_words_on_the_length_are_one_too_many() {
    for fields in [
        "Content-Length: 3\r\nContent-Length: 3",
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Content-Length: 3, 3",
        "Content-Length: +3",
        "Content-Length: -3",
        "Content-Length: 0x3",
        "Content-Length:",
        "Content-Length: 3 3",
        "Content-Length: 99999999999999999999",
    ] {
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n");
        assert_eq!(
            fed(head.as_bytes()).unwrap_err(),
            Fault::Malformed,
            "{fields}"
        );
    }
    let old = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(fed(old.as_bytes()).unwrap_err(), Fault::Malformed);
}

#[test]
fn what_is_not_http_is_refused() {
    for head in [
        "GET /\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "G@T / HTTP/1.1\r\nA B: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\n folded: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\n: a\r\n\r\n",
        "\x16\x03\x01\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n",
    ] {
        assert_eq!(
            fed(head.as_bytes()).unwrap_err(),
            Fault::Malformed,
            "{head:?}"
        );
    }
    assert_eq!(fed(b"GET /a#b HTTP/1.1\r\n\r\n").unwrap_err(), Fault::Path);
}

#[test]
fn large_heads_are_refused_by_what_is_large() {
    let mut framing = Framing::new();
    let target = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(target::LONGEST));
    assert_eq!(
        framing.feed(target.as_bytes()).unwrap_err(),
        Fault::TargetTooLong
    );
    let fields = format!(
        "GET / HTTP/1.1\r\n{}\r\n",
        "X: y\r\n".repeat(MOST_FIELDS + 1)
    );
    assert_eq!(
        Framing::new().feed(fields.as_bytes()).unwrap_err(),
        Fault::HeadTooLarge
    );
    let value = format!("GET / HTTP/1.1\r\nX: {}", "y".repeat(LONGEST_HEAD));
    assert_eq!(
        Framing::new().feed(value.as_bytes()).unwrap_err(),
        Fault::HeadTooLarge
    );
    let endless = format!("GET /{}", "a".repeat(LONGEST_HEAD));
    assert_eq!(
        Framing::new().feed(endless.as_bytes()).unwrap_err(),
        Fault::TargetTooLong
    );
    let allowed = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(MOST_FIELDS));
    assert!(Framing::new().feed(allowed.as_bytes()).is_ok());
}

#[test]
fn http2_from_the_start_is_left_alone() {
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04";
    assert!(matches!(fed(preface), Ok(Framing::Opaque)));
}
