//! The gateway's own answers: a problem document for programs, a small page for people. A page needs nothing from
//! anywhere: its style is part of it and named in its policy by its hash.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platform::problem::Problem;
use sha2::{Digest, Sha256};

use crate::record::id::RequestId;
use crate::reject::{Fault, Reject};
use crate::respond::Own;
use crate::wire::request::Head;

mod text;

#[cfg(test)]
pub(crate) use text::ALL as FAULTS;

use text::Language;

const STYLE: &str = include_str!("pages/style.css");
const PAGE: &str = include_str!("pages/page.html");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// Answers a request that ends here. Without a head nothing is known about who asked.
pub(crate) fn answer(head: Option<&Head<'_>>, id: &RequestId, reject: Reject) -> Own {
    let fault = reject.fault;
    let mut own = match head {
        Some(head) if !wants_page(head) => problem(fault, id.as_str()),
        _ => {
            let page = Page {
                fault,
                language: head.map_or(Language::English, language),
                request_id: id.as_str(),
                theme: head.map_or("", theme),
                retries: head.is_some_and(|head| head.method == "GET")
                    && reject.retry_after().is_some(),
            };
            page.answer()
        }
    };
    own.fields.push(("cache-control", "no-store".into()));
    if let Some(after) = reject.retry_after() {
        own.fields.push((
            "retry-after",
            after.as_millis().div_ceil(1000).to_string().into(),
        ));
    }
    if fault == Fault::Method {
        own.fields.push((
            "allow",
            "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS".into(),
        ));
    }
    own.closes = fault.closes();
    own
}

fn problem(fault: Fault, request_id: &str) -> Own {
    let mut problem = Problem::from_status(fault.status()).detail(fault.detail());
    problem.code = fault.code().into();
    request_id.clone_into(&mut problem.request_id);
    Own {
        status: fault.status(),
        fields: vec![("content-type", platform::problem::MEDIA_TYPE.into())],
        // Strings and numbers are always JSON.
        body: serde_json::to_vec(&problem).unwrap_or_default(),
        closes: false,
    }
}

/// People get a page, programs a document.
fn wants_page(head: &Head<'_>) -> bool {
    let path = head.path();
    if path == "/api" || path.starts_with("/api/") {
        return false;
    }
    let mut accepted = head.texts("accept");
    accepted.any(|value| value.contains("text/html") || value.contains("application/xhtml+xml"))
}

/// The language a person chose on this device, else the one the browser prefers.
fn language(head: &Head<'_>) -> Language {
    if let Some(chosen) = cookie(head, "cloud_lang").and_then(Language::named) {
        return chosen;
    }
    let lines = head.texts("accept-language");
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

fn theme(head: &Head<'_>) -> &'static str {
    match cookie(head, "cloud_theme") {
        Some("light") => "light",
        Some("dark") => "dark",
        _ => "",
    }
}

fn cookie<'a>(head: &Head<'a>, name: &str) -> Option<&'a str> {
    let lines = head.texts("cookie");
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
    fn answer(&self) -> Own {
        Own {
            status: self.fault.status(),
            fields: vec![
                ("content-type", "text/html; charset=utf-8".into()),
                ("content-language", self.language.tag().into()),
                ("vary", "accept, accept-language, cookie".into()),
                ("content-security-policy", POLICY.as_str().into()),
            ],
            body: self.render().into_bytes(),
            closes: false,
        }
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
    use crate::wire::Field;
    use crate::wire::request::{Survey, Version};

    fn spoken(fields: &[(&str, &str)]) -> Language {
        let fields: Vec<Field<'_>> = fields
            .iter()
            .map(|(name, value)| Field {
                name,
                value: value.as_bytes(),
            })
            .collect();
        language(&Head {
            method: "GET",
            version: Version::Http11,
            target: "/",
            authority: None,
            protocol: None,
            fields: &fields,
            survey: Survey::of(&fields).unwrap(),
            ended: None,
        })
    }

    fn preferred(line: &str) -> Language {
        spoken(&[("Accept-Language", line)])
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
        let chosen = [("accept-language", "en"), ("cookie", "x=1; cloud_lang=de")];
        assert_eq!(spoken(&chosen), Language::German);
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
}
