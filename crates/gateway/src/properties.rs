//! Generated input for the invariants of everything that is read from outside.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use proptest::prelude::*;
use proptest::test_runner::Config;

mod chunks;
mod heads;
mod paths;
mod proxies;

/// So many cases each, in every run; nothing is written beside the code.
fn bounded(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    }
}

/// Bytes of which many mean something in HTTP.
fn meaningful() -> impl Strategy<Value = Vec<u8>> {
    const WORDS: [&str; 31] = [
        "\r\n",
        "\r",
        "\n",
        "\0",
        " ",
        "\t",
        ":",
        ",",
        ";",
        "/",
        "//",
        "..",
        "%2e",
        "%2F",
        "%",
        "?",
        "#",
        "\"",
        "0",
        "5\r\nhello\r\n",
        "GET ",
        " HTTP/1.1",
        "Host: a",
        "Content-Length: 3",
        "Transfer-Encoding: chunked",
        "Connection: close",
        "Expect: 100-continue",
        "http://a",
        "\u{e4}",
        "\u{7f}",
        "x",
    ];
    let word = prop_oneof![
        8 => proptest::sample::select(&WORDS[..]).prop_map(|word| word.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

/// The same bytes with a few of them changed, left out or doubled.
fn mutated(bytes: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<proptest::sample::Index>(), 0..4_u8, any::<u8>());
    (bytes, proptest::collection::vec(change, 0..4)).prop_map(|(mut bytes, changes)| {
        for (place, kind, byte) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match kind {
                0 if byte < 0x80 => bytes[at] = b"\r\n\0 \t:;,/0"[usize::from(byte) % 10],
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.insert(at, bytes[at]),
            }
        }
        bytes
    })
}
