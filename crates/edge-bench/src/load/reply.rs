//! Where an answer ends: as little of HTTP as that takes.

use std::io;

/// Longest head looked at.
const LONGEST_HEAD: usize = 16 * 1024;

/// What is being waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// A response with status 200 and a length.
    Response,
    /// A response with status 101.
    Upgrade,
    /// This many bytes, whatever they are.
    Bytes(u64),
}

/// One answer after the other.
pub(super) struct Reply {
    expected: Expected,
    /// The head as far as it has come, unless it came at once.
    head: Vec<u8>,
    /// Of the body or the frame, once the head is known.
    left: Option<u64>,
}

impl Reply {
    pub(super) fn new(expected: Expected) -> Self {
        Self {
            expected,
            head: Vec::new(),
            left: None,
        }
    }

    /// Takes bytes that have come; whether the answer is whole.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let length = bytes.len() as u64;
        let (left, length) = match (self.left, self.expected) {
            (Some(left), _) | (None, Expected::Bytes(left)) => (left, length),
            (None, Expected::Response | Expected::Upgrade) => {
                let before = self.head.len();
                let whole = if before == 0 {
                    bytes
                } else {
                    self.head.extend_from_slice(bytes);
                    self.head.as_slice()
                };
                let Some(end) = end_of_head(whole) else {
                    if before == 0 {
                        self.head.extend_from_slice(bytes);
                    }
                    if self.head.len() > LONGEST_HEAD {
                        return Err(io::Error::other("an endless head"));
                    }
                    return Ok(false);
                };
                let head = whole.get(..end).unwrap_or_default();
                let left = body_length(head, self.expected)?;
                let rest = (whole.len() - end) as u64;
                self.head.clear();
                (left, rest)
            }
        };
        if length > left {
            return Err(io::Error::other("more bytes than announced"));
        }
        self.left = (length < left).then_some(left - length);
        Ok(length == left)
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(at + 4)
}

fn body_length(head: &[u8], expected: Expected) -> io::Result<u64> {
    let status = head.get(9..12).unwrap_or_default();
    let wanted: &[u8] = if expected == Expected::Upgrade {
        b"101"
    } else {
        b"200"
    };
    if status != wanted {
        let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let said = String::from_utf8_lossy(line).into_owned();
        return Err(io::Error::other(format!("answered {said}")));
    }
    if expected == Expected::Upgrade {
        return Ok(0);
    }
    let lines = head.split(|byte| *byte == b'\n');
    let mut lengths = lines.filter_map(|line| {
        let (name, value) = line.split_at_checked(15)?;
        let found = name.eq_ignore_ascii_case(b"content-length:");
        found.then(|| std::str::from_utf8(value.trim_ascii()).ok()?.parse().ok())?
    });
    lengths
        .next()
        .ok_or_else(|| io::Error::other("an answer without a length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 5\r\n\r\nhello";

    #[test]
    fn an_answer_ends_with_its_body_however_it_comes() {
        for step in [1, 2, 7, 30, ANSWER.len()] {
            let mut reply = Reply::new(Expected::Response);
            for _ in 0..2 {
                let mut whole: Vec<bool> = Vec::new();
                for piece in ANSWER.chunks(step) {
                    whole.push(reply.feed(piece).unwrap());
                }
                assert!(whole.pop().unwrap(), "{step}");
                assert!(!whole.contains(&true), "{step}");
            }
        }
    }

    #[test]
    fn what_is_not_the_answer_is_an_error() {
        for wrong in [
            &b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"[..],
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy",
        ] {
            assert!(Reply::new(Expected::Response).feed(wrong).is_err());
        }
    }

    #[test]
    fn an_upgrade_has_no_body() {
        let mut reply = Reply::new(Expected::Upgrade);
        assert!(
            reply
                .feed(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
                .unwrap()
        );
    }
}
