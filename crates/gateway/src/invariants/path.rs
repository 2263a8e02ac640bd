//! The one reading of a target, against a reading by the letter.

use crate::target::canonical;

/// What the octets of a path mean, if it is sound: RFC 3986 with escapes decoded once.
fn meaning(path: &str) -> Option<Vec<u8>> {
    let mut meant = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            let byte = u8::from_str_radix(digits, 16).ok()?;
            // An encoded separator is neither a separator nor a plain character.
            if byte == b'/' || byte == b'\\' || byte < 0x20 || byte == 0x7f {
                return None;
            }
            meant.push(byte);
            rest = &rest[2..];
        } else if first > b' ' && first < 0x7f && !b"\\\"<>#?^`".contains(&first) {
            meant.push(first);
        } else {
            return None;
        }
    }
    let text = std::str::from_utf8(&meant).ok()?;
    let inner = text.strip_prefix('/')?;
    let count = inner.split('/').count();
    let is_sound = inner.split('/').enumerate().all(|(at, segment)| {
        let name = segment.split(';').next().unwrap_or_default();
        (!segment.is_empty() || at + 1 == count) && name != "." && name != ".."
    });
    is_sound.then_some(meant)
}

/// A path means the same to everybody or is refused.
///
/// # Panics
/// It does not.
pub fn path(target: &str) {
    let given = if target.starts_with('?') {
        format!("/{target}")
    } else {
        target.to_owned()
    };
    let (path, query) = given.split_once('?').unwrap_or((&given, ""));
    let plain_query = query
        .bytes()
        .all(|byte| byte > b' ' && byte < 0x7f && byte != b'#' && byte != b'\\');
    let expected = meaning(path).filter(|_| plain_query);
    let Ok(accepted) = canonical(target) else {
        assert_eq!(expected, None, "{target:?} is sound and was refused");
        return;
    };
    let (path, rest) = accepted.split_once('?').unwrap_or((&accepted, ""));
    assert_eq!(meaning(path), expected, "{accepted:?}");
    assert_eq!(rest, query);
    // What is sent on is the end of it: nobody behind finds another reading.
    let again = canonical(&accepted);
    assert_eq!(again.as_deref(), Ok(&*accepted));
    assert!(!path.contains("//") && accepted.is_ascii());
    let small = path.to_ascii_lowercase();
    assert!(!small.contains("%2f") && !small.contains("%5c") && !small.contains("%2e"));
    assert!(
        !path
            .split('/')
            .any(|segment| segment == "." || segment == "..")
    );
}
