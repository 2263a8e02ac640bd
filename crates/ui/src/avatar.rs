//! Initials and colour of a person without a picture.

/// How many colours there are; the style sheet defines one each.
const HUES: u32 = 10;

/// Up to two letters: of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split(|c: char| c.is_whitespace() || c == '.' || c == '_' || c == '@')
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// The colour of a name, always the same.
pub fn hue(name: &str) -> u32 {
    // FNV-1a: stable across versions, unlike the hashers of the standard library.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % HUES
}

#[cfg(test)]
mod tests {
    use super::{HUES, hue, initials};

    #[test]
    fn two_letters_at_most() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials("Jean-Luc de la Tour"), "JT");
        assert_eq!(initials("\u{e9}mile zola"), "\u{c9}Z");
        assert_eq!(initials("  "), "");
        assert_eq!(initials("(x) [y]"), "XY");
    }

    #[test]
    fn names_spread_over_the_hues() {
        let found: std::collections::BTreeSet<u32> =
            (0..200).map(|n| hue(&format!("person {n}"))).collect();
        assert_eq!(found.len(), usize::try_from(HUES).unwrap_or(0));
    }
}
