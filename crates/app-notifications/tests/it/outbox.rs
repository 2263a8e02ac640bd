//! The folder for mail of a development platform.

use platform::Clock;
use testkit::{Setup, admin, scratch, user};

use super::mail::{Post, letter};

#[tokio::test]
async fn a_developer_reads_mail_and_follows_its_links() {
    let folder = scratch("outbox").join("mail");
    let app = Setup::new()
        .variable("MAIL_OUTBOX_DIR", folder.to_str().unwrap())
        .run(app_notifications::app())
        .await;
    let post = Post::around(app, Clock::system()).await;
    let browser = post.app.as_user(&admin());
    browser
        .get("/admin/notifications/outbox")
        .await
        .assert_sound();
    for key in ["one", "two"] {
        let delivery = post.send(letter(key, &format!("{key}@example.org"))).await;
        post.becomes(&delivery, "delivered").await;
        assert!(folder.join(format!("{delivery}.eml")).is_file());
    }
    let page = browser.get("/admin/notifications/outbox").await;
    page.assert_sound();
    assert_eq!(page.count("[data-mail]"), 2);
    assert!(page.has("a[href='https://cloud.example.org/auth/mail/canary']"));
    let newest = page.body.find("two@example.org").unwrap();
    assert!(newest < page.body.find("one@example.org").unwrap());
    let visitor = post.app.as_user(&user());
    let of_user = visitor.get_once("/admin/notifications/outbox").await;
    assert_eq!(of_user.status, 403);
}

#[tokio::test]
async fn production_refuses_to_keep_mail_in_the_clear() {
    let environment = platform::Environment::from_map([
        ("CLOUD_ENV", "production"),
        ("MAIL_OUTBOX_DIR", "/tmp/outbox"),
    ]);
    let mut reader = environment.reader();
    app_notifications::config::Config::read(&mut reader);
    let problems = reader.finish().unwrap_err().to_string();
    assert!(problems.contains("MAIL_OUTBOX_DIR"), "{problems}");
}
