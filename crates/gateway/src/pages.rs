//! The gateway's own answers: a problem document for programs, a small page for people. A page needs nothing from
//! anywhere: its style is part of it and named in its policy by its hash.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, RETRY_AFTER, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Response};
use platform::problem::Problem;
use sha2::{Digest, Sha256};

use crate::body::Answer;
use crate::exchange::Exchange;
use crate::reject::{Fault, Reject};

mod text;

use text::Language;

const STYLE: &str = include_str!("pages/style.css");
const PAGE: &str = include_str!("pages/page.html");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// Answers a request that ends here.
pub(crate) fn answer(exchange: &Exchange, reject: Reject) -> Response<Answer> {
    let fault = reject.fault;
    let request_id = exchange.id.to_str().unwrap_or_default();
    let headers = &exchange.head.headers;
    let mut response = if wants_page(exchange) {
        let language = language(headers);
        let retries = exchange.head.method == Method::GET && fault.retry_after().is_some();
        let page = Page {
            fault,
            language,
            request_id,
            theme: theme(headers),
            retries,
        };
        page.response()
    } else {
        problem(fault, request_id)
    };
    *response.status_mut() = fault.status();
    let fields = response.headers_mut();
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(after) = fault.retry_after() {
        fields.insert(RETRY_AFTER, HeaderValue::from(after.as_secs()));
    }
    if fault == Fault::Method {
        fields.insert(
            ALLOW,
            HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
        );
    }
    if fault.closes() {
        fields.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn problem(fault: Fault, request_id: &str) -> Response<Answer> {
    let mut problem = Problem::from_status(fault.status()).detail(fault.detail());
    problem.code = fault.code().into();
    request_id.clone_into(&mut problem.request_id);
    // Strings and numbers are always JSON.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = Response::new(Answer::Own(Some(Bytes::from(body))));
    let kind = HeaderValue::from_static(platform::problem::MEDIA_TYPE);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// The whole answer, as bytes, on a connection about which nothing more is known.
pub(crate) fn bare(fault: Fault) -> Vec<u8> {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let page = Page {
        fault,
        language: Language::English,
        request_id: &id,
        theme: "",
        retries: false,
    };
    let body = page.render();
    let status = fault.status();
    let head = format!(
        "HTTP/1.1 {} {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\
         X-Request-Id: {id}\r\nConnection: close\r\n\r\n",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default(),
        body.len(),
        *POLICY,
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

/// People get a page, programs a document.
fn wants_page(exchange: &Exchange) -> bool {
    let path = exchange.target.path();
    if path == "/api" || path.starts_with("/api/") {
        return false;
    }
    let mut accepted = exchange
        .head
        .headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/html") || value.contains("application/xhtml+xml"))
}

/// The language a person chose on this device, else the one the browser prefers.
fn language(headers: &HeaderMap) -> Language {
    if let Some(chosen) = cookie(headers, "cloud_lang").and_then(Language::named) {
        return chosen;
    }
    let lines = headers
        .get_all(ACCEPT_LANGUAGE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut best = (0.0, Language::English);
    for item in lines.flat_map(|line| line.split(',')) {
        let mut parts = item.split(';').map(str::trim);
        let Some(language) = parts.next().and_then(Language::named) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.strip_prefix("q=")?.parse().ok())
            .unwrap_or(1.0_f32);
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

fn theme(headers: &HeaderMap) -> &'static str {
    match cookie(headers, "cloud_theme") {
        Some("light") => "light",
        Some("dark") => "dark",
        _ => "",
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

struct Page<'a> {
    fault: Fault,
    language: Language,
    request_id: &'a str,
    theme: &'static str,
    /// Asks again by itself: harmless for a GET, and the app may be back in a moment.
    retries: bool,
}

impl Page<'_> {
    fn response(&self) -> Response<Answer> {
        let mut response = Response::new(Answer::Own(Some(Bytes::from(self.render()))));
        let fields = response.headers_mut();
        fields.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        fields.insert(
            CONTENT_LANGUAGE,
            HeaderValue::from_static(self.language.tag()),
        );
        fields.insert(
            VARY,
            HeaderValue::from_static("accept, accept-language, cookie"),
        );
        if let Ok(policy) = HeaderValue::from_str(&POLICY) {
            fields.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// Everything that goes in is ours and plain: constants, digits and letters.
    fn render(&self) -> String {
        let words = text::words(self.fault, self.language);
        let refresh = match self.fault.retry_after().filter(|_| self.retries) {
            Some(after) => format!(
                "<meta http-equiv=\"refresh\" content=\"{}\">",
                after.as_secs()
            ),
            None => String::new(),
        };
        // An empty address is this very page.
        let again = if self.retries {
            format!("<a class=\"button\" href=\"\">{}</a>", words.again)
        } else {
            String::new()
        };
        PAGE.replace("{{language}}", self.language.tag())
            .replace("{{theme}}", self.theme)
            .replace("{{refresh}}", &refresh)
            .replace("{{style}}", STYLE)
            .replace("{{status}}", self.fault.status().as_str())
            .replace("{{title}}", words.title)
            .replace("{{message}}", words.message)
            .replace("{{again}}", &again)
            .replace("{{home}}", words.home)
            .replace("{{reference}}", words.reference)
            .replace("{{request_id}}", self.request_id)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn preferred(line: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(line).unwrap());
        language(&headers)
    }

    #[test]
    fn the_preferred_language_is_spoken() {
        for line in [
            "de",
            "de-AT,en;q=0.5",
            "fr, de;q=0.4, en;q=0.3",
            "en;q=0.1, de;q=0.2",
        ] {
            assert_eq!(preferred(line), Language::German, "{line}");
        }
        for line in ["", "en", "fr", "en-GB, de;q=0.9", "*", "de;q=0, en"] {
            assert_eq!(preferred(line), Language::English, "{line}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        headers.insert(COOKIE, HeaderValue::from_static("x=1; cloud_lang=de"));
        assert_eq!(language(&headers), Language::German);
    }

    #[test]
    fn a_page_is_complete_and_its_style_is_the_one_its_policy_names() {
        for fault in text::ALL {
            for language in [Language::English, Language::German] {
                let page = Page {
                    fault,
                    language,
                    request_id: "abc",
                    theme: "dark",
                    retries: true,
                }
                .render();
                assert!(!page.contains("{{"), "{page}");
                let style = page
                    .split("<style>")
                    .nth(1)
                    .unwrap()
                    .split("</style>")
                    .next()
                    .unwrap();
                assert!(POLICY.contains(&STANDARD.encode(Sha256::digest(style))));
            }
        }
    }

    #[test]
    fn the_last_words_are_a_whole_response() {
        let bytes = bare(Fault::HeadTimeout);
        let mut fields = [httparse::EMPTY_HEADER; 16];
        let mut response = httparse::Response::new(&mut fields);
        let head = response.parse(&bytes).unwrap().unwrap();
        assert_eq!(response.code, Some(408));
        let length = response
            .headers
            .iter()
            .find(|field| field.name == "Content-Length")
            .unwrap();
        assert_eq!(
            std::str::from_utf8(length.value).unwrap(),
            (bytes.len() - head).to_string()
        );
    }
}
