//! What administrators do in FreeIPA from here: recorded answers of its web interface over TLS, beside a real slapd that
//! people and groups come from. What a FreeIPA would do with it, nothing in here shows.

use app_accounts::domain::membership::Member;
use app_accounts::domain::person::{PersonId, State};
use app_accounts::service::directories::Kept;
use app_accounts::store::group::group_find_by_name;
use platform::Role;
use platform_pg::GenericClient as _;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{IpaRequest, LDAP_PASSWORD, Page, TestIpa, ipa_server, ipa_shapes as shapes};

use crate::api::send;
use crate::directories::{Office, group, people, settings};

impl Office {
    /// Switches writing back on, to that web interface.
    pub(crate) async fn write_back(&self, ipa: &TestIpa, sign_in: bool) {
        let mut settings = settings(&self.ldap);
        settings.authority = format!("{}{}", self.ldap.authority, ipa.authority);
        (settings.write_back, settings.web_port) = (true, ipa.port);
        settings.sign_in = sign_in;
        let version = self.directories.find(self.id).await.unwrap().version;
        let (which, password) = ((self.id, version), Some(LDAP_PASSWORD.into()));
        let kept = self
            .directories
            .change(&self.actor, which, settings, password);
        assert_eq!(kept.await.unwrap(), Kept::Done);
    }

    /// With two people and what is written answered so.
    async fn written(
        answer: impl Fn(&IpaRequest) -> String + Send + Sync + 'static,
    ) -> (Self, TestIpa) {
        let office = Self::new(&people(2)).await;
        office
            .ldap
            .change(&group("staff", &["uid=p1,cn=users", "uid=p2,cn=users"]));
        office.ldap.change(&group("team", &["uid=p1,cn=users"]));
        office.done().await;
        let ipa = ipa_server(answer).await;
        office.write_back(&ipa, false).await;
        (office, ipa)
    }

    async fn page(&self, login: &str) -> Page {
        let id = self.find(login).await.unwrap().id;
        let browser = self.house.administrator();
        browser.get(&format!("/admin/accounts/people/{id}")).await
    }

    async fn press(&self, login: &str, step: &str) -> Page {
        let page = self.page(login).await;
        let form = page.form(&format!("form[action$='/freeipa/{step}']"));
        self.house.administrator().submit(form).await
    }

    /// What the trail says of actions like this, newest first: outcome and changes.
    async fn trail(&self, action: &str) -> Vec<(String, Value)> {
        let client = self.house.db.client().await.unwrap();
        let sql = "SELECT outcome, changes FROM audit WHERE action LIKE $1 ORDER BY id DESC";
        let rows = client.query(sql, &[&action]).await.unwrap();
        rows.iter()
            .map(|row| (row.try_get(0).unwrap(), row.try_get(1).unwrap()))
            .collect()
    }

    async fn group_page(&self, name: &str) -> String {
        let client = self.house.db.client().await.unwrap();
        let found = group_find_by_name(&client, name).await.unwrap();
        format!("/admin/accounts/groups/{}", found.unwrap().id)
    }
}

fn refuses(
    method: &'static str,
    name: &'static str,
    message: &'static str,
    data: Value,
) -> impl Fn(&IpaRequest) -> String + Send + Sync + 'static {
    move |request| {
        if request.method() == method {
            shapes::error(3007, name, message, &data)
        } else {
            shapes::obliging(request)
        }
    }
}

#[tokio::test]
async fn the_page_of_a_person_says_how_it_stands_in_freeipa() {
    let (office, _ipa) = Office::written(|request| match request.method().as_str() {
        "user_status" if request.subject() == "p1" => {
            shapes::result(&shapes::status("p1", 6, "2999-01-01T00:00:00Z"))
        }
        _ => shapes::obliging(request),
    })
    .await;
    let page = office.page("p1").await;
    page.assert_sound();
    let said = page.text("#freeipa");
    assert!(
        said.contains("Switched on") && said.contains("Locked"),
        "{said}"
    );
    assert!(page.has("form[action$='/freeipa/unlock']"));
    assert!(!page.has("#title[readonly]"), "it is written back");
    let page = office.page("p2").await;
    assert!(page.text("#freeipa").contains("Not locked"));
    assert!(!page.has("form[action$='/freeipa/unlock']"));
    let local = office.house.browser(&office.house.admin);
    let page = local
        .get(&crate::house::House::page_of(&office.house.user))
        .await;
    assert!(!page.has("#freeipa"), "from no directory");
}

