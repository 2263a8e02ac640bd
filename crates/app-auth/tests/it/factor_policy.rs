//! Who has to prove more: by role, by group, alone; and what administrators do about other people's factors.

use jiff::SignedDuration;
use rpc::auth::v1 as wire;
use rpc::events::auth::AuditRecorded;
use testkit::Page;

use crate::authenticator::{Authenticator, ask, press, send, sign_in, with_passkey};
use crate::house::{House, PASSWORD};
use crate::post::Post;
use crate::visitor::Visitor;

const POLICY: &str = "/admin/auth/policy";

/// Asks something of the roles, as an administrator.
async fn ask_of_roles(admin: &Visitor<'_>, demands: [(&str, &str); 3]) {
    let page = admin.get(POLICY).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let form = demands
        .into_iter()
        .fold(page.form("#roles"), |form, (role, demand)| {
            form.with(role, demand)
        });
    let saved = admin.submit(form).await;
    assert_eq!(saved.header("location"), POLICY, "{}", saved.body);
}

async fn ask_of_group(admin: &Visitor<'_>, group: &str, demand: &str) {
    let page = admin.get(POLICY).await;
    let form = page.form("#group-new").with("group", group);
    let saved = admin.submit(form.with("requirement", demand)).await;
    assert_eq!(saved.header("location"), POLICY, "{}", saved.body);
}

