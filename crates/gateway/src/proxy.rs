//! The PROXY protocol (HAProxy's `proxy-protocol.txt`), both versions: how a proxy that passes connections on without
//! reading them says whom each is from. Read from trusted proxies only, once, before anything else on a connection.

use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;

use crate::exchange::Door;
use crate::worker::{Deadline, Worker};

/// How a header of version 2 begins.
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// Bytes of a header of version 2 before its addresses.
const FIXED: usize = 16;
/// Bytes a header of version 2 may have: what fits into the smallest segment of TCP, with room for several extensions.
const LONGEST: usize = 536;
/// How a header of version 1 begins.
const WORD: &[u8] = b"PROXY ";
/// The shortest header of version 1.
const SHORTEST_LINE: usize = b"PROXY UNKNOWN\r\n".len();
/// Bytes a header of version 1 may have.
const LONGEST_LINE: usize = 107;

/// What the beginning of a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beginning {
    /// Part of a header, of which at least this many bytes are missing.
    More(usize),
    /// A whole header: the connection is from this address, or from whom it seems to be.
    Header(Option<IpAddr>),
    /// No header.
    Other,
    /// Something that begins like a header and is none.
    Malformed,
}

/// What a proxy has sent before the first request.
#[derive(Debug, Default)]
pub(crate) struct Preamble {
    /// Whom the connection is from, if not from whom it seems to be.
    pub(crate) source: Option<IpAddr>,
    /// What was read and belongs to the first request.
    pub(crate) ahead: Vec<u8>,
}

/// Reads the header of a connection, if it begins with one. Nothing when the connection is to be closed.
pub(crate) async fn read(
    stream: &mut TcpStream,
    deadline: &Deadline,
    (worker, door): (&Worker, Door),
) -> Option<Preamble> {
    let limits = worker.limits();
    deadline.set(limits.keep_alive);
    let first = poll_fn(|cx| poll_first(cx, stream, deadline, worker)).await?;
    if first != b'\r' && first != b'P' {
        return Some(Preamble::default());
    }
    deadline.set(limits.head);
    let mut bytes = Vec::with_capacity(FIXED);
    loop {
        match parse(&bytes) {
            Beginning::More(missing) => {
                poll_fn(|cx| poll_more(cx, stream, deadline, (&mut bytes, missing))).await?;
            }
            Beginning::Header(source) => {
                let ahead = Vec::new();
                return Some(Preamble { source, ahead });
            }
            // What begins like this cannot be TLS.
            Beginning::Other if door == Door::Tls => return None,
            Beginning::Other => {
                let source = None;
                return Some(Preamble {
                    source,
                    ahead: bytes,
                });
            }
            Beginning::Malformed => return None,
        }
    }
}

/// The first byte, which stays where it is.
fn poll_first(
    cx: &mut Context<'_>,
    stream: &TcpStream,
    deadline: &Deadline,
    worker: &Worker,
) -> Poll<Option<u8>> {
    let mut byte = [0; 1];
    let mut buffer = ReadBuf::new(&mut byte);
    match stream.poll_peek(cx, &mut buffer) {
        Poll::Ready(Ok(1)) => Poll::Ready(buffer.filled().first().copied()),
        Poll::Ready(_) => Poll::Ready(None),
        Poll::Pending if worker.is_closing() => Poll::Ready(None),
        Poll::Pending => deadline.poll(cx).map(|()| None),
    }
}

/// Reads some of what is missing.
fn poll_more(
    cx: &mut Context<'_>,
    stream: &mut TcpStream,
    deadline: &Deadline,
    (bytes, missing): (&mut Vec<u8>, usize),
) -> Poll<Option<()>> {
    let mut room = [0; LONGEST];
    let room = room.get_mut(..missing).unwrap_or_default();
    let mut room = ReadBuf::new(room);
    let read: Poll<io::Result<()>> = Pin::new(stream).poll_read(cx, &mut room);
    match read {
        Poll::Ready(Ok(())) if !room.filled().is_empty() => {
            bytes.extend_from_slice(room.filled());
            Poll::Ready(Some(()))
        }
        Poll::Ready(_) => Poll::Ready(None),
        Poll::Pending => deadline.poll(cx).map(|()| None),
    }
}