#[tokio::test]
async fn without_freeipa_the_page_is_there_and_says_so() {
    let (office, ipa) = Office::written(shapes::obliging).await;
    drop(ipa);
    let page = office.page("p1").await;
    assert_eq!(page.status, 200);
    page.assert_sound();
    assert!(page.text("#freeipa").contains("cannot be asked"));
    let form = page
        .form("form:has(#display_name)")
        .with("title", "Engineer");
    let refused = office.house.administrator().submit(form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("FreeIPA cannot be asked"));
    assert_eq!(office.find("p1").await.unwrap().title, "");
    // What the directory does not decide about needs no directory.
    let form = office
        .page("p1")
        .await
        .form("form:has(#display_name)")
        .with("zone", "Europe/Berlin");
    assert_eq!(office.house.administrator().submit(form).await.status, 200);
    assert_eq!(office.find("p1").await.unwrap().zone, "Europe/Berlin");
}

#[tokio::test]
async fn accounts_are_unlocked_switched_off_and_on_there_and_access_follows_here() {
    let (office, ipa) = Office::written(|request| match request.method().as_str() {
        // Nobody may know whether somebody is locked: they may be unlocked all the same.
        "pwpolicy_show" => shapes::error(2100, "ACIError", "Insufficient access", &json!({})),
        "user_show" if request.subject() == "p2" => {
            let mut user = shapes::user("p2", "id-p2");
            user["nsaccountlock"] = true.into();
            shapes::result(&json!({ "result": user, "value": "p2", "summary": null }))
        }
        _ => shapes::obliging(request),
    })
    .await;
    let page = office.press("p1", "unlock").await;
    assert!(page.text(".toast-text").contains("Unlocked"));
    assert_eq!(ipa.calls("user_unlock")[0].subject(), "p1");
    let page = office.press("p1", "disable").await;
    assert!(page.text(".toast-text").contains("suspended here"));
    assert_eq!(ipa.calls("user_disable")[0].subject(), "p1");
    assert_eq!(office.find("p1").await.unwrap().state, State::Suspended);
    // The next run finds it as it should be: the directory took the access, and gives it back.
    office.ldap.change(
        "dn: uid=p1,cn=users,dc=example,dc=org\nchangetype: modify\nreplace: nsAccountLock\nnsAccountLock: TRUE\n\n",
    );
    assert_eq!(office.done().await.suspended, 0);
    office.ldap.change(
        "dn: uid=p1,cn=users,dc=example,dc=org\nchangetype: modify\nreplace: nsAccountLock\nnsAccountLock: FALSE\n\n",
    );
    assert_eq!(office.done().await.reinstated, 1);

    office.press("p2", "enable").await;
    assert_eq!(ipa.calls("user_enable")[0].subject(), "p2");
    let browser = office.house.administrator();
    let api = async |method: Method, login: &str, step: &str| {
        let id = office.find(login).await.unwrap().id;
        let path = format!("/api/accounts/people/{id}/freeipa{step}");
        send(&browser, method, &path, None, &Value::Null).await
    };
    let state: Value = api(Method::GET, "p2", "").await.json().await.unwrap();
    let expected =
        json!({ "enabled": false, "locked": null, "password_ends_at": "2027-02-15T12:00:00Z" });
    assert_eq!(state, expected);
    for (step, method) in [
        ("/unlock", "user_unlock"),
        ("/enable", "user_enable"),
        ("/disable", "user_disable"),
    ] {
        let before = ipa.calls(method).len();
        let done = api(Method::POST, "p1", step).await;
        assert_eq!(done.status().as_u16(), 204, "{step}");
        assert_eq!(ipa.calls(method).len(), before + 1);
    }
    assert_eq!(office.find("p1").await.unwrap().state, State::Suspended);
    let nowhere = api(Method::GET, &office.house.user.username, "").await;
    assert_eq!(nowhere.status().as_u16(), 404);
    for action in ["unlocked", "disabled", "enabled"] {
        let trail = office.trail(&format!("person.directory_{action}")).await;
        assert_eq!(trail.len(), 2, "by the page and by the API: {action}");
        assert_eq!(trail[0].0, "done");
        assert_eq!(trail[0].1["directory"], "Head office");
    }
}

