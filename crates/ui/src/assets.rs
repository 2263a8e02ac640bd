//! The browser assets: what the build in `web/` made, embedded, served immutable and precompressed.
//!
//! File names carry a hash of their content, so a page and its assets always fit together and a browser
//! never asks twice. Each app serves its own copy under `/public/<app id>/ui/`: versions of apps may differ.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Output of the browser build. A debug build reads it from disk, so that a rebuild of the assets shows at once.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[exclude = "*.map"]
#[allow_missing = true]
struct Dist;

/// Only files below this directory of the output are public.
const PUBLIC: &str = "assets/";
const MANIFEST: &str = "manifest.json";
const ICONS: &str = "icons.txt";

/// What to say when the browser build has not run.
pub const MISSING: &str = "the browser assets are not built: run `cargo xtask assets`";

/// The files every page loads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The style sheet's file name.
    pub style: String,
    /// The module's file name.
    pub script: String,
    /// The browser icon's file name.
    pub favicon: String,
}

#[derive(Deserialize)]
struct Chunk {
    file: String,
    #[serde(default)]
    css: Vec<String>,
}

/// Reads the manifest; `None` while the assets are not built.
pub fn entry() -> Option<Entry> {
    let manifest = Dist::get(MANIFEST)?;
    let chunks: BTreeMap<String, Chunk> = serde_json::from_slice(&manifest.data).ok()?;
    let public = |file: &str| file.strip_prefix(PUBLIC).map(str::to_owned);
    let shell = chunks.get("src/shell.ts")?;
    Some(Entry {
        style: public(shell.css.first()?)?,
        script: public(&shell.file)?,
        favicon: public(&chunks.get("src/favicon.svg")?.file)?,
    })
}

/// The icons' text, empty while the assets are not built.
pub(crate) fn icons() -> String {
    Dist::get(ICONS)
        .and_then(|file| String::from_utf8(file.data.into_owned()).ok())
        .unwrap_or_default()
}

/// Serves `/public/<app id>/ui/{file}`.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some((found, encoding)) = negotiated(&file, &headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = etag(&found, encoding);
    let mut response = if matches(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body: Cow<'static, [u8]> = found.data;
        let mut response = body.into_response();
        let kind = HeaderValue::from_static(content_type(&file));
        response.headers_mut().insert(CONTENT_TYPE, kind);
        if let Some(encoding) = encoding {
            let encoding = HeaderValue::from_static(encoding.token());
            response.headers_mut().insert(CONTENT_ENCODING, encoding);
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        http::header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    const fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// The smallest form of a file that the client takes.
fn negotiated(file: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<Encoding>)> {
    // Neither a way up nor a compressed twin under a name of its own.
    let is_twin = matches!(extension(file), Some("br" | "gz"));
    if file.contains("..") || file.contains('\\') || is_twin {
        return None;
    }
    let plain = Dist::get(&format!("{PUBLIC}{file}"))?;
    let packed = [Encoding::Brotli, Encoding::Gzip]
        .into_iter()
        .filter(|encoding| accepts(headers, *encoding))
        .find_map(|encoding| {
            let twin = Dist::get(&format!("{PUBLIC}{file}{}", encoding.suffix()))?;
            Some((twin, Some(encoding)))
        });
    Some(packed.unwrap_or((plain, None)))
}

fn accepts(headers: &HeaderMap, encoding: Encoding) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|item| {
            let mut parts = item.split(';').map(str::trim);
            let token = parts.next().unwrap_or_default();
            let refused = parts
                .filter_map(|parameter| parameter.strip_prefix("q="))
                .any(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
            token.eq_ignore_ascii_case(encoding.token()) && !refused
        })
}

/// A strong tag: each encoding is a representation of its own.
fn etag(file: &EmbeddedFile, encoding: Option<Encoding>) -> String {
    let hash = file.metadata.sha256_hash();
    let head = hash.first_chunk().copied().map_or(0, u128::from_be_bytes);
    let hex = format!("{head:032x}");
    match encoding {
        Some(encoding) => format!("\"{hex}-{}\"", encoding.token()),
        None => format!("\"{hex}\""),
    }
}

fn matches(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|item| item.trim().trim_start_matches("W/"))
        .any(|item| item == tag || item == "*")
}

fn extension(file: &str) -> Option<&str> {
    file.rsplit_once('.').map(|(_, extension)| extension)
}

fn content_type(file: &str) -> &'static str {
    match extension(file) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Encoding, accepts, content_type, matches, negotiated};
    use http::HeaderMap;

    fn one(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn encodings_are_taken_by_token_and_quality() {
        let headers = one("accept-encoding", "gzip, br;q=0");
        assert!(accepts(&headers, Encoding::Gzip));
        assert!(!accepts(&headers, Encoding::Brotli));
        assert!(!accepts(
            &one("accept-encoding", "brotli"),
            Encoding::Brotli
        ));
    }

    #[test]
    fn tags_are_compared_weakly() {
        let headers = one("if-none-match", "\"x\", W/\"abc-br\"");
        assert!(matches(&headers, "\"abc-br\""));
        assert!(!matches(&headers, "\"abc\""));
    }

    #[test]
    fn only_public_files_are_served() {
        let none = HeaderMap::new();
        for file in [
            "../manifest.json",
            "../icons.txt",
            "",
            "nowhere.js",
            "..\\icons.txt",
        ] {
            assert!(negotiated(file, &none).is_none(), "{file}");
        }
    }

    #[test]
    fn kinds_follow_the_extension() {
        assert_eq!(
            content_type("shell-abc.js"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(content_type("plain"), "application/octet-stream");
    }
}
