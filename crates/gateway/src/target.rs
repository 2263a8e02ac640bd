//! The one reading of a request's target. What is matched here is what the app is sent.
//!
//! A path that could mean different things to different readers is refused, not repaired: empty segments, dot
//! segments in any spelling, encoded slashes, backslashes and control characters, broken escapes. What is merely
//! spelled unusually (`%61` for `a`, `%c3` for `%C3`) is brought into its usual form.

use std::borrow::Cow;

use crate::reject::Fault;

/// Longest target, in bytes.
pub(crate) const LONGEST: usize = 8 * 1024;

/// Brings a target, a path with or without a query, into its one form, or says why it has none.
pub(crate) fn canonical(target: &str) -> Result<Cow<'_, str>, Fault> {
    if target.len() > LONGEST {
        return Err(Fault::TargetTooLong);
    }
    if target.starts_with('?') {
        // In absolute form the path may be left out (RFC 9112, 3.2.2).
        return canonical(&format!("/{target}")).map(|rooted| Cow::Owned(rooted.into_owned()));
    }
    let end = memchr::memchr(b'?', target.as_bytes());
    let (path, query) = match end.and_then(|end| target.split_at_checked(end)) {
        Some((path, query)) => (path, query.get(1..)),
        None => (target, None),
    };
    if query.is_some_and(|query| !query.bytes().all(is_query)) {
        return Err(Fault::Path);
    }
    match read(path)? {
        None => Ok(Cow::Borrowed(target)),
        Some(mut rewritten) => {
            if let Some(query) = query {
                rewritten.push('?');
                rewritten.push_str(query);
            }
            Ok(Cow::Owned(rewritten))
        }
    }
}

/// Checks the path; yields another spelling when it is not in its usual one.
fn read(path: &str) -> Result<Option<String>, Fault> {
    let mut has_escapes = false;
    for byte in path.bytes() {
        if !is_path(byte) {
            return Err(Fault::Path);
        }
        has_escapes |= byte == b'%';
    }
    if !has_escapes {
        return check_segments(path.as_bytes()).map(|()| None);
    }
    let rewritten = unescape(path)?;
    check_segments(rewritten.as_bytes())?;
    Ok(Some(rewritten).filter(|rewritten| rewritten != path))
}

/// A trailing slash leaves an empty segment at the end, and nowhere else; dots are nowhere a segment.
fn check_segments(path: &[u8]) -> Result<(), Fault> {
    let Some((b'/', rest)) = path.split_first() else {
        return Err(Fault::Path);
    };
    let mut begin = 0;
    for (at, byte) in rest.iter().enumerate() {
        if *byte == b'/' {
            if at == begin || is_dots(rest.get(begin..at).unwrap_or_default()) {
                return Err(Fault::Path);
            }
            begin = at + 1;
        }
    }
    if is_dots(rest.get(begin..).unwrap_or_default()) {
        return Err(Fault::Path);
    }
    Ok(())
}

/// `.` and `..`, also with parameters as in `..;x`, which some servers cut off before they look.
fn is_dots(segment: &[u8]) -> bool {
    matches!(
        segment,
        [b'.'] | [b'.', b'.'] | [b'.', b';', ..] | [b'.', b'.', b';', ..]
    )
}

/// Decodes escapes of characters that need none, and writes the others in capitals.
fn unescape(path: &str) -> Result<String, Fault> {
    let mut out = String::with_capacity(path.len());
    let mut meant = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(char::from(byte));
            meant.push(byte);
            continue;
        }
        let digits = (bytes.next().and_then(hex), bytes.next().and_then(hex));
        let (Some(high), Some(low)) = digits else {
            return Err(Fault::Path);
        };
        meant.push(high << 4 | low);
        match high << 4 | low {
            plain @ (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~') => {
                out.push(char::from(plain));
            }
            b'/' | b'\\' | 0..=0x1f | 0x7f => return Err(Fault::Path),
            other => {
                out.push('%');
                for digit in [other >> 4, other & 0xf] {
                    out.push(
                        char::from_digit(u32::from(digit), 16)
                            .map_or('0', |digit| digit.to_ascii_uppercase()),
                    );
                }
            }
        }
    }
    // Overlong escapes of a slash are a slash for readers that decode carelessly (RFC 3629, 10).
    if std::str::from_utf8(&meant).is_ok() {
        Ok(out)
    } else {
        Err(Fault::Path)
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

fn is_path(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'#' | b'?' | b'^' | b'`')
}

fn is_query(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn outcome(target: &str) -> Result<String, Fault> {
        canonical(target).map(Cow::into_owned)
    }

    #[test]
    fn plain_targets_stay_as_they_are() {
        for plain in [
            "/",
            "/app/hello",
            "/app/hello/",
            "/a/b.c/~d_e-f/@g:h",
            "/a;v=1/b,c",
            "/a%20b",
            "/%C3%A4",
            "/a?b=%2F..%2f//&c=[1]",
            "/.well-known/x",
            "/...",
            "/a/.b",
        ] {
            assert_eq!(outcome(plain).as_deref(), Ok(plain));
        }
    }

    #[test]
    fn unusual_spellings_are_brought_into_form() {
        for (given, usual) in [
            ("/%61pp/hello", "/app/hello"),
            ("/a%7eb", "/a~b"),
            ("/%c3%a4", "/%C3%A4"),
            ("/%61?x=%61", "/a?x=%61"),
        ] {
            assert_eq!(outcome(given).as_deref(), Ok(usual));
        }
    }

    #[test]
    fn a_path_with_two_readings_is_refused() {
        for trick in [
            "//",
            "//a",
            "/a//b",
            "/a//",
            "/.",
            "/..",
            "/a/.",
            "/a/..",
            "/a/../b",
            "/a/./b",
            "/%2e",
            "/%2E%2e/b",
            "/a/%2e%2e",
            "/a/.%2e/b",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a%00b",
            "/a%0ab",
            "/a%7f",
            "/a%",
            "/a%2",
            "/a%zz",
            "/a%%20",
            "/%C0%AF",
            "/%E0%80%AE",
            "/%e4",
            "/..;/a",
            "/a/..;x=1/b",
            "/a/%2e%2e;/b",
            "/\u{e4}",
            "/a\"b",
            "/a<b",
            "*",
            "",
        ] {
            assert_eq!(outcome(trick), Err(Fault::Path), "{trick:?}");
        }
    }

    #[test]
    fn a_target_over_8_kib_is_too_long() {
        let exactly = format!("/{}", "a".repeat(LONGEST - 1));
        assert!(outcome(&exactly).is_ok());
        assert_eq!(outcome(&format!("{exactly}a")), Err(Fault::TargetTooLong));
    }

    #[test]
    fn a_canonical_target_is_its_own_canonical_form() {
        for given in ["/%61%2Dx/%c3%A4?q", "/a/b/", "/a%20b"] {
            let once = outcome(given).unwrap();
            assert_eq!(outcome(&once).as_ref(), Ok(&once));
        }
    }
}