/// Gives the password; returns the page that asks for more.
async fn halfway(visitor: &Visitor<'_>, login: &str) -> Page {
    let answer = visitor.sign_in(login, PASSWORD).await;
    assert!(visitor.cookie("cloud").is_none(), "no session yet");
    let page = visitor.get(answer.header("location")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.assert_sound();
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_a_group_stays_when_its_name_changes() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (_, ada) = house.person("ada").await;
    with_passkey(&ada).await;
    ask_of_group(&admin, "engineering", "phishing_resistant").await;
    let sql = house.sql().await;
    let less = "INSERT INTO auth.factor_requirements VALUES ('group', 'research', 'second_factor')";
    sql.execute(less, &[]).await.unwrap();
    house.rename_group("engineering", "research").await;
    let asked = "SELECT name, requirement FROM auth.factor_requirements WHERE audience = 'group'";
    let rules = sql.query(asked, &[]).await.unwrap();
    let rules: Vec<(&str, &str)> = rules.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(rules, [("research", "phishing_resistant")]);
    let page = halfway(&house.visitor(), "ada").await;
    assert!(!page.has("#with-recovery-code"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_highest_demand_of_role_and_groups_counts() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (_, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let page = admin.get(POLICY).await;
    page.assert_sound();
    // Nothing is asked of members by default: the password alone gets in.
    house.visitor().sign_in_well("ada").await;

    ask_of_group(&admin, "engineering", "second_factor").await;
    let browser = house.visitor();
    let page = halfway(&browser, "ada").await;
    assert!(!page.has("#with-code"), "there is no app to ask");
    let answer = press(&browser, &page, &mut phone).await;
    assert_eq!(answer.header("location"), "/", "{}", answer.body);
    let found = house.introspect(&browser.session()).await.unwrap();
    assert_eq!(found.factors, ["pop", "mfa"]);

    // The role asks for more than the group: codes from paper do not help any more.
    ask_of_roles(
        &admin,
        [
            ("admin", "second_factor"),
            ("user", "phishing_resistant"),
            ("guest", "none"),
        ],
    )
    .await;
    let (_, ben) = house.person("ben").await;
    drop(ben);
    let page = admin.get(POLICY).await;
    assert!(page.body.contains("2 people are in it."), "{}", page.body);
    // Whoever has none gets a week, then adds one on the way in.
    let new = house.visitor();
    new.sign_in_well("ben").await;
    house.later(SignedDuration::from_hours(8 * 24));
    let new = house.visitor();
    let page = halfway(&new, "ben").await;
    assert!(!page.has("#totp"), "a code would not be enough");
    let (challenge, options) = ask(&new, &page).await;
    let mut bens = Authenticator::new();
    let credential = bens.create(&options);
    let added = send(&new, &page, &challenge, &credential).await;
    let page = new.get(added.header("location")).await;
    assert!(!page.has("#with-code"));
    press(&new, &page, &mut bens).await;
    let found = house.introspect(&new.session()).await.unwrap();
    assert_eq!(found.factors, ["pop", "mfa"]);
    let audit = house.events::<AuditRecorded>("auth.audit").await;
    let lines = audit.iter().filter(|line| line.action == "policy.factors");
    assert_eq!(lines.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn administration_waits_until_what_policy_asks_is_proven() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let mut key = with_passkey(&admin).await;
    let (_, ada) = house.person("ada").await;
    // By default a second factor is asked of administrators: there is one now, and this session did not prove it.
    for (path, place) in [
        ("/admin/auth/sessions", "/auth/sudo"),
        ("/admin/auth/keys", "/auth/sudo"),
    ] {
        let answer = admin.get(path).await;
        assert!(answer.header("location").starts_with(place), "{path}");
    }
    assert_eq!(admin.get("/auth/security").await.status, 200);
    let page = admin.get("/auth/sudo?return_to=/admin/auth/policy").await;
    let answer = press(&admin, &page, &mut key).await;
    assert_eq!(answer.header("location"), POLICY);
    assert_eq!(admin.get(POLICY).await.status, 200);

    // Another of theirs, with the password alone: no way round.
    let other = house.visitor();
    let page = halfway(&other, "grace").await;
    assert!(page.has("ui-passkey"));
    // Nobody else is concerned.
    assert_eq!(ada.get("/auth/security").await.status, 200);
    assert_eq!(ada.get(POLICY).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stricter_policy_reaches_sessions_at_once_and_gives_time_to_whoever_cannot_meet_it() {
    let house = House::open().await;
    let admin = house.administrator().await;
    // Remembered by everybody who remembers sessions.
    assert_eq!(admin.get(POLICY).await.status, 200);
    let strict = [
        ("admin", "phishing_resistant"),
        ("user", "none"),
        ("guest", "none"),
    ];
    ask_of_roles(&admin, strict).await;
    assert_eq!(
        admin.get(POLICY).await.status,
        200,
        "no passkey yet: there is time"
    );
    let mut key = with_passkey(&admin).await;
    let answer = admin.get(POLICY).await;
    assert!(answer.header("location").starts_with("/auth/sudo"));
    let page = admin.get("/auth/sudo?return_to=/admin/auth/policy").await;
    press(&admin, &page, &mut key).await;
    ask_of_roles(
        &admin,
        [("admin", "none"), ("user", "none"), ("guest", "none")],
    )
    .await;
    let other = house.visitor();
    other.sign_in_well("grace").await;
    assert_eq!(other.get(POLICY).await.status, 200);
    ask_of_roles(&admin, strict).await;
    let answer = other.get(POLICY).await;
    assert!(
        answer.header("location").starts_with("/auth/sudo"),
        "at once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_owes_more_once_the_grace_is_over() {
    let house = House::open().await;
    house.administrator().await;
    let browser = house.visitor();
    house.later(SignedDuration::from_hours(6 * 24 + 20));
    browser.sign_in_well("grace").await;
    assert_eq!(browser.get(POLICY).await.status, 200);
    house.later(SignedDuration::from_hours(5));
    let answer = browser.get(POLICY).await;
    assert!(answer.header("location").starts_with("/auth/sudo"));
    // The password leads to the set-up, not past it.
    let page = browser.get("/auth/sudo?return_to=/admin/auth/policy").await;
    let form = page.form(".plain-card form").with("password", PASSWORD);
    let answer = browser.submit(form).await;
    let page = browser.get(answer.header("location")).await;
    assert!(page.has("#totp") && page.has("ui-passkey"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_removes_and_requires_the_factors_of_others() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    let admin = house.administrator().await;
    let (subject, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let browser = house.visitor();
    sign_in(&browser, &mut phone).await;
    let listed = admin.get("/admin/auth/people?q=ada").await;
    listed.assert_sound();
    assert!(listed.text("#people").contains("one passkey"));
    let path = format!("/admin/auth/people/{}/factors", subject.user_id);
    let page = admin.get(&path).await;
    page.assert_sound();
    assert!(page.text("#main").contains("Firefox on Linux"));
    assert!(page.text("#main").contains("Last used"));

    // Before it is required, it is told whom that meets.
    let told = page.text("#require-now");
    assert!(told.contains("Require this of ada Example now?"), "{told}");
    assert!(told.contains("in 2 browsers"), "{told}");
    assert!(told.contains("second factor they have"), "{told}");

    // Required now: the session with the password alone ends, the other one goes on.
    let form = page.form("#require").with("requirement", "second_factor");
    let answer = admin.submit(form).await;
    assert_eq!(answer.header("location"), path, "{}", answer.body);
    assert!(house.introspect(&ada.session()).await.is_none());
    assert!(house.introspect(&browser.session()).await.is_some());
    post.mail("ada@example.org", "You need a second factor from now on")
        .await;

    // Removed: everything ends, the passkey is refused, and there is no more time.
    let page = admin.get(&path).await;
    let form = page.form(&format!("form[action='{path}/reset']"));
    let answer = admin.submit(form).await;
    assert_eq!(answer.header("location"), path, "{}", answer.body);
    assert!(house.introspect(&browser.session()).await.is_none());
    post.mail("ada@example.org", "Your second factors were removed")
        .await;
    let thief = house.visitor();
    sign_in(&thief, &mut phone).await;
    assert!(thief.cookie("cloud").is_none());
    let new = house.visitor();
    let page = halfway(&new, "ada").await;
    assert!(page.has("#totp") && page.has("ui-passkey"));
    let audit = house.events::<AuditRecorded>("auth.audit").await;
    for action in ["factors.require", "factors.reset"] {
        assert!(
            audit.iter().any(|line| line.action == action
                && line.subject_id == subject.user_id
                && !line.actor_id.is_empty()),
            "{action}"
        );
    }
    // Not asked any more of this person alone.
    let page = admin.get(&path).await;
    admin
        .submit(page.form("#require").with("requirement", "none"))
        .await;
    house.visitor().sign_in_well("ada").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused_and_others_ask_nothing() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (subject, ada) = house.person("ada").await;
    let page = admin.get(POLICY).await;
    let wrong = admin
        .submit(page.form("#roles").with("user", "everything"))
        .await;
    assert_eq!(wrong.status, 422);
    wrong.assert_sound();
    let nobody = page.form("#group-new").with("group", " ");
    assert_eq!(admin.submit(nobody).await.status, 422);
    let token = page.form("#roles").value("csrf_token").unwrap().to_owned();
    let own = admin.introspected().await;
    for act in ["reset", "require", "unlock"] {
        let path = format!("/admin/auth/people/{}/factors/{act}", own.user_id);
        let fields = [
            ("csrf_token", token.as_str()),
            ("requirement", "second_factor"),
        ];
        assert_eq!(admin.post(&path, &fields).await.status, 400, "{act}");
    }
    let member = ada.get("/auth/security").await;
    let member = member.form("form[action='/auth/sign-out']");
    let member = member.value("csrf_token").unwrap();
    for (path, status) in [
        (format!("{POLICY}/roles"), 403),
        (format!("{POLICY}/groups"), 403),
        (
            format!("/admin/auth/people/{}/factors/reset", own.user_id),
            403,
        ),
        (
            format!("/admin/auth/people/{}/factors/require", subject.user_id),
            403,
        ),
        (
            format!("/admin/auth/people/{}/factors/unlock", own.user_id),
            403,
        ),
    ] {
        let answer = ada.post(&path, &[("csrf_token", member)]).await;
        assert_eq!(answer.status, status, "{path}");
    }
    for path in ["/admin/auth/people", POLICY] {
        assert_eq!(ada.get(path).await.status, 403);
    }
    // Eleven minutes later it is asked first who it is.
    house.later(SignedDuration::from_mins(11));
    let answer = admin.submit(page.form("#roles")).await;
    assert!(answer.header("location").starts_with("/auth/held-forms?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_unlocks_whom_strangers_locked_out() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (subject, _) = house.person("ada").await;
    let path = format!("/admin/auth/people/{}/factors", subject.user_id);
    assert!(!admin.get(&path).await.body.contains("have to wait"));
    for network in 0..11 {
        let attacker = house.visitor().at(&format!("203.0.{network}.5"));
        attacker.sign_in("ada", "not the password").await;
    }
    let stranger = house.visitor().at("198.51.100.9");
    assert_eq!(stranger.sign_in("ada", PASSWORD).await.status, 429);

    let attempts = admin.get("/admin/auth/sign-ins").await;
    attempts.assert_sound();
    assert!(
        attempts.has("#main tbody .only-phone time"),
        "when, on a phone"
    );
    let of_ada = format!("/admin/auth/sign-ins?person={}", subject.user_id);
    let attempts = admin.get(&of_ada).await;
    let explained = admin
        .get(&attempts.attribute("#main tbody .table-actions a", "href"))
        .await;
    explained.assert_sound();
    let person = format!("a[href='{path}']");
    assert!(explained.has(&person), "from the explanation to the remedy");
    let page = admin.get(&path).await;
    page.assert_sound();
    assert!(page.body.contains("have to wait"), "{}", page.body);
    let unlock = page.form(&format!("form[action='{path}/unlock']"));
    let answer = admin.submit(unlock.clone()).await;
    assert_eq!(answer.header("location"), path, "{}", answer.body);
    assert!(!admin.get(&path).await.body.contains("have to wait"));
    stranger.sign_in_well("ada").await;
    let audit = house.events::<AuditRecorded>("auth.audit").await;
    let lines = audit.iter().filter(|line| {
        line.action == "person.unlock"
            && line.subject_id == subject.user_id
            && !line.actor_id.is_empty()
    });
    assert_eq!(lines.count(), 1);

    house.later(SignedDuration::from_mins(11));
    let late = admin.submit(unlock).await;
    assert!(late.header("location").starts_with("/auth/held-forms?"));
}

impl Visitor<'_> {
    async fn introspected(&self) -> wire::Subject {
        let found = self.house().introspect(&self.session()).await;
        found.unwrap().subject.unwrap()
    }
}
