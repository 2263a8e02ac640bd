//! What is served over TLS: a host name, all names one label below one, or an address.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Longest host name.
const LONGEST: usize = 253;
/// Endings below which no public authority issues certificates.
const INTERNAL: [&str; 6] = [
    "home.arpa",
    "internal",
    "invalid",
    "local",
    "localhost",
    "test",
];

/// One entry of `TLS_DOMAINS`, in the form in which it is compared: ASCII, lower case, no dot at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain {
    kind: Kind,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Name,
    Wildcard,
    Address(IpAddr),
}

/// A text that is neither a host name, nor a wildcard, nor an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a host name, a wildcard such as *.example.org, or an IP address")]
pub struct NotADomain;

impl Domain {
    /// The text: `example.org`, `*.example.org`, `192.0.2.1`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address, when it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self.kind {
            Kind::Address(ip) => Some(ip),
            Kind::Name | Kind::Wildcard => None,
        }
    }

    /// Whether it stands for all names one label below another.
    pub fn is_wildcard(&self) -> bool {
        self.kind == Kind::Wildcard
    }

    /// Whether it is this machine by any name.
    pub fn is_loopback(&self) -> bool {
        match self.kind {
            Kind::Address(ip) => ip.is_loopback(),
            Kind::Name | Kind::Wildcard => is_below(&self.text, "localhost"),
        }
    }

    /// Whether no public authority would issue a certificate for it: addresses, single labels, and the endings that
    /// are set aside for inside.
    pub fn is_internal(&self) -> bool {
        match self.kind {
            Kind::Address(_) => true,
            Kind::Name | Kind::Wildcard => {
                let name = self.text.strip_prefix("*.").unwrap_or(&self.text);
                !name.contains('.') || INTERNAL.iter().any(|ending| is_below(name, ending))
            }
        }
    }

    /// Whether a certificate that names `self` is good for `wanted`.
    pub(super) fn covers(&self, wanted: &Self) -> bool {
        self == wanted
            || (wanted.kind == Kind::Name
                && self.kind == Kind::Wildcard
                && parent(wanted.as_str()) == self.text.strip_prefix("*."))
    }

    /// What a wildcard stands below.
    pub(super) fn below(&self) -> Option<&str> {
        match self.kind {
            Kind::Wildcard => self.text.strip_prefix("*."),
            Kind::Name | Kind::Address(_) => None,
        }
    }
}

impl From<IpAddr> for Domain {
    fn from(ip: IpAddr) -> Self {
        Self {
            kind: Kind::Address(ip),
            text: ip.to_string(),
        }
    }
}

impl FromStr for Domain {
    type Err = NotADomain;

    fn from_str(text: &str) -> Result<Self, NotADomain> {
        let text = text.trim();
        let bare = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(text);
        if let Ok(ip) = bare.parse::<IpAddr>() {
            return Ok(Self::from(ip));
        }
        if let Some(below) = text.strip_prefix("*.") {
            return Ok(Self {
                kind: Kind::Wildcard,
                text: format!("*.{}", host_name(below)?),
            });
        }
        Ok(Self {
            kind: Kind::Name,
            text: host_name(text)?,
        })
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The name without its first label.
pub(super) fn parent(name: &str) -> Option<&str> {
    name.split_once('.').map(|(_, parent)| parent)
}

fn is_below(name: &str, ending: &str) -> bool {
    name.strip_suffix(ending)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn host_name(text: &str) -> Result<String, NotADomain> {
    let text = text.strip_suffix('.').unwrap_or(text);
    // Brings letters of other scripts into their ASCII form.
    let Ok(url::Host::Domain(name)) = url::Host::parse(text) else {
        return Err(NotADomain);
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if name.len() <= LONGEST && name.split('.').all(is_label) {
        Ok(name)
    } else {
        Err(NotADomain)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn domain(text: &str) -> Domain {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_compared_in_one_form() {
        assert_eq!(domain(" Example.ORG. ").as_str(), "example.org");
        assert_eq!(domain("bücher.example").as_str(), "xn--bcher-kva.example");
        assert_eq!(domain("*.Example.org").as_str(), "*.example.org");
        assert_eq!(domain("[::1]"), domain("::1"));
        for wrong in [
            "",
            ".",
            "a..b",
            "-a.org",
            "a_b.org",
            "*.*.org",
            "a.*.org",
            "*",
            "*.192.0.2.1",
            "https://a.org",
            "a.org:443",
            "a b",
        ] {
            assert!(wrong.parse::<Domain>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_wildcard_stands_for_one_label() {
        let all = domain("*.example.org");
        assert!(all.covers(&domain("a.example.org")));
        assert!(all.covers(&all));
        for other in [
            "example.org",
            "a.b.example.org",
            "a.example.com",
            "192.0.2.1",
        ] {
            assert!(!all.covers(&domain(other)), "{other}");
        }
        assert!(!domain("a.example.org").covers(&all));
    }

    #[test]
    fn internal_names_are_told_from_public_ones() {
        for internal in [
            "localhost",
            "a.localhost",
            "nas",
            "cloud.local",
            "*.home.arpa",
            "x.y.internal",
            "10.0.0.1",
            "fd00::1",
            "192.0.2.1",
            "cloud.test",
        ] {
            assert!(domain(internal).is_internal(), "{internal}");
        }
        for public in ["example.org", "*.example.org", "local.org", "mylocal.com"] {
            assert!(!domain(public).is_internal(), "{public}");
        }
        assert!(domain("a.localhost").is_loopback() && domain("::1").is_loopback());
        assert!(!domain("nas").is_loopback());
    }
}
