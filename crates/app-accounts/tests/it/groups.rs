//! Groups: nesting counts, cycles do not happen, and whoever is concerned is announced.

use std::sync::atomic::{AtomicUsize, Ordering};

use app_accounts::domain::group::GroupId;
use app_accounts::domain::membership::Member;
use app_accounts::domain::name::Line;
use app_accounts::domain::person::PersonId;
use app_accounts::service::actor::Actor;
use app_accounts::service::groups::{GroupChange, Groups};
use app_accounts::service::memberships::{MemberChange, Memberships};
use app_accounts::store::membership::Span;
use platform_pg::GenericClient as _;
use testkit::{CookieClient, Page};
use uuid::Uuid;

use crate::house::House;

const GROUPS: &str = "/admin/accounts/groups";

/// Makes a group and returns its page.
pub(crate) async fn create(browser: &CookieClient, name: &str) -> Page {
    let form = browser
        .get(GROUPS)
        .await
        .form(&format!("form[method='post'][action='{GROUPS}']"));
    browser.submit(form.with("name", name)).await
}

async fn add(browser: &CookieClient, group: &Page, field: &str, value: &str) -> Page {
    add_until(browser, group, (field, value), "").await
}

/// Puts somebody into a group, until a minute of the administrator's zone.
pub(crate) async fn add_until(
    browser: &CookieClient,
    group: &Page,
    (field, value): (&str, &str),
    ends_at: &str,
) -> Page {
    let mut form = group.form("form[action$='/add']");
    form.fields
        .retain(|(name, _)| name != "person" && name != "group");
    browser
        .submit(form.with(field, value).with("ends_at", ends_at))
        .await
}

pub(crate) fn id_of(group: &Page) -> String {
    group.url.path().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn membership_counts_through_nested_groups() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let (outer, inner) = (
        create(&browser, "Everybody").await,
        create(&browser, "Engineers").await,
    );
    add(&browser, &outer, "group", &id_of(&inner)).await;
    let inner = add(&browser, &inner, "person", "ADA@example.org").await;
    inner.assert_sound();
    assert!(inner.body.contains("Ada"));
    let profile = house.browser(&house.user).get("/app/accounts").await;
    assert!(
        profile.body.contains("Engineers, Everybody"),
        "both, by name"
    );
    let person = house.person(&house.user).await;
    assert_eq!(
        person.version, 2,
        "the change of groups is a change of the person"
    );
    let removed = browser.submit(inner.form("form[action$='/remove']")).await;
    assert!(!removed.body.contains("Ada Lovelace"));
    assert_eq!(house.person(&house.user).await.version, 3);
}

#[tokio::test]
async fn a_group_never_gets_inside_itself() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let (first, second) = (create(&browser, "A").await, create(&browser, "B").await);
    let (first_id, second_id) = (id_of(&first), id_of(&second));
    let (one, other) = tokio::join!(
        add(&browser, &first, "group", &second_id),
        add(&browser, &second, "group", &first_id)
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [200, 422],
        "of two that would close a circle, one is refused"
    );
    assert_eq!(add(&browser, &first, "group", &first_id).await.status, 422);
}

#[tokio::test]
async fn a_thousand_edits_and_members_at_once_lose_nothing() {
    let house = House::new().await;
    let (db, clock) = (house.db.clone(), house.world.clock.clone());
    let (groups, memberships) = (
        Groups::new(db.clone(), clock.clone()),
        Memberships::new(db.clone(), clock),
    );
    let actor = Actor::platform("test");
    let line = |text: &str| Line::parse(text).unwrap();
    let (outer, id) = (GroupId(Uuid::now_v7()), GroupId(Uuid::now_v7()));
    for (id, name) in [(outer, "Outer"), (id, "Inner")] {
        groups
            .create(&actor, id, &line(name), &line("0"))
            .await
            .unwrap();
    }
    let client = house.db.client().await.unwrap();
    client
        .batch_execute(
            "INSERT INTO people (id, username, email, display_name, role, state, created_at, updated_at) \
             SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.org', 'Person ' || n, \
                    'user', 'active', now(), now() FROM generate_series(1, 500) AS n",
        )
        .await
        .unwrap();
    let people = client
        .query("SELECT id FROM people WHERE username LIKE 'u%'", &[])
        .await
        .unwrap();
    let people: Vec<PersonId> = people.iter().map(|row| PersonId(row.get("id"))).collect();
    assert_eq!(people.len(), 500);
    drop(client);
    // 500 edits that each count on from what they read, 500 members, and the group itself goes in and out.
    let count_up = async || {
        loop {
            let span = Span {
                limit: 1,
                offset: 0,
            };
            let group = memberships.contents(id, span).await.unwrap().group;
            let next = group.description.parse::<u32>().unwrap() + 1;
            let change = groups
                .edit(
                    &actor,
                    (id, group.version),
                    &line("Inner"),
                    &line(&next.to_string()),
                )
                .await
                .unwrap();
            match change {
                GroupChange::Done => return,
                GroupChange::Stale => {}
                other => panic!("{other:?}"),
            }
        }
    };
    let turn = AtomicUsize::new(0);
    let work = async || {
        loop {
            let turn = turn.fetch_add(1, Ordering::Relaxed);
            let Some(person) = people.get(turn) else {
                return;
            };
            let added = memberships.add(&actor, id, Member::Person(*person), None);
            assert_eq!(added.await.unwrap(), MemberChange::Done);
            count_up().await;
            if turn.is_multiple_of(50) {
                let inner = Member::Group(id);
                if turn.is_multiple_of(100) {
                    memberships.add(&actor, outer, inner, None).await.unwrap();
                } else {
                    memberships.remove(&actor, outer, inner).await.unwrap();
                }
            }
        }
    };
    tokio::join!(
        work(),
        work(),
        work(),
        work(),
        work(),
        work(),
        work(),
        work()
    );
    memberships
        .add(&actor, outer, Member::Group(id), None)
        .await
        .unwrap();
    let span = Span {
        limit: 1,
        offset: 0,
    };
    let inner = memberships.contents(id, span).await.unwrap().group;
    assert_eq!((inner.description.as_str(), inner.people), ("500", 500));
    assert_eq!(inner.version, 501);
    // Whoever was told of last knows of both groups.
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS wrong FROM people p WHERE username LIKE 'u%' AND p.version <> \
               (SELECT count(*) + 1 FROM outbox o WHERE o.subject = p.id::text)";
    let wrong: i64 = client.query_one(sql, &[]).await.unwrap().get("wrong");
    assert_eq!(wrong, 0, "one event for each version");
}

#[tokio::test]
async fn names_are_unique_and_deleting_asks_for_the_name() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let group = create(&browser, "Engineers").await;
    assert_eq!(create(&browser, "engineers").await.status, 422);
    let form = group.form("form[action$='/delete']");
    let refused = browser
        .submit(form.clone().with("confirm_name", "Engine"))
        .await;
    assert_eq!(refused.status, 422);
    let deleted = browser.submit(form.with("confirm_name", "Engineers")).await;
    assert!(deleted.has(".empty"), "{}", deleted.body);
}

#[tokio::test]
async fn nobody_unknown_is_added() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let group = create(&browser, "Engineers").await;
    let refused = add(&browser, &group, "person", "nobody").await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#person-error"));
    let client = house.db.client().await.unwrap();
    assert!(
        client
            .query("SELECT 1 FROM group_people", &[])
            .await
            .unwrap()
            .is_empty()
    );
}