fn parse(bytes: &[u8]) -> Beginning {
    if bytes.is_empty() {
        return Beginning::More(1);
    }
    if begins(bytes, SIGNATURE) {
        if bytes.len() < FIXED {
            return Beginning::More(FIXED - bytes.len());
        }
        return version_2(bytes);
    }
    if begins(bytes, WORD) {
        return if bytes.len() < WORD.len() {
            Beginning::More(WORD.len() - bytes.len())
        } else {
            version_1(bytes)
        };
    }
    Beginning::Other
}

/// Whether two texts are the same as far as both go.
fn begins(bytes: &[u8], with: &[u8]) -> bool {
    bytes.iter().zip(with).all(|(one, other)| one == other)
}

fn version_2(bytes: &[u8]) -> Beginning {
    let &[.., command, family, high, low] = bytes.get(..FIXED).unwrap_or_default() else {
        return Beginning::Malformed;
    };
    let length = FIXED + usize::from(u16::from_be_bytes([high, low]));
    if length > LONGEST {
        return Beginning::Malformed;
    }
    let Some(rest) = bytes.get(FIXED..length) else {
        return Beginning::More(length - bytes.len());
    };
    match (command, family) {
        // Behind the addresses come extensions, which mean nothing here.
        (0x21, 0x11) => match rest.first_chunk::<12>() {
            Some(&[a, b, c, d, ..]) => Beginning::Header(Some(Ipv4Addr::new(a, b, c, d).into())),
            None => Beginning::Malformed,
        },
        (0x21, 0x21) => match (rest.first_chunk::<16>(), rest.len()) {
            (Some(source), 36..) => Beginning::Header(Some(Ipv6Addr::from(*source).to_canonical())),
            _ => Beginning::Malformed,
        },
        // About the connection itself, such as a check whether we are there, or not over TCP: to be taken for the
        // connection it seems to be.
        (0x20, _) | (0x21, 0x00 | 0x12 | 0x22 | 0x31 | 0x32) => Beginning::Header(None),
        _ => Beginning::Malformed,
    }
}

fn version_1(bytes: &[u8]) -> Beginning {
    if let Some(line) = bytes.strip_suffix(b"\r\n") {
        let line = std::str::from_utf8(line).unwrap_or_default();
        return match line.strip_prefix("PROXY UNKNOWN") {
            Some("") => Beginning::Header(None),
            Some(rest) if rest.starts_with(' ') => Beginning::Header(None),
            _ => source(line).map_or(Beginning::Malformed, |source| {
                Beginning::Header(Some(source))
            }),
        };
    }
    if bytes.contains(&b'\n') || bytes.len() >= LONGEST_LINE {
        return Beginning::Malformed;
    }
    let end = if bytes.ends_with(b"\r") { 1 } else { 2 };
    let missing = SHORTEST_LINE.saturating_sub(bytes.len()).max(end);
    Beginning::More(missing.min(LONGEST_LINE - bytes.len()))
}

