//! Sharing: somebody shares a note with a group by the dialog, and whoever is in the group gets in.

use testkit::{Browser, Tab};

use super::support::{Installation, PASSWORD};
use super::{invite, set_up};

/// Makes a group of writers, with Ada in it.
async fn make_group(grace: &Tab, url: &str) {
    grace.goto(&format!("{url}/admin/accounts/groups")).await;
    grace
        .fill("main form[method=post] [name=name]", "Writers")
        .await;
    grace
        .click_through("main form[method=post] button[type=submit]")
        .await;
    grace.wait_for_text("h1", "Writers").await;
    grace.fill("[name=person]", "ada").await;
    grace
        .click_through("form:has([name=person]) button[type=submit]")
        .await;
}

/// The dialog opens over the note; the picker finds the group.
async fn share_with_group(grace: &Tab, note: &str) {
    grace.click("a[data-dialog]").await;
    grace.wait_for("dialog[open] #share-to").await;
    grace.fill("#share-to", "wri").await;
    grace.wait_for_text("[role=option]", "Writers").await;
    grace.shoot("share-picker").await;
    grace.press("ArrowDown").await;
    grace.press("Enter").await;
    grace.choose("#share-level", "write").await;
    grace.click_through("#share-add button[type=submit]").await;
    grace.wait_for_text("#share .list", "Writers").await;
    assert_eq!(grace.path().await, format!("{}/share", path_of(note)));
    grace.shoot("shared").await;
}

#[tokio::test]
async fn a_note_is_shared_with_a_group_and_its_members_get_in() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let url = installation.url();
    let browser = Browser::launch().await;
    let (office, home, cafe) = (
        browser.context().await,
        browser.context().await,
        browser.context().await,
    );
    let (grace, ada, visitor) = (office.tab().await, home.tab().await, cafe.tab().await);
    set_up(&installation, &grace).await;
    let link = invite(&installation, &grace, "Ada Lovelace", "ada").await;
    ada.goto(&link).await;
    ada.fill("[name=password]", PASSWORD).await;
    ada.click_through("main form button[type=submit]").await;
    ada.wait_for_text("h1", "Ada Lovelace").await;
    make_group(&grace, &url).await;

    grace.goto(&format!("{url}/app/ui-lab/sharing")).await;
    grace.click_through("form.own-note button").await;
    grace.wait_for_text("h1", "Note of Grace Hopper").await;
    let note = grace.url().await;
    grace.fill("textarea", "Ideas of Grace").await;
    grace
        .click_through("form:has(textarea) button[type=submit]")
        .await;
    ada.goto(&note).await;
    ada.wait_for_text("h1", "There is nothing here").await;

    share_with_group(&grace, &note).await;

    // A member of the group is in, and changes the note.
    ada.goto(&format!("{url}/app/ui-lab/sharing")).await;
    ada.click_through("main .list a").await;
    ada.wait_for_text("h1", "Note of Grace Hopper").await;
    assert_eq!(ada.count("a[data-dialog]").await, 0, "she may not share it");
    ada.fill("textarea", "Ideas of both").await;
    ada.click_through("form:has(textarea) button[type=submit]")
        .await;

    // Without JavaScript, on a phone: the same by a page of its own.
    grace.viewport(390, 844).await;
    grace.javascript(false).await;
    grace.goto(&note).await;
    grace.click_through("a[data-dialog]").await;
    grace.click("label[for=share-public-on]").await;
    grace.shoot("share-phone").await;
    grace
        .click_through("#share-public button[type=submit]")
        .await;
    grace.javascript(true).await;
    visitor.goto(&note).await;
    visitor.wait_for_text("main", "Ideas of both").await;

    // Out of the group, out of the note.
    grace.viewport(1280, 860).await;
    grace.goto(&format!("{note}/share")).await;
    let overflow = grace
        .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        .await;
    assert_eq!(overflow, 0);
    grace.click("label[for=share-public-on]").await;
    grace
        .click_through("#share-public button[type=submit]")
        .await;
    visitor.goto(&note).await;
    visitor.wait_for_text("h1", "Please sign in").await;
    grace.goto(&format!("{url}/admin/accounts/groups")).await;
    grace.click_through("tbody a.link").await;
    grace.click_through("form[action$='/remove'] button").await;
    ada.wait_until(
        "ada is out",
        &format!("fetch('{note}').then(answer => answer.status === 404)"),
    )
    .await;
    grace.assert_no_errors();
    assert_eq!(platform.stop().await, Some(0));
}

fn path_of(url: &str) -> String {
    let after = url.split_once("/app/").map(|(_, rest)| rest);
    format!("/app/{}", after.unwrap_or_default())
}
