//! The head of an app's response and how long its body is (RFC 9112, 6.3). An answer that can be read in two ways is
//! no answer.

use std::mem::MaybeUninit;

use super::fields::{self, ResponseField};
use super::{Field, Length, MOST_RESPONSE_FIELDS};

/// The head of a response, borrowed from where it was read.
#[derive(Clone, Copy)]
pub(crate) struct ResponseHead<'a> {
    pub(crate) status: u16,
    pub(crate) fields: &'a [Field<'a>],
    /// How long the body is that follows on the connection.
    pub(crate) length: Length,
    /// The length the head names, for answers without a body of their own, as to HEAD.
    pub(crate) named_length: Option<u64>,
    /// Whether the connection can be used again after the body.
    pub(crate) keeps: bool,
    /// Connection names fields of its own.
    pub(crate) nominates: bool,
    /// The route template the app reports; the last one, if there are several.
    pub(crate) route: Option<&'a [u8]>,
}

/// The head of a response is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response is malformed")]
pub(crate) struct Malformed;

/// Parses the bytes of a whole head and calls `then` with it. `to_head`: the request was a HEAD.
pub(crate) fn parse<T>(
    bytes: &[u8],
    to_head: bool,
    then: impl FnOnce(ResponseHead<'_>) -> T,
) -> Result<T, Malformed> {
    // The parser would pass over empty lines, which is for requests only (RFC 9112, 2.2).
    if !bytes.starts_with(b"HTTP/") {
        return Err(Malformed);
    }
    let mut fields = [const { MaybeUninit::uninit() }; MOST_RESPONSE_FIELDS];
    let mut response = httparse::Response::new(&mut []);
    let parser = httparse::ParserConfig::default();
    match parser.parse_response_with_uninit_headers(&mut response, bytes, &mut fields) {
        Ok(httparse::Status::Complete(read)) if read == bytes.len() => {}
        Ok(_) | Err(_) => return Err(Malformed),
    }
    let status = response
        .code
        .filter(|code| (100..=599).contains(code))
        .ok_or(Malformed)?;
    let is_http_11 = response.version == Some(1);
    let mut seen = Seen::default();
    for field in &*response.headers {
        seen.note(field)?;
    }
    let bodiless = to_head || status < 200 || status == 204 || status == 304;
    let length = match (seen.coding, seen.length) {
        _ if bodiless => Length::None,
        (Some(()), None) if is_http_11 => Length::Chunked,
        (Some(()), _) => return Err(Malformed),
        (None, Some(0)) => Length::None,
        (None, Some(length)) => Length::Known(length),
        (None, None) => Length::UntilClose,
    };
    Ok(then(ResponseHead {
        status,
        fields: response.headers,
        length,
        named_length: seen.length,
        keeps: is_http_11 && !seen.closes && length != Length::UntilClose,
        nominates: seen.nominates,
        route: seen.route,
    }))
}

#[derive(Default)]
struct Seen<'a> {
    coding: Option<()>,
    length: Option<u64>,
    closes: bool,
    nominates: bool,
    route: Option<&'a [u8]>,
}

impl<'a> Seen<'a> {
    fn note(&mut self, field: &Field<'a>) -> Result<(), Malformed> {
        match fields::of_response(field.name) {
            ResponseField::ContentLength => {
                let length = fields::digits(field.value).ok_or(Malformed)?;
                if self.length.replace(length).is_some() {
                    return Err(Malformed);
                }
            }
            ResponseField::TransferEncoding => {
                let is_chunked = field.value.eq_ignore_ascii_case(b"chunked");
                if !is_chunked || self.coding.replace(()).is_some() {
                    return Err(Malformed);
                }
            }
            ResponseField::Connection => {
                for item in fields::items(field.value) {
                    if item.eq_ignore_ascii_case(b"close") {
                        self.closes = true;
                    } else if !item.eq_ignore_ascii_case(b"keep-alive") {
                        self.nominates = true;
                    }
                }
            }
            ResponseField::Route => self.route = Some(field.value),
            _ => {}
        }
        Ok(())
    }
}

impl<'a> ResponseHead<'a> {
    /// The value of a field; the first one, if there are several.
    pub(crate) fn field(&self, name: &str) -> Option<&'a [u8]> {
        let mut fields = self.fields.iter();
        let field = fields.find(|field| field.name.eq_ignore_ascii_case(name));
        field.map(|field| field.value)
    }

    /// Whether Connection names this field as its own.
    pub(crate) fn is_nominated(&self, name: &str) -> bool {
        self.nominates
            && self.fields.iter().any(|field| {
                field.name.eq_ignore_ascii_case("connection")
                    && fields::has_token(field.value, name)
            })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn length(text: &str, to_head: bool) -> Option<(Length, bool)> {
        parse(text.as_bytes(), to_head, |head| (head.length, head.keeps)).ok()
    }

    #[test]
    fn a_body_has_one_length() {
        for (text, expected) in [
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
                Some((Length::Known(5), true)),
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                Some((Length::Chunked, true)),
            ),
            ("HTTP/1.1 200 OK\r\n\r\n", Some((Length::UntilClose, false))),
            (
                "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n",
                Some((Length::None, true)),
            ),
            (
                "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n",
                Some((Length::Known(5), false)),
            ),
            (
                "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 5\r\n\r\n",
                Some((Length::Known(5), false)),
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
                None,
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                None,
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                None,
            ),
            (
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                None,
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", None),
            ("HTTP/1.1 99 OK\r\n\r\n", None),
            ("HTTP/1.1 1000 OK\r\n\r\n", None),
            ("ICY 200 OK\r\n\r\n", None),
        ] {
            assert_eq!(length(text, false), expected, "{text:?}");
        }
    }

    #[test]
    fn an_answer_to_head_has_no_body_but_may_name_a_length() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        let named = parse(text.as_bytes(), true, |head| {
            (head.length, head.named_length)
        })
        .unwrap();
        assert_eq!(named, (Length::None, Some(5)));
    }
}
