//! Passkeys of one's own: adding, using, naming and removing them, and being offered one.

use jiff::SignedDuration;
use rpc::events::auth::AuditRecorded;

use crate::authenticator::{Authenticator, add, ask, press, send, sign_in, with_passkey};
use crate::house::{House, PASSWORD};
use crate::post::Post;

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in_without_a_name_and_counts_as_several_factors() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    let (subject, ada) = house.person("ada").await;
    let page = ada.get("/auth/security/passkeys/new").await;
    page.assert_sound();
    let (challenge, options) = ask(&ada, &page).await;
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["attestation"], "none");
    let selection = &options["authenticatorSelection"];
    assert_eq!(
        (&selection["residentKey"], &selection["userVerification"]),
        (&"required".into(), &"required".into())
    );
    let mut phone = Authenticator::new();
    phone.model = "d548826e-79b4-db40-a3d8-11116f7e8349".parse().unwrap();
    let credential = phone.create(&options);
    let added = send(&ada, &page, &challenge, &credential).await;
    assert_eq!(added.header("location"), "/auth/security");
    let listed = ada.get("/auth/security").await;
    listed.assert_sound();
    assert!(listed.text("#passkeys").contains("Bitwarden"));
    assert!(listed.text("#passkeys").contains("Never used"));
    post.mail("ada@example.org", "A passkey was added").await;

    let browser = house.visitor();
    let page = browser.get("/auth/sign-in").await;
    page.assert_sound();
    assert_eq!(
        page.attribute("#login", "autocomplete"),
        "username webauthn"
    );
    let answer = sign_in(&browser, &mut phone).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/auth/security"),
        "{}",
        answer.body
    );
    let found = house.introspect(&browser.session()).await.unwrap();
    assert_eq!(found.factors, ["pop", "mfa"]);
    assert_eq!(found.subject.unwrap().user_id, subject.user_id);
    let listed = browser.get("/auth/security").await;
    assert!(listed.text("#passkeys").contains("Last used"));
    let audit = house.events::<AuditRecorded>("auth.audit").await;
    assert!(
        audit
            .iter()
            .any(|line| line.action == "passkey.add" && line.subject_id == subject.user_id)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_authenticator_is_asked_for_once_and_there_are_twenty_at_most() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let page = ada.get("/auth/security/passkeys/new").await;
    let (challenge, options) = ask(&ada, &page).await;
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    // An authenticator that does not care what is excluded.
    let again = phone.create(&options);
    let refused = send(&ada, &page, &challenge, &again).await;
    assert_eq!(refused.header("location"), "/auth/security/passkeys/new");
    // Nor does somebody else get it.
    let (_, ben) = house.person("ben").await;
    let theirs = add(&ben, &mut phone).await;
    assert_eq!(theirs.header("location"), "/auth/security/passkeys/new");
    for _ in 1..20 {
        with_passkey(&ada).await;
    }
    let one_more = add(&ada, &mut Authenticator::new()).await;
    assert_eq!(one_more.header("location"), "/auth/security/passkeys/new");
    let count: i64 = house
        .sql()
        .await
        .query_one("SELECT count(*) FROM auth.passkeys", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(count, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_without_user_verification_or_for_another_origin_is_not_added() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let spoilt: [fn(&mut Authenticator); 3] = [
        |one| one.verifies = false,
        |one| one.origin = "http://localhost:3001".to_owned(),
        |one| one.host = "evil.example".to_owned(),
    ];
    for spoil in spoilt {
        let mut authenticator = Authenticator::new();
        spoil(&mut authenticator);
        let refused = add(&ada, &mut authenticator).await;
        assert_eq!(refused.header("location"), "/auth/security/passkeys/new");
    }
    let page = ada.get("/auth/security/passkeys/new").await;
    let (challenge, _) = ask(&ada, &page).await;
    for credential in ["", "{}", "[]", "null", "{\"id\":1}"] {
        let refused = send(&ada, &page, &challenge, credential).await;
        assert_eq!(refused.status, 303, "{credential:?}");
    }
    let listed = ada.get("/auth/security").await;
    assert!(listed.text("#passkeys").contains("You have no passkey yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_passkeys_asks_who_it_is_and_a_passkey_answers() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let form = ada.get("/auth/security/passkeys/new").await;
    house.later(SignedDuration::from_mins(11));
    let there = ada.first_passkey().await;
    for path in ["/auth/security/passkeys/new", there.as_str()] {
        let answer = ada.get(path).await;
        assert!(
            answer.header("location").starts_with("/auth/sudo"),
            "{path}"
        );
    }
    let token = form.form("ui-passkey form");
    let token = token.value("csrf_token").unwrap();
    for path in [
        "/auth/security/passkeys",
        "/auth/security/passkeys/challenge",
    ] {
        let answer = ada.post(path, &[("csrf_token", token)]).await;
        assert!(
            answer.header("location").starts_with("/auth/held-forms?"),
            "{path}"
        );
    }
    let page = ada
        .get("/auth/sudo?return_to=/auth/security/passkeys/new")
        .await;
    page.assert_sound();
    let (_, options) = ask(&ada, &page).await;
    assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);
    // Somebody else's passkey is a passkey, but not an answer to this.
    let (_, ben) = house.person("ben").await;
    let mut theirs = with_passkey(&ben).await;
    let before = ada.session();
    let refused = press(&ada, &page, &mut theirs).await;
    assert!(refused.header("location").starts_with("/auth/sudo"));
    assert_eq!(ada.session(), before);
    let answer = press(&ada, &page, &mut phone).await;
    assert_eq!(answer.header("location"), "/auth/security/passkeys/new");
    assert_ne!(ada.session(), before, "a new id");
    assert!(house.introspect(&before).await.is_none());
    assert_eq!(ada.get("/auth/security/passkeys/new").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_passkey_is_refused_and_other_sessions_end() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let other = house.visitor();
    sign_in(&other, &mut phone).await;
    let path = ada.first_passkey().await;

    // Nobody else sees or touches it.
    let (_, ben) = house.person("ben").await;
    assert_eq!(ben.get(&path).await.status, 404);
    let token = ben.get("/auth/security").await;
    let token = token.form("form[action='/auth/sign-out']");
    let token = token.value("csrf_token").unwrap();
    for (act, fields) in [("/remove", vec![]), ("", vec![("name", "Mine")])] {
        let fields = [fields, vec![("csrf_token", token)]].concat();
        let answer = ben.post(&format!("{path}{act}"), &fields).await;
        assert_eq!(answer.status, 404, "{act:?}");
    }

    let page = ada.get(&path).await;
    page.assert_sound();
    let unnamed = ada.submit(page.form("#rename").with("name", " \t")).await;
    assert_eq!(unnamed.status, 422);
    assert!(unnamed.has("#name-error"));
    ada.submit(page.form("#rename").with("name", "Work <phone>"))
        .await;
    let listed = ada.get("/auth/security").await;
    assert!(listed.text("#passkeys").contains("Work <phone>"));

    let removed = ada.submit(page.form("#remove")).await;
    assert_eq!(
        removed.header("location"),
        "/auth/security",
        "{}",
        removed.body
    );
    assert!(house.introspect(&other.session()).await.is_none());
    assert!(house.introspect(&ada.session()).await.is_some());
    let browser = house.visitor();
    let refused = sign_in(&browser, &mut phone).await;
    assert!(refused.header("location").starts_with("/auth/sign-in"));
    assert!(browser.cookie("cloud").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_way_in_is_not_removed() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let sql = house.sql().await;
    sql.execute("DELETE FROM auth.passwords", &[])
        .await
        .unwrap();
    let path = ada.first_passkey().await;
    let page = ada.get(&path).await;
    let refused = ada.submit(page.form("#remove")).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert!(refused.text(".alert").contains("your only way in"));
    // With another one it goes.
    with_passkey(&ada).await;
    let removed = ada.submit(page.form("#remove")).await;
    assert_eq!(removed.status, 303, "{}", removed.body);
    let browser = house.visitor();
    sign_in(&browser, &mut phone).await;
    assert!(browser.cookie("cloud").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_last_ones_removed_at_once_one_stays() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    with_passkey(&ada).await;
    with_passkey(&ada).await;
    let sql = house.sql().await;
    sql.execute("DELETE FROM auth.passwords", &[])
        .await
        .unwrap();
    let listed = ada.get("/auth/security").await;
    let mut forms = Vec::new();
    for path in listed.attributes("#passkeys .list-text a", "href") {
        forms.push(ada.get(&path).await.form("#remove"));
    }
    let sent = forms.into_iter().map(|form| ada.submit(form));
    let mut statuses: Vec<u16> = futures_util::future::join_all(sent)
        .await
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_could_keep_one_is_offered_one_until_its_owner_declines() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let able = async || {
        let browser = house.visitor();
        let form = browser.password_form("ada", "/auth/security").await;
        let form = form
            .with("password", PASSWORD)
            .with("could_have_passkey", "on");
        let answer = browser.submit(form).await;
        let offer = answer.header("location").to_owned();
        assert!(offer.starts_with("/auth/passkey-offer"), "{offer}");
        (browser.get(&offer).await, browser)
    };
    let (page, browser) = able().await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.assert_sound();
    let later = page.form("form[action='/auth/passkey-offer/later']");
    let answer = browser.submit(later).await;
    assert_eq!(answer.header("location"), "/auth/security");
    let (page, _) = able().await;
    assert_eq!(page.header("location"), "/auth/security", "not again");
    house.later(SignedDuration::from_hours(91 * 24));
    let (page, browser) = able().await;
    // Added from the offer, it leads where the sign-in led.
    let (challenge, options) = ask(&browser, &page).await;
    let credential = Authenticator::new().create(&options);
    let answer = send(&browser, &page, &challenge, &credential).await;
    assert_eq!(answer.header("location"), "/auth/security");
    let (page, _) = able().await;
    assert_eq!(page.header("location"), "/auth/security", "there is one");
    drop(ada);
}
