//! The way in for whoever is held back because strangers guessed at their name.

use jiff::SignedDuration;
use rpc::events::auth::{AUDIT, AuditRecorded};
use testkit::{Form, Page};

use crate::house::{House, PASSWORD};
use crate::post::{Post, path};
use crate::second_factor::{code, set_up};
use crate::visitor::Visitor;

const SUBJECT: &str = "Sign-ins with your name are held back";

/// Strangers spend the budget of a name; returns what the last of them was answered.
async fn guess(house: &House, login: &str) -> Page {
    for network in 0..11 {
        let attacker = house.visitor().at(&format!("203.0.{network}.5"));
        attacker.sign_in(login, "not the password").await;
    }
    let last = house.visitor().at("198.51.100.9");
    let answer = last.sign_in(login, PASSWORD).await;
    assert_eq!(answer.status, 429, "{}", answer.body);
    answer.assert_sound();
    answer
}

/// The form behind a link, as a browser sees it.
async fn button(browser: &Visitor<'_>, link: &str) -> Form {
    let page = browser.get(link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.assert_sound();
    page.form("#way-in")
}

/// Follows a link; returns the form that asks for the password.
async fn follow(browser: &Visitor<'_>, link: &str) -> Form {
    let gone_on = browser.submit(button(browser, link).await).await;
    let place = gone_on.header("location").to_owned();
    assert!(place.starts_with("/auth/sign-in/"), "{}", gone_on.body);
    assert!(browser.cookie("cloud").is_none(), "it opens nothing");
    let page = browser.get(&place).await;
    page.form("#with-password").with("password", PASSWORD)
}

/// How many were sent, once all jobs are done.
async fn sent(house: &House) -> i64 {
    let sql = house.sql().await;
    testkit::eventually("the mails are written", async || {
        let waiting = "SELECT count(*) FROM auth.jobs WHERE kind = 'way_in_mail' AND state IN ('queued', 'running')";
        sql.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == 0
    })
    .await;
    let all = "SELECT count(*) FROM auth.ways_in";
    sql.query_one(all, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_gets_in_once_with_password_and_second_factor_and_nobody_else_does() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    let (_, ada) = house.person("ada").await;
    let (seed, _) = set_up(&house, &ada).await;
    guess(&house, "ada").await;
    let mail = post.mail("ada@example.org", SUBJECT).await;
    assert!(mail.text().contains("Firefox on Linux"), "{}", mail.text());
    let link = path(&mail, "/auth/way-in/");
    for _ in 0..3 {
        button(&house.visitor(), &link).await;
    }

    let browser = house.visitor().at("198.51.100.9");
    let form = follow(&browser, &link).await;
    let halfway = browser.submit(form).await;
    let halfway = browser.get(halfway.header("location")).await;
    assert!(
        browser.cookie("cloud").is_none(),
        "a second factor is asked"
    );
    let proof = halfway.form("#with-code");
    let proof = proof.with("code", &code(&house, &seed, 0));
    assert_eq!(browser.submit(proof).await.header("location"), "/");
    let principal = house.introspect(&browser.session()).await.unwrap();
    assert_eq!(principal.factors, ["pwd", "otp"]);

    let twin = house.visitor().at("198.51.100.9");
    assert_eq!(twin.get(&link).await.status, 410, "it is used up");
    assert_eq!(
        twin.sign_in("ada", PASSWORD).await.status,
        429,
        "the others still wait"
    );
    let trail: Vec<AuditRecorded> = house.events(AUDIT).await;
    let used = trail.iter().filter(|line| line.action == "sign_in.way_in");
    assert_eq!(used.count(), 1);
    let dump = "SELECT ways_in::text FROM auth.ways_in";
    let row = house.sql().await.query_one(dump, &[]).await.unwrap();
    let secret = link.rsplit('/').next().unwrap();
    assert!(!row.get::<_, String>(0).contains(secret), "stored hashed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_in_lasts_ten_minutes_and_of_eight_at_once_one_wins() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    house.person("ada").await;
    house.person("ben").await;
    guess(&house, "ada").await;
    let link = path(
        &post.mail("ada@example.org", SUBJECT).await,
        "/auth/way-in/",
    );
    let browsers: Vec<Visitor<'_>> = (0..8).map(|_| house.visitor()).collect();
    let mut forms = Vec::new();
    for browser in &browsers {
        forms.push(button(browser, &link).await);
    }
    let all = browsers
        .iter()
        .zip(forms)
        .map(|(one, form)| one.submit(form));
    let answers = futures_util::future::join_all(all).await;
    let mut statuses: Vec<u16> = answers.iter().map(|one| one.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410, 410, 410, 410, 410, 410, 410]);

    guess(&house, "ben").await;
    let link = path(
        &post.mail("ben@example.org", SUBJECT).await,
        "/auth/way-in/",
    );
    let form = button(&house.visitor(), &link).await;
    house.later(SignedDuration::from_mins(10));
    let late = house.visitor();
    assert_eq!(late.get(&link).await.status, 410);
    let page = late.get("/auth/forgotten").await;
    let mut forced = page.form("form[action='/auth/forgotten']");
    forced.action = form.action;
    assert_eq!(late.submit(forced).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_mail_in_half_an_hour_whatever_name_is_tried_and_in_ones_own_language() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    let (mut ada, _) = house.person("ada").await;
    ada.locale = "de".to_owned();
    ada.version = 2;
    house.tell(&ada).await;
    house.person("ben").await;
    guess(&house, "ada").await;
    guess(&house, "ben").await;
    assert_eq!(sent(&house).await, 2, "one each");
    let subject = "Anmeldungen mit Ihrem Namen werden aufgehalten";
    let first = post.mail("ada@example.org", subject).await;

    house.later(SignedDuration::from_mins(29));
    guess(&house, "ben@example.org").await;
    assert_eq!(sent(&house).await, 2, "Ben was written to lately");
    house.later(SignedDuration::from_mins(2));
    guess(&house, "ADA@example.org").await;
    assert_eq!(sent(&house).await, 3);
    let second = testkit::until("a second mail", async || {
        let mail = post.mail("ada@example.org", subject).await;
        (mail.text() != first.text()).then_some(mail)
    })
    .await;
    assert_ne!(
        path(&first, "/auth/way-in/"),
        path(&second, "/auth/way-in/")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guesser_learns_nothing_and_nobody_is_written_to_for_a_name_nobody_has() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    let (mut eve, _) = house.person("eve").await;
    house.person("ada").await;
    eve.state = rpc::auth::v1::SubjectState::Disabled.into();
    eve.version = 2;
    house.tell(&eve).await;
    let [known, unknown, disabled] = [
        guess(&house, "ada").await,
        guess(&house, "nobody").await,
        guess(&house, "eve").await,
    ];
    let said = known.text(".plain-card");
    assert!(said.contains("a mail with a way in"), "{said}");
    for other in [&unknown, &disabled] {
        assert_eq!(said, other.text(".plain-card"));
        assert_eq!(known.header("retry-after"), other.header("retry-after"));
    }
    assert_eq!(sent(&house).await, 1, "to whoever may sign in");
    post.mail("ada@example.org", SUBJECT).await;
    // For each name the same was queued.
    let sql = house.sql().await;
    let queued = "SELECT count(*) FROM auth.jobs WHERE kind = 'way_in_mail'";
    let queued: i64 = sql.query_one(queued, &[]).await.unwrap().get(0);
    assert!(queued == 3 || queued == 0, "{queued}");
}
