//! A browser without a screen: cookies, redirects and forms, as a browser without JavaScript has
//! them.

use std::sync::Arc;

use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue};
use reqwest::multipart::{Form as Multipart, Part};
use reqwest::{Client, Method, RequestBuilder, Response, redirect};
use url::Url;

use crate::page::{Form, Page};

/// What a browser asks for when it loads a page.
const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
/// Redirects followed before a loop is assumed.
const REDIRECTS: usize = 10;

/// One visitor with their cookies.
#[derive(Clone)]
pub struct CookieClient {
    base: Url,
    client: Client,
    origin: Option<String>,
    identity: Option<Arc<dyn Fn() -> String + Send + Sync>>,
}

impl CookieClient {
    /// A visitor without cookies, who asks for English pages.
    pub fn new(base: &str) -> Self {
        Self::with_headers(base, &[])
    }

    /// A visitor whose requests all carry these headers.
    pub fn with_headers(base: &str, headers: &[(&str, &str)]) -> Self {
        let mut all = HeaderMap::new();
        all.insert(ACCEPT, HeaderValue::from_static(PAGE));
        all.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a header's name");
            all.insert(name, value.parse().expect("a header's value"));
        }
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .default_headers(all)
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            base: Url::parse(base).expect("the base address"),
            client,
            origin: None,
            identity: None,
        }
    }

    /// Sends forms as from a page at this address, when the public address differs from the
    /// one connected to.
    #[must_use]
    pub fn with_origin(mut self, origin: &str) -> Self {
        self.origin = Some(origin.trim_end_matches('/').to_owned());
        self
    }

    /// Sends an identity assertion with every request, as a gateway would. They are short-lived,
    /// so each request gets a new one.
    #[must_use]
    pub fn with_identity(mut self, assert: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.identity = Some(Arc::new(assert));
        self
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> Url {
        self.base.join(path).expect("a path")
    }

    /// A request as the test likes it; redirects are not followed.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.to(method, self.url(path))
    }

    /// Opens a page, following redirects.
    pub async fn get(&self, path: &str) -> Page {
        let response = self.once(path).await;
        self.follow(response).await
    }

    /// Opens a page without following redirects.
    pub async fn get_once(&self, path: &str) -> Page {
        Page::read(self.once(path).await).await
    }

    /// Sends a form, following redirects.
    pub async fn submit(&self, form: Form) -> Page {
        let response = self.send(form).await;
        self.follow(response).await
    }

    /// Sends a form without following redirects.
    pub async fn submit_once(&self, form: Form) -> Page {
        Page::read(self.send(form).await).await
    }

    /// Sends a form with a file as its field `name`, following redirects.
    pub async fn submit_file(
        &self,
        form: Form,
        name: &str,
        (file, content): (&str, Vec<u8>),
    ) -> Page {
        let texts = form.fields.iter().cloned();
        let parts = texts.fold(Multipart::new(), |parts, (name, value)| {
            parts.text(name, value)
        });
        let part = Part::bytes(content).file_name(file.to_owned());
        let request = self
            .post(&form)
            .multipart(parts.part(name.to_owned(), part));
        let response = request
            .send()
            .await
            .unwrap_or_else(|error| panic!("form to {}: {error}", form.action));
        self.follow(response).await
    }

    /// Opens a page, fills its form in and sends it, following redirects. `css` finds the form.
    pub async fn fill(&self, path: &str, css: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await;
        let form = fields
            .iter()
            .fold(page.form(css), |form, (name, value)| form.with(name, value));
        self.submit(form).await
    }

    fn to(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self.client.request(method, url);
        match &self.identity {
            Some(assert) => request.header("cloud-identity", assert()),
            None => request,
        }
    }

    /// A post as the browser sends it that shows the form.
    fn post(&self, form: &Form) -> RequestBuilder {
        let own = || form.action.origin().ascii_serialization();
        let origin = self.origin.clone().unwrap_or_else(own);
        self.to(Method::POST, form.action.clone())
            .header("origin", origin)
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate")
    }

    async fn once(&self, path: &str) -> Response {
        let request = self
            .request(Method::GET, path)
            .header("sec-fetch-site", "none")
            .header("sec-fetch-mode", "navigate");
        request
            .send()
            .await
            .unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    async fn send(&self, form: Form) -> Response {
        let request = if form.post {
            self.post(&form).form(&form.fields)
        } else {
            let mut action = form.action.clone();
            action.query_pairs_mut().clear().extend_pairs(&form.fields);
            self.to(Method::GET, action)
        };
        request
            .send()
            .await
            .unwrap_or_else(|error| panic!("form to {}: {error}", form.action))
    }

    async fn follow(&self, mut response: Response) -> Page {
        for _ in 0..REDIRECTS {
            if !response.status().is_redirection() {
                return Page::read(response).await;
            }
            let location = response
                .headers()
                .get("location")
                .and_then(|value| value.to_str().ok());
            let location = location
                .unwrap_or_else(|| panic!("a redirect without location from {}", response.url()));
            let next = response
                .url()
                .join(location)
                .expect("an address to go on to");
            response = self
                .to(Method::GET, next.clone())
                .send()
                .await
                .unwrap_or_else(|error| panic!("GET {next}: {error}"));
        }
        panic!(
            "more than {REDIRECTS} redirects, at last {}",
            response.url()
        );
    }
}