#[tokio::test]
async fn a_temporary_password_is_shown_once_and_kept_nowhere() {
    let (office, ipa) = Office::written(shapes::obliging).await;
    let page = office.press("p1", "password").await;
    page.assert_sound();
    assert!(page.body.contains("Mb4;canary_x9Q"), "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(ipa.calls("user_mod")[0].options()["random"], true);
    let trail = office.trail("person.directory_password_set").await;
    assert_eq!(trail[0].0, "done");
    assert!(!format!("{:?}", office.trail("%").await).contains("canary"));
    assert!(!office.page("p1").await.body.contains("canary"));
}

#[tokio::test]
async fn what_freeipa_refuses_is_said_and_written_down() {
    let info = "Insufficient access: Insufficient 'write' privilege";
    let denied = refuses("user_disable", "ACIError", info, json!({ "info": info }));
    let (office, _ipa) = Office::written(denied).await;
    let page = office.press("p1", "disable").await;
    assert!(page.text(".toast-text").contains("Insufficient access"));
    assert_eq!(office.find("p1").await.unwrap().state, State::Invited);
    let trail = office.trail("person.directory_disabled").await;
    assert_eq!(
        (trail[0].0.as_str(), &trail[0].1["reason"]),
        ("refused", &json!("not-permitted"))
    );
}

#[tokio::test]
async fn nobody_switches_themselves_or_the_last_administrator_off() {
    let (office, ipa) = Office::written(shapes::obliging).await;
    let oneself = Member::Person(PersonId(office.house.admin.user_id));
    let linked = office.directories.unlink(
        &office.actor,
        office.id,
        Member::Person(office.find("p1").await.unwrap().id),
    );
    linked.await.unwrap();
    let linked = office
        .directories
        .link(&office.actor, office.id, (oneself, "id-p1"));
    linked.await.unwrap();
    let browser = office.house.administrator();
    let page = browser
        .get(&crate::house::House::page_of(&office.house.admin))
        .await;
    browser
        .submit(page.form("form[action$='/freeipa/disable']"))
        .await;
    assert!(ipa.calls("user_disable").is_empty());
    let trail = office.trail("person.directory_disabled").await;
    assert_eq!(
        (trail[0].0.as_str(), &trail[0].1["reason"]),
        ("refused", &json!("Oneself"))
    );
}

#[tokio::test]
async fn what_the_directory_decides_about_is_changed_there_first() {
    let sn = json!({ "name": "sn" });
    let (office, ipa) = Office::written(move |request| {
        if request.options()["sn"] == "" {
            shapes::error(3007, "RequirementError", "'sn' is required", &sn)
        } else {
            shapes::obliging(request)
        }
    })
    .await;
    let browser = office.house.administrator();
    let edit = async |fields: &[(&str, &str)]| {
        let mut form = office.page("p1").await.form("form:has(#display_name)");
        for (name, value) in fields {
            form = form.with(name, value);
        }
        browser.submit(form).await
    };
    let page = edit(&[
        ("title", "Engineer"),
        ("manager", "p2"),
        ("zone", "Europe/Berlin"),
    ])
    .await;
    assert_eq!(page.status, 200);
    let person = office.find("p1").await.unwrap();
    assert_eq!(
        (person.title.as_str(), person.zone.as_str()),
        ("Engineer", "Europe/Berlin")
    );
    assert_eq!(person.manager.unwrap().username, "p2");
    let written = ipa.calls("user_mod").remove(0);
    assert_eq!(written.subject(), "p1");
    let expected = json!({ "title": "Engineer", "manager": "p2", "version": "2.231" });
    assert_eq!(
        written.options(),
        expected,
        "only what differs, and is decided there"
    );
    assert_eq!(office.trail("person.directory_edited").await[0].0, "done");

    let refused = edit(&[("family_name", ""), ("title", "Baker")]).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    let said = refused.text("#family_name-error");
    assert!(said.contains("'sn' is required"), "{said}");
    let person = office.find("p1").await.unwrap();
    assert_eq!(
        (person.family_name.as_str(), person.title.as_str()),
        ("p1", "Engineer")
    );

    let elsewhere = edit(&[("manager", &office.house.user.username)]).await;
    assert!(elsewhere.text("#manager-error").contains("same FreeIPA"));
    // What would not do here is not asked for there.
    let before = ipa.calls("user_mod").len();
    let taken = edit(&[("title", "Cook"), ("username", "p2")]).await;
    assert_eq!(taken.status, 422);
    assert_eq!(ipa.calls("user_mod").len(), before);

    let id = office.find("p1").await.unwrap().id;
    let path = format!("/api/accounts/people/{id}");
    let tag = browser.get(&path).await.header("etag").to_owned();
    let body = json!({ "family_name": "" });
    let refused = send(&browser, Method::PATCH, &path, Some(&tag), &body).await;
    assert_eq!(refused.status().as_u16(), 409);
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["code"], "accounts.directory_refused");
    let body = json!({ "title": "Cook" });
    let changed = send(&browser, Method::PATCH, &path, Some(&tag), &body).await;
    assert_eq!(changed.status().as_u16(), 200);
    assert_eq!(
        ipa.calls("user_mod").last().unwrap().options()["title"],
        "Cook"
    );
}

