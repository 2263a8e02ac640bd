//! The heads of requests and responses: what is accepted reads the same once it was written anew.

use crate::compose::field;
use crate::reject::Fault;
use crate::wire::Length;
use crate::wire::request::{self, Version};
use crate::wire::response;

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

fn read_request(bytes: &[u8]) -> Result<Request, Fault> {
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

/// An accepted request has one length, and reads the same once it was written anew.
///
/// # Panics
/// It does not.
pub fn request(bytes: &[u8]) {
    if let Ok(first) = read_request(bytes) {
        let count = |name: &str| {
            first
                .fields
                .iter()
                .filter(|(field, _)| field.eq_ignore_ascii_case(name))
                .count()
        };
        let framed = (count("content-length"), count("transfer-encoding"));
        match first.length {
            Ok(Length::None) => assert!(framed == (0, 0) || framed == (1, 0)),
            Ok(Length::Known(_)) => assert_eq!(framed, (1, 0)),
            Ok(Length::Chunked) => assert_eq!(framed, (0, 1)),
            Ok(Length::UntilClose) => panic!("a request has an end"),
            Err(_) => {}
        }
        let target = match (&first.authority, &*first.method) {
            (Some(authority), "CONNECT") => authority.clone(),
            (Some(authority), _) => format!("http://{authority}{}", first.target),
            (None, _) => first.target.clone(),
        };
        let version = if first.version == Version::Http10 {
            "1.0"
        } else {
            "1.1"
        };
        let mut again = format!("{} {target} HTTP/{version}\r\n", first.method).into_bytes();
        for (name, value) in &first.fields {
            assert!(
                !value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)),
                "{value:?}"
            );
            assert!(
                name.bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b':'),
                "{name}"
            );
            field(&mut again, name, value);
        }
        again.extend_from_slice(b"\r\n");
        assert_eq!(read_request(&again), Ok(first));
    }
}

/// An accepted response has one length, and reads the same once it was written anew.
///
/// # Panics
/// It does not.
pub fn response(bytes: &[u8], to_head: bool) {
    let read = |bytes: &[u8]| {
        response::parse(bytes, to_head, |head| {
            let fields: Vec<_> = head
                .fields
                .iter()
                .map(|field| (field.name.to_owned(), field.value.to_vec()))
                .collect();
            (head.status, head.length, head.keeps, fields)
        })
    };
    if let Ok(first) = read(bytes) {
        let (status, length, keeps, fields) = &first;
        let version = if bytes.starts_with(b"HTTP/1.1") {
            "1.1"
        } else {
            "1.0"
        };
        let count = |name: &str| {
            fields
                .iter()
                .filter(|(field, _)| field.eq_ignore_ascii_case(name))
                .count()
        };
        let bodiless = to_head || *status < 200 || *status == 204 || *status == 304;
        let framed = (count("content-length"), count("transfer-encoding"));
        match length {
            Length::None => assert!(bodiless || framed == (1, 0)),
            Length::Known(_) => assert_eq!(framed, (1, 0)),
            Length::Chunked => assert_eq!((framed, version), ((0, 1), "1.1")),
            Length::UntilClose => assert!(framed == (0, 0) && !keeps),
        }
        let mut again = format!("HTTP/{version} {status:03} \r\n").into_bytes();
        for (name, value) in fields {
            field(&mut again, name, value);
        }
        again.extend_from_slice(b"\r\n");
        assert_eq!(read(&again), Ok(first));
    }
}
