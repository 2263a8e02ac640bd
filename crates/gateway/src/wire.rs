//! HTTP/1 messages as bytes: where a head ends, what it says, how long its body is. Reads strictly and judges nothing
//! else; knows no route and no app.

pub(crate) mod body;
pub(crate) mod chunks;
pub(crate) mod fields;
pub(crate) mod inbox;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod scan;

/// Bytes a head may have.
pub(crate) const LONGEST_HEAD: usize = 64 * 1024;
/// Fields the head of a request may have.
pub(crate) const MOST_FIELDS: usize = 128;
/// Fields the head of a response may have.
pub(crate) const MOST_RESPONSE_FIELDS: usize = 256;

/// One header field, borrowed from the bytes of a head.
pub(crate) type Field<'a> = httparse::Header<'a>;

/// How long a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// There is none.
    None,
    /// This many bytes.
    Known(u64),
    /// As long as its chunks say (RFC 9112, 7.1).
    Chunked,
    /// Until the connection ends. Only responses can be this long.
    UntilClose,
}
