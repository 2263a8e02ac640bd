//! Where the messages of an HTTP/1 connection begin and end, read a second time and more strictly than hyper does.
//!
//! hyper resolves what this platform refuses: it drops a length beside chunks, and one of two equal lengths, before
//! anybody could see them. So the bytes pass by here first. Nothing is changed; a head that breaks the rules is
//! reported, and the connection ends.

use crate::accept::MOST_FIELDS;
use crate::reject::Fault;
use crate::target;

/// Bytes a head may have.
const LONGEST_HEAD: usize = 64 * 1024;
/// How a client begins that speaks HTTP/2 from the start.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n";

/// What comes next on the connection.
#[derive(Debug)]
pub(super) enum Framing {
    /// A head; this much of it is there.
    Head(Vec<u8>),
    /// A body with this many bytes to go.
    Body(u64),
    /// A body in chunks.
    Chunked(Chunks),
    /// Something that is not HTTP/1.
    Opaque,
}

/// Where within a chunked body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunks {
    /// In the line with the size; digits so far, and whether an extension has begun.
    Size {
        size: u64,
        digits: u8,
        extension: bool,
    },
    /// In the data, with its closing line break.
    Data(u64),
    /// In the trailers; length of the line so far, and of all.
    Trailer { line: usize, total: usize },
}

/// What a head says about its body.
enum Length {
    None,
    Known(u64),
    Chunked,
}

impl Framing {
    pub(super) fn new() -> Self {
        Self::Head(Vec::new())
    }

    /// Whether a head has begun and not ended.
    pub(super) fn is_within_head(&self) -> bool {
        matches!(self, Self::Head(begun) if !begun.is_empty())
    }

    /// Reads the next bytes of the connection.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            bytes = match self {
                Self::Opaque => return Ok(()),
                Self::Head(begun) => {
                    let Some((next, rest)) = read_head(begun, bytes)? else {
                        return Ok(());
                    };
                    *self = next;
                    rest
                }
                Self::Body(left) => {
                    let here = usize::try_from(*left)
                        .unwrap_or(usize::MAX)
                        .min(bytes.len());
                    *left -= u64::try_from(here).unwrap_or(*left);
                    if *left == 0 {
                        *self = Self::new();
                    }
                    bytes.split_at(here).1
                }
                Self::Chunked(chunks) => {
                    let (done, rest) = chunks.feed(bytes)?;
                    if done {
                        *self = Self::new();
                    }
                    rest
                }
            };
        }
        Ok(())
    }
}

/// Adds bytes to a head. When it is whole: what follows it, and the bytes beyond it.
fn read_head<'a>(
    begun: &mut Vec<u8>,
    bytes: &'a [u8],
) -> Result<Option<(Framing, &'a [u8])>, Fault> {
    // Empty lines before a request are tolerated (RFC 9112, 2.2).
    let bytes = if begun.is_empty() {
        skip_empty_lines(bytes)
    } else {
        bytes
    };
    // The end may straddle the border between what was there and what comes.
    let known = begun.len();
    let overlap = begun.get(known.saturating_sub(3)..).unwrap_or_default();
    let border = [overlap, bytes.get(..bytes.len().min(3)).unwrap_or_default()].concat();
    let end = match end_of_head(&border).filter(|end| *end > overlap.len()) {
        Some(end) => Some(end - overlap.len()),
        None => end_of_head(bytes),
    };
    let Some(end) = end else {
        begun.extend_from_slice(bytes);
        return match begun.len() {
            length if length > LONGEST_HEAD => Err(too_large(begun)),
            _ => Ok(None),
        };
    };
    let (last, rest) = bytes.split_at(end);
    let length = if begun.is_empty() {
        // The usual case: the whole head in one piece.
        judge(last)?
    } else {
        begun.extend_from_slice(last);
        judge(begun)?
    };
    let next = match length {
        None => Framing::Opaque,
        Some(Length::None | Length::Known(0)) => Framing::new(),
        Some(Length::Known(length)) => Framing::Body(length),
        Some(Length::Chunked) => Framing::Chunked(Chunks::start()),
    };
    Ok(Some((next, rest)))
}

fn skip_empty_lines(bytes: &[u8]) -> &[u8] {
    let start = bytes
        .iter()
        .position(|byte| *byte != b'\r' && *byte != b'\n');
    start
        .and_then(|start| bytes.get(start..))
        .unwrap_or_default()
}

/// The position behind the empty line that ends a head.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(line) = bytes.get(from..)?.iter().position(|byte| *byte == b'\n') {
        let next = from + line + 1;
        match bytes.get(next..) {
            Some([b'\n', ..]) => return Some(next + 1),
            Some([b'\r', b'\n', ..]) => return Some(next + 2),
            _ => from = next,
        }
    }
    None
}

