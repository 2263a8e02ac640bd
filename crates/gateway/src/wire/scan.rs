//! Finds the end of a head while it arrives, each byte looked at once. Lines end with CR and LF, both of them: what
//! ends in one alone has one end for some readers and another for others (RFC 9112, 2.2).

use memchr::memchr_iter;

/// How far a head that is still arriving has been looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scan {
    seen: usize,
    /// Where the current line begins.
    line: usize,
}

/// What is known about a head so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It goes on.
    More,
    /// It has this many bytes.
    End(usize),
    /// A line feed without its carriage return.
    Bare,
}

impl Scan {
    /// Looks at the bytes that came since the last look. `bytes` always begins at the head's first byte.
    pub(crate) fn look(&mut self, bytes: &[u8]) -> Found {
        let fresh = bytes.get(self.seen..).unwrap_or_default();
        for at in memchr_iter(b'\n', fresh) {
            let at = self.seen + at;
            if at == 0 || bytes.get(at - 1) != Some(&b'\r') {
                return Found::Bare;
            }
            if at == self.line + 1 {
                return Found::End(at + 1);
            }
            self.line = at + 1;
        }
        self.seen = bytes.len();
        Found::More
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> Found {
        Scan::default().look(bytes)
    }

    #[test]
    fn a_head_ends_with_an_empty_line() {
        assert_eq!(
            whole(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nrest"),
            Found::End(27)
        );
        assert_eq!(whole(b"GET / HTTP/1.1\r\n\r"), Found::More);
        assert_eq!(whole(b""), Found::More);
    }

    #[test]
    fn a_bare_line_feed_ends_nothing() {
        for bytes in [&b"GET / HTTP/1.1\n"[..], b"\n", b"A\r\n\n", b"A\r\nB\n\r\n"] {
            assert_eq!(whole(bytes), Found::Bare, "{bytes:?}");
        }
    }

    #[test]
    fn it_does_not_matter_how_the_bytes_arrive() {
        let bytes = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
        for first in 0..bytes.len() {
            let mut scan = Scan::default();
            let found = match scan.look(&bytes[..first]) {
                Found::More => scan.look(bytes),
                found => found,
            };
            assert_eq!(found, Found::End(27), "split at {first}");
        }
    }
}
