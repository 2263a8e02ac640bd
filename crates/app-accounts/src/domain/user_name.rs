//! What another identity system calls a person, and the name to sign in with that is made of it.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use super::name::{Unfit, Username};

/// Longest name, in bytes: that of a mail address (RFC 5321 section 4.5.3.1).
const LONGEST: usize = 320;
/// Longest part of a sign-in name that is taken over, so that a number still fits behind it.
const LONGEST_STEM: usize = 56;
/// How many sign-in names are tried before one gets a random part.
const TRIES: usize = 50;

/// A `userName` of SCIM (RFC 7643 section 4.1.1), as it was sent: often a mail address. Compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName(String);

impl UserName {
    /// Checks what was sent.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(sent: &str) -> Result<Self, Unfit> {
        let name = sent.trim();
        match name.len() {
            0 => Err(Unfit::Empty),
            length if length > LONGEST => Err(Unfit::TooLong),
            _ if name.chars().any(char::is_control) => Err(Unfit::Character),
            _ => Ok(Self(name.to_owned())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Names to sign in with that are like it, the likest first: what stands before the `@`, without accents, and then
    /// with a number behind it.
    pub fn sign_in_names(&self) -> Vec<String> {
        let stem = self.stem();
        let numbered = (2..=TRIES).map(|number| format!("{stem}{number}"));
        std::iter::once(stem.clone()).chain(numbered).collect()
    }

    /// The name to sign in with for the person of that id: the first that nobody has.
    ///
    /// # Errors
    /// Never: what it is made of fits.
    pub fn sign_in_name(&self, taken: &[String], id: Uuid) -> Result<Username, Unfit> {
        let free = |name: &String| !taken.contains(name);
        if let Some(name) = self.sign_in_names().into_iter().find(free) {
            return Username::parse(&name);
        }
        // The end of a UUIDv7 is random.
        let random = id.simple().to_string().split_off(24);
        Username::parse(&format!("{}{random}", self.stem()))
    }

    fn stem(&self) -> String {
        let local = self.0.split('@').next().unwrap_or_default();
        let plain: String = local
            .to_lowercase()
            .replace('ß', "ss")
            .nfkd()
            .filter(|letter| !is_combining_mark(*letter))
            .map(|letter| match letter {
                letter if letter.is_ascii_alphanumeric() || "._-".contains(letter) => letter,
                _ => '-',
            })
            .take(LONGEST_STEM)
            .collect();
        let stem = plain.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        match stem.len() {
            0 => "person".to_owned(),
            1 => format!("{stem}1"),
            _ => stem.to_owned(),
        }
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn signs_in(sent: &str, taken: &[&str]) -> String {
        let taken: Vec<String> = taken.iter().map(|&name| name.to_owned()).collect();
        let name = UserName::parse(sent).unwrap();
        let id = Uuid::from_u128(0xabcd_ef01);
        name.sign_in_name(&taken, id).unwrap().to_string()
    }

    #[test]
    fn a_sign_in_name_is_made_of_what_was_sent() {
        for (sent, expected) in [
            ("erika", "erika"),
            ("Erika.Muster@example.org", "erika.muster"),
            ("Jörg_Groß@example.org", "jorg_gross"),
            ("erika+test@example.org", "erika-test"),
            ("EXAMPLE\\erika", "example-erika"),
            (".é.@example.org", "e1"),
            ("@example.org", "person"),
            ("李@example.org", "person"),
        ] {
            assert_eq!(signs_in(sent, &[]), expected, "{sent}");
        }
        assert_eq!(signs_in(&"x".repeat(300), &[]).len(), LONGEST_STEM);
    }

    #[test]
    fn a_taken_one_gets_a_number_and_at_last_a_random_part() {
        assert_eq!(
            signs_in("erika@a.org", &["erika", "erika2", "erika4"]),
            "erika3"
        );
        let all = UserName::parse("erika").unwrap().sign_in_names();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        assert_eq!(signs_in("erika", &all), "erikaabcdef01");
    }

    #[test]
    fn what_is_sent_is_kept_but_for_the_space_around_it() {
        assert_eq!(
            UserName::parse(" Erika@A.org ").unwrap().as_str(),
            "Erika@A.org"
        );
        assert_eq!(UserName::parse(" "), Err(Unfit::Empty));
        assert_eq!(UserName::parse("a\u{0}"), Err(Unfit::Character));
        assert_eq!(UserName::parse(&"x".repeat(321)), Err(Unfit::TooLong));
    }
}
