//! The session cookie: read here, and taken out before an app sees the others.

use crate::wire::Field;
use crate::wire::fields::{self, RequestField};
use crate::wire::request::Head;

/// Name of the session cookie on https.
const SECURE: &str = "__Host-cloud";
/// Name of the session cookie on http.
const PLAIN: &str = "cloud";

/// The session token of a request, when there is exactly one that can be one. A browser that sends two different
/// sessions was given one of them by somebody else, so neither counts.
pub(crate) fn session<'a>(head: &Head<'a>, secure: bool) -> Option<&'a str> {
    let own = if secure { SECURE } else { PLAIN };
    let mut session = None;
    for (name, value) in pairs(head) {
        if name == own.as_bytes()
            && let Some(token) = token(value)
        {
            if session.is_some_and(|other| other != token) {
                return None;
            }
            session = Some(token);
        }
    }
    session
}

/// Writes all other cookies as one field: HTTP/2 clients send many, and HTTP/1 has one.
pub(crate) fn write_others(head: &Head<'_>, out: &mut Vec<u8>) {
    let mut separator: &[u8] = b"cookie: ";
    for (name, value) in pairs(head).filter(|(name, _)| !is_session(name)) {
        out.extend_from_slice(separator);
        out.extend_from_slice(name);
        out.extend_from_slice(value);
        separator = b"; ";
    }
    if separator == b"; " {
        out.extend_from_slice(b"\r\n");
    }
}

/// Names and values, each value with its `=`. Bytes, not text: a cookie of another program on this host may hold
/// anything.
fn pairs<'a>(head: &Head<'a>) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    let fields: &'a [Field<'a>] = head.fields;
    let lines = fields
        .iter()
        .filter(|field| fields::of_request(field.name) == RequestField::Cookie);
    lines
        .flat_map(|line| line.value.split(|byte| *byte == b';'))
        .map(<[u8]>::trim_ascii)
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let end = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = pair.split_at(end.unwrap_or(pair.len()));
            (name.trim_ascii_end(), value)
        })
}

/// Whether an app's response tries to start or end a session, which only auth may.
pub(crate) fn sets_session(value: &[u8]) -> bool {
    let name = value.split(|byte| *byte == b'=').next().unwrap_or_default();
    is_session(name.trim_ascii()) || is_other_accounts(name.trim_ascii())
}

/// Opens sessions too, of the accounts that wait in a browser. Its path leads it to auth alone.
fn is_other_accounts(name: &[u8]) -> bool {
    const NAMES: [&str; 2] = ["__Secure-cloud_accounts", "cloud_accounts"];
    NAMES
        .into_iter()
        .any(|own| name.eq_ignore_ascii_case(own.as_bytes()))
}

/// Some browsers and servers compare prefixes without regard to case.
fn is_session(name: &[u8]) -> bool {
    name == PLAIN.as_bytes() || name.eq_ignore_ascii_case(SECURE.as_bytes())
}

/// The value after `=` when it can be a token: 256 random bits in base64url. Anything else need not be asked about.
fn token(value: &[u8]) -> Option<&str> {
    let value = std::str::from_utf8(value.strip_prefix(b"=")?).ok()?;
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (value.len() == 43 && plain).then_some(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::wire::request::{Survey, Version};

    const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn cookies(lines: &[&str], secure: bool) -> (Option<String>, String) {
        let fields: Vec<Field<'_>> = lines
            .iter()
            .map(|line| Field {
                name: "Cookie",
                value: line.as_bytes(),
            })
            .collect();
        let head = Head {
            method: "GET",
            version: Version::Http11,
            target: "/",
            authority: None,
            protocol: None,
            fields: &fields,
            survey: Survey::of(&fields).unwrap(),
            ended: None,
        };
        let mut others = Vec::new();
        write_others(&head, &mut others);
        let others = String::from_utf8(others).unwrap();
        let others = others
            .strip_prefix("cookie: ")
            .unwrap_or_default()
            .trim_end()
            .to_owned();
        (session(&head, secure).map(str::to_owned), others)
    }

    #[test]
    fn the_session_is_taken_out_and_the_others_stay() {
        let line = format!("a=1; cloud={TOKEN};b=2; cloud_theme=dark; broken");
        let (session, others) = cookies(&[&line], false);
        assert_eq!(session.as_deref(), Some(TOKEN));
        assert_eq!(others, "a=1; b=2; cloud_theme=dark; broken");
        let (session, others) = cookies(&[&format!("__Host-cloud={TOKEN}"), "x=y", "z=1"], true);
        assert_eq!(session.as_deref(), Some(TOKEN));
        assert_eq!(others, "x=y; z=1");
    }

    #[test]
    fn the_cookie_of_the_other_scheme_is_removed_and_ignored() {
        let (session, others) = cookies(&[&format!("cloud={TOKEN}")], true);
        assert_eq!((session, others.as_str()), (None, ""));
        let (session, others) = cookies(&[&format!("__host-CLOUD={TOKEN}")], false);
        assert_eq!((session, others.as_str()), (None, ""));
    }

    #[test]
    fn two_different_sessions_are_none() {
        let other = TOKEN.replace('A', "B");
        let lines = [format!("cloud={TOKEN}"), format!("cloud={other}")];
        assert_eq!(cookies(&[&lines.join("; ")], false).0, None);
        assert_eq!(cookies(&[&lines[0], &lines[1]], false).0, None);
        let same = format!("cloud={TOKEN}; cloud={TOKEN}");
        assert_eq!(cookies(&[&same], false).0.as_deref(), Some(TOKEN));
    }

    #[test]
    fn what_cannot_be_a_token_is_not_asked_about() {
        for value in ["", "x", "\"quoted\"", &"A".repeat(44), &"ä".repeat(21)] {
            let found = cookies(&[&format!("cloud={value}")], false);
            assert_eq!(found, (None, String::new()), "{value}");
        }
    }

    #[test]
    fn cookies_of_others_may_hold_anything() {
        let line = format!("ö=ü; cloud={TOKEN}; b=é");
        let (session, others) = cookies(&[&line], false);
        assert_eq!(session.as_deref(), Some(TOKEN));
        assert_eq!(others, "ö=ü; b=é");
    }

    #[test]
    fn an_app_cannot_set_the_session() {
        for value in [
            "cloud=x; Path=/",
            "__Host-cloud=y; Secure",
            " CLOUD = x",
            "__HOST-cloud=",
            "__Secure-cloud_accounts=x; Path=/auth",
            "Cloud_Accounts=x; Path=/auth",
        ] {
            assert_eq!(
                sets_session(value.as_bytes()),
                !value.starts_with(" C"),
                "{value}"
            );
        }
        for value in ["a=1", "cloud_theme=dark", ""] {
            assert!(!sets_session(value.as_bytes()), "{value}");
        }
    }
}
