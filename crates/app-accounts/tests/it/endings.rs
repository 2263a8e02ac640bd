//! Memberships that end: they count nowhere from that moment, are taken out, written down and announced.

use jiff::{SignedDuration, Timestamp};
use platform::{Clock, Principal};
use platform_pg::GenericClient as _;
use rpc::Call;
use rpc::accounts::v1::ListUserGroupsRequest;
use testkit::{CookieClient, Page};

use crate::groups::{add_until, create, id_of};
use crate::house::House;

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// The groups of somebody as another service asks for them.
async fn groups_of(house: &House, who: &Principal) -> Vec<String> {
    let accounts = rpc::accounts::client(&house.world.boot("hello"));
    let call = Call::new(std::time::Duration::from_secs(5)).wait_for_ready();
    let request = ListUserGroupsRequest {
        user_id: who.user_id.to_string(),
    };
    let groups = accounts.list_user_groups(call, request).await.unwrap();
    groups.groups.into_iter().map(|group| group.name).collect()
}

/// What was announced last of somebody: version and groups.
async fn announced(house: &House, who: &Principal) -> usize {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS events FROM outbox WHERE subject = $1";
    let row = client
        .query_one(sql, &[&who.user_id.to_string()])
        .await
        .unwrap();
    usize::try_from(row.get::<_, i64>("events")).unwrap()
}

async fn taken_out(house: &House) {
    testkit::eventually("the row is gone", async || {
        let client = house.db.client().await.unwrap();
        let sql = "SELECT 1 FROM group_people WHERE ends_at IS NOT NULL \
                   UNION ALL SELECT 1 FROM group_groups WHERE ends_at IS NOT NULL";
        client.query(sql, &[]).await.unwrap().is_empty()
    })
    .await;
}

/// Ada in Engineers, Engineers in Everybody; one of the two memberships has an end.
async fn nested(browser: &CookieClient, ends: (&str, &str)) -> (Page, Page) {
    let outer = create(browser, "Everybody").await;
    let inner = create(browser, "Engineers").await;
    let outer = add_until(browser, &outer, ("group", &id_of(&inner)), ends.0).await;
    let inner = add_until(browser, &inner, ("person", "ada"), ends.1).await;
    (outer, inner)
}

#[tokio::test]
async fn a_membership_counts_until_its_end_and_not_after() {
    let clock = Clock::manual(noon());
    let house = House::at(clock.clone()).await;
    let browser = house.browser(&house.admin);
    // The administrator has no zone: UTC.
    let (outer, inner) = nested(&browser, ("2026-11-21T14:00", "2026-11-21T13:00")).await;
    outer.assert_sound();
    inner.assert_sound();
    assert!(inner.body.contains("13:00:00"), "the end is shown");
    assert_eq!(
        groups_of(&house, &house.user).await,
        ["Engineers", "Everybody"]
    );
    let before = announced(&house, &house.user).await;
    clock.set("2026-11-21T12:59:59Z".parse().unwrap());
    assert_eq!(groups_of(&house, &house.user).await.len(), 2);
    clock.set("2026-11-21T13:00:00Z".parse().unwrap());
    assert!(
        groups_of(&house, &house.user).await.is_empty(),
        "from the very moment, whoever takes the row out"
    );
    testkit::eventually("the others are told", async || {
        announced(&house, &house.user).await > before
    })
    .await;
    let audit = browser.get("/admin/accounts/audit").await;
    assert!(audit.body.contains("group.membership_ended"));
    let history = browser.get(&House::page_of(&house.user)).await;
    assert!(
        history.body.contains("group.membership_ended"),
        "it is in the person's history, too"
    );
}

#[tokio::test]
async fn the_end_of_a_groups_membership_concerns_everybody_in_it() {
    let clock = Clock::manual(noon());
    let house = House::at(clock.clone()).await;
    let browser = house.browser(&house.admin);
    nested(&browser, ("2026-11-21T13:00", "")).await;
    let version = house.person(&house.user).await.version;
    clock.advance(SignedDuration::from_hours(1));
    assert_eq!(groups_of(&house, &house.user).await, ["Engineers"]);
    taken_out(&house).await;
    assert_eq!(house.person(&house.user).await.version, version + 1);
}

#[tokio::test]
async fn an_end_is_moved_removed_and_never_set_into_the_past() {
    let clock = Clock::manual(noon());
    let house = House::at(clock.clone()).await;
    let browser = house.browser(&house.admin);
    let group = create(&browser, "Engineers").await;
    let late = add_until(&browser, &group, ("person", "ada"), "2026-11-21T11:59").await;
    assert_eq!(late.status, 422);
    assert!(late.has("#person-ends-at-error"), "{}", late.body);
    assert_eq!(
        late.attribute("#person-ends-at", "value"),
        "2026-11-21T11:59"
    );
    let group = add_until(&browser, &group, ("person", "ada"), "2026-11-21T13:00").await;
    let path = format!("{}/people/{}", group.url.path(), house.user.user_id);
    let page = browser.get(&path).await;
    page.assert_sound();
    assert_eq!(page.attribute("#ends_at", "value"), "2026-11-21T13:00");
    let form = page.form(&format!("form[action='{path}']"));
    let refused = browser
        .submit(form.clone().with("ends_at", "2026-11-21T12:00"))
        .await;
    assert_eq!(refused.status, 422);
    browser
        .submit(form.clone().with("ends_at", "2026-11-21T15:00"))
        .await;
    clock.advance(SignedDuration::from_hours(2));
    assert_eq!(groups_of(&house, &house.user).await, ["Engineers"]);
    browser.submit(form.with("ends_at", "")).await;
    clock.advance(SignedDuration::from_hours(48));
    assert_eq!(groups_of(&house, &house.user).await, ["Engineers"]);
}

#[tokio::test]
async fn a_way_from_the_person_to_the_group_is_shown() {
    let house = House::at(Clock::manual(noon())).await;
    let browser = house.browser(&house.admin);
    let (outer, inner) = nested(&browser, ("", "2026-11-30T08:00")).await;
    let everybody = browser.get(&format!("{}/people", outer.url.path())).await;
    everybody.assert_sound();
    assert_eq!(everybody.texts("tbody td:nth-child(2)"), ["Engineers"]);
    let why = browser
        .get(&format!(
            "{}/people/{}",
            outer.url.path(),
            house.user.user_id
        ))
        .await;
    why.assert_sound();
    let way = why.texts("main ol .chip");
    assert_eq!(way.len(), 3, "{way:?}");
    assert!(way[0] == "Ada" && way[1].starts_with("Engineers Until") && way[2] == "Everybody");
    assert!(!why.has("#ends_at"), "it is not theirs to end");
    let not = browser
        .get(&format!(
            "{}/people/{}",
            inner.url.path(),
            house.admin.user_id
        ))
        .await;
    assert!(not.has(".empty"));
}

#[tokio::test]
async fn what_was_removed_is_put_back_as_it_was() {
    let house = House::at(Clock::manual(noon())).await;
    let browser = house.browser(&house.admin);
    let group = create(&browser, "Engineers").await;
    let group = add_until(&browser, &group, ("person", "ada"), "2026-11-30T08:00").await;
    let removed = browser.submit(group.form("form[action$='/remove']")).await;
    assert!(groups_of(&house, &house.user).await.is_empty());
    let back = browser.submit(removed.form(".toast form")).await;
    assert!(back.body.contains("08:00:00"), "with its end");
    assert_eq!(groups_of(&house, &house.user).await, ["Engineers"]);
}
