//! Inviting: a link once or by mail, names taken, a double click, groups and ends, and taking it back.

use app_accounts::domain::person::State;
use jiff::SignedDuration;
use platform::{Clock, Role};
use reqwest::Method;
use rpc::notifications::v1::SendMailRequest;
use rpc::notifications::v1::mail_block::Block;
use serde_json::json;
use testkit::{CookieClient, Form, Page};

use crate::house::House;

const INVITATIONS: &str = "/admin/accounts/invitations";

const FORM: &str = "form[action='/admin/accounts/people/new']";
const NEW: &str = "/admin/accounts/people/new";

#[tokio::test]
async fn an_invitation_shows_its_link_once() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let form = browser.get(NEW).await;
    form.assert_sound();
    let form = form
        .form(FORM)
        .with("display_name", "Erika Mustermann")
        .with("username", "Erika")
        .with("email", "erika@example.org")
        .with("delivery", "link");
    let invited = browser.submit(form).await;
    assert_eq!(invited.status, 200);
    assert_eq!(
        invited.text("code"),
        "http://localhost:3000/auth/invitation/token-1"
    );
    let subject = house.peer.subjects.lock().unwrap()[0].clone();
    assert_eq!((subject.username.as_str(), subject.role), ("erika", 2));
    let list = browser.get("/admin/accounts/people?q=erika").await;
    assert!(!list.body.contains("token-1"));
    assert!(list.body.contains("Invited"));
}

#[tokio::test]
async fn a_double_click_invites_once() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let form = browser
        .get(NEW)
        .await
        .form(FORM)
        .with("display_name", "Erika")
        .with("username", "erika")
        .with("email", "erika@example.org")
        .with("delivery", "link");
    let (first, second) =
        tokio::join!(browser.submit_once(form.clone()), browser.submit_once(form));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [200, 303],
        "one shows the link, the other leads to the person"
    );
    assert_eq!(house.peer.invited.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_does_not_do_is_said_at_its_field_and_nothing_typed_is_lost() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let form = browser
        .get(NEW)
        .await
        .form(FORM)
        .with("display_name", "Somebody Else")
        .with("username", "a b")
        .with("email", "nowhere");
    let refused = browser.submit(form).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert!(refused.has("#username-error") && refused.has("#email-error"));
    assert!(!refused.has("#display_name-error"));
    assert_eq!(refused.attribute("#display_name", "value"), "Somebody Else");
    let taken = refused
        .form(FORM)
        .with("username", "ADA")
        .with("email", "new@example.org");
    let taken = browser.submit(taken).await;
    assert_eq!(taken.status, 422);
    assert!(
        taken.text("#username-error").contains("Another person"),
        "names differ by more than case"
    );
    assert!(house.peer.invited.lock().unwrap().is_empty());
}

#[tokio::test]
async fn somebody_with_a_password_gets_no_new_link() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let page = browser.get(&House::page_of(&house.user)).await;
    assert!(!page.has("form[action$='/invitation']"));
    let mut forged = page.form("form[action$='/sessions/end']");
    forged
        .action
        .set_path(&format!("{}/invitation", House::page_of(&house.user)));
    assert_eq!(browser.submit_once(forged).await.status, 303);
    assert!(house.peer.invited.lock().unwrap().is_empty());
}

#[tokio::test]
async fn only_administrators_invite() {
    let house = House::new().await;
    let guest = house.member("gus", Role::Guest).await;
    for who in [&house.user, &guest] {
        assert_eq!(house.browser(who).get_once(NEW).await.status, 403);
    }
}

/// The form, filled in for Erika.
async fn erika(browser: &CookieClient) -> Form {
    browser
        .get(NEW)
        .await
        .form(FORM)
        .with("display_name", "Erika Mustermann")
        .with("username", "erika")
        .with("email", "erika@example.org")
}

