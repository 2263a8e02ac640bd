//! The session cookie: read here, and taken out before an app sees the others.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// Name of the session cookie on https.
const SECURE: &str = "__Host-cloud";
/// Name of the session cookie on http.
const PLAIN: &str = "cloud";

/// What the Cookie headers of a request hold.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cookies {
    /// The session token, when there is exactly one that can be one.
    pub(crate) session: Option<String>,
    /// All other cookies, on one line: HTTP/2 clients send many, and HTTP/1 has one.
    pub(crate) others: Option<HeaderValue>,
}

/// Splits the session from the other cookies. A browser that sends two different sessions was given one of them by
/// somebody else, so neither counts.
pub(crate) fn split(headers: &HeaderMap, secure: bool) -> Cookies {
    let own = if secure { SECURE } else { PLAIN };
    let mut cookies = Cookies::default();
    let mut ambiguous = false;
    let mut others = Vec::new();
    // Bytes, not text: a cookie of another program on this host may hold anything.
    let lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    for pair in lines.flat_map(|line| line.split(|byte| *byte == b';')) {
        let pair = pair.trim_ascii();
        let end = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = pair.split_at(end.unwrap_or(pair.len()));
        let name = name.trim_ascii_end();
        if is_session(name) {
            if let Some(token) = token(value).filter(|_| name == own.as_bytes()) {
                ambiguous |= cookies.session.as_ref().is_some_and(|other| other != token);
                cookies.session = Some(token.to_owned());
            }
        } else if !pair.is_empty() {
            if !others.is_empty() {
                others.extend_from_slice(b"; ");
            }
            others.extend_from_slice(pair);
        }
    }
    if !others.is_empty() {
        cookies.others = HeaderValue::from_bytes(&others).ok();
    }
    if ambiguous {
        cookies.session = None;
    }
    cookies
}

/// Takes session cookies out of an app's response: only auth may start or end a session.
pub(crate) fn keep_session_out(headers: &mut HeaderMap) {
    let sets_session = |value: &HeaderValue| {
        let name = value
            .as_bytes()
            .split(|byte| *byte == b'=')
            .next()
            .unwrap_or_default();
        is_session(name.trim_ascii())
    };
    if !headers.get_all(SET_COOKIE).iter().any(sets_session) {
        return;
    }
    let kept: Vec<HeaderValue> = headers
        .get_all(SET_COOKIE)
        .iter()
        .filter(|value| !sets_session(value))
        .cloned()
        .collect();
    headers.remove(SET_COOKIE);
    for value in kept {
        headers.append(SET_COOKIE, value);
    }
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

    const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn cookies(lines: &[&str], secure: bool) -> (Option<String>, String) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let cookies = split(&headers, secure);
        let others = cookies
            .others
            .map_or(vec![], |value| value.as_bytes().to_vec());
        (cookies.session, String::from_utf8(others).unwrap())
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
        assert_eq!(
            cookies(&[&format!("cloud={TOKEN}; cloud={other}")], false).0,
            None
        );
        assert_eq!(
            cookies(
                &[&format!("cloud={TOKEN}"), &format!("cloud={other}")],
                false
            )
            .0,
            None
        );
        let same = format!("cloud={TOKEN}; cloud={TOKEN}");
        assert_eq!(cookies(&[&same], false).0.as_deref(), Some(TOKEN));
    }

    #[test]
    fn what_cannot_be_a_token_is_not_asked_about() {
        for value in ["", "x", "\"quoted\"", &"A".repeat(44), &"ä".repeat(21)] {
            assert_eq!(
                cookies(&[&format!("cloud={value}")], false),
                (None, String::new()),
                "{value}"
            );
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
        let mut headers = HeaderMap::new();
        for value in [
            "a=1",
            "cloud=x; Path=/",
            "__Host-cloud=y; Secure",
            "cloud_theme=dark",
        ] {
            headers.append(SET_COOKIE, HeaderValue::from_str(value).unwrap());
        }
        keep_session_out(&mut headers);
        let left: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(left, ["a=1", "cloud_theme=dark"]);
    }
}
