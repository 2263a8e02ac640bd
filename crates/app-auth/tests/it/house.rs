//! One installation per test: servers, the app, the means of its callers.

use std::path::PathBuf;
use std::time::Duration;

use fred::clients::Client as Redis;
use jiff::{SignedDuration, Timestamp};
use platform::config::CoreConfig;
use platform::identity::{Claims, Principal, Signer, sealed};
use platform::telemetry::Telemetry;
use platform::{AppId, Clock, Environment, Host, Lifecycle, Running};
use registry::{Keyring, Role};
use rpc::auth::AuthClient;
use rpc::auth::v1 as wire;
use rpc::{Call, Origin};
pub use testkit::APP_URL;
use testkit::{SECRET, TestDatabase, TestRedis};
use uuid::Uuid;

use crate::visitor::Visitor;

pub const PASSWORD: &str = "wet gravel under nine lamps";

pub struct House {
    pub redis: TestRedis,
    pub database: TestDatabase,
    pub clock: Clock,
    pub host: Host,
    pub auth: Running,
    pub link_file: PathBuf,
    /// Where people find it.
    pub app_url: String,
    pub directory: tempfile::TempDir,
    environment: Environment,
}

/// A person as accounts would describe them.
pub fn subject(username: &str, version: i64) -> wire::Subject {
    wire::Subject {
        user_id: Uuid::now_v7().to_string(),
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        display_name: format!("{username} Example"),
        role: wire::Role::User.into(),
        groups: vec!["engineering".to_owned()],
        state: wire::SubjectState::Invited.into(),
        version,
        ..wire::Subject::default()
    }
}

pub fn call() -> Call {
    Call::new(Duration::from_secs(10)).wait_for_ready()
}

impl House {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    pub async fn open_with(variables: &[(&str, &str)]) -> Self {
        let (redis, database) = tokio::join!(testkit::redis(), testkit::database());
        let url = database.owner_url.clone();
        Box::pin(Self::build(redis, database, &url, variables)).await
    }

    /// With a database server that may be killed.
    pub async fn open_on(owner_url: &str) -> Self {
        let (redis, database) = tokio::join!(testkit::redis(), testkit::database());
        Box::pin(Self::build(redis, database, owner_url, &[])).await
    }

    async fn build(
        redis: TestRedis,
        database: TestDatabase,
        owner_url: &str,
        variables: &[(&str, &str)],
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let link_file = directory.path().join("setup-link");
        let mut environment = Environment::from_map([
            ("APP_SECRET", SECRET),
            ("APP_URL", APP_URL),
            ("CLOUD_ENV", "dev"),
            ("REDIS_URL", redis.url.as_str()),
            ("DATABASE_OWNER_URL", owner_url),
            ("SETUP_LINK_FILE", link_file.to_str().unwrap()),
            ("LOG_LEVEL", "warn"),
        ]);
        for (name, value) in variables {
            environment = environment.with(*name, *value);
        }
        let core = CoreConfig::from_environment(&environment).unwrap();
        let app_url = core.app_url.as_str().trim_end_matches('/').to_owned();
        let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
        let telemetry = Telemetry::start("tests", &core);
        let host = Host::with(telemetry, &core, Lifecycle::new(), clock.clone())
            .await
            .unwrap();
        let auth = host
            .run(app_auth::app(), environment.clone())
            .await
            .unwrap();
        let house = Self {
            redis,
            database,
            clock,
            host,
            auth,
            link_file,
            app_url,
            directory,
            environment,
        };
        house.wait_until_identity_is_known().await;
        house
    }

    /// On a new platform the first keys are published after the first look for them; the next one is a second
    /// later.
    async fn wait_until_identity_is_known(&self) {
        let claims = Claims::new(
            &nobody(self.now()),
            &AppId::new("auth").unwrap(),
            self.now(),
        );
        let assertion = self.signer().await.sign(&claims).unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        testkit::eventually("the app verifies identity", async || {
            let request = client
                .get(format!("http://{}/auth/sudo", self.auth.http()))
                .header("cloud-identity", &assertion);
            request
                .send()
                .await
                .is_ok_and(|answer| answer.status() == 200)
        })
        .await;
    }

    /// A second instance of the app over the same stores.
    pub async fn another_instance(&self) -> Running {
        let file = self.directory.path().join("setup-link-2");
        let environment = self
            .environment
            .clone()
            .with("SETUP_LINK_FILE", file.to_str().unwrap());
        self.host.run(app_auth::app(), environment).await.unwrap()
    }

