//! Inviting: a link once, names taken, a double click, and auth away.

use platform::Role;

use crate::house::House;

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
        .with("email", "erika@example.org");
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
        .with("email", "erika@example.org");
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
