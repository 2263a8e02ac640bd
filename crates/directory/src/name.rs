//! Distinguished names (RFC 4514) in the one form in which two spellings of a name are equal.

/// The name folded: lower case, no space around the parts, every escape written the same way. Values are compared
/// without regard to case, as the attributes that name people and groups are.
pub(crate) fn fold(name: &str) -> String {
    let mut folded: Vec<u8> = Vec::with_capacity(name.len());
    let mut bytes = name.trim_start().bytes().peekable();
    // Spaces that end a part, unless they are escaped.
    let mut spaces = 0;
    let mut at_start = true;
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' if at_start => {}
            b' ' => {
                folded.push(b' ');
                spaces += 1;
            }
            b',' | b';' | b'+' | b'=' => {
                folded.truncate(folded.len() - spaces);
                folded.push(if byte == b';' { b',' } else { byte });
                (spaces, at_start) = (0, true);
            }
            b'\\' => {
                let letter = escaped(&mut bytes);
                // What would mean something keeps a backslash; the others need none.
                if b",;+\\ ".contains(&letter) {
                    folded.push(b'\\');
                }
                folded.push(letter);
                (spaces, at_start) = (0, false);
            }
            byte => {
                folded.push(byte);
                (spaces, at_start) = (0, false);
            }
        }
    }
    folded.truncate(folded.len() - spaces);
    String::from_utf8_lossy(&folded).to_lowercase()
}

/// What the first part of a name is, where that is one `attribute` and plain text: `ada` of `uid=ada,cn=users`.
pub(crate) fn first(name: &str, attribute: &str) -> Option<String> {
    let folded = fold(name);
    let part = folded.split(',').next()?;
    let value = part.strip_prefix(attribute)?.strip_prefix('=')?;
    let is_plain = !value.is_empty() && !value.contains(['\\', '+', '=']);
    is_plain.then(|| value.to_owned())
}

/// What follows a backslash: two hexadecimal digits, or one character as it is.
fn escaped(bytes: &mut std::iter::Peekable<impl Iterator<Item = u8>>) -> u8 {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let Some(first) = bytes.next() else {
        return b'\\';
    };
    let second = bytes.peek().copied().and_then(digit);
    match (digit(first), second) {
        (Some(high), Some(low)) => {
            bytes.next();
            high << 4 | low
        }
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{first, fold};

    #[test]
    fn the_first_part_is_told_where_it_is_plain() {
        let uid = |name| first(name, "uid");
        assert_eq!(uid("UID=Ada, cn=Users,dc=x").as_deref(), Some("ada"));
        for name in [
            "cn=ada,cn=users,dc=x",
            "uid=ada+cn=x,dc=x",
            r"uid=a\,b,dc=x",
            "uid=,dc=x",
            "uidnumber=1,dc=x",
            "ada@example.org",
            "",
        ] {
            assert_eq!(uid(name), None, "{name}");
        }
    }

    #[test]
    fn two_spellings_of_a_name_are_one() {
        for (one, other) in [
            (
                "UID=Erika, CN=Users,DC=Example",
                "uid=erika,cn=users,dc=example",
            ),
            ("uid = erika ,  cn=users", "uid=erika,cn=users"),
            (r"cn=Muster\, Erika,dc=x", r"cn=muster\2C erika,dc=x"),
            (r"cn=J\c3\b6rg,dc=x", "cn=jörg,dc=x"),
            ("cn=JÖRG,dc=x", "cn=jörg,dc=x"),
            (r"cn=a\20,dc=x", r"cn=a\ ,dc=x"),
            (r"cn=a\3db\23,dc=x", "cn=a=b#,dc=x"),
            ("cn=a+ou=b;dc=x", "cn=a+ou=b,dc=x"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
    }

    #[test]
    fn different_names_stay_different() {
        for (one, other) in [
            (r"cn=a\,b,dc=x", "cn=a,b,dc=x"),
            (r"cn=a\ ,dc=x", "cn=a,dc=x"),
            ("cn=a b,dc=x", "cn=ab,dc=x"),
            (r"cn=a\+b,dc=x", "cn=a+b,dc=x"),
        ] {
            assert_ne!(fold(one), fold(other), "{one}");
        }
    }

    proptest! {
        #[test]
        fn neither_case_nor_space_between_parts_counts(
            parts in proptest::collection::vec(("[a-zA-Z]{1,8}", "[a-zA-Z0-9éÄ][a-zA-Z0-9éÄ .#-]{0,8}[a-zA-Z0-9]"), 1..4)
        ) {
            let joined = |around: &str, between: &str| {
                let parts = parts.iter().map(|(name, value)| format!("{name}{around}={around}{value}"));
                parts.collect::<Vec<_>>().join(between)
            };
            let tight = fold(&joined("", ","));
            prop_assert_eq!(&tight, &fold(&joined(" ", " ,  ")));
            prop_assert_eq!(&tight, &fold(&joined("", ";").to_uppercase().to_lowercase()));
        }

        #[test]
        fn whatever_is_sent_is_folded(name in any::<String>()) {
            drop(fold(&name));
        }
    }
}
