//! The heads of requests and responses.

use proptest::prelude::*;

use super::{bounded, meaningful, mutated};
use crate::invariants::head;
use crate::wire::scan::{Found, Scan};

fn fields() -> impl Strategy<Value = Vec<u8>> {
    const FIELDS: [&str; 16] = [
        "Host: a",
        "Host: a:80",
        "Content-Length: 3",
        "content-length:3",
        "Transfer-Encoding: chunked",
        "transfer_encoding: chunked",
        "Connection: close, x",
        "Connection: upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Key: x",
        "Cookie: a=b; c=d",
        "Expect: 100-continue",
        "TE: trailers",
        "X-A: \u{e4}",
        "Cloud-Identity: x",
        "Via: 1.1 a",
    ];
    let line = prop_oneof![
        6 => proptest::sample::select(&FIELDS[..]).prop_map(str::to_owned),
        1 => "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,9}:[ \t]{0,2}[ -~]{0,9}",
    ];
    proptest::collection::vec(line, 0..7).prop_map(|lines| {
        let lines = lines.into_iter().map(|line| line + "\r\n");
        lines.collect::<String>().into_bytes()
    })
}

fn requests() -> impl Strategy<Value = Vec<u8>> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("CONNECT"), Just("M-SEARCH")];
    let target = prop_oneof![
        Just("/"),
        Just("/a?b=c"),
        Just("*"),
        Just("http://a/b"),
        Just("HTTPS://a?b"),
        Just("a:80"),
        Just("ftp://a/"),
    ];
    let version = prop_oneof![4 => Just("1.1"), 1 => Just("1.0"), 1 => Just("2.0")];
    (method, target, version, fields()).prop_map(|(method, target, version, fields)| {
        let start = format!("{method} {target} HTTP/{version}\r\n").into_bytes();
        [&start[..], &fields, b"\r\n"].concat()
    })
}

fn responses() -> impl Strategy<Value = Vec<u8>> {
    (0..700_u16, fields()).prop_map(|(status, fields)| {
        let start = format!("HTTP/1.1 {status:03} x\r\n").into_bytes();
        [&start[..], &fields, b"\r\n"].concat()
    })
}

proptest! {
    #![proptest_config(bounded(2048))]

    #[test]
    fn an_accepted_request_reads_the_same_once_written_anew(bytes in mutated(requests())) {
        head::request(&bytes);
    }

    #[test]
    fn no_request_is_too_odd(bytes in prop_oneof![meaningful(), proptest::collection::vec(any::<u8>(), 0..200)]) {
        let whole = [&bytes[..], b"\r\n\r\n"].concat();
        head::request(&whole);
        head::request(&bytes);
    }

    #[test]
    fn a_head_ends_in_one_place_however_it_arrives(
        bytes in mutated(requests()),
        behind in meaningful(),
        first in any::<proptest::sample::Index>(),
    ) {
        let whole = [bytes, behind].concat();
        let at_once = Scan::default().look(&whole);
        let mut scan = Scan::default();
        let cut = first.index(whole.len() + 1);
        let found = match scan.look(&whole[..cut]) {
            Found::More => scan.look(&whole),
            found => found,
        };
        prop_assert_eq!(found, at_once);
        // The first empty line there is, unless a line before it has no proper end.
        let lines_end_well = || {
            let feeds = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
            feeds.map(|(at, _)| at).all(|at| at > 0 && whole[at - 1] == b'\r')
        };
        if at_once == Found::More {
            prop_assert!(!whole.windows(4).any(|four| four == b"\r\n\r\n") || !lines_end_well());
        }
        if let Found::End(end) = at_once {
            let first = whole.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
            let begins_empty = whole.starts_with(b"\r\n");
            prop_assert_eq!(Some(end), if begins_empty { Some(2) } else { first });
        }
    }

    #[test]
    fn an_accepted_response_has_one_length(
        bytes in prop_oneof![4 => mutated(responses()), 1 => meaningful()],
        to_head in any::<bool>(),
    ) {
        head::response(&bytes, to_head);
    }
}