/// What a mail says, a line for each block.
fn said(mail: &SendMailRequest) -> String {
    let blocks = mail.content.iter().flat_map(|content| &content.blocks);
    let line = |block: &Block| match block {
        Block::Paragraph(text) | Block::Note(text) | Block::Code(text) => text.clone(),
        Block::Action(action) => format!("[{}]({})", action.label, action.url),
        Block::Facts(_) => String::new(),
    };
    let lines = blocks.filter_map(|block| block.block.as_ref().map(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The list once the first row says so.
async fn staged(browser: &CookieClient, stage: &str) -> Page {
    testkit::until("the invitation gets so far", async || {
        let page = browser.get(INVITATIONS).await;
        page.has("#invitations .badge")
            .then(|| page.text("#invitations tbody .badge"))
            .filter(|text| text == stage)
            .map(|_| page)
    })
    .await
}

#[tokio::test]
async fn an_invitation_is_mailed_with_groups_end_and_message() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let groups = browser.get("/admin/accounts/groups").await;
    let group = groups.form("form[action='/admin/accounts/groups']");
    browser.submit(group.with("name", "Choir")).await;
    let form = erika(&browser)
        .await
        .with("role", "guest")
        .with("ends_on", "2999-12-31")
        .with("groups", "choir\n")
        .with("message", "Bring a pencil.\r\n\r\n<b>Ada</b>")
        .with("lasts", "14");
    let list = browser.submit(form).await;
    assert_eq!(
        (list.status.as_u16(), list.path().as_str()),
        (200, INVITATIONS)
    );
    list.assert_sound();
    let mail = house.mails(1).await.remove(0);
    let recipient = mail.recipient.clone().unwrap();
    assert_eq!(recipient.address, "erika@example.org");
    let text = said(&mail);
    for part in [
        "Grace invites you to Cloud.",
        "Bring a pencil.\n<b>Ada</b>",
        "user name is erika",
        "(http://localhost:3000/auth/invitation/token-1)",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let asked = house.peer.invited.lock().unwrap()[0].clone();
    assert_eq!(asked.lasts_days, 14);
    let subject = house.peer.subjects.lock().unwrap()[0].clone();
    assert_eq!(
        (subject.role, subject.groups),
        (1, vec!["Choir".to_owned()])
    );
    let list = staged(&browser, "Sent").await;
    let person = browser
        .get(&list.attribute("#invitations tbody a", "href"))
        .await;
    person.assert_sound();
    assert_eq!(person.attribute("#ends_on", "value"), "2999-12-31");
    assert!(person.body.contains("Bring a pencil."));
    assert!(!person.body.contains("token-1") && !person.body.contains("<b>Ada"));
}

#[tokio::test]
async fn groups_and_ends_that_do_not_do_are_said_at_their_fields() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let form = erika(&browser)
        .await
        .with("groups", "Choir; Nobodies")
        .with("lasts", "31")
        .with("groups_end", "soon");
    let refused = browser.submit(form).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert!(refused.text("#groups-error").contains("Choir, Nobodies"));
    assert!(refused.has("#lasts-error") && refused.has("#groups_end-error"));
    assert_eq!(refused.text("#groups"), "Choir; Nobodies");
    for (field, value, role) in [
        ("ends_on", "2001-01-01", "user"),
        ("groups_end", "2001-01-01T10:00", "user"),
        ("ends_on", "2999-01-01", "admin"),
    ] {
        let form = erika(&browser).await.with(field, value).with("role", role);
        let refused = browser.submit(form).await;
        assert_eq!(refused.status, 422, "{field} {value}");
        assert!(refused.has(&format!("#{field}-error")), "{field} {value}");
    }
    assert!(browser.get(INVITATIONS).await.body.contains("Nothing"));
}

#[tokio::test]
async fn an_invitation_is_sent_again_once_its_link_is_too_old() {
    let clock = Clock::manual(Clock::system().now());
    let house = House::at(clock.clone()).await;
    let browser = house.browser(&house.admin);
    let list = browser.submit(erika(&browser).await).await;
    assert_eq!(list.status, 200);
    house.mails(1).await;
    let list = staged(&browser, "Sent").await;
    let again = list.form("#invitations-bulk");
    let mut resend = again.with("id", &list.attribute("#invitations [name=id]", "value"));
    resend.action.set_path("/admin/accounts/invitations/resend");
    assert_eq!(browser.submit(resend.clone()).await.status, 200);
    let mails = house.mails(2).await;
    assert!(said(&mails[1]).contains("token-2"), "a link of its own");
    // The peer's links end in 2096.
    staged(&browser, "Sent").await;
    clock.advance(SignedDuration::from_hours(24 * 366 * 100));
    staged(&house.browser(&house.admin), "Link expired").await;
}

#[tokio::test]
async fn without_a_mail_server_a_link_is_shown_instead() {
    let house = House::new().await;
    house
        .notifications
        .without_server
        .store(true, std::sync::atomic::Ordering::Relaxed);
    let browser = house.browser(&house.admin);
    let form = erika(&browser).await;
    let page = browser.get(NEW).await;
    assert!(page.has("[name=delivery][value=mail][disabled]"));
    assert!(page.has("[name=delivery][value=link][checked]"));
    let forged = form.with("delivery", "mail");
    assert_eq!(browser.submit(forged).await.status, 200);
    staged(&browser, "Not sent").await;
}

#[tokio::test]
async fn a_revoked_invitation_is_over_until_somebody_restores_the_person() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    browser.submit(erika(&browser).await).await;
    let list = staged(&browser, "Sent").await;
    let path = list.attribute("#invitations tbody a", "href");
    let id = list.attribute("#invitations [name=id]", "value");
    let mut revoke = list.form("#invitations-bulk").with("id", &id);
    revoke.action.set_path("/admin/accounts/invitations/revoke");
    let list = browser.submit(revoke.clone()).await;
    assert!(!list.body.contains("erika@example.org"), "it is not open");
    let person = browser.get(&path).await;
    assert!(person.body.contains("In the trash") || person.has("form[action$='/access/restore']"));
    let restore = person.form("form[action$='/access/restore']");
    browser.submit(restore).await;
    staged(&browser, "Revoked").await;
    assert_eq!(
        house.mails(1).await.len(),
        1,
        "no link is made by restoring"
    );
    // Who came in is not sent away by a form that was left open.
    house
        .add(&testkit::person("joe", Role::User), State::Active)
        .await;
    let joe = browser.get("/admin/accounts/people?q=joe").await;
    revoke = revoke.with("id", &joe.attribute("#people [name=id]", "value"));
    browser.submit(revoke).await;
    let joe = browser.get("/admin/accounts/people?q=joe").await;
    assert!(joe.body.contains("Active"));
}

#[tokio::test]
async fn whoever_was_added_without_an_invitation_can_be_sent_one() {
    let house = House::new().await;
    let joe = testkit::person("joe", Role::User);
    house.add(&joe, State::Invited).await;
    let browser = house.browser(&house.admin);
    let list = staged(&browser, "No link yet").await;
    let id = list.attribute("#invitations [name=id]", "value");
    let mut resend = list.form("#invitations-bulk").with("id", &id);
    resend.action.set_path("/admin/accounts/invitations/resend");
    browser.submit(resend).await;
    assert!(said(&house.mails(1).await[0]).contains("You are invited to Cloud."));
    staged(&browser, "Sent").await;
}

#[tokio::test]
async fn programs_see_how_far_invitations_got_mail_them_anew_and_take_them_back() {
    const API: &str = "/api/accounts/invitations";
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let form = browser.get(NEW).await.form(FORM);
    let form = form
        .with("display_name", "Erika Mustermann")
        .with("username", "erika")
        .with("email", "erika@example.org")
        .with("delivery", "mail");
    browser.submit(form).await;
    house.mails(1).await;
    let sent = testkit::until("it is sent", async || {
        let open = browser.get(&format!("{API}?stage=sent")).await.json();
        open["invitations"].get(0).cloned()
    });
    let erika = sent.await;
    assert_eq!(
        (&erika["username"], &erika["role"]),
        (&json!("erika"), &json!("user"))
    );
    let id = erika["person_id"].as_str().unwrap();
    let path = format!("{API}/{id}");
    let status = async |method, path: &str| {
        let answer = crate::api::send(&browser, method, path, None, &json!({})).await;
        answer.status().as_u16()
    };
    assert_eq!(status(Method::POST, &format!("{path}/mail")).await, 202);
    house.mails(2).await;
    assert_eq!(status(Method::DELETE, &path).await, 204);
    assert_eq!(status(Method::DELETE, &path).await, 409);
    assert_eq!(status(Method::POST, &format!("{path}/mail")).await, 409);
    assert_eq!(browser.get(&format!("{API}?stage=lost")).await.status, 400);
}
