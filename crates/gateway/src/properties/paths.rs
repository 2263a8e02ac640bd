//! The one reading of a target, against a reading by the letter.

use proptest::prelude::*;

use super::bounded;
use crate::target::canonical;

/// Targets of pieces that are taken for one another.
fn targets() -> impl Strategy<Value = String> {
    const PIECES: [&str; 38] = [
        "/",
        "/",
        "/",
        "//",
        ".",
        "..",
        "%2e",
        "%2E",
        "%2f",
        "%2F",
        "%5c",
        "%5C",
        "%00",
        "%0a",
        "%7f",
        "%25",
        "%252e",
        "%",
        "%4",
        "%zz",
        "%61",
        "%7E",
        "%c3%a4",
        "%C3%A4",
        "%c0%af",
        "%e4",
        "a",
        "app",
        "admin",
        ";x=1",
        ";",
        "~",
        "?",
        "?a=%2F..//",
        "#",
        "\\",
        " ",
        "\u{e4}",
    ];
    let piece = prop_oneof![
        12 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let pieces = proptest::collection::vec(piece, 0..12);
    (prop_oneof![4 => Just("/"), 1 => Just("")], pieces)
        .prop_map(|(first, rest)| format!("{first}{}", rest.concat()))
}

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

proptest! {
    #![proptest_config(bounded(4096))]

    #[test]
    fn a_path_means_the_same_to_everybody_or_is_refused(target in targets()) {
        let given = if target.starts_with('?') { format!("/{target}") } else { target.clone() };
        let (path, query) = given.split_once('?').unwrap_or((&given, ""));
        let plain_query = query.bytes().all(|byte| byte > b' ' && byte < 0x7f && byte != b'#' && byte != b'\\');
        let expected = meaning(path).filter(|_| plain_query);
        match canonical(&target) {
            Err(_) => prop_assert_eq!(expected, None),
            Ok(accepted) => {
                let (path, rest) = accepted.split_once('?').unwrap_or((&accepted, ""));
                prop_assert_eq!(meaning(path), expected, "{:?}", accepted);
                prop_assert_eq!(rest, query);
                // What is sent on is the end of it: nobody behind finds another reading.
                let again = canonical(&accepted);
                prop_assert_eq!(again.as_deref(), Ok(&*accepted));
                prop_assert!(!path.contains("//") && accepted.is_ascii());
                let small = path.to_ascii_lowercase();
                prop_assert!(!small.contains("%2f") && !small.contains("%5c") && !small.contains("%2e"));
                prop_assert!(!path.split('/').any(|segment| segment == "." || segment == ".."));
            }
        }
    }
}
