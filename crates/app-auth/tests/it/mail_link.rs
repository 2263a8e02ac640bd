//! Signing in by mail: the link in the browser that asked, the code everywhere, once, for ten minutes, and the same
//! answers whether or not there is anybody.

use jiff::SignedDuration;
use testkit::{Form, Page};

use crate::house::{House, PASSWORD};
use crate::post::{Post, code, path};
use crate::visitor::Visitor;

const SUBJECT: &str = "Sign in";

/// Types a name and asks for a mail; returns the page for the code.
async fn ask(visitor: &Visitor<'_>, login: &str) -> Page {
    let page = visitor.get("/auth/sign-in").await;
    let begun = visitor
        .submit(page.form(".plain-card form").with("login", login))
        .await;
    let ways = visitor.get(begun.header("location")).await;
    ask_again(visitor, ways.form("#with-mail")).await
}

async fn ask_again(visitor: &Visitor<'_>, form: Form) -> Page {
    let asked = visitor.submit(form).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let page = visitor.get(asked.header("location")).await;
    page.assert_sound();
    page
}

fn led_in(page: &Page) -> bool {
    page.status == 303 && page.header("location") == "/"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once_where_it_was_asked_for_and_a_look_uses_nothing_up() {
    let house = House::open().await;
    house.administrator().await;
    let post = Post::open(&house).await;
    house.person("ada").await;
    let browser = house.visitor();
    ask(&browser, "ada").await;
    let mail = post.mail("ada@example.org", SUBJECT).await;
    let link = path(&mail, "/auth/mail/");

    let scanner = house.visitor();
    for _ in 0..3 {
        let seen = scanner.get(&link).await;
        seen.assert_sound();
        assert!(seen.has("#elsewhere"), "{}", seen.body);
    }
    // With a form of this site's own, and still not the browser that asked.
    let page = scanner.get("/auth/forgotten").await;
    let mut form = page.form("form[action='/auth/forgotten']");
    form.action.set_path(&link);
    let forced = scanner.submit(form).await;
    assert_eq!(forced.status, 410, "{}", forced.body);
    assert!(scanner.cookie("cloud").is_none());

    let page = browser.get(&link).await;
    page.assert_sound();
    let form = page.form(".plain-card form");
    assert!(led_in(&browser.submit(form).await));
    let principal = house.introspect(&browser.session()).await.unwrap();
    assert_eq!(principal.subject.unwrap().username, "ada");
    assert_eq!(browser.get(&link).await.status, 410, "it is used up");
    let twin = house.visitor();
    twin.set_cookie("cloud_flow", &browser.cookie("cloud_flow").unwrap());
    assert_eq!(
        twin.get(&link).await.status,
        410,
        "for the same browser too"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_across_devices_and_five_wrong_ones_end_it() {
    let house = House::open().await;
    house.administrator().await;
    let post = Post::open(&house).await;
    house.person("ada").await;
    let browser = house.visitor();
    let page = ask(&browser, "ada@example.org").await;
    let right = code(&post.mail("ada@example.org", SUBJECT).await);
    let wrong = if right == "000000" {
        "000001"
    } else {
        "000000"
    };
    let form = page.form("#with-code");
    for _ in 0..5 {
        let refused = browser.submit(form.clone().with("code", wrong)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("not the code"), "{}", refused.body);
    }
    let dead = browser.submit(form.clone().with("code", &right)).await;
    assert!(dead.body.contains("no longer works"), "{}", dead.body);

    ask_again(&browser, page.form("#send-again")).await;
    let newer = testkit::until("a mail with another code", async || {
        let newer = code(&post.mail("ada@example.org", SUBJECT).await);
        (newer != right).then_some(newer)
    })
    .await;
    let spaced = format!("{} {}", &newer[..3], &newer[3..]);
    assert!(led_in(&browser.submit(form.with("code", &spaced)).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn link_and_code_end_after_ten_minutes() {
    let house = House::open().await;
    house.administrator().await;
    let post = Post::open(&house).await;
    house.person("ada").await;
    let browser = house.visitor();
    let page = ask(&browser, "ada").await;
    let mail = post.mail("ada@example.org", SUBJECT).await;
    house.later(SignedDuration::from_mins(10));
    assert_eq!(browser.get(&path(&mail, "/auth/mail/")).await.status, 410);
    let form = page.form("#with-code").with("code", &code(&mail));
    let dead = browser.submit(form).await;
    assert!(dead.body.contains("no longer works"), "{}", dead.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_who_has_an_account() {
    let house = House::open().await;
    house.administrator().await;
    let post = Post::open(&house).await;
    house.person("ada").await;
    let (known, unknown) = (house.visitor(), house.visitor());
    let (one, other) = (ask(&known, "ada").await, ask(&unknown, "nobody").await);
    assert_eq!(
        (one.title(), one.text(".plain-card")),
        (other.title(), other.text(".plain-card"))
    );
    let mut answers = Vec::new();
    for (visitor, page) in [(&known, &one), (&unknown, &other)] {
        let form = page.form("#with-code").with("code", "999999x");
        for _ in 0..6 {
            let answer = visitor.submit(form.clone()).await;
            answers.push((answer.status, answer.text(".plain-card")));
        }
    }
    let unknowns = answers.split_off(6);
    assert_eq!(answers, unknowns);
    post.mail("ada@example.org", SUBJECT).await;
    assert!(
        post.sink
            .mails()
            .iter()
            .all(|mail| mail.to == ["ada@example.org"] || mail.to == ["grace@example.org"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_spend_what_wrong_passwords_do() {
    let house = House::open().await;
    house.administrator().await;
    let _post = Post::open(&house).await;
    house.person("ada").await;
    for login in ["ada", "nobody"] {
        for network in 0..2 {
            let attacker = house.visitor().at(&format!("203.0.{network}.5"));
            let form = ask(&attacker, login).await.form("#with-code");
            for code in 0..5 {
                let guess = form.clone().with("code", &format!("00000{code}"));
                assert_eq!(attacker.submit(guess).await.status, 422);
            }
        }
        let other = house.visitor().at("198.51.100.7");
        let form = ask(&other, login).await.form("#with-code");
        let limited = other.submit(form.with("code", "000000")).await;
        assert_eq!(limited.status, 429, "{login}: the name's budget is spent");
        assert!(!limited.header("retry-after").is_empty());
        assert_eq!(other.sign_in(login, PASSWORD).await.status, 429);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_mail_is_not_offered() {
    let house = House::open().await;
    house.administrator().await;
    let visitor = house.visitor();
    let page = visitor.get("/auth/sign-in").await;
    let begun = visitor
        .submit(page.form(".plain-card form").with("login", "grace"))
        .await;
    let ways = visitor.get(begun.header("location")).await;
    ways.assert_sound();
    assert!(!ways.has("#with-mail"), "{}", ways.body);
    assert!(ways.body.contains("administrator"), "another way is named");
}
