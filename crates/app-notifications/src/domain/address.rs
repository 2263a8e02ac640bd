//! Mail addresses: what can be written to, and how much of one is shown.

use std::fmt;

use lettre::Address;
use url::Host;

/// Longest address (RFC 5321, section 4.5.3.1.3).
const LONGEST: usize = 254;

/// An address with its domain in ASCII (RFC 5891), so that every mail server understands it.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(Address);

impl MailAddress {
    /// Reads one address without a name. `None` for what no mail server could deliver to.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return None;
        }
        let (user, domain) = text.rsplit_once('@')?;
        let Ok(Host::Domain(domain)) = Host::parse(domain) else {
            return None;
        };
        Address::new(user, domain).ok().map(Self)
    }

    /// For the mail library.
    pub(crate) fn as_inner(&self) -> &Address {
        &self.0
    }

    /// The domain, in ASCII.
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    /// As it is shown to people whom the whole address does not concern: `a…@example.org`.
    pub fn masked(&self) -> String {
        let first = self.0.user().chars().next().unwrap_or_default();
        format!("{first}\u{2026}@{}", self.0.domain())
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Masked: errors and logs hold no addresses.
impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailAddress({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_domain_becomes_ascii() {
        let address = MailAddress::parse(" ada@bücher.example ").unwrap();
        assert_eq!(address.to_string(), "ada@xn--bcher-kva.example");
        assert_eq!(address.masked(), "a\u{2026}@xn--bcher-kva.example");
        assert!(!format!("{address:?}").contains("ada"));
    }

    #[test]
    fn what_could_carry_more_than_an_address_is_none() {
        for text in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example.org\r\nBcc: eve@example.org",
            "ada@example.org>\r\nRCPT TO:<eve@example.org",
            "ada@example.org, eve@example.org",
            "Ada <ada@example.org>",
            "ada@exa mple.org",
            "ada@127.0.0.1",
        ] {
            assert!(MailAddress::parse(text).is_none(), "{text:?}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        assert!(MailAddress::parse(&long).is_none());
    }
}