    pub fn environment(&self) -> Environment {
        self.environment.clone()
    }

    /// The client another app of the installation would use.
    pub fn rpc(&self, caller: &str) -> AuthClient {
        rpc::auth::client(self.origin(caller))
    }

    /// The same for keys.
    pub fn keys_rpc(&self, caller: &str) -> rpc::auth::KeysClient {
        rpc::auth::keys_client(self.origin(caller))
    }

    /// The same for helping people back in.
    pub fn recovery_rpc(&self, caller: &str) -> rpc::auth::RecoveryClient {
        rpc::auth::recovery_client(self.origin(caller))
    }

    /// The same for what is known about people.
    pub fn people_rpc(&self, caller: &str) -> rpc::auth::PeopleClient {
        rpc::auth::people_client(self.origin(caller))
    }

    /// The same for what is kept of people.
    pub fn personal_rpc(&self, caller: &str) -> rpc::personal::PersonalDataClient {
        rpc::personal::client(self.origin(caller), "auth")
    }

    fn origin(&self, caller: &str) -> Origin {
        Origin {
            app: AppId::new(caller).unwrap(),
            keyring: Keyring::Secret(testkit::secret()),
            registry: self.host.registry().clone(),
            clock: self.clock.clone(),
        }
    }

    pub fn later(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A browser that has never been here.
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor::new(self)
    }

    /// The path of the set-up link, once there is one that differs from `not`.
    pub async fn setup_path(&self, not: &str) -> String {
        testkit::until("a set-up link", async || {
            let text = std::fs::read_to_string(&self.link_file).ok()?;
            let path = text.trim().strip_prefix(&self.app_url)?.to_owned();
            (path != not).then_some(path)
        })
        .await
    }

