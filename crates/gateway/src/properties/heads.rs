//! The heads of requests and responses: no bytes are too odd, and what is accepted reads the same once it was written
//! anew.

use proptest::prelude::*;

use super::{bounded, meaningful, mutated};
use crate::compose::field;
use crate::reject::Fault;
use crate::wire::Length;
use crate::wire::request::{self, Version};
use crate::wire::response;
use crate::wire::scan::{Found, Scan};

/// A head and everything that is decided by it.
#[derive(Debug, PartialEq)]
struct Request {
    method: String,
    version: Version,
    target: String,
    authority: Option<String>,
    fields: Vec<(String, Vec<u8>)>,
    length: Result<Length, Fault>,
    closes: bool,
    websocket: bool,
}

fn request(bytes: &[u8]) -> Result<Request, Fault> {
    request::parse(bytes, |head| Request {
        method: head.method.to_owned(),
        version: head.version,
        target: head.target.to_owned(),
        authority: head.authority.map(str::to_owned),
        fields: head
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), field.value.to_vec()))
            .collect(),
        length: head.survey.length(head.version),
        closes: head.survey.closes,
        websocket: head.survey.wants_websocket,
    })
}

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
        if let Ok(first) = request(&bytes) {
            let count = |name: &str| first.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name)).count();
            let framed = (count("content-length"), count("transfer-encoding"));
            match first.length {
                Ok(Length::None) => prop_assert!(framed == (0, 0) || framed == (1, 0)),
                Ok(Length::Known(_)) => prop_assert_eq!(framed, (1, 0)),
                Ok(Length::Chunked) => prop_assert_eq!(framed, (0, 1)),
                Ok(Length::UntilClose) => prop_assert!(false, "a request has an end"),
                Err(_) => {}
            }
            let target = match (&first.authority, &*first.method) {
                (Some(authority), "CONNECT") => authority.clone(),
                (Some(authority), _) => format!("http://{authority}{}", first.target),
                (None, _) => first.target.clone(),
            };
            let version = if first.version == Version::Http10 { "1.0" } else { "1.1" };
            let mut again = format!("{} {target} HTTP/{version}\r\n", first.method).into_bytes();
            for (name, value) in &first.fields {
                prop_assert!(!value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)), "{value:?}");
                prop_assert!(name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':'), "{name}");
                field(&mut again, name, value);
            }
            again.extend_from_slice(b"\r\n");
            prop_assert_eq!(request(&again), Ok(first));
        }
    }

    #[test]
    fn no_request_is_too_odd(bytes in prop_oneof![meaningful(), proptest::collection::vec(any::<u8>(), 0..200)]) {
        let whole = [&bytes[..], b"\r\n\r\n"].concat();
        drop(request(&whole));
        drop(request(&bytes));
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
        let read = |bytes: &[u8]| response::parse(bytes, to_head, |head| {
            let fields: Vec<_> = head.fields.iter().map(|field| (field.name.to_owned(), field.value.to_vec())).collect();
            (head.status, head.length, head.keeps, fields)
        });
        if let Ok(first) = read(&bytes) {
            let (status, length, keeps, fields) = &first;
            let version = if bytes.starts_with(b"HTTP/1.1") { "1.1" } else { "1.0" };
            let count = |name: &str| fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name)).count();
            let bodiless = to_head || *status < 200 || *status == 204 || *status == 304;
            let framed = (count("content-length"), count("transfer-encoding"));
            match length {
                Length::None => prop_assert!(bodiless || framed == (1, 0)),
                Length::Known(_) => prop_assert_eq!(framed, (1, 0)),
                Length::Chunked => prop_assert_eq!((framed, version), ((0, 1), "1.1")),
                Length::UntilClose => prop_assert!(framed == (0, 0) && !keeps),
            }
            let mut again = format!("HTTP/{version} {status:03} \r\n").into_bytes();
            for (name, value) in fields {
                field(&mut again, name, value);
            }
            again.extend_from_slice(b"\r\n");
            prop_assert_eq!(read(&again), Ok(first));
        }
    }
}
