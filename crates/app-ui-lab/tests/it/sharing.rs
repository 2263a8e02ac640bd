//! The share dialog as a page, and a note that is shared with it.

use platform::{Principal, Running};
use testkit::{CookieClient, Page, World, guest, user};

use crate::accounts::{ADA, Accounts};

const ADD: &str = "#share-add";

struct Bench {
    world: World,
    lab: Running,
    accounts: Accounts,
    owner: Principal,
}

impl Bench {
    async fn new() -> Self {
        let world = testkit::Setup::new().start().await;
        let accounts = Accounts::default();
        let peer = world.add(accounts.app()).await;
        testkit::eventually("accounts is seen", async || {
            let snapshot = world.host.registry().snapshot();
            let mut seen = snapshot.entries.iter();
            seen.any(|entry| entry.instance == *peer.instance())
        })
        .await;
        let lab = world.add(app_ui_lab::app()).await;
        Self {
            world,
            lab,
            accounts,
            owner: user(),
        }
    }

    fn browser(&self, who: &Principal) -> CookieClient {
        self.world.visitor_as(&self.lab, who)
    }

    /// The owner's browser, on the share page of their note.
    async fn sharing(&self) -> (CookieClient, Page) {
        let browser = self.browser(&self.owner);
        let list = browser.get("/app/ui-lab/sharing").await;
        assert_eq!(list.status, 200, "{}", list.body);
        list.assert_sound();
        let begin = list.form("form.own-note");
        let note = browser.submit(begin).await;
        note.assert_sound();
        assert!(note.has("dialog #share"), "the dialog is on the page");
        let path = note.attribute("a[data-dialog='share-dialog']", "href");
        let page = browser.get(&path).await;
        page.assert_sound();
        (browser, page)
    }

    fn note(&self) -> String {
        format!("/app/ui-lab/notes/{}", self.owner.user_id)
    }

    /// Whom it is shared with: kind, level.
    fn shared(&self) -> Vec<(String, String)> {
        let grants = self.accounts.grants.lock().unwrap();
        let brief = |grant: &rpc::accounts::v1::Grant| {
            let kind = grant.grantee.as_ref().unwrap().kind.clone();
            (kind, grant.level.clone())
        };
        grants.iter().map(brief).collect()
    }
}

#[tokio::test]
async fn somebody_is_added_and_somebody_unknown_is_said_beside_the_field() {
    let lab = Bench::new().await;
    let (browser, page) = lab.sharing().await;
    let add = page.form(ADD).with("step", "add").with("level", "write");
    let wrong = add
        .clone()
        .with("to", "nobody")
        .with("ends_at", "2040-05-06T07:08");
    let refused = browser.submit(wrong).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert!(
        refused
            .text("#share-to-error")
            .contains("Nobody of this name")
    );
    assert_eq!(refused.attribute("#share-to", "value"), "nobody");
    assert_eq!(
        refused.attribute("#share-ends-at", "value"),
        "2040-05-06T07:08"
    );
    assert_eq!(
        refused.attribute("#share-level [selected]", "value"),
        "write"
    );
    let odd = browser
        .submit(add.clone().with("to", "ada").with("ends_at", "soon"))
        .await;
    assert!(odd.text("#share-ends-at-error").contains("not a moment"));
    let added = browser.submit(add.with("to", "ada")).await;
    assert_eq!(added.status, 200, "{}", added.body);
    assert_eq!(added.text(".toast-text"), "Saved.");
    let row = format!("#share-person-{ADA}-level [selected]");
    assert_eq!(added.attribute(&row, "value"), "write");
}

#[tokio::test]
async fn a_level_is_changed_and_a_grant_removed() {
    let lab = Bench::new().await;
    let (browser, page) = lab.sharing().await;
    let add = page.form(ADD).with("step", "add").with("to", "ada");
    let page = browser.submit(add.with("level", "read")).await;
    let row = format!("#share-person-{ADA}");
    let raised = page.form(&row).with("step", "set").with("level", "admin");
    let page = browser.submit(raised).await;
    let two = [("person", "admin"), ("person", "admin")];
    let two = two.map(|(kind, level)| (kind.to_owned(), level.to_owned()));
    assert_eq!(lab.shared(), two);
    let page = browser.submit(page.form(&row).with("step", "remove")).await;
    assert!(!page.has(&row));
    assert_eq!(lab.shared().len(), 1);
}

