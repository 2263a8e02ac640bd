//! Groups: nesting counts, cycles do not happen, and whoever is concerned is announced.

use platform_pg::GenericClient as _;
use prost::Message as _;
use rpc::events::accounts::{GROUP_RENAMED, GroupRenamed, USER_CHANGED};
use testkit::{CookieClient, Page};

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

pub(crate) async fn add(browser: &CookieClient, group: &Page, field: &str, value: &str) -> Page {
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
async fn another_name_is_told_before_the_people_it_changes() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let group = create(&browser, "Engineers").await;
    let group = add(&browser, &group, "person", "ada@example.org").await;
    let client = house.db.client().await.unwrap();
    client.execute("DELETE FROM outbox", &[]).await.unwrap();
    let path = format!("{GROUPS}/{}", id_of(&group));
    let form = group.form(&format!("form[method='post'][action='{path}']"));
    let saved = browser.submit(form.with("name", "Research")).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let sql = "SELECT kind, payload FROM outbox ORDER BY position";
    let told = client.query(sql, &[]).await.unwrap();
    let kinds: Vec<&str> = told.iter().map(|row| row.get("kind")).collect();
    assert_eq!(kinds, [GROUP_RENAMED, USER_CHANGED]);
    let renamed = GroupRenamed::decode(told[0].get::<_, &[u8]>("payload")).unwrap();
    assert_eq!(
        (&*renamed.before, &*renamed.after),
        ("Engineers", "Research")
    );
    assert_eq!(renamed.group_id, id_of(&group));
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

#[tokio::test]
async fn a_list_counts_each_person_once_and_large_groups_no_further_than_it_has_to() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let (outer, inner) = (
        create(&browser, "Everybody").await,
        create(&browser, "Engineers").await,
    );
    let outer = add(&browser, &outer, "group", &id_of(&inner)).await;
    add(&browser, &outer, "person", "ada@example.org").await;
    add(&browser, &inner, "person", "ada@example.org").await;
    let counts = async || browser.get(GROUPS).await.texts("#groups td.num");
    // Members of each, then groups in each.
    assert_eq!(counts().await, ["1", "0", "1", "1"]);
    let filled = "WITH new AS (
            INSERT INTO people (id, username, email, display_name, role, state, created_at, updated_at)
            SELECT gen_random_uuid(), 'p' || n, n || '@example.org', 'Person ' || n, 'user', 'active', now(), now()
            FROM generate_series(1, 1500) AS n RETURNING id)
        INSERT INTO group_people (group_id, person_id, added_at) SELECT $1, id, now() FROM new";
    let id: uuid::Uuid = id_of(&inner).parse().unwrap();
    let client = house.db.client().await.unwrap();
    client.execute(filled, &[&id]).await.unwrap();
    let [engineers, _, everybody, _] = <[String; 4]>::try_from(counts().await).unwrap();
    assert_eq!(engineers, "1,000 or more");
    assert!(everybody.ends_with(" or more"), "{everybody}");
    let page = browser.get(&format!("{GROUPS}/{}", id_of(&inner))).await;
    assert!(page.body.contains("1,501"), "its own page counts them all");
}
