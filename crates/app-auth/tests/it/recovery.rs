//! A forgotten password: a link by mail, once, within an hour, and nobody else stays signed in.

use jiff::SignedDuration;
use testkit::Page;

use crate::house::{House, PASSWORD, subject};
use crate::post::{Post, path};
use crate::second_factor::set_up;
use crate::visitor::Visitor;

const SUBJECT: &str = "Choose a new password";
const NEW: &str = "quiet harbour beside two kites";

async fn ask(visitor: &Visitor<'_>, login: &str) -> Page {
    let page = visitor.get("/auth/forgotten").await;
    page.assert_sound();
    let form = page
        .form("form[action='/auth/forgotten']")
        .with("login", login);
    let asked = visitor.submit(form).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let page = visitor.get(asked.header("location")).await;
    page.assert_sound();
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_every_other_session_and_works_once() {
    let house = House::open().await;
    house.administrator().await;
    let post = Post::open(&house).await;
    let (_, signed_in) = house.person("ada").await;
    let browser = house.visitor();
    ask(&browser, "ada").await;
    let mail = post.mail("ada@example.org", SUBJECT).await;
    let link = path(&mail, "/auth/reset/");
    let page = browser.get(&link).await;
    page.assert_sound();
    let form = page.form(".plain-card form");
    let weak = browser.submit(form.clone().with("password", "ada")).await;
    assert_eq!(weak.status, 422);
    let done = browser.submit(form.clone().with("password", NEW)).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/"));
    assert!(house.introspect(&browser.session()).await.is_some());
    assert!(house.introspect(&signed_in.session()).await.is_none());
    assert_eq!(browser.get(&link).await.status, 410);
    let told = post
        .mail("ada@example.org", "Your password was changed")
        .await;
    assert!(told.text().contains("192.0.2.10"), "{}", told.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_works_while_signed_in_and_not_after_an_hour() {
    let house = House::open().await;
    house.administrator().await;
    let post = Post::open(&house).await;
    let (_, browser) = house.person("ada").await;
    ask(&browser, "ada@example.org").await;
    let link = path(&post.mail("ada@example.org", SUBJECT).await, "/auth/reset/");
    let form = browser.get(&link).await.form(".plain-card form");
    house.later(SignedDuration::from_mins(59));
    assert_eq!(browser.get(&link).await.status, 200);
    house.later(SignedDuration::from_mins(1));
    assert_eq!(browser.get(&link).await.status, 410);
    let late = browser.submit(form.with("password", NEW)).await;
    assert_eq!(late.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_the_same_for_every_name_and_a_late_tab_keeps_what_was_typed() {
    let house = House::open().await;
    house.administrator().await;
    let post = Post::open(&house).await;
    house.person("ada").await;
    let browser = house.visitor();
    let known = ask(&browser, "ada").await;
    let unknown = ask(&browser, "nobody").await;
    assert_eq!(known.text(".plain-card"), unknown.text(".plain-card"));
    post.mail("ada@example.org", SUBJECT).await;

    let form = browser.get("/auth/forgotten").await;
    let form = form
        .form("form[action='/auth/forgotten']")
        .with("login", "ada");
    let stale = browser.submit(form.with("csrf_token", "old")).await;
    assert_eq!(stale.status, 403);
    assert_eq!(stale.attribute("#login", "value"), "ada");

    for n in 0..5 {
        let page = browser.get("/auth/forgotten").await;
        let form = page
            .form("form[action='/auth/forgotten']")
            .with("login", "nobody");
        let answer = browser.submit(form).await;
        let expected = if n < 4 { 303 } else { 429 };
        assert_eq!(answer.status, expected, "mail {n}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_factors_are_told_by_mail_in_the_persons_language_or_the_organisations() {
    let house = House::open_with(&[("ORGANISATION_LANGUAGE", "de")]).await;
    house.administrator().await;
    let post = Post::open(&house).await;
    let (_, ada) = house.person("ada").await;
    let mut english = subject("bob", 1);
    english.locale = "en".to_owned();
    let bob = house.visitor();
    bob.accept(&house.invite(&english).await, PASSWORD).await;
    for (visitor, address, added, made, removed) in [
        (
            &ada,
            "ada@example.org",
            "Einmalpasswörter wurden eingerichtet",
            "Neue Wiederherstellungscodes wurden erzeugt",
            "Einmalpasswörter wurden entfernt",
        ),
        (
            &bob,
            "bob@example.org",
            "One-time passwords were set up",
            "New recovery codes were made",
            "One-time passwords were removed",
        ),
    ] {
        set_up(&house, visitor).await;
        let mail = post.mail(address, added).await;
        assert!(mail.html().contains("/auth/security"));
        let page = visitor.get("/auth/security").await;
        let form = page.form("form[action='/auth/security/recovery-codes']");
        assert_eq!(visitor.submit(form).await.status, 200);
        post.mail(address, made).await;
        visitor.submit(page.form("#totp-remove")).await;
        post.mail(address, removed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_wrong_passwords_in_a_row_and_of_today_are_told() {
    let house = House::open().await;
    house.administrator().await;
    house.person("ada").await;
    let guess = async |times: usize| {
        for _ in 0..times {
            let other = house.visitor();
            let refused = other.sign_in("ada", "not the password at all").await;
            assert_eq!(refused.status, 422);
        }
    };
    guess(4).await;
    house.visitor().sign_in_well("ada").await;
    guess(4).await;
    house.visitor().sign_in_well("ada").await;
    house.later(SignedDuration::from_mins(11));
    guess(6).await;
    house.later(SignedDuration::from_hours(25));
    house.visitor().sign_in_well("ada").await;
    // Nobody takes mail in this house: jobs stay where they can be seen.
    let find = "SELECT payload::text FROM auth.jobs WHERE kind = 'account_mail'";
    let waiting = house.sql().await.query(find, &[]).await.unwrap();
    let mails: Vec<String> = waiting.iter().map(|row| row.get(0)).collect();
    assert!(mails.iter().any(|mail| mail.contains("new_device")));
    assert!(
        !mails.iter().any(|mail| mail.contains("guessed")),
        "four in a row are no guessing, nor six yesterday: {mails:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_told_of_new_devices_and_of_guesses_that_ended() {
    let house = House::open().await;
    house.administrator().await;
    let post = Post::open(&house).await;
    house.person("ada").await;
    let stranger = house.visitor().at("198.51.100.7");
    for _ in 0..5 {
        let refused = stranger.sign_in("ada", "not the password at all").await;
        assert_eq!(refused.status, 422, "{}", refused.body);
    }
    stranger.sign_in("ada", PASSWORD).await;
    let told = post
        .mail("ada@example.org", "Sign-in after several wrong passwords")
        .await;
    assert!(told.text().contains("198.51.100.7"), "{}", told.text());
    let device = post
        .mail("ada@example.org", "New sign-in to your account")
        .await;
    assert!(device.text().contains("Firefox"), "{}", device.text());
    assert!(device.html().contains("/auth/security"));
}
