//! A path on the platform's own origin: where a person may be sent after signing in.
//!
//! Owns the one rule against open redirects. It refuses whatever any browser might read as another
//! host, now or after decoding, rather than trying to repair it.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use url::Url;

/// Longer ones do not fit into every proxy's and browser's idea of a URL.
const MAX_LENGTH: usize = 2048;

/// How many layers of percent-encoding are looked through. More are refused.
const MAX_LAYERS: usize = 4;

/// The query parameter that itself holds such a path.
const PARAMETER: &str = "return_to";

/// Everything but what is plain in a query value.
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A path, perhaps with a query, on the platform's own origin. The default is `/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalPath(String);

/// The text leads, or might lead, elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a path on this site, such as /app/files")]
pub struct NotLocal;

impl LocalPath {
    /// Accepts a local path and refuses everything else.
    pub fn parse(text: &str) -> Result<Self, NotLocal> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        if text.len() > MAX_LENGTH || !path.starts_with('/') || !is_visible(text) {
            return Err(NotLocal);
        }
        if !path_stays(path)? || !query_is_harmless(query)? || !nested_is_local(query) {
            return Err(NotLocal);
        }
        // The last word has the parser that browsers share: nothing of ours may depend on having
        // thought of everything above.
        let joined = Url::parse("http://local.invalid/")
            .and_then(|base| base.join(text))
            .map_err(|_| NotLocal)?;
        if joined.host_str() != Some("local.invalid")
            || joined.path() != path
            || joined.port().is_some()
            || !joined.username().is_empty()
        {
            return Err(NotLocal);
        }
        Ok(Self(text.to_owned()))
    }

    /// The local path in a form or query, or `/` where there is none or it is refused.
    pub fn or_home(text: Option<&str>) -> Self {
        text.and_then(|text| Self::parse(text).ok())
            .unwrap_or_default()
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as the value of a query parameter.
    pub fn encoded(&self) -> impl fmt::Display + '_ {
        utf8_percent_encode(&self.0, IN_QUERY)
    }
}

/// Printable ASCII without the characters browsers drop, fold or read as a separator.
fn is_visible(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#' | b'<' | b'>' | b'"'))
}

/// Whether a path, decoded as often as it can be, has no empty, dot or foreign segment.
fn path_stays(path: &str) -> Result<bool, NotLocal> {
    every_layer(path, |layer| {
        !layer.contains("//")
            && !layer.contains(['\\', '#', '?'])
            && !layer.chars().any(char::is_control)
            && !layer
                .split('/')
                .any(|segment| segment == "." || segment == "..")
    })
}

/// Whether a query, decoded as often as it can be, has nothing that splits a header.
fn query_is_harmless(query: &str) -> Result<bool, NotLocal> {
    every_layer(query, |layer| !layer.chars().any(char::is_control))
}

/// Whether a path to come back to within the query is local as well: the page there will follow it.
fn nested_is_local(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == PARAMETER)
        .all(|(_, value)| LocalPath::parse(&value).is_ok())
}

fn every_layer(text: &str, holds: impl Fn(&str) -> bool) -> Result<bool, NotLocal> {
    let mut layer = text.to_owned();
    for _ in 0..MAX_LAYERS {
        if !holds(&layer) {
            return Ok(false);
        }
        let decoded = percent_decode_str(&layer)
            .decode_utf8()
            .map_err(|_| NotLocal)?;
        if decoded == layer {
            return Ok(true);
        }
        layer = decoded.into_owned();
    }
    Err(NotLocal)
}

impl Default for LocalPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl FromStr for LocalPath {
    type Err = NotLocal;

    fn from_str(text: &str) -> Result<Self, NotLocal> {
        Self::parse(text)
    }
}

impl TryFrom<String> for LocalPath {
    type Error = NotLocal;

    fn try_from(text: String) -> Result<Self, NotLocal> {
        Self::parse(&text)
    }
}

