//! Every kind of secret is used once in a whole platform that logs all it can; then everything it wrote is searched for
//! them: what it printed, every table of every service, logs and traces among them, and Redis.

use std::collections::BTreeMap;

use fred::clients::Client;
use fred::interfaces::{ClientLike, KeysInterface};
use reqwest::Method;
use rustix::process::Signal;
use testkit::{CookieClient, Form, Page, until};

use crate::stored::{network, tables};
use crate::support::{Installation, PASSWORD, is_signed_in, link_in, sign_in, text_of};

const WRONG: &str = "a wrong password that must not be kept";

/// What must not be found, by what it is.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, what: &'static str, secret: &str) {
        assert!(
            secret.len() >= 8,
            "{what} is too short to search for: {secret}"
        );
        self.0.push((what, secret.to_owned()));
    }

    /// Those that a text holds.
    fn found_in(&self, text: &str) -> Vec<&'static str> {
        let found = self.0.iter().filter(|(_, secret)| text.contains(secret));
        found.map(|(what, _)| *what).collect()
    }

    /// The values of the cookies a page has set.
    fn add_cookies(&mut self, page: &Page) {
        for cookie in page.headers("set-cookie") {
            let (_, value) = cookie.split_once('=').unwrap();
            let value = value.split(';').next().unwrap();
            if value.len() >= 20 {
                self.add("a cookie", value);
            }
        }
    }
}

/// What follows the last slash of a link.
fn token(link: &str) -> &str {
    link.trim().rsplit('/').next().unwrap()
}

/// Every name in Redis, and every value that is a text.
async fn redis(network: &BTreeMap<String, String>) -> String {
    let config = fred::types::config::Config::from_url(&network["REDIS_URL"]).unwrap();
    let client = Client::new(config, None, None, None);
    client.init().await.unwrap();
    let keys: Vec<String> = client.custom(fred::cmd!("KEYS"), vec!["*"]).await.unwrap();
    let mut all = keys.join("\n");
    for key in keys {
        if let Ok(Some(value)) = client.get::<Option<String>, _>(&key).await {
            all.push_str(&value);
        }
    }
    client.quit().await.unwrap();
    all
}

/// The mail with this in its subject, as the outbox of a development platform shows it.
async fn mail(admin: &CookieClient, subject: &str) -> String {
    until(subject, async || {
        let page = admin.get("/admin/notifications/outbox").await;
        let mails = page.texts("section");
        mails.into_iter().find(|mail| mail.contains(subject))
    })
    .await
}

/// The first link in a text that leads below this path.
fn link(text: &str, below: &str) -> String {
    let mut words = text.split_whitespace();
    words
        .find(|word| word.contains(below))
        .unwrap_or_else(|| panic!("no {below} in {text}"))
        .to_owned()
}

/// The form on the page of ways to sign in, once the name is typed.
async fn ways(visitor: &CookieClient, form: &str) -> Form {
    let named = [("login", "ada")];
    let page = visitor.fill("/auth/sign-in", "main form", &named).await;
    page.form(form)
}

async fn use_every_way_in(
    installation: &Installation,
    admin: &CookieClient,
    secrets: &mut Secrets,
) {
    // The password, a wrong one first.
    let visitor = installation.visitor();
    let form = ways(&visitor, "#with-password").await;
    secrets.add("an anti-forgery token", form.value("csrf_token").unwrap());
    let refused = visitor.submit(form.with("password", WRONG)).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let form = refused.form("#with-password").with("password", PASSWORD);
    let entered = visitor.submit_once(form).await;
    secrets.add_cookies(&entered);
    assert!(is_signed_in(&visitor).await, "by the password");

    // A link by mail.
    let visitor = installation.visitor();
    visitor.submit(ways(&visitor, "#with-mail").await).await;
    let link = link(&mail(admin, "/auth/mail/").await, "/auth/mail/");
    secrets.add("a link by mail", token(&link));
    let page = visitor.get(path(installation, &link)).await;
    let entered = visitor.submit_once(page.form("main form")).await;
    secrets.add_cookies(&entered);
    assert!(is_signed_in(&visitor).await, "by a link");

    // A forgotten password.
    let visitor = installation.visitor();
    let named = [("login", "ada")];
    let form = "form[action='/auth/forgotten']";
    visitor.fill("/auth/forgotten", form, &named).await;
    let link = self::link(&mail(admin, "/auth/reset/").await, "/auth/reset/");
    secrets.add("a link to a new password", token(&link));
    visitor.get(path(installation, &link)).await;

    // An invitation.
    let made = installation.run(&["user", "create", "grace", "--email", "grace@example.org"]);
    let link = link_in(&text_of(&made));
    secrets.add("an invitation", token(&link));
    installation.visitor().get(path(installation, &link)).await;
}

