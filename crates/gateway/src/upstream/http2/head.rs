//! Heads between the two versions: of a request as it was composed, and of an answer as it will be read.

use http::{HeaderName, HeaderValue, Method, Request, Response, Uri, Version};

use crate::compose;
use crate::wire::fields::{self, RequestField, ResponseField};
use crate::wire::{Length, MOST_FIELDS};

/// Fields the gateway adds to those of a client.
const OWN_FIELDS: usize = 16;

/// A request, and how long its body is.
pub(super) struct Asked {
    pub(super) request: Request<()>,
    pub(super) length: Length,
    pub(super) is_head: bool,
}

/// Reads a head that the gateway has composed. Nothing when it is none, which cannot be.
pub(super) fn request(head: &[u8]) -> Option<Asked> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS + OWN_FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    parsed.parse(head).ok()?;
    let mut length = Length::None;
    let mut host = "";
    let mut request = Request::new(());
    *request.version_mut() = Version::HTTP_2;
    *request.method_mut() = Method::from_bytes(parsed.method?.as_bytes()).ok()?;
    for field in &*parsed.headers {
        match fields::of_request(field.name) {
            RequestField::Host => host = std::str::from_utf8(field.value).ok()?,
            RequestField::TransferEncoding => length = Length::Chunked,
            RequestField::Connection | RequestField::Upgrade => {}
            kind => {
                if kind == RequestField::ContentLength {
                    length = fields::digits(field.value)
                        .filter(|length| *length > 0)
                        .map_or(Length::None, Length::Known);
                }
                let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
                let value = HeaderValue::from_bytes(field.value).ok()?;
                request.headers_mut().append(name, value);
            }
        }
    }
    *request.uri_mut() = Uri::builder()
        .scheme("http")
        .authority(host)
        .path_and_query(parsed.path?)
        .build()
        .ok()?;
    let is_head = request.method() == Method::HEAD;
    Some(Asked {
        request,
        length,
        is_head,
    })
}

/// Writes the head of an answer, and says how long the body behind it will be. `ends`: the stream has ended with it.
pub(super) fn response<T>(
    out: &mut Vec<u8>,
    response: &Response<T>,
    (is_head, ends): (bool, bool),
) -> Length {
    let status = response.status();
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.extend_from_slice(b" \r\n");
    let of_calls = response
        .headers()
        .get(http::header::CONTENT_TYPE)
        .is_some_and(|kind| crate::grpc::is_media_type(kind.as_bytes()));
    let mut named = None;
    for (name, value) in response.headers() {
        let passes = match fields::of_response(name.as_str()) {
            // A body with trailers cannot say its length in HTTP/1, and in gRPC nothing but the trailers matters.
            ResponseField::ContentLength => {
                named = fields::digits(value.as_bytes()).filter(|_| !of_calls);
                !of_calls
            }
            ResponseField::Connection
            | ResponseField::TransferEncoding
            | ResponseField::Upgrade => false,
            _ => true,
        };
        if passes {
            compose::field(out, name.as_str(), value.as_bytes());
        }
    }
    let has_body = !is_head && !matches!(status.as_u16(), 100..=199 | 204 | 304);
    let length = match named {
        _ if !has_body => Length::None,
        None if ends => {
            out.extend_from_slice(b"content-length: 0\r\n");
            Length::None
        }
        None => {
            out.extend_from_slice(b"transfer-encoding: chunked\r\n");
            Length::Chunked
        }
        Some(0) => Length::None,
        Some(length) => Length::Known(length),
    };
    out.extend_from_slice(b"\r\n");
    length
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn written(response: http::response::Builder, ends: bool) -> (String, Length) {
        let mut out = Vec::new();
        let length = super::response(&mut out, &response.body(()).unwrap(), (false, ends));
        (String::from_utf8(out).unwrap(), length)
    }

    #[test]
    fn a_composed_request_is_read_as_it_was_meant() {
        let head = b"PUT /x?y=1 HTTP/1.1\r\nhost: cloud.example:81\r\nx-a: 1\r\nx-a: 2\r\nte: trailers\r\ncontent-length: 5\r\n\r\n";
        let asked = request(head).unwrap();
        assert_eq!(asked.length, Length::Known(5));
        assert_eq!(
            asked.request.uri().to_string(),
            "http://cloud.example:81/x?y=1"
        );
        let fields = asked.request.headers();
        assert_eq!(fields.get_all("x-a").iter().count(), 2);
        assert!(fields.contains_key("te") && !fields.contains_key("host"));
        let chunked = b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
        let asked = request(chunked).unwrap();
        assert_eq!(asked.length, Length::Chunked);
        assert!(asked.request.headers().is_empty());
    }

    #[test]
    fn the_body_of_an_answer_has_one_length() {
        let (head, length) = written(Response::builder().status(200), false);
        assert_eq!(length, Length::Chunked);
        assert!(head.ends_with("transfer-encoding: chunked\r\n\r\n"));
        let (head, length) = written(Response::builder().header("content-length", "3"), false);
        assert_eq!(length, Length::Known(3));
        assert_eq!(head.matches("content-length").count(), 1);
        let (head, length) = written(Response::builder().status(404), true);
        assert_eq!(length, Length::None);
        assert!(head.ends_with("content-length: 0\r\n\r\n"));
        assert_eq!(
            written(Response::builder().status(204), true).1,
            Length::None
        );
        let call = Response::builder()
            .header("content-type", "application/grpc+proto")
            .header("content-length", "3");
        assert_eq!(written(call, false).1, Length::Chunked);
    }
}
