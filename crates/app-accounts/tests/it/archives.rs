//! Archives of all that is kept of somebody: collected from every service, for who asked alone.

mod own;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use jiff::SignedDuration;
use platform::personal::Record;
use platform::{App, Clock, Principal, Role, Routes, Service};
use platform_pg::GenericClient as _;
use reqwest::{Method, StatusCode};
use testkit::{CookieClient, Page, eventually, until};
use uuid::Uuid;

use crate::house::House;

const OWN: &str = "/app/accounts/archive";
const ASK: &str = "main form[method=post]";

async fn house() -> House {
    let now = Clock::system().now().round(jiff::Unit::Second).unwrap();
    House::at(Clock::manual(now)).await
}

/// In place of app-settings.
fn settings() -> App {
    App::new("settings", "0.0.0").start(
        |_configuration| (),
        |boot, ()| async move {
            let read = |person: Uuid| async move {
                let change = format!(r#"{{"by":"{person}"}}"#);
                Ok::<_, rpc::Error>(vec![Record::new("changes", change)])
            };
            let service = tonic::service::Routes::new(rpc::personal::server(read));
            let guarded = rpc::server::guard(&boot, &[rpc::personal::CALLERS]).protect(service);
            Ok(Service::new(Routes::new()).grpc(guarded))
        },
    )
}

/// Somebody who has proved at this moment who they are.
fn fresh(house: &House, who: &Principal) -> CookieClient {
    house.browser(&Principal {
        authenticated_at: house.world.clock.now(),
        ..who.clone()
    })
}

fn page_of(who: &Principal) -> String {
    format!("{}/archive", House::page_of(who))
}

/// Asks for an archive on a page, and waits until it can be opened there.
async fn collected(house: &House, who: &Principal, path: &str) -> Page {
    let asked = fresh(house, who).fill(path, ASK, &[]).await;
    asked.assert_sound();
    ready(house, who, path).await
}

async fn ready(house: &House, who: &Principal, path: &str) -> Page {
    until("the archive is ready", async || {
        let page = fresh(house, who).get(path).await;
        page.has("a[href*='/archive/']").then_some(page)
    })
    .await
}

fn link(page: &Page) -> String {
    page.attribute("a[href*='/archive/']", "href")
}

async fn status(browser: &CookieClient, path: &str) -> StatusCode {
    browser.get_once(path).await.status
}

/// The files of an archive.
async fn opened(browser: &CookieClient, path: &str) -> BTreeMap<String, String> {
    let answer = browser.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let bytes = answer.bytes().await.unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}

/// Audited acts about archives: what, how it ended, whether somebody did it to themselves.
async fn acts(house: &House) -> Vec<(String, String, bool)> {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT action, outcome, actor_id = target_id AS oneself FROM audit
        WHERE action LIKE 'person.archive%' ORDER BY id";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter()
        .map(|row| (row.get("action"), row.get("outcome"), row.get("oneself")))
        .collect()
}

fn act(action: &str, outcome: &str, oneself: bool) -> (String, String, bool) {
    (action.to_owned(), outcome.to_owned(), oneself)
}

#[tokio::test]
async fn what_every_service_keeps_is_in_it_for_who_asked() {
    let house = house().await;
    let _settings = house.world.add(settings()).await;
    let profile = house.browser(&house.user).get("/app/accounts").await;
    assert!(profile.has(&format!("a[href='{OWN}']")));
    let page = collected(&house, &house.user, OWN).await;
    page.assert_sound();
    assert_eq!(page.texts(".archive .list-item").len(), 4);
    assert!(
        page.has(".archive .badge[data-tone=success]"),
        "{}",
        page.body
    );

    let ada = fresh(&house, &house.user);
    let files = opened(&ada, &link(&page)).await;
    let id = house.user.user_id.to_string();
    assert!(files["accounts/profile.json"].contains("ada@example.org"));
    assert!(files["auth/sessions.json"].contains(&id));
    assert!(files["settings/changes.json"].contains(&id));
    let readme = &files["README.txt"];
    assert!(readme.contains("accounts/profile.json: 1\n"), "{readme}");
    assert!(
        readme.contains("auth/sessions.json: 1 (there are more"),
        "what is cut off is said: {readme}"
    );
    assert!(!readme.contains("Missing"), "{readme}");
    let told = house.told(1).await;
    assert_eq!(told[0].recipient_ids, [id]);
    assert_eq!(told[0].path, OWN);

    // Nobody else has it, administrators neither.
    let other = house.member("mary", Role::User).await;
    assert_eq!(status(&fresh(&house, &other), &link(&page)).await, 404);
    let admin = house.administrator();
    assert_eq!(status(&admin, &link(&page)).await, 404);
    let theirs = link(&page).replace(OWN, &page_of(&house.user));
    assert_eq!(status(&admin, &theirs).await, 404);
    assert_eq!(
        acts(&house).await,
        [
            act("person.archive_asked", "done", true),
            act("person.archive_opened", "done", true)
        ]
    );
}

#[tokio::test]
async fn who_proved_long_ago_who_they_are_confirms_it_first() {
    let house = house().await;
    let _settings = house.world.add(settings()).await;
    let page = collected(&house, &house.user, OWN).await;
    house.world.clock.advance(SignedDuration::from_mins(11));
    let late = house.browser(&house.user);
    let shown = late.get(OWN).await;
    assert_eq!(shown.status, 200, "how far it is can be seen");
    let asked = late.get_once(&link(&page)).await;
    assert_eq!(asked.status, 303);
    let to = asked.header("location");
    assert!(to.starts_with("/auth/sudo?return_to="), "{to}");
    let held = late.submit_once(shown.form(ASK)).await;
    assert_eq!(held.status, 307);
    assert_eq!(acts(&house).await.len(), 1);
}

#[tokio::test]
async fn a_service_that_is_away_is_asked_again_and_then_named() {
    let house = house().await;
    fresh(&house, &house.user).fill(OWN, ASK, &[]).await;
    let page = until("the others have told", async || {
        let page = house.browser(&house.user).get(OWN).await;
        let texts = page.texts(".archive .list-item");
        let done = texts.iter().filter(|text| text.contains("Done")).count();
        let again = texts.iter().any(|text| text.contains("is asked again"));
        (done == 3 && again).then_some(page)
    })
    .await;
    page.assert_sound();
    assert!(!page.has(ASK), "one at a time");
    let page = until("it is given up", async || {
        house.world.clock.advance(SignedDuration::from_mins(15));
        let page = fresh(&house, &house.user).get(OWN).await;
        page.has("a[href*='/archive/']").then_some(page)
    })
    .await;
    page.assert_sound();
    assert!(page.has(".archive .badge[data-tone=warning]"));
    let listed = page.texts(".archive .list-item");
    let missing = listed.iter().find(|text| text.contains("Missing"));
    assert!(missing.unwrap().starts_with("settings"), "{listed:?}");
    let files = opened(&fresh(&house, &house.user), &link(&page)).await;
    let readme = &files["README.txt"];
    assert!(readme.contains("Missing"), "{readme}");
    assert!(readme.contains("\nsettings/\n"), "{readme}");
    assert!(files.contains_key("auth/sessions.json"));

    // It is back: another archive is whole, and takes the place of the first.
    let _settings = house.world.add(settings()).await;
    let first = link(&page);
    fresh(&house, &house.user).fill(OWN, ASK, &[]).await;
    let page = until("another took its place", async || {
        let page = fresh(&house, &house.user).get(OWN).await;
        let another = page.has("a[href*='/archive/']") && link(&page) != first;
        another.then_some(page)
    })
    .await;
    assert!(page.has(".archive .badge[data-tone=success]"));
    assert_eq!(page.count(".archive"), 1);
    assert_eq!(status(&fresh(&house, &house.user), &first).await, 404);
}

#[tokio::test]
async fn an_administrator_asks_for_a_person_who_sees_that_they_did() {
    let house = house().await;
    let _settings = house.world.add(settings()).await;
    let path = page_of(&house.user);
    let shown = house
        .administrator()
        .get(&House::page_of(&house.user))
        .await;
    assert!(shown.has(&format!("a[href='{path}']")));
    let page = collected(&house, &house.admin, &path).await;
    page.assert_sound();
    assert!(page.text("main").contains(&house.user.display_name));
    let files = opened(&house.administrator(), &link(&page)).await;
    assert!(files["accounts/profile.json"].contains("ada@example.org"));
    assert_eq!(house.told(1).await[0].path, path);
    assert_eq!(
        acts(&house).await,
        [
            act("person.archive_asked", "done", false),
            act("person.archive_opened", "done", false)
        ]
    );
    let activity = "/app/accounts/activity";
    let activity = house.browser(&house.user).get(activity).await;
    assert!(activity.body.contains("person.archive_opened"));
    let own = fresh(&house, &house.user).get(OWN).await;
    assert!(!own.has(".archive"), "it is the administrator's");

    // Another administrator has none of it, and a member none at all.
    let second = house.member("edsger", Role::Admin).await;
    assert_eq!(status(&fresh(&house, &second), &link(&page)).await, 404);
    let member = fresh(&house, &house.user);
    assert_eq!(status(&member, &path).await, 403);
    assert_eq!(status(&member, &link(&page)).await, 403);
    // Who is no administrator any more does not open what they asked for as one.
    let former = Principal {
        role: Role::User,
        ..house.admin.clone()
    };
    assert_eq!(status(&fresh(&house, &former), &link(&page)).await, 403);
}

#[tokio::test]
async fn there_are_so_many_in_a_day_and_no_more() {
    let house = house().await;
    let client = house.db.client().await.unwrap();
    let sql = "INSERT INTO archives (id, person_id, asked_by, language, state, created_at, expires_at)
        SELECT gen_random_uuid(), $1, $1, 'en', 'failed', $2::timestamptz, $2::timestamptz + interval '7 days' FROM generate_series(1, 20)";
    let now = house.world.clock.now();
    let id = house.user.user_id;
    client.execute(sql, &[&id, &now]).await.unwrap();
    let refused = fresh(&house, &house.user).fill(OWN, ASK, &[]).await;
    assert!(refused.body.contains("No more than 20"), "{}", refused.body);
    assert_eq!(
        acts(&house).await,
        [act("person.archive_asked", "refused", true)]
    );
    house.world.clock.advance(SignedDuration::from_hours(25));
    let asked = fresh(&house, &house.user).fill(OWN, ASK, &[]).await;
    assert!(asked.body.contains("is being made"), "{}", asked.body);
}

#[tokio::test]
async fn an_archive_goes_after_a_week_and_with_the_person() {
    let house = house().await;
    let _settings = house.world.add(settings()).await;
    let page = collected(&house, &house.user, OWN).await;
    let count = async || {
        let client = house.db.client().await.unwrap();
        let sql = "SELECT count(*) AS kept FROM archives";
        let row = client.query_one(sql, &[]).await.unwrap();
        row.get::<_, i64>("kept")
    };
    assert_eq!(count().await, 1);
    house
        .world
        .clock
        .advance(SignedDuration::from_hours(7 * 24));
    assert_eq!(status(&fresh(&house, &house.user), &link(&page)).await, 404);
    eventually("it is deleted", async || {
        house.world.clock.advance(SignedDuration::from_mins(10));
        count().await == 0
    })
    .await;

    collected(&house, &house.admin, &page_of(&house.user)).await;
    assert_eq!(count().await, 1);
    let path = House::page_of(&house.user);
    for step in ["access/trash", "purge"] {
        let form = format!("form[action='{path}/{step}']");
        let name = [("confirm_name", house.user.username.as_str())];
        let fields = if step == "purge" { &name[..] } else { &[] };
        house.administrator().fill(&path, &form, fields).await;
    }
    assert_eq!(count().await, 0);
}