async fn use_second_factor_and_keys(
    installation: &Installation,
    admin: &CookieClient,
    secrets: &mut Secrets,
) {
    let scopes = [("name", "a program"), ("scopes", "identity:read")];
    let made = admin
        .fill("/auth/security/keys/new", "main form", &scopes)
        .await;
    let key = made.text("main pre code");
    secrets.add("a key", &key);
    for (key, status) in [(key.as_str(), 200), (WRONG, 401)] {
        let request = installation
            .visitor()
            .request(Method::GET, "/api/auth/identity")
            .bearer_auth(key);
        assert_eq!(request.send().await.unwrap().status(), status);
    }

    let page = admin.get("/auth/security/totp").await;
    let secret = page.text("#secret code");
    secrets.add("the secret of one-time passwords", &secret);
    secrets.add("the same without blanks", &secret.replace(' ', ""));
    let now = platform::Clock::system().now().as_second();
    let code = testkit::one_time_code(&secret, now);
    let shown = admin.submit(page.form("#totp").with("code", &code)).await;
    let codes = shown.text(".recovery-codes");
    let codes: Vec<&str> = codes.split_whitespace().collect();
    assert_eq!(codes.len(), 10, "{}", shown.body);
    for code in &codes {
        secrets.add("a recovery code", code);
        secrets.add("the same without a hyphen", &code.replace('-', ""));
    }
    let visitor = installation.visitor();
    let page = sign_in(&visitor, "ada", PASSWORD).await;
    let form = page.form("#with-recovery-code").with("code", codes[0]);
    let entered = visitor.submit_once(form).await;
    secrets.add_cookies(&entered);
    assert!(is_signed_in(&visitor).await, "by a recovery code");
}

/// What of a link follows the address of the installation.
fn path<'a>(installation: &Installation, link: &'a str) -> &'a str {
    let address = installation.url();
    link.strip_prefix(&address)
        .expect("a link to this installation")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_found_in_anything_that_is_written() {
    let installation = Installation::new();
    let platform = installation
        .up_with(|command| {
            // Everything is logged, and what is logged is kept.
            command
                .env("LOG_LEVEL", "debug")
                .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        })
        .await;
    let mut secrets = Secrets::default();
    secrets.add("the password", PASSWORD);
    secrets.add("a wrong password", WRONG);
    secrets.add("the set-up link", token(&installation.setup_link().await));
    let admin = installation.first_admin().await;
    use_every_way_in(&installation, &admin, &mut secrets).await;
    use_second_factor_and_keys(&installation, &admin, &mut secrets).await;

    let network = network(&installation);
    secrets.add("the platform's secret", &network["APP_SECRET"]);
    // What was logged is on its way to its table for a moment.
    let stored = until("the requests are in the logs", async || {
        let stored = tables(&network).await;
        stored.contains("/auth/security/totp").then_some(stored)
    })
    .await;
    assert!(
        stored.contains("grace@example.org"),
        "the dump holds the rows"
    );
    let cached = redis(&network).await;
    assert!(cached.contains("session:"), "{cached}");
    platform.signal(Signal::TERM);
    let printed = platform.printed_to_the_end().await;
    assert!(printed.contains("/auth/security/totp"), "{printed}");
    // The one thing that is shown on purpose: the way to the first administrator.
    let printed: Vec<&str> = printed
        .lines()
        .filter(|line| !line.contains("/auth/setup/"))
        .collect();
    assert_eq!(
        secrets.found_in(&printed.join("\n")),
        Vec::<&str>::new(),
        "printed"
    );
    assert_eq!(
        secrets.found_in(&stored),
        Vec::<&str>::new(),
        "in PostgreSQL"
    );
    assert_eq!(secrets.found_in(&cached), Vec::<&str>::new(), "in Redis");
}
