//! Asking for an account: whether strangers may, whose addresses are let in, and what they say.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;

use super::name::EmailAddress;
use super::person::Unknown;

/// Whether strangers may ask for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They may not.
    Off,
    /// Administrators decide on each request.
    Requests,
    /// Who has an address in one of the listed domains comes in; nobody else does.
    Domains,
}

impl FromStr for Mode {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        match word {
            "off" => Ok(Self::Off),
            "requests" => Ok(Self::Requests),
            "domains" => Ok(Self::Domains),
            _ => Err(Unknown),
        }
    }
}

/// Domains of mail addresses. `example.org` is that domain alone; `*.example.org` is every domain below it, at any
/// depth, and not itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domains(Vec<String>);

impl Domains {
    /// Reads a list parted by white space, commas or semicolons. What is no domain lets nobody in.
    pub fn read(list: &str) -> Self {
        let parts = list.split(|letter: char| letter.is_whitespace() || ",;".contains(letter));
        let parts = parts.map(|part| part.trim_start_matches('@').to_lowercase());
        Self(parts.filter(|part| !part.is_empty()).collect())
    }

    /// Whether an address is in one of them.
    pub fn hold(&self, address: &EmailAddress) -> bool {
        let domain = address.as_str().rsplit('@').next().unwrap_or_default();
        let domain = domain.to_lowercase();
        self.0.iter().any(|rule| match rule.strip_prefix("*.") {
            Some(parent) => domain
                .strip_suffix(parent)
                .and_then(|below| below.strip_suffix('.'))
                .is_some_and(|below| !below.is_empty() && !parent.is_empty()),
            None => domain == *rule,
        })
    }
}

/// Identifies a request; whoever it lets in is the person of this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRequestId(pub Uuid);

impl fmt::Display for AccountRequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Somebody asks for an account.
#[derive(Clone, Debug)]
pub struct AccountRequest {
    /// Which.
    pub id: AccountRequestId,
    /// Their address.
    pub email: String,
    /// Name to show.
    pub display_name: String,
    /// What they say about themselves.
    pub note: String,
    /// The language they asked in.
    pub locale: String,
    /// When they asked.
    pub created_at: Timestamp,
    /// What they were told when it was denied.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::{Domains, EmailAddress};

    #[test]
    fn domains_are_exact_unless_a_star_says_otherwise() {
        let domains = Domains::read(" Example.org, *.example.net\n@third.example ;*. ");
        let hold = |address: &str| domains.hold(&EmailAddress::parse(address).unwrap());
        for inside in [
            "a@example.org",
            "a@EXAMPLE.org",
            "a@x.example.net",
            "a@x.y.example.net",
            "a@third.example",
        ] {
            assert!(hold(inside), "{inside}");
        }
        for outside in [
            "a@sub.example.org",
            "a@notexample.org",
            "a@example.org.evil.example",
            "a@example.net",
            "a@notexample.net",
            "example.org@evil.example",
        ] {
            assert!(!hold(outside), "{outside}");
        }
        assert!(!Domains::read(" ").hold(&EmailAddress::parse("a@b.c").unwrap()));
    }
}