impl From<LocalPath> for String {
    fn from(path: LocalPath) -> Self {
        path.0
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_paths_are_accepted_as_they_are() {
        for path in [
            "/",
            "/app/files",
            "/app/files/",
            "/app/files?q=a%20b&page=2",
            "/app/logs?q=https://example.org/x",
            "/app/@someone",
            "/app/a.b/..c/d..",
            "/app/100%25",
            "/app/gr%C3%BC%C3%9Fe",
            "/app/x?return_to=/app/y",
            "/app/x?return_to=%2Fapp%2Fy%3Fa%3Db",
            "/app/a:b",
            "/app/x?a=//b",
        ] {
            assert_eq!(
                LocalPath::parse(path).as_ref().map(LocalPath::as_str),
                Ok(path)
            );
        }
    }

    #[test]
    fn whatever_might_lead_elsewhere_is_refused() {
        let long = format!("/{}", "a".repeat(MAX_LENGTH));
        for path in [
            // Absolute, with and without their slashes.
            "",
            "app/files",
            "http://evil.example",
            "https://evil.example/",
            "https:evil.example",
            "https:/evil.example",
            "https:///evil.example",
            "http:\\\\evil.example",
            "HTTPS://evil.example",
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,<script>",
            "mailto:a@evil.example",
            "?return_to=/",
            "@evil.example",
            "localhost:3000.evil.example",
            "http://localhost:3000@evil.example",
            "http://localhost:3000.evil.example",
            "http://[::1]/",
            "//[::ffff:1.2.3.4]/",
            "//evil.example",
            "///evil.example",
            "////evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "/\\/evil.example",
            "/app\\evil",
            // Characters that browsers drop before they look.
            "/\t/evil.example",
            "\t//evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "/app\r\nLocation: https://evil.example",
            " /app",
            " //evil.example",
            "/app ",
            "/app\u{0}",
            "/app\u{2028}",
            "/\u{ff0f}evil.example",
            "/a\u{e9}",
            // The same, encoded once and more often.
            "/%2fevil.example",
            "/%2Fevil.example",
            "%2f%2fevil.example",
            "/%5cevil.example",
            "/%5Cevil.example",
            "/%255cevil.example",
            "/%25255cevil.example",
            "/%252525252525255cevil.example",
            "/%09/evil.example",
            "/%09%2fevil.example",
            "/%0d%0aLocation:%20https://evil.example",
            "/app?x=%0d%0aSet-Cookie:%20a=b",
            "/app%00",
            "/%e5%98%8a%ff",
            // Dot segments, which a browser resolves before it asks.
            "/..//evil.example",
            "/.//evil.example",
            "/app/../../evil",
            "/%2e%2e//evil.example",
            "/app/%2e%2e/auth/sign-out",
            "/app/.%2e/x",
            "/app/..",
            "/.",
            // Fragments and users.
            "/#@evil.example",
            "/app#//evil.example",
            "/app/%23x",
            "/app%3f//evil",
            // Nested.
            "/auth/sign-in?return_to=https://evil.example",
            "/auth/sign-in?return_to=//evil.example",
            "/auth/sign-in?return_to=%2F%2Fevil.example",
            "/auth/sign-in?return_to=/auth/sign-in%3Freturn_to%3D//evil.example",
            "/auth/sign-in?a=b&return_to=%5c%5cevil.example",
            &long,
        ] {
            assert_eq!(LocalPath::parse(path), Err(NotLocal), "{path:?}");
        }
    }

    #[test]
    fn a_refused_path_leads_home() {
        assert_eq!(LocalPath::or_home(Some("//evil.example")).as_str(), "/");
        assert_eq!(LocalPath::or_home(None).as_str(), "/");
        assert_eq!(LocalPath::or_home(Some("/app/x")).as_str(), "/app/x");
    }

    #[test]
    fn as_a_query_value_it_cannot_add_parameters() {
        let path = LocalPath::or_home(Some("/app/x?a=b+c%20d&return_to=/y"));
        assert_eq!(
            path.encoded().to_string(),
            "/app/x%3Fa%3Db%2Bc%2520d%26return_to%3D/y"
        );
    }
}
