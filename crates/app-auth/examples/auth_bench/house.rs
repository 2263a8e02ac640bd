//! The app, and people who may sign in to it.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use platform::{Clock, Running};
use reqwest::Client;
use rpc::Call;
use rpc::auth::AuthClient;
use rpc::auth::v1 as wire;
use tempfile::TempDir;
use testkit::{Form, Page, World};
use url::Url;
use uuid::Uuid;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "wet gravel under nine lamps";

/// An installation.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) auth: Running,
    /// Hashes at once.
    pub(crate) workers: usize,
    accounts: AuthClient,
    /// How many have accepted an invitation.
    invited: AtomicUsize,
    /// Holds the set-up link, which nobody follows.
    _folder: TempDir,
}

/// A browser in a network of its own.
pub(crate) struct Browser {
    client: Client,
    base: Url,
    address: String,
}

pub(crate) fn call() -> Call {
    Call::new(Duration::from_secs(30)).wait_for_ready()
}

impl House {
    /// With what a hash costs, as `AUTH_HASH_COST` names it.
    pub(crate) async fn open(cost: &str) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let now = Clock::system().now();
        let folder = tempfile::tempdir().unwrap();
        let world = testkit::Setup::new()
            .clock(Clock::manual(now))
            .variable("AUTH_HASH_COST", cost)
            .variable("AUTH_HASH_WORKERS", &cores.to_string())
            .variable("AUTH_HASH_QUEUE", "1000")
            .variable("LOG_LEVEL", "error")
            .variable(
                "SETUP_LINK_FILE",
                folder.path().join("link").to_str().unwrap(),
            )
            .start()
            .await;
        let auth = world.add(app_auth::app()).await;
        let accounts = rpc::auth::client(&world.boot("accounts"));
        Self {
            world,
            auth,
            workers: cores,
            accounts,
            invited: AtomicUsize::new(0),
            _folder: folder,
        }
    }

    /// A browser that never was here.
    pub(crate) fn browser(&self, number: usize) -> Browser {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        Browser {
            client: client.build().unwrap(),
            base: format!("http://{}", self.auth.http()).parse().unwrap(),
            address: format!("10.{}.{}.1", number / 250, number % 250),
        }
    }

    /// Somebody accounts knows.
    pub(crate) async fn introduce(&self, username: &str, state: wire::SubjectState) -> String {
        let user_id = Uuid::now_v7().to_string();
        self.tell(&user_id, username, (state, 1)).await;
        user_id
    }

    async fn tell(
        &self,
        user_id: &str,
        username: &str,
        (state, version): (wire::SubjectState, i64),
    ) {
        let subject = wire::Subject {
            user_id: user_id.to_owned(),
            username: username.to_owned(),
            email: format!("{username}@example.org"),
            display_name: username.to_owned(),
            role: wire::Role::User.into(),
            state: state.into(),
            version,
            ..wire::Subject::default()
        };
        let request = wire::PutSubjectRequest {
            subject: Some(subject),
        };
        self.accounts.put_subject(call(), request).await.unwrap();
    }

    /// Somebody with a password.
    pub(crate) async fn person(&self, username: &str) -> String {
        let user_id = self.introduce(username, wire::SubjectState::Invited).await;
        let request = wire::CreateInvitationRequest {
            user_id: user_id.clone(),
            invited_by: String::new(),
            lasts_days: 0,
        };
        let link = self.accounts.create_invitation(call(), request).await;
        let path = link.unwrap().path;
        let browser = self.browser(40_000 + self.invited.fetch_add(1, Ordering::Relaxed));
        let page = browser.get(&path).await;
        let form = page.form(".plain-card form").with("password", PASSWORD);
        let answer = browser.submit(&form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        user_id
    }

    /// How the password of somebody is kept.
    pub(crate) async fn phc(&self, user_id: &str) -> String {
        let sql = self.world.database.client().await;
        let user_id: Uuid = user_id.parse().unwrap();
        let find = "SELECT phc FROM auth.passwords WHERE user_id = $1";
        let found = sql.query_one(find, &[&user_id]).await;
        found.unwrap().get(0)
    }

    /// Somebody with a password who may not sign in.
    pub(crate) async fn disabled(&self, username: &str) {
        let user_id = self.person(username).await;
        let state = wire::SubjectState::Disabled;
        self.tell(&user_id, username, (state, 2)).await;
    }

    /// Lets the windows of all limits pass.
    pub(crate) fn forget_tries(&self) {
        self.world.clock.advance(SignedDuration::from_mins(11));
    }
}

impl Browser {
    pub(crate) async fn get(&self, path: &str) -> Page {
        let url = self.base.join(path).unwrap();
        self.read(self.client.get(url)).await
    }

    pub(crate) async fn submit(&self, form: &Form) -> Page {
        let mut url = self.base.join(form.action.path()).unwrap();
        url.set_query(form.action.query());
        let request = self
            .client
            .post(url)
            .header("origin", testkit::APP_URL)
            .header("sec-fetch-site", "same-origin")
            .form(&form.fields);
        self.read(request).await
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Page {
        let request = request
            .header("accept", "text/html")
            .header("accept-language", "en")
            .header("x-forwarded-for", &self.address);
        let response = request.send().await.unwrap();
        Page {
            status: response.status(),
            url: response.url().clone(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    /// The page that asks how to sign in under a name.
    pub(crate) async fn ways(&self, login: &str) -> Page {
        let page = self.get("/auth/sign-in").await;
        let form = page.form(".plain-card form").with("login", login);
        let begun = self.submit(&form).await;
        self.get(begun.header("location")).await
    }
}