#[tokio::test]
async fn members_come_and_go_there_first() {
    let (office, ipa) = Office::written(|request| {
        if request.subject() == "staff" && request.method() == "group_remove_member" {
            return shapes::result(&shapes::members(
                "staff",
                "user",
                Some(("p2", "no such entry")),
            ));
        }
        shapes::obliging(request)
    })
    .await;
    let browser = office.house.administrator();
    let inside = async |name: &str| office.groups().await[name].join(" ");
    let team = office.group_page("team").await;
    let page = browser.get(&team).await;
    let form = page.form("form:has(#person)").with("person", "p2");
    assert_eq!(browser.submit(form).await.status, 200);
    let asked = ipa.calls("group_add_member").remove(0);
    assert_eq!(
        (asked.subject().as_str(), &asked.options()["user"]),
        ("team", &json!(["p2"]))
    );
    assert_eq!(inside("team").await, "p1 p2");
    // Somebody from elsewhere is here alone, and so is a membership that ends: FreeIPA knows neither.
    let local = office.house.member("marie", Role::User).await;
    let path = format!("/api{}/people", team.trim_start_matches("/admin"));
    let put = async |who: &str, body: Value| {
        let path = format!("{path}/{who}");
        send(&browser, Method::PUT, &path, None, &body)
            .await
            .status()
            .as_u16()
    };
    assert_eq!(put(&local.user_id.to_string(), json!({})).await, 204);
    assert_eq!(ipa.calls("group_add_member").len(), 1);

    let p2 = office.find("p2").await.unwrap().id;
    let staff = office.group_page("staff").await;
    let one = format!("/api{}/people/{p2}", staff.trim_start_matches("/admin"));
    let refused = send(&browser, Method::DELETE, &one, None, &Value::Null).await;
    assert_eq!(refused.status().as_u16(), 409);
    assert!(
        inside("staff").await.contains("p2"),
        "nothing was done here"
    );
    let one = format!("/api{}/people/{p2}", team.trim_start_matches("/admin"));
    let removed = send(&browser, Method::DELETE, &one, None, &Value::Null).await;
    assert_eq!(removed.status().as_u16(), 204);
    assert_eq!(
        ipa.calls("group_remove_member").last().unwrap().subject(),
        "team"
    );
    assert!(!inside("team").await.contains("p2"));
    let ends = json!({ "ends_at": "2999-01-01T00:00:00Z" });
    assert_eq!(put(&p2.to_string(), ends).await, 204);
    assert_eq!(ipa.calls("group_add_member").len(), 1);
    let trail = office.trail("group.directory_member_%").await;
    let outcomes: Vec<&str> = trail.iter().map(|(outcome, _)| outcome.as_str()).collect();
    assert_eq!(outcomes, ["done", "refused", "done"]);
}

