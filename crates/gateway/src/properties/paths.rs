//! The one reading of a target.

use proptest::prelude::*;

use super::bounded;
use crate::invariants::path;

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

proptest! {
    #![proptest_config(bounded(4096))]

    #[test]
    fn a_path_means_the_same_to_everybody_or_is_refused(target in targets()) {
        path(&target);
    }
}
