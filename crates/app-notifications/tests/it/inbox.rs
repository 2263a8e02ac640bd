//! The inbox page: what a person can do with what they were told, and with nobody else's.

use super::{call, house, message};

#[tokio::test]
async fn a_person_reads_sets_aside_and_brings_back() {
    let (app, _boot, client) = house().await;
    let ada = testkit::user();
    for key in ["one", "two"] {
        client
            .send_notification(call(), message(&[&ada], key))
            .await
            .unwrap();
    }
    let browser = app.as_user(&ada);
    let page = browser.get("/app/notifications").await;
    page.assert_sound();
    assert_eq!(page.count("[data-notifications] > li"), 2);
    assert_eq!(page.count(".list-item-new"), 2);

    let page = browser.submit(page.form("form[action$='/dismiss']")).await;
    assert_eq!(page.count("[data-notifications] > li"), 1);
    let page = browser.submit(page.form(".toast form")).await;
    assert_eq!(
        page.count("[data-notifications] > li"),
        2,
        "undo brings it back"
    );

    let page = browser
        .submit(page.form("form[action='/app/notifications/read-all']"))
        .await;
    assert_eq!(page.count(".list-item-new"), 0);
    let unread = browser.get("/app/notifications?show=unread").await;
    assert!(unread.has(".empty"), "{}", unread.body);
}

#[tokio::test]
async fn opening_marks_as_read_and_leads_on() {
    let (app, _boot, client) = house().await;
    let ada = testkit::user();
    client
        .send_notification(call(), message(&[&ada], "one"))
        .await
        .unwrap();
    let browser = app.as_user(&ada);
    let inbox = browser.get("/api/notifications/inbox").await.json();
    let path = inbox["items"][0]["path"].as_str().unwrap().to_owned();
    let opened = browser.get_once(&path).await;
    assert_eq!(
        (opened.status.as_u16(), opened.header("location")),
        (303, "/app/hello")
    );
    assert_eq!(
        browser.get("/api/notifications/inbox").await.json()["unread"],
        0
    );
}

#[tokio::test]
async fn another_persons_notification_does_not_exist() {
    let (app, _boot, client) = house().await;
    let (ada, eve) = (
        testkit::user(),
        testkit::person("eve", platform::Role::Admin),
    );
    client
        .send_notification(call(), message(&[&ada, &eve], "one"))
        .await
        .unwrap();
    let of_ada = app
        .as_user(&ada)
        .get("/api/notifications/inbox")
        .await
        .json();
    let path = of_ada["items"][0]["path"].as_str().unwrap().to_owned();
    assert_eq!(app.as_user(&eve).get_once(&path).await.status, 404);
    let own = app.as_user(&eve).get("/app/notifications").await;
    let mut stolen = own.form("form[action$='/dismiss']");
    stolen.action.set_path(&path.replace("/open", "/dismiss"));
    assert_eq!(app.as_user(&eve).submit_once(stolen).await.status, 404);
    assert_eq!(
        app.as_user(&ada)
            .get("/app/notifications")
            .await
            .count("[data-notifications] > li"),
        1
    );
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let (app, _boot, client) = house().await;
    let ada = testkit::user();
    client
        .send_notification(call(), message(&[&ada], "one"))
        .await
        .unwrap();
    let browser = app.as_user(&ada);
    let form = browser
        .get("/app/notifications")
        .await
        .form("form[action='/app/notifications/read-all']");
    assert_eq!(
        browser
            .submit_once(form.with("csrf_token", ""))
            .await
            .status,
        403
    );
    assert_eq!(
        browser.get("/api/notifications/inbox").await.json()["unread"],
        1
    );
}