#[tokio::test]
async fn who_removes_themselves_is_asked_and_the_last_administrator_is_refused_in_place() {
    let lab = Bench::new().await;
    let (browser, page) = lab.sharing().await;
    let row = format!("#share-person-{}", lab.owner.user_id);
    let asked = browser.submit(page.form(&row).with("step", "remove")).await;
    assert_eq!(asked.status, 200);
    asked.assert_sound();
    assert_eq!(lab.shared().len(), 1, "only asked");
    let sure = || asked.form(".share-leave").with("step", "remove");
    let refused = browser.submit(sure()).await;
    assert_eq!(refused.status, 422);
    let place = format!("#share-person-{}-level-error", lab.owner.user_id);
    assert!(refused.text(&place).contains("Nobody would be left"));
    let add = page.form(ADD).with("step", "add").with("to", "ada");
    browser.submit(add.with("level", "admin")).await;
    let left = browser.submit(sure()).await;
    assert_eq!(left.status, 200);
    assert_eq!(left.url.path(), "/app/ui-lab/sharing");
    assert_eq!(lab.shared().len(), 1);
    assert_eq!(browser.get_once(&lab.note()).await.status, 404);
}

#[tokio::test]
async fn everybody_is_let_in_and_out_by_a_switch() {
    let lab = Bench::new().await;
    let (browser, page) = lab.sharing().await;
    let stranger = lab.browser(&guest());
    let visitor = lab.world.visitor(&lab.lab);
    assert_eq!(stranger.get_once(&lab.note()).await.status, 404);
    assert_eq!(visitor.get_once(&lab.note()).await.status, 401);
    let public = "#share-public";
    let on = page.form(public).with("step", "everybody").with("on", "on");
    let page = browser.submit(on).await;
    assert!(page.has("#share-public-on[checked]"));
    assert!(!page.has("#share-signed-in-on[checked]"));
    let seen = visitor.get_once(&lab.note()).await;
    assert_eq!(seen.status, 200);
    seen.assert_sound();
    assert!(!seen.has("textarea") && !seen.has("#share"));
    let mut off = page.form(public).with("step", "everybody");
    off.fields.retain(|(name, _)| name != "on");
    browser.submit(off).await;
    assert_eq!(visitor.get_once(&lab.note()).await.status, 401);
    assert_eq!(
        stranger
            .get_once(&format!("{}/share", lab.note()))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn who_may_only_see_it_cannot_change_or_share_it() {
    let lab = Bench::new().await;
    let (browser, page) = lab.sharing().await;
    let on = page.form("#share-public").with("step", "everybody");
    browser
        .submit(on.with("on", "on").with("level", "read"))
        .await;
    let stranger = lab.browser(&guest());
    let mine = browser.get(&lab.note()).await;
    let note = format!("form[action='{}']", lab.note());
    let saved = browser.submit(mine.form(&note).with("text", "Mine")).await;
    assert_eq!(saved.text("textarea").trim(), "Mine");
    let seen = stranger.get(&lab.note()).await;
    assert!(seen.body.contains("Mine"));
    let share = stranger.get_once(&format!("{}/share", lab.note())).await;
    assert_eq!(share.status, 403);
    let mut form = mine.form(&note).with("text", "Theirs");
    let token = stranger.get("/app/ui-lab/forms").await;
    let token = token.attribute("input[name='csrf_token']", "value");
    form.fields.retain(|(name, _)| name != "csrf_token");
    form.action = stranger.url(&lab.note());
    let refused = stranger.submit(form.with("csrf_token", &token)).await;
    assert_eq!(refused.status, 403);
    assert!(browser.get(&lab.note()).await.body.contains("Mine"));
}

#[tokio::test]
async fn while_accounts_is_away_notes_are_and_the_rest_of_the_lab_is_not() {
    let app = testkit::run(app_ui_lab::app()).await;
    let browser = app.as_user(&user());
    for path in [
        "/app/ui-lab/sharing",
        "/app/ui-lab/notes/00000000-0000-0000-0000-000000000001",
    ] {
        let page = browser.get_once(path).await;
        assert_eq!(page.status, 503, "{path}");
        assert!(!page.header("retry-after").is_empty());
    }
    assert_eq!(browser.get("/app/ui-lab/forms").await.status, 200);
}
