//! A page as a test reads it: by its structure, not by searching its text for tags.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// An answer of a web server, parsed on demand.
#[derive(Debug, Clone)]
pub struct Page {
    /// Status of the answer.
    pub status: StatusCode,
    /// Where it came from, redirects followed.
    pub url: Url,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Page {
    /// The answer read whole.
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        let (status, url, headers) = (
            response.status(),
            response.url().clone(),
            response.headers().clone(),
        );
        let body = response.text().await.expect("the body is read");
        Self {
            status,
            url,
            headers,
            body,
        }
    }

    /// The path and query it came from.
    pub fn path(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// A header's value, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Every value of a header.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let values = self.headers.get_all(name).iter();
        values.filter_map(|value| value.to_str().ok()).collect()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.body))
    }

    /// The title.
    pub fn title(&self) -> String {
        self.text("title")
    }

    /// The text of the first element, with white space folded; fails when there is none.
    pub fn text(&self, css: &str) -> String {
        self.texts(css).into_iter().next().unwrap_or_else(|| {
            panic!(
                "no {css:?} on {} ({}):\n{}",
                self.url, self.status, self.body
            )
        })
    }

    /// The texts of all elements, with white space folded.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        document
            .select(&selector(css))
            .map(|element| folded(&element))
            .collect()
    }

    /// How many elements there are.
    pub fn count(&self, css: &str) -> usize {
        self.texts(css).len()
    }

    /// Whether there is such an element.
    pub fn has(&self, css: &str) -> bool {
        self.count(css) > 0
    }

    /// An attribute of all elements that have it.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        document
            .select(&selector(css))
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    }

    /// An attribute of the first element that has it; fails when there is none.
    pub fn attribute(&self, css: &str, name: &str) -> String {
        self.attributes(css, name)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no {css:?} with {name} on {}", self.url))
    }

    /// The fields of a form as a browser would send them untouched.
    pub fn form(&self, css: &str) -> Form {
        let document = Html::parse_document(&self.body);
        let form = document.select(&selector(css)).next().unwrap_or_else(|| {
            panic!(
                "no form {css:?} on {} ({}):\n{}",
                self.url, self.status, self.body
            )
        });
        let action = form.attr("action").unwrap_or_default();
        Form {
            action: self
                .url
                .join(action)
                .expect("the form's action is an address"),
            post: form
                .attr("method")
                .is_some_and(|method| method.eq_ignore_ascii_case("post")),
            fields: form
                .select(&selector("input, select, textarea"))
                .filter_map(|field| field_of(&field))
                .collect(),
        }
    }

    /// What is wrong with the page for everybody: structure that assistive technology, the content
    /// security policy and forgery protection rely on. Empty when all is well.
    pub fn faults(&self) -> Vec<String> {
        crate::page_faults::of(&Html::parse_document(&self.body))
    }

    /// Fails the test with [`Page::faults`].
    pub fn assert_sound(&self) {
        let faults = self.faults();
        assert!(
            faults.is_empty(),
            "{} has faults:\n  {}\n{}",
            self.url,
            faults.join("\n  "),
            self.body
        );
    }
}

/// A form with its fields.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it is sent.
    pub action: Url,
    /// Whether it is sent by POST.
    pub post: bool,
    /// Names and values, hidden ones included.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The form with a field filled in.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The form with the first of several fields of one name filled in.
    #[must_use]
    pub fn with_first(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        let (_, held) = field.unwrap_or_else(|| panic!("the form has no field {name}"));
        value.clone_into(held);
        self
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

fn field_of(field: &ElementRef<'_>) -> Option<(String, String)> {
    let name = field.attr("name")?.to_owned();
    let value = |field: &ElementRef<'_>| field.attr("value").map(str::to_owned);
    match (field.value().name(), field.attr("type").unwrap_or("text")) {
        (_, "submit" | "button" | "image" | "reset" | "file") => None,
        ("input", "checkbox" | "radio") => field
            .attr("checked")
            .map(|_| (name, value(field).unwrap_or_else(|| "on".to_owned()))),
        ("select", _) => {
            let chosen = field
                .select(&selector("option[selected]"))
                .next()
                .or_else(|| field.select(&selector("option")).next())?;
            let value = value(&chosen).unwrap_or_else(|| folded(&chosen));
            Some((name, value))
        }
        ("textarea", _) => Some((name, field.text().collect())),
        _ => Some((name, value(field).unwrap_or_default())),
    }
}

pub(crate) fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css:?} is not a selector: {error}"))
}

pub(crate) fn folded(element: &ElementRef<'_>) -> String {
    element
        .text()
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}
