//! Without a mouse: skip link, search that runs commands, dialogs that give focus back.

use testkit::Browser;

use super::set_up;
use super::support::Installation;

#[tokio::test]
async fn search_finds_people_and_pages_by_keyboard() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let browser = Browser::launch().await;
    let context = browser.context().await;
    let tab = context.tab().await;
    set_up(&installation, &tab).await;

    tab.reload().await;
    tab.press("Tab").await;
    tab.wait_until(
        "the skip link has the focus",
        "document.activeElement.className === 'skip'",
    )
    .await;

    tab.press("/").await;
    tab.wait_for("dialog.palette[open]").await;
    tab.fill(".palette-input", "grace").await;
    tab.wait_for_text(".palette-list", "grace@example.org")
        .await;
    tab.shoot("palette").await;
    tab.press("Escape").await;
    tab.wait_gone("dialog.palette[open]").await;

    tab.press_with("k", 2).await;
    tab.wait_for("dialog.palette[open]").await;
    tab.fill(".palette-input", "groups").await;
    tab.wait_for_text(".palette-list [aria-selected=true]", "Groups")
        .await;
    tab.press("Enter").await;
    tab.wait_for_path("/app/accounts/groups").await;
    tab.assert_no_errors();
    assert_eq!(platform.stop().await, Some(0));
}
