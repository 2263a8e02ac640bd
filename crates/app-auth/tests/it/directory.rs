//! Signing in with a password that a directory keeps: a real slapd, accounts that reads it, and the pages.

use platform::AppId;
use platform::Running;
use platform::identity::Claims;
use rpc::auth::v1 as wire;
use testkit::{LDAP_PASSWORD, LDAP_POLICY, LDAP_READER, Page, TestLdap, ldap_server};
use uuid::Uuid;

use crate::house::{House, PASSWORD, subject};
use crate::post::Post;
use crate::visitor::Visitor;

const THERE: &str = "blue kettle canary";
const NEXT: &str = "green kettle canary";
const REFUSED: &str = "do not match";
const AWAY: &str = "or the directory that keeps passwords cannot be asked";

/// A person of the directory with [`THERE`].
fn entrant(name: &str) -> String {
    format!(
        "dn: uid={name},cn=users,dc=example,dc=org\n\
         objectClass: inetOrgPerson\nobjectClass: posixAccount\nobjectClass: ipaObject\n\
         objectClass: krbPrincipalAux\nuid: {name}\ncn: Person {name}\nsn: {name}\n\
         uidNumber: 1\ngidNumber: 1\nhomeDirectory: /home/{name}\nmail: {name}@example.org\n\
         ipaUniqueID: id-{name}\nuserPassword: {THERE}\npwdPolicySubentry: {LDAP_POLICY}\n\n"
    )
}

fn modify(name: &str, what: &str) -> String {
    format!("dn: uid={name},cn=users,dc=example,dc=org\nchangetype: modify\n{what}\n\n")
}

/// The head office: a directory, accounts that read it, and people who sign in with its passwords.
struct Office<'h> {
    house: &'h House,
    ldap: TestLdap,
    accounts: Running,
    administrator: Visitor<'h>,
}

impl<'h> Office<'h> {
    async fn open(house: &'h House, names: &[&str]) -> Self {
        let entries: String = names.iter().map(|name| entrant(name)).collect();
        let ldap = ldap_server(&entries).await;
        let environment = house.environment().without("SETUP_LINK_FILE");
        let accounts = house.host.run(cloud_app_accounts::app(), environment);
        let accounts = accounts.await.unwrap();
        accounts.ready().await;
        let office = Self {
            house,
            ldap,
            accounts,
            administrator: house.administrator().await,
        };
        let id = Uuid::now_v7().to_string();
        let port = office.ldap.tls_port.to_string();
        let preset = directory::Preset::FreeIpa;
        let settings = [
            ("id", id.as_str()),
            ("preset", preset.as_str()),
            ("name", "Head office"),
            ("host", "127.0.0.1"),
            ("port", &port),
            ("security", "tls"),
            ("authority", &office.ldap.authority),
            ("bind_dn", LDAP_READER),
            ("bind_password", LDAP_PASSWORD),
            ("people_base", "cn=users,dc=example,dc=org"),
            ("people_filter", preset.people()),
            ("every", "0"),
            ("sign_in", "on"),
            ("attribute_id", "ipaUniqueID"),
            ("attribute_username", "uid"),
            ("attribute_mail", "mail"),
            ("attribute_display_name", "cn"),
            ("attribute_group_name", "cn"),
            ("attribute_member", "member"),
            ("do", "save"),
        ];
        let directories = "/admin/accounts/directories";
        office.post(&format!("{directories}/new"), &settings).await;
        office
            .post(&format!("{directories}/{id}/run/sync"), &[])
            .await;
        for name in names {
            testkit::eventually("auth knows where their password is", async || {
                office
                    .subject(name)
                    .await
                    .is_some_and(|(directory, _)| directory == "Head office")
            })
            .await;
        }
        office
    }

    /// Sends a form of the administration of accounts.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) {
        let found = self.house.introspect(&self.administrator.session()).await;
        let principal = crate::house::principal_of(found.unwrap());
        let claims = Claims::new(
            &principal,
            &AppId::new("accounts").unwrap(),
            self.house.now(),
        );
        let mut fields = fields.to_vec();
        fields.push(("csrf_token", &principal.csrf_token));
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let answer = client
            .post(format!("http://{}{path}", self.accounts.http()))
            .header(
                "cloud-identity",
                self.house.signer().await.sign(&claims).unwrap(),
            )
            .header("origin", &self.house.app_url)
            .header("sec-fetch-site", "same-origin")
            .form(&fields)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        assert_eq!(status, 303, "{path}: {}", answer.text().await.unwrap());
    }

    /// Where somebody's password is and which state they are in, as auth knows them.
    async fn subject(&self, name: &str) -> Option<(String, String)> {
        let sql = self.house.sql().await;
        let statement = "SELECT password_directory, state FROM auth.subjects WHERE username = $1";
        let row = sql.query_opt(statement, &[&name]).await.unwrap();
        row.map(|row| (row.get(0), row.get(1)))
    }

    async fn state_in_accounts(&self, name: &str) -> String {
        let sql = self.house.sql().await;
        let statement = "SELECT life_state FROM accounts.people WHERE username = $1";
        sql.query_one(statement, &[&name]).await.unwrap().get(0)
    }

    async fn comes_in(&self, name: &str, password: &str) -> Visitor<'h> {
        let visitor = self.house.visitor();
        let answer = visitor.sign_in(name, password).await;
        assert_in(&answer);
        visitor
    }
}