/// Whom a line names; nothing when it is malformed.
fn source(line: &str) -> Option<IpAddr> {
    let mut words = line.split(' ').skip(1);
    let family = words.next()?;
    let (source, target): (IpAddr, IpAddr) =
        (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    for _ in 0..2 {
        words.next()?.parse::<u16>().ok()?;
    }
    let is_right = match family {
        "TCP4" => source.is_ipv4() && target.is_ipv4(),
        "TCP6" => source.is_ipv6() && target.is_ipv6(),
        _ => false,
    };
    (is_right && words.next().is_none()).then(|| source.to_canonical())
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "tests fail by panicking"
    )]
    use super::*;

    fn header(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [SIGNATURE, &[command, family], &length, rest].concat()
    }

    /// As it is read: never more than is known to belong to the header.
    fn read(bytes: &[u8]) -> (Beginning, usize) {
        let mut end = 0;
        loop {
            match parse(&bytes[..end]) {
                Beginning::More(missing) if end + missing <= bytes.len() => end += missing,
                found => return (found, end),
            }
        }
    }

    fn address(text: &str) -> Beginning {
        Beginning::Header(Some(text.parse().unwrap()))
    }

    #[test]
    fn headers_of_version_2() {
        let four = [192, 0, 2, 7, 10, 0, 0, 1, 1, 0, 0, 80];
        let six = {
            let source: Ipv6Addr = "2001:db8::7".parse().unwrap();
            [&source.octets()[..], &[0; 16], &[1, 0, 0, 80]].concat()
        };
        let extended = [&four[..], &[4, 0, 100], &[0; 100]].concat();
        for (bytes, expected) in [
            (header(0x21, 0x11, &four), address("192.0.2.7")),
            (header(0x21, 0x11, &extended), address("192.0.2.7")),
            (header(0x21, 0x21, &six), address("2001:db8::7")),
            (header(0x20, 0x00, &[]), Beginning::Header(None)),
            (header(0x20, 0x11, &four), Beginning::Header(None)),
            (header(0x21, 0x00, &[]), Beginning::Header(None)),
            (header(0x21, 0x31, &[0; 216]), Beginning::Header(None)),
            (header(0x21, 0x11, &four[..11]), Beginning::Malformed),
            (header(0x21, 0x21, &six[..35]), Beginning::Malformed),
            (header(0x22, 0x11, &four), Beginning::Malformed),
            (header(0x11, 0x11, &four), Beginning::Malformed),
            (header(0x21, 0x13, &four), Beginning::Malformed),
            (header(0x21, 0x00, &[0; LONGEST]), Beginning::Malformed),
        ] {
            let request = [&bytes[..], b"GET / HTTP/1.1\r\n\r\n"].concat();
            let (found, end) = read(&request);
            assert_eq!(found, expected, "{bytes:?}");
            if matches!(found, Beginning::Header(_)) {
                assert_eq!(end, bytes.len(), "the request was touched");
            }
        }
    }

    #[test]
    fn headers_of_version_1() {
        let longest = "f".repeat(39);
        for (line, expected) in [
            ("PROXY TCP4 192.0.2.7 10.0.0.1 1 80", address("192.0.2.7")),
            (
                "PROXY TCP6 2001:db8::7 ::1 65535 80",
                address("2001:db8::7"),
            ),
            ("PROXY UNKNOWN", Beginning::Header(None)),
            ("PROXY UNKNOWN what ever", Beginning::Header(None)),
            ("PROXY TCP4 2001:db8::7 ::1 1 80", Beginning::Malformed),
            ("PROXY TCP4 192.0.2.7 10.0.0.1 1", Beginning::Malformed),
            (
                "PROXY TCP4 192.0.2.7 10.0.0.1 1 65536",
                Beginning::Malformed,
            ),
            ("PROXY TCP4 192.0.2.7 10.0.0.1 1 80 2", Beginning::Malformed),
            ("PROXY TCP5 192.0.2.7 10.0.0.1 1 80", Beginning::Malformed),
            ("PROXY  TCP4 192.0.2.7 10.0.0.1 1 80", Beginning::Malformed),
            (
                &format!("PROXY UNKNOWN {}", longest.repeat(3)),
                Beginning::Malformed,
            ),
        ] {
            let request = format!("{line}\r\nGET / HTTP/1.1\r\n\r\n");
            let (found, end) = read(request.as_bytes());
            assert_eq!(found, expected, "{line}");
            if matches!(found, Beginning::Header(_)) {
                assert_eq!(end, line.len() + 2, "the request was touched");
            }
        }
    }

    #[test]
    fn a_request_is_none() {
        for request in [
            "GET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\n\r\n",
            "PROXYX / HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(read(request.as_bytes()).0, Beginning::Other, "{request}");
        }
    }
}
