//! A browser without JavaScript behind a gateway of a few lines.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::{Client, Method, Url, redirect};
use testkit::{Form, Page};

use crate::house::{House, PASSWORD};

pub struct Visitor<'h> {
    house: &'h House,
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
    /// Where the app listens.
    base: String,
    pub address: String,
    pub agent: String,
    pub language: String,
    origin: String,
    /// What the gateway remembers of the session, when it need not ask.
    remembered: Mutex<Option<String>>,
}

impl<'h> Visitor<'h> {
    pub fn new(house: &'h House) -> Self {
        Self {
            house,
            client: Client::builder()
                .redirect(redirect::Policy::none())
                .no_proxy()
                .build()
                .unwrap(),
            cookies: Mutex::default(),
            base: format!("http://{}", house.auth.http()),
            address: "192.0.2.10".to_owned(),
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
                .to_owned(),
            language: "en".to_owned(),
            origin: house.app_url.clone(),
            remembered: Mutex::default(),
        }
    }

    /// From now on the gateway asserts who this is from memory, as it does for some seconds.
    pub async fn be_remembered(&self) {
        let assertion = self.house.assertion(&self.session()).await;
        *self.remembered.lock().unwrap() = Some(assertion.expect("a live session"));
    }

    /// The assertion that the gateway remembers.
    pub fn session_assertion(&self) -> String {
        let remembered = self.remembered.lock().unwrap().clone();
        remembered.expect("remembered by the gateway")
    }

    /// From now on the gateway asks again.
    pub fn be_forgotten(&self) {
        *self.remembered.lock().unwrap() = None;
    }

    async fn assertion(&self, session: Option<String>) -> Option<String> {
        let remembered = self.remembered.lock().unwrap().clone();
        match (remembered, session) {
            (None, Some(session)) => self.house.assertion(&session).await,
            (remembered, _) => remembered,
        }
    }

    pub fn house(&self) -> &'h House {
        self.house
    }

    pub fn at(mut self, address: &str) -> Self {
        address.clone_into(&mut self.address);
        self
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap()
            .insert(name.to_owned(), value.to_owned());
    }

    /// The session cookie.
    pub fn session(&self) -> String {
        self.cookie("cloud").expect("a session cookie")
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, &[]).await
    }

    /// Sends a form as from a page of the platform.
    pub async fn submit(&self, form: Form) -> Page {
        let path = match form.action.query() {
            Some(query) => format!("{}?{query}", form.action.path()),
            None => form.action.path().to_owned(),
        };
        self.send(Method::POST, &path, &form.fields).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.send(Method::POST, path, &fields).await
    }

    async fn send(&self, method: Method, path: &str, fields: &[(String, String)]) -> Page {
        let (session, cookies) = self.cookie_line();
        let url: Url = format!("{}{path}", self.base).parse().unwrap();
        let mut request = self
            .client
            .request(method.clone(), url)
            .header("accept", "text/html,application/xhtml+xml")
            .header("accept-language", &self.language)
            .header("user-agent", &self.agent)
            .header("x-forwarded-for", &self.address)
            .header("cookie", cookies);
        if let Some(assertion) = self.assertion(session).await {
            request = request.header("cloud-identity", assertion);
        }
        if method == Method::POST {
            request = request
                .header("origin", &self.origin)
                .header("sec-fetch-site", "same-origin")
                .form(fields);
        }
        let response = request.send().await.unwrap();
        self.keep_cookies(&response);
        let (status, url, headers) = (
            response.status(),
            response.url().clone(),
            response.headers().clone(),
        );
        Page {
            status,
            url,
            headers,
            body: response.text().await.unwrap(),
        }
    }

    /// The session cookie stays with the gateway; the app sees the others.
    fn cookie_line(&self) -> (Option<String>, String) {
        let cookies = self.cookies.lock().unwrap();
        let others: Vec<String> = cookies
            .iter()
            .filter(|(name, _)| *name != "cloud")
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (cookies.get("cloud").cloned(), others.join("; "))
    }

    fn keep_cookies(&self, response: &reqwest::Response) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in response.headers().get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The same browser on an installation with another address.
    pub fn coming_from(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self
    }

    /// Opens the sign-in page and sends it.
    pub async fn sign_in(&self, login: &str, password: &str) -> Page {
        let form = self.password_form(login, "/").await;
        self.submit(form.with("password", password)).await
    }

    /// Says who one is; returns the form that asks for the password.
    pub async fn password_form(&self, login: &str, return_to: &str) -> Form {
        let page = self
            .get(&format!("/auth/sign-in?return_to={return_to}"))
            .await;
        assert_eq!(page.status, 200, "{}", page.body);
        let named = page.form(".plain-card form").with("login", login);
        let answer = self.submit(named).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = self.get(answer.header("location")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page.form("#with-password")
    }

    /// Signs in with the password of the tests, which must succeed.
    pub async fn sign_in_well(&self, login: &str) {
        let answer = self.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// Opens an invitation and sets a password.
    pub async fn accept(&self, path: &str, password: &str) -> Page {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        self.submit(page.form(".plain-card form").with("password", password))
            .await
    }

    /// Signs out by the form every page has.
    pub async fn sign_out(&self) -> Page {
        let page = self.get("/auth/security").await;
        let token = page
            .form("form[action='/auth/sign-out']")
            .value("csrf_token")
            .unwrap()
            .to_owned();
        self.post("/auth/sign-out", &[("csrf_token", &token)]).await
    }
}

impl Visitor<'_> {
    /// Signs the administrator out and in again in this browser.
    pub async fn sign_in_again(&self) {
        self.sign_out().await;
        self.sign_in_well("grace").await;
    }
}

impl Visitor<'_> {
    /// The address of the first passkey in one's list.
    pub async fn first_passkey(&self) -> String {
        let listed = self.get("/auth/security").await;
        listed.attribute("#passkeys .list-text a", "href")
    }
}
