//! Rules for route prefixes: what one looks like, and whose it may be.

use std::fmt;

use crate::{AppId, Error};

/// Longest prefix, in bytes.
pub const PREFIX_MAX: usize = 200;

/// Prefixes that belong to named apps only, with their owner. Without an owner, nobody may have it.
const RESERVED: [(&str, Option<&str>); 8] = [
    ("/auth", Some("auth")),
    ("/api/auth", Some("auth")),
    ("/.well-known", Some("auth")),
    ("/admin", Some("dashboard")),
    ("/health", None),
    ("/ready", None),
    ("/metrics", None),
    ("/_gateway", None),
];

/// Spaces in which the second segment is the id of the app that owns everything below it.
const SPACES: [&str; 4] = ["app", "api", "admin", "public"];

/// A well-formed route prefix: `/`, or whole segments without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix(Box<str>);

/// What is wrong with a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrefixFault {
    /// Not of the form `/segment/segment`.
    Malformed,
    /// Belongs to another app or to the platform.
    Reserved,
}

impl fmt::Display for PrefixFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not of the form /segment/segment in plain characters",
            Self::Reserved => "belongs to another app or to the platform",
        })
    }
}

impl Prefix {
    /// Checks the form. Segments hold letters, digits, `-`, `_`, `.` and `~` only, so that a prefix has one
    /// spelling and cannot be mistaken for a pattern; none is `.` or `..`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fault = || Error::Prefix {
            prefix: text.chars().take(PREFIX_MAX).collect(),
            fault: PrefixFault::Malformed,
        };
        if text == "/" {
            return Ok(Self(text.into()));
        }
        let rest = text.strip_prefix('/').ok_or_else(fault)?;
        if text.len() > PREFIX_MAX || !rest.split('/').all(segment_is_plain) {
            return Err(fault());
        }
        Ok(Self(text.into()))
    }

    /// Checks that the app may have the prefix.
    pub fn allowed_for(&self, app: &AppId) -> Result<(), Error> {
        if self.is_allowed_for(app) {
            Ok(())
        } else {
            Err(Error::Prefix {
                prefix: self.0.to_string(),
                fault: PrefixFault::Reserved,
            })
        }
    }

    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_allowed_for(&self, app: &AppId) -> bool {
        let app = app.as_str();
        let mut segments = self.0.trim_start_matches('/').split('/');
        let (first, second) = (segments.next().unwrap_or_default(), segments.next());
        if first.is_empty() {
            return app == "dashboard";
        }
        let reserved = RESERVED
            .iter()
            .filter(|(prefix, _)| covers(prefix, &self.0))
            .max_by_key(|(prefix, _)| prefix.len());
        match (SPACES.contains(&first), second, reserved) {
            // The space of one app: `/api/auth` is auth's by the same rule as by the list.
            (true, Some(owner), _) => owner == app,
            (_, _, Some((_, owner))) => *owner == Some(app),
            // A whole space belongs to nobody.
            (true, None, None) => false,
            (false, _, None) => true,
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Prefix {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Whether `prefix` is a whole-segment prefix of `path`.
pub fn covers(prefix: &str, path: &str) -> bool {
    prefix == "/"
        || path
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn segment_is_plain(segment: &str) -> bool {
    !segment.is_empty()
        && segment != "."
        && segment != ".."
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn allowed(prefix: &str, app: &str) -> bool {
        Prefix::parse(prefix)
            .unwrap()
            .allowed_for(&AppId::new(app).unwrap())
            .is_ok()
    }

    #[test]
    fn a_prefix_has_one_spelling() {
        for good in [
            "/",
            "/app/hello",
            "/.well-known",
            "/v2",
            "/app/ui-lab/x_y~z",
        ] {
            assert!(Prefix::parse(good).is_ok(), "{good}");
        }
        let long = format!("/{}", "a".repeat(PREFIX_MAX));
        for bad in [
            "", "app", "/app/", "//", "/app//x", "/a/./b", "/a/..", "/{rest}", "/*", "/a b",
            "/a%2e", "/ä", "/a\\b", "/a?b", "/a#b", "/a\0", &long,
        ] {
            assert!(Prefix::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn reserved_prefixes_have_owners() {
        assert!(allowed("/auth", "auth"));
        assert!(allowed("/auth/x", "auth"));
        assert!(allowed("/api/auth", "auth"));
        assert!(allowed("/.well-known", "auth"));
        assert!(allowed("/admin", "dashboard"));
        assert!(allowed("/", "dashboard"));
        for taken in [
            "/auth",
            "/auth/x",
            "/api/auth",
            "/.well-known/x",
            "/admin",
            "/",
        ] {
            assert!(!allowed(taken, "hello"), "{taken}");
        }
        for nobody in [
            "/health",
            "/ready",
            "/metrics",
            "/_gateway/routes",
            "/app",
            "/api",
        ] {
            assert!(!allowed(nobody, "dashboard"), "{nobody}");
            assert!(!allowed(nobody, "auth"), "{nobody}");
        }
    }

    #[test]
    fn an_app_owns_its_own_spaces_only() {
        for own in [
            "/app/hello",
            "/api/hello/v1",
            "/admin/hello",
            "/public/hello",
            "/authx",
            "/v2",
        ] {
            assert!(allowed(own, "hello"), "{own}");
        }
        for foreign in [
            "/app/files",
            "/api/files",
            "/admin/files",
            "/public/files/x",
        ] {
            assert!(!allowed(foreign, "hello"), "{foreign}");
        }
    }

    #[test]
    fn whole_segments_only() {
        assert!(covers("/app/files", "/app/files"));
        assert!(covers("/app/files", "/app/files/a"));
        assert!(!covers("/app/files", "/app/filesystem"));
        assert!(covers("/", "/anything"));
    }
}
