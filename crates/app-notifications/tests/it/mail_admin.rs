//! The administrators' page: how mail leaves, a test with its true result, and the latest mails without what they
//! say.

use testkit::{MailFault, MailStep, admin, mail_sink, user};

use super::mail::{Post, letter};

#[tokio::test]
async fn an_administrator_sees_what_became_of_mail_and_nothing_of_what_it_said() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    let delivered = post.send(letter("one", "ada.lovelace@example.org")).await;
    post.becomes(&delivered, "delivered").await;
    let refusal = "550 5.1.1 <nobody@example.org>: user unknown";
    sink.fail_once(MailStep::Rcpt, MailFault::Reply(refusal));
    let refused = post.send(letter("two", "nobody@example.org")).await;
    post.becomes(&refused, "refused").await;
    let page = post.app.as_user(&admin()).get("/admin/notifications").await;
    page.assert_sound();
    assert_eq!(page.count("#mails tbody tr"), 2);
    assert_eq!(page.count("tr[data-state='refused']"), 1);
    let text = page.text("#mails");
    for shown in [
        "a\u{2026}@example.org",
        "auth.sign_in",
        "550",
        "user unknown",
    ] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
    for secret in ["lovelace", "nobody@", "canary", "424242"] {
        assert!(!page.body.contains(secret), "{secret}");
    }
    let visitor = post.app.as_user(&user());
    assert_eq!(visitor.get_once("/admin/notifications").await.status, 403);
}

#[tokio::test]
async fn a_test_mail_tells_the_truth() {
    let mut sink = mail_sink().await;
    let post = Post::open(&sink).await;
    let browser = post.app.as_user(&admin());
    let page = browser.get("/admin/notifications").await;
    assert!(page.text("#way").contains("localhost"), "{}", page.body);
    let form = page.form("form[action$='/test']");
    let done = browser
        .submit(form.clone().with("address", "ops@example.org"))
        .await;
    assert!(done.has(".toast"), "{}", done.body);
    let mail = sink.mail_to("ops@example.org").await;
    assert_eq!(mail.subject(), "Test mail from Analytical Engines");

    sink.fail_once(
        MailStep::Mail,
        MailFault::Reply("553 5.7.1 sender not owned"),
    );
    let failed = browser
        .submit(form.clone().with("address", "ops@example.org"))
        .await;
    assert_eq!(failed.status, 422);
    assert!(failed.text("#test-trouble").contains("sender not owned"));
    assert_eq!(failed.attribute("#address", "value"), "ops@example.org");

    sink.stop().await;
    let failed = browser
        .submit(form.clone().with("address", "ops@example.org"))
        .await;
    let text = failed.text("#test-trouble");
    assert!(text.contains("cannot be reached"), "{text}");

    let wrong = browser.submit(form.with("address", "ops")).await;
    assert_eq!(wrong.status, 422);
    wrong.assert_sound();
    assert_eq!(wrong.attribute("#address", "value"), "ops");
}

#[tokio::test]
async fn the_page_says_when_no_mail_leaves() {
    let app = testkit::run(app_notifications::app()).await;
    let browser = app.as_user(&admin());
    let page = browser.get("/admin/notifications").await;
    page.assert_sound();
    assert!(page.has(".alert"), "{}", page.body);
    assert_eq!(
        browser.get_once("/admin/notifications/outbox").await.status,
        404
    );
}