fn assert_in(answer: &Page) {
    let to = (answer.status.as_u16(), answer.header("location"));
    assert_eq!(to, (303, "/"), "{}", answer.body);
}

fn assert_refused(answer: &Page, status: u16, text: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains(text), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_invited_comes_in_by_the_password_of_the_directory_and_is_here() {
    let house = House::open().await;
    let office = Box::pin(Office::open(&house, &["p1"])).await;
    let stranger = house.visitor();
    let wrong = stranger.sign_in("p1", "not the password").await;
    assert_refused(&wrong, 422, REFUSED);
    assert_eq!(office.state_in_accounts("p1").await, "invited");

    let p1 = office.comes_in("p1", THERE).await;
    testkit::eventually("accounts knows that they are here", async || {
        office.state_in_accounts("p1").await == "active"
    })
    .await;
    let found = house.introspect(&p1.session()).await.unwrap();
    assert_eq!(found.factors, ["pwd"]);
    // By mail address as well, and to prove it again.
    office.comes_in("p1@example.org", THERE).await;
    let sudo = p1.get("/auth/sudo").await;
    let wrong = sudo
        .form("form[action^='/auth/sudo']")
        .with("password", "wrong");
    assert_eq!(p1.submit(wrong).await.status, 422);
    let right = sudo
        .form("form[action^='/auth/sudo']")
        .with("password", THERE);
    assert_eq!(p1.submit(right).await.status, 303);

    // On one's own page it says where it is, and is changed there.
    let page = p1.get("/auth/security").await;
    page.assert_sound();
    assert!(page.body.contains("Your password is kept in Head office"));
    let change = async |old: &str, new: &str| {
        let page = p1.get("/auth/security").await;
        let form = page.form("#password").with("old_password", old);
        p1.submit(form.with("new_password", new)).await
    };
    assert_refused(
        &change("wrong", NEXT).await,
        422,
        "This is not your password",
    );
    assert_refused(&change(THERE, "password1").await, 422, "one of the first");
    assert_eq!(change(THERE, NEXT).await.status, 303);
    assert_refused(&change(NEXT, THERE).await, 422, "that you had lately");
    assert_refused(&house.visitor().sign_in("p1", THERE).await, 422, REFUSED);
    office.comes_in("p1", NEXT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_reset_is_changed_on_the_way_in() {
    let house = House::open().await;
    let office = Box::pin(Office::open(&house, &["p1"])).await;
    let before = office.comes_in("p1", THERE).await.session();
    office
        .ldap
        .change(&modify("p1", "replace: pwdReset\npwdReset: TRUE"));
    let visitor = house.visitor();
    let held = visitor.sign_in("p1", THERE).await;
    assert_eq!(held.status, 303, "{}", held.body);
    let path = held.header("location").to_owned();
    assert!(path.ends_with("/new-password"), "{path}");
    assert!(visitor.cookie("cloud").is_none(), "nothing is open yet");
    let renew = async |login: &str, old: &str, new: &str| {
        let page = visitor.get(&path).await;
        page.assert_sound();
        assert_eq!(page.form("#new-password").value("login"), Some("p1"));
        let form = page.form("#new-password").with("login", login);
        let form = form.with("old_password", old).with("new_password", new);
        visitor.submit(form).await
    };
    assert_refused(&renew("p1", "wrong", NEXT).await, 422, REFUSED);
    assert_refused(&renew("p1", "", NEXT).await, 422, "Enter your password");
    assert_refused(&renew("p1", THERE, "short").await, 422, "at least 8");
    assert_refused(&renew("p1", THERE, THERE).await, 422, "that you had lately");
    // Whose password is kept here has nothing to change this way.
    let here = renew("grace", PASSWORD, NEXT).await;
    assert_refused(&here, 422, REFUSED);
    assert_in(&renew("p1", THERE, NEXT).await);
    assert!(house.introspect(&visitor.session()).await.is_some());
    assert!(
        house.introspect(&before).await.is_none(),
        "that one is over"
    );
    assert_refused(&house.visitor().sign_in("p1", THERE).await, 422, REFUSED);
    office.comes_in("p1", NEXT).await;
    house.visitor().sign_in_well("grace").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_directory_is_away_everybody_is_told_the_same_and_other_ways_are_open() {
    let house = House::open().await;
    let office = Box::pin(Office::open(&house, &["p1"])).await;
    office.ldap.kill().await;
    let visitor = house.visitor();
    assert_refused(&visitor.sign_in("p1", THERE).await, 503, AWAY);
    assert_refused(&visitor.sign_in("nobody", THERE).await, 503, AWAY);
    assert_refused(&visitor.sign_in("grace", "not hers").await, 503, AWAY);
    house.visitor().sign_in_well("grace").await;
    office.ldap.start().await;
    let p1 = office.comes_in("p1", THERE).await;
    assert_refused(&visitor.sign_in("nobody", THERE).await, 422, REFUSED);

    // The same without accounts.
    office.accounts.stop();
    office.accounts.stopped().await;
    assert_refused(&visitor.sign_in("p1", THERE).await, 503, AWAY);
    let page = p1.get("/auth/security").await;
    let form = page.form("#password").with("old_password", THERE);
    let away = p1.submit(form.with("new_password", NEXT)).await;
    assert_refused(&away, 503, "Nothing was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cannot_have_the_directory_lock_its_account() {
    let house = House::open().await;
    let office = Box::pin(Office::open(&house, &["p1"])).await;
    let five = "replace: pwdMaxFailure\npwdMaxFailure: 5";
    office.ldap.change(&format!(
        "dn: {LDAP_POLICY}\nchangetype: modify\n{five}\n\n"
    ));
    let p1 = office.comes_in("p1", THERE).await;
    // By both names, and by the page for a new password.
    for guess in 0..8 {
        let login = ["p1", "p1@example.org"][guess % 2];
        let answer = house.visitor().sign_in(login, "guess").await;
        assert_refused(&answer, 422, REFUSED);
    }
    let stranger = house.visitor();
    let right = stranger.sign_in("p1", THERE).await;
    assert_refused(&right, 422, REFUSED);
    // The browser that is known has it asked, and the account there is not locked.
    p1.sign_out().await;
    assert_in(&p1.sign_in("p1", THERE).await);
    let reason = "SELECT count(*) FROM auth.sign_in_events WHERE reason = 'directory_spared'";
    let spared: i64 = house
        .sql()
        .await
        .query_one(reason, &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(spared, 5, "four were asked about");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_locked_there_or_suspended_here_stays_out() {
    let house = House::open().await;
    let office = Box::pin(Office::open(&house, &["p1", "p2"])).await;
    let p2 = office.comes_in("p2", THERE).await;
    let locked = "replace: nsAccountLock\nnsAccountLock: TRUE";
    office.ldap.change(&modify("p1", locked));
    let answer = house.visitor().sign_in("p1", THERE).await;
    assert_refused(&answer, 422, REFUSED);
    let id: Uuid = {
        let statement = "SELECT id FROM accounts.people WHERE username = 'p2'";
        house
            .sql()
            .await
            .query_one(statement, &[])
            .await
            .unwrap()
            .get(0)
    };
    testkit::eventually("auth has heard of p2", async || {
        office
            .subject("p2")
            .await
            .is_some_and(|(_, state)| state == "active")
    })
    .await;
    house
        .tell(&wire::Subject {
            user_id: id.to_string(),
            state: wire::SubjectState::Disabled.into(),
            password_directory: "Head office".to_owned(),
            ..subject("p2", 1_000)
        })
        .await;
    assert!(house.introspect(&p2.session()).await.is_none());
    let answer = house.visitor().sign_in("p2", THERE).await;
    assert_refused(&answer, 422, REFUSED);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_and_mail_say_where_the_password_is() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    // With a password here, and a link on its way, before a directory keeps it.
    let (mut ada, _) = house.person("ada").await;
    let mut eve = subject("eve", 1);
    let invitation = house.invite(&eve).await;
    let visitor = house.visitor();
    let open = visitor.get(&invitation).await;
    let open = open.form(".plain-card form").with("password", NEXT);
    for person in [&mut ada, &mut eve] {
        person.password_directory = "Head office".to_owned();
        person.version += 1;
        house.tell(person).await;
    }
    let page = visitor.get(&invitation).await;
    page.assert_sound();
    assert!(page.body.contains("Your password is kept in Head office"));
    assert!(!page.has("input[name=password]"));
    let forced = visitor.submit(open).await;
    assert_refused(&forced, 200, "Your password is kept in Head office");
    assert!(visitor.cookie("cloud").is_none());

    // What is kept here does not count, even while nobody can be asked.
    assert_refused(&visitor.sign_in("ada", PASSWORD).await, 503, AWAY);
    let forgotten = visitor.get("/auth/forgotten").await;
    let form = forgotten.form("form[action='/auth/forgotten']");
    assert_eq!(visitor.submit(form.with("login", "ada")).await.status, 303);
    let mail = post
        .mail("ada@example.org", "Your password is kept in Head office")
        .await;
    assert!(!mail.text().contains("/auth/reset/"), "{}", mail.text());

    // Back here, it does.
    ada.password_directory = String::new();
    ada.version += 1;
    house.tell(&ada).await;
    let back = visitor.sign_in("ada", PASSWORD).await;
    assert_in(&back);
}