    /// The first administrator, signed in.
    pub async fn administrator(&self) -> Visitor<'_> {
        let visitor = self.visitor();
        let path = self.setup_path("").await;
        let page = visitor.get(&path).await;
        let form = page
            .form(".plain-card form")
            .with("display_name", "Grace Hopper")
            .with("username", "grace")
            .with("email", "grace@example.org")
            .with("password", PASSWORD);
        let answer = visitor.submit(form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (303, "/"),
            "{}",
            answer.body
        );
        visitor
    }

    /// Introduces a person and returns the path of their invitation.
    pub async fn invite(&self, subject: &wire::Subject) -> String {
        let accounts = self.rpc("accounts");
        let put = wire::PutSubjectRequest {
            subject: Some(subject.clone()),
        };
        accounts.put_subject(call(), put).await.unwrap();
        let request = wire::CreateInvitationRequest {
            user_id: subject.user_id.clone(),
            invited_by: String::new(),
            lasts_days: 0,
        };
        accounts
            .create_invitation(call(), request)
            .await
            .unwrap()
            .path
    }

    /// Tells anew what accounts says of a person.
    pub async fn tell(&self, subject: &wire::Subject) {
        let put = wire::PutSubjectRequest {
            subject: Some(subject.clone()),
        };
        let accounts = self.rpc("accounts");
        accounts.put_subject(call(), put).await.unwrap();
    }

    /// A person with [`PASSWORD`], signed in.
    pub async fn person(&self, username: &str) -> (wire::Subject, Visitor<'_>) {
        let subject = subject(username, 1);
        let path = self.invite(&subject).await;
        let visitor = self.visitor();
        let answer = visitor.accept(&path, PASSWORD).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (303, "/"),
            "{}",
            answer.body
        );
        (subject, visitor)
    }

    /// What the gateway learns of a session cookie.
    pub async fn introspect(&self, cookie: &str) -> Option<wire::Principal> {
        let request = wire::IntrospectRequest {
            session_token: cookie.to_owned(),
            ..wire::IntrospectRequest::default()
        };
        self.rpc("gateway")
            .introspect(call(), request)
            .await
            .unwrap()
            .principal
    }

    /// The assertion a gateway would add for a session cookie.
    pub async fn assertion(&self, cookie: &str) -> Option<String> {
        let principal = principal_of(self.introspect(cookie).await?);
        let claims = Claims::new(&principal, &AppId::new("auth").unwrap(), self.now());
        Some(self.signer().await.sign(&claims).unwrap())
    }

    /// The assertion a gateway would add for a key.
    pub async fn assertion_of_key(&self, key: &str) -> String {
        let principal = principal_of(self.recognise(key, "").await.unwrap());
        let claims = Claims::new(&principal, &AppId::new("auth").unwrap(), self.now());
        self.signer().await.sign(&claims).unwrap()
    }

    /// The key a gateway would sign with.
    pub async fn signer(&self) -> Signer {
        let keys = self
            .rpc("gateway")
            .get_signing_keys(call(), wire::GetSigningKeysRequest {})
            .await
            .unwrap();
        sealed::open(&testkit::secret(), &keys.sealed_keys[0]).unwrap()
    }

    pub async fn redis(&self) -> Redis {
        self.redis.client().await
    }

    pub async fn sql(&self) -> tokio_postgres::Client {
        self.database.client().await
    }

    /// Says on the stream what accounts would say of a person.
    pub async fn publish_user_changed(&self, event: &rpc::events::accounts::UserChanged) {
        self.publish(rpc::events::accounts::USER_CHANGED, &event.user_id, event)
            .await;
    }

    /// Says on the stream what accounts would say.
    pub async fn publish(&self, kind: &str, subject: &str, event: &impl prost::Message) {
        use fred::interfaces::StreamsInterface as _;
        let fields: Vec<(&str, fred::types::Value)> = vec![
            ("id", Uuid::now_v7().to_string().into()),
            ("kind", kind.into()),
            ("source", "accounts".into()),
            ("subject", subject.into()),
            ("time", self.now().to_string().into()),
            (
                "data",
                fred::types::Value::Bytes(event.encode_to_vec().into()),
            ),
        ];
        let _id: String = self
            .redis()
            .await
            .xadd("events", false, None, "*", fields)
            .await
            .unwrap();
    }

    /// Gives a group another name, as accounts does.
    pub async fn rename_group(&self, before: &str, after: &str) {
        let group_id = Uuid::now_v7().to_string();
        let event = rpc::events::accounts::GroupRenamed {
            group_id: group_id.clone(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        self.publish(rpc::events::accounts::GROUP_RENAMED, &group_id, &event)
            .await;
        testkit::eventually("nobody is in a group of the old name", async || {
            let sql = self.sql().await;
            let statement = "SELECT 1 FROM auth.subjects WHERE $1 = ANY (groups)";
            sql.query(statement, &[&before]).await.unwrap().is_empty()
        })
        .await;
    }

    /// Events of a kind in the outbox, oldest first.
    pub async fn events<M: prost::Message + Default>(&self, kind: &str) -> Vec<M> {
        let sql = self.sql().await;
        let rows = sql
            .query(
                "SELECT payload FROM auth.outbox WHERE kind = $1 ORDER BY position",
                &[&kind],
            )
            .await
            .unwrap();
        rows.iter()
            .map(|row| M::decode(row.get::<_, &[u8]>(0)).unwrap())
            .collect()
    }
}

fn nobody(now: Timestamp) -> Principal {
    Principal {
        user_id: Uuid::now_v7(),
        session_id: Uuid::now_v7(),
        username: "nobody".to_owned(),
        display_name: "Nobody".to_owned(),
        email: String::new(),
        role: Role::Guest,
        groups: Vec::new(),
        authenticated_at: now,
        factors: Vec::new(),
        owes_factor: false,
        scopes: Vec::new(),
        is_service: false,
        locale: None,
        zone: None,
        theme: None,
        csrf_token: "0123456789abcdef".to_owned(),
    }
}

pub fn principal_of(found: wire::Principal) -> Principal {
    let role = match found.subject.as_ref().unwrap().role() {
        wire::Role::Admin => Role::Admin,
        wire::Role::User => Role::User,
        _ => Role::Guest,
    };
    let subject = found.subject.unwrap();
    Principal {
        user_id: subject.user_id.parse().unwrap(),
        session_id: found.session_id.parse().unwrap(),
        username: subject.username,
        display_name: subject.display_name,
        email: subject.email,
        role,
        groups: subject.groups,
        authenticated_at: Timestamp::from_second(found.authenticated_at).unwrap(),
        factors: found.factors,
        owes_factor: found.owes_factor,
        scopes: found.scopes,
        is_service: found.is_service,
        locale: None,
        zone: None,
        theme: None,
        csrf_token: found.csrf_token,
    }
}