#[tokio::test]
async fn somebody_is_added_there_and_is_here_with_the_id_from_there() {
    let (office, ipa) = Office::written(|request| {
        if request.method() == "user_add" && request.subject() == "alan" {
            let taken = "user with name \"alan\" already exists";
            return shapes::error(4002, "DuplicateEntry", taken, &json!({}));
        }
        shapes::obliging(request)
    })
    .await;
    let browser = office.house.administrator();
    let directory = format!("/admin/accounts/directories/{}", office.id);
    let page = browser.get(&directory).await;
    assert!(page.has("a[href$='/people/new']"));
    let path = format!("{directory}/people/new");
    let page = browser.get(&path).await;
    page.assert_sound();
    let form = || {
        page.form("form:has(#family_name)")
            .with("username", "hedy")
            .with("given_name", "Hedy")
            .with("family_name", "Lamarr")
            .with("email", "hedy@example.org")
            .with("title", "Engineer")
    };
    let taken = browser.submit(form().with("username", "alan")).await;
    assert_eq!(taken.status, 422);
    taken.assert_sound();
    let said = taken.text("#username-error");
    assert!(said.contains("already exists"), "{said}");
    let unfit = browser.submit(form().with("family_name", " ")).await;
    assert_eq!(unfit.status, 422);
    let here = browser.submit(form().with("username", "p1")).await;
    assert!(here.has("#username-error"));
    assert_eq!(
        ipa.calls("user_add").len(),
        1,
        "only the first was asked for"
    );

    let added = browser.submit(form()).await;
    assert_eq!(added.status, 200);
    let expected = json!({
        "givenname": "Hedy", "sn": "Lamarr", "cn": "Hedy Lamarr", "mail": "hedy@example.org",
        "title": "Engineer", "all": true, "version": "2.231",
    });
    assert_eq!(ipa.calls("user_add")[1].options(), expected);
    let hedy = office.find("hedy").await.unwrap();
    assert_eq!(
        (hedy.state, hedy.title.as_str()),
        (State::Invited, "Engineer")
    );
    assert!(added.url.path().ends_with(&hedy.id.to_string()));
    assert!(added.text("#from-directory").contains("Head office"));
    let trail = office.trail("directory.person_added").await;
    assert_eq!(
        (trail[0].0.as_str(), trail[1].0.as_str()),
        ("done", "refused")
    );
    // Where they are there, too, the next run has nothing to do with them.
    office.ldap.change(
        "dn: uid=hedy,cn=users,dc=example,dc=org\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\n\
         objectClass: ipaObject\nobjectClass: krbPrincipalAux\nuid: hedy\ncn: Hedy Lamarr\nsn: Lamarr\n\
         givenName: Hedy\ntitle: Engineer\nuidNumber: 1\ngidNumber: 1\nhomeDirectory: /home/hedy\n\
         mail: hedy@example.org\nipaUniqueID: id-hedy\n\n",
    );
    let counts = office.done().await;
    assert_eq!(
        (counts.created, counts.updated, counts.conflicts),
        (0, 0, 0)
    );
}

#[tokio::test]
async fn only_an_account_that_signs_in_there_writes_back() {
    let office = Office::new(&people(1)).await;
    office.done().await;
    let ipa = ipa_server(shapes::obliging).await;
    let page = office.page("p1").await;
    assert!(
        !page.has("#freeipa") && page.has("#title[readonly]"),
        "off by default"
    );
    let browser = office.house.administrator();
    let path = format!("/admin/accounts/directories/{}", office.id);
    let nothing = browser.get(&format!("{path}/people/new")).await;
    assert_eq!(nothing.status, 404);
    let page = browser.get(&format!("{path}/settings")).await;
    let form = || {
        page.form("form[action$='/settings']")
            .with("write_back", "on")
            .with("web_port", &ipa.port.to_string())
            .with("do", "save")
    };
    let system = "uid=cloud,cn=sysaccounts,cn=etc,dc=example,dc=org";
    let refused = browser.submit(form().with("bind_dn", system)).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text("#bind_dn-error").contains("sysaccounts"));
    // The password was typed for another door.
    let refused = browser.submit(form()).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#bind_password-error"));
    let kept = browser
        .submit(form().with("bind_password", LDAP_PASSWORD))
        .await;
    assert_eq!(kept.status, 200);
    let settings = office.directories.find(office.id).await.unwrap().settings;
    assert_eq!(settings.web(), Some(ipa.port));
}