/// A head that has no end in sight: is it the target that is too long, or the rest?
fn too_large(begun: &[u8]) -> Fault {
    let line = begun
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    if line.len() > target::LONGEST {
        Fault::TargetTooLong
    } else {
        Fault::HeadTooLarge
    }
}

/// Checks a whole head. `None` means that the client speaks HTTP/2.
fn judge(head: &[u8]) -> Result<Option<Length>, Fault> {
    if head.starts_with(HTTP2_PREFACE) {
        return Ok(None);
    }
    if head.len() > LONGEST_HEAD {
        return Err(too_large(head));
    }
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Fault::HeadTooLarge),
        Ok(httparse::Status::Partial) | Err(_) => return Err(Fault::Malformed),
    }
    let target = request.path.unwrap_or_default();
    if target.len() > target::LONGEST {
        return Err(Fault::TargetTooLong);
    }
    // hyper cuts a fragment off in silence.
    if target.contains('#') {
        return Err(Fault::Path);
    }
    length(request.headers, request.version == Some(1)).map(Some)
}

/// The one length of the body.
fn length(fields: &[httparse::Header<'_>], is_http_11: bool) -> Result<Length, Fault> {
    let mut found = Length::None;
    for field in fields {
        let is_length = field.name.eq_ignore_ascii_case("content-length");
        let is_coding = field.name.eq_ignore_ascii_case("transfer-encoding");
        if !is_length && !is_coding {
            continue;
        }
        // A second word on the length is one too many, whatever it says.
        if !matches!(found, Length::None) {
            return Err(Fault::Malformed);
        }
        found = if is_length {
            Length::Known(digits(field.value).ok_or(Fault::Malformed)?)
        } else if is_http_11 && field.value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
            Length::Chunked
        } else {
            return Err(Fault::Malformed);
        };
    }
    Ok(found)
}

/// Digits and nothing else: no sign, no list, no second number.
fn digits(value: &[u8]) -> Option<u64> {
    let value = value.trim_ascii();
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

impl Chunks {
    /// Bytes the trailers may have.
    const LONGEST_TRAILER: usize = 16 * 1024;

    fn start() -> Self {
        Self::Size {
            size: 0,
            digits: 0,
            extension: false,
        }
    }

    /// Reads on; whether the body has ended, and the bytes beyond.
    fn feed<'a>(&mut self, mut bytes: &'a [u8]) -> Result<(bool, &'a [u8]), Fault> {
        while let Some((byte, rest)) = bytes.split_first() {
            bytes = rest;
            match *self {
                Self::Size {
                    size,
                    digits,
                    extension,
                } => *self = Self::size(*byte, size, digits, extension)?,
                Self::Data(left) => {
                    // This byte, and as many as there are of the others.
                    let more = usize::try_from(left - 1)
                        .unwrap_or(usize::MAX)
                        .min(rest.len());
                    bytes = rest.split_at(more).1;
                    let left = left - 1 - u64::try_from(more).unwrap_or(left - 1);
                    *self = if left == 0 {
                        Self::start()
                    } else {
                        Self::Data(left)
                    };
                }
                Self::Trailer { total, .. } if total > Self::LONGEST_TRAILER => {
                    return Err(Fault::HeadTooLarge);
                }
                Self::Trailer { line: 0, .. } if *byte == b'\n' => return Ok((true, rest)),
                Self::Trailer { line, total } => {
                    let line = match *byte {
                        b'\n' => 0,
                        b'\r' => line,
                        _ => line + 1,
                    };
                    *self = Self::Trailer {
                        line,
                        total: total + 1,
                    };
                }
            }
        }
        Ok((false, bytes))
    }

    fn size(byte: u8, size: u64, digits: u8, extension: bool) -> Result<Self, Fault> {
        let same = Self::Size {
            size,
            digits,
            extension,
        };
        match byte {
            b'\n' if digits > 0 && size == 0 => Ok(Self::Trailer { line: 0, total: 0 }),
            // With its closing line break.
            b'\n' if digits > 0 => size.checked_add(2).map(Self::Data).ok_or(Fault::Malformed),
            b'\r' => Ok(same),
            b';' | b' ' | b'\t' if digits > 0 => Ok(Self::Size {
                size,
                digits,
                extension: true,
            }),
            _ if extension => Ok(same),
            _ => {
                let digit = char::from(byte)
                    .to_digit(16)
                    .filter(|_| digits < 16)
                    .ok_or(Fault::Malformed)?;
                Ok(Self::Size {
                    size: size << 4 | u64::from(digit),
                    digits: digits + 1,
                    extension,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
