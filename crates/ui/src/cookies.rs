//! Reading cookies of a request, and a jar for those a page sets while it is rendered.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::sync::{Arc, Mutex, PoisonError};

/// What may stand bare in a cookie's value.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The raw value of a cookie, or `None`; the first of equal names counts.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Percent-encodes a cookie's value.
pub fn encode(value: &str) -> String {
    utf8_percent_encode(value, VALUE).to_string()
}

/// Undoes [`encode`]; what is not UTF-8 is replaced.
pub fn decode(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

/// How long a cookie lives.
#[derive(Debug, Clone, Copy)]
pub enum Lifetime {
    /// Until the browser closes.
    Session,
    /// Seconds; 0 deletes.
    Seconds(u32),
}

/// A name that is protected against sibling hosts where the transport allows it.
pub fn name(base: &str, secure: bool) -> String {
    if secure {
        format!("__Host-{base}")
    } else {
        base.to_owned()
    }
}

/// A `Set-Cookie` line: this host only, all paths, not readable by scripts, not sent across sites.
pub fn line(name: &str, value: &str, lifetime: Lifetime, secure: bool) -> Option<HeaderValue> {
    let age = match lifetime {
        Lifetime::Session => String::new(),
        Lifetime::Seconds(seconds) => format!("; Max-Age={seconds}"),
    };
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}"
    ))
    .ok()
}

/// Cookies set while a page is built; the layer of [`crate::service`] adds them to the response.
#[derive(Debug, Clone, Default)]
pub struct Jar(Arc<Mutex<Vec<HeaderValue>>>);

impl Jar {
    /// Remembers one `Set-Cookie` line.
    pub fn push(&self, line: HeaderValue) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }

    /// Moves all lines into response headers.
    pub fn pour(&self, headers: &mut HeaderMap) {
        let lines = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for line in lines {
            headers.append(SET_COOKIE, line);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Jar, Lifetime, decode, encode, get, line};
    use http::HeaderMap;

    #[test]
    fn finds_whole_names_only() {
        let mut headers = HeaderMap::new();
        headers.append(
            "cookie",
            "xcloud=1; cloud=2;cloud_theme=dark".parse().unwrap(),
        );
        headers.append("cookie", "later=3".parse().unwrap());
        assert_eq!(get(&headers, "cloud"), Some("2"));
        assert_eq!(get(&headers, "later"), Some("3"));
        assert_eq!(get(&headers, "loud"), None);
    }

    #[test]
    fn values_survive_the_round_trip_and_cannot_break_out() {
        let text = "a=b; Domain=evil\r\nX: y \u{fc}";
        let encoded = encode(text);
        assert!(!encoded.contains([';', '\r', '\n', ' ', '=']));
        assert_eq!(decode(&encoded), text);
    }

    #[test]
    fn the_jar_pours_once() {
        let jar = Jar::default();
        jar.push(line("a", "1", Lifetime::Session, true).unwrap());
        let mut headers = HeaderMap::new();
        jar.pour(&mut headers);
        jar.pour(&mut headers);
        let lines: Vec<_> = headers.get_all("set-cookie").iter().collect();
        assert_eq!(lines, ["a=1; Path=/; HttpOnly; SameSite=Lax; Secure"]);
    }
}
