//! The tree of who reports to whom.

use platform::Role;
use platform_pg::GenericClient as _;

use crate::house::House;

const TREE: &str = "/app/accounts/organisation";

/// Everybody reports to `u1`, but each `u1x` to `u1` and so on: number n reports to n / 10.
async fn staff(house: &House, count: i32) {
    let client = house.db.client().await.unwrap();
    let insert = "INSERT INTO people (id, username, email, display_name, role, state, created_at, updated_at) \
                  SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.org', 'Person ' || lpad(n::text, 5, '0'), \
                         'user', 'active', now(), now() FROM generate_series(1, $1::int) AS n";
    client.execute(insert, &[&count]).await.unwrap();
    let report = "UPDATE people p SET manager_id = m.id FROM people m \
                  WHERE p.username ~ '^u\\d+$' AND m.username = 'u' || (substr(p.username, 2)::int / 10)";
    client.execute(report, &[]).await.unwrap();
}

#[tokio::test]
async fn the_tree_shows_three_levels_and_the_way_further() {
    let house = House::new().await;
    staff(&house, 1_500).await;
    let browser = house.browser(&house.user);
    let page = browser.get(TREE).await;
    page.assert_sound();
    assert!(
        page.has("details[open] > summary"),
        "the first level is open"
    );
    assert!(page.has("details:not([open]) > summary"));
    assert!(page.count(".tree-person") < 350, "bounded");
    let people = page.texts(".tree-person a");
    assert!(people.contains(&"Person 00001".to_owned()));
    assert!(people.contains(&"Person 00123".to_owned()), "three levels");
    assert!(
        !people.contains(&"Person 01234".to_owned()),
        "not the fourth"
    );
    let ada = page.texts(".tree-person").iter().any(|name| name == "Ada");
    assert!(!ada, "nobody reports to her, and she to nobody");

    let client = house.db.client().await.unwrap();
    let sql = "SELECT id FROM people WHERE username = 'u123'";
    let id: uuid::Uuid = client.query_one(sql, &[]).await.unwrap().get("id");
    let further = format!("{TREE}/{id}");
    assert!(page.attributes(".tree-more a", "href").contains(&further));
    let page = browser.get(&further).await;
    page.assert_sound();
    assert!(
        page.texts(".tree-person a")
            .contains(&"Person 01234".to_owned())
    );
    let above = page.texts(".card p.small > a.link");
    assert_eq!(above, ["Person 00001", "Person 00012"]);
    let person = browser.get(&format!("/app/accounts/people/{id}")).await;
    person.assert_sound();
    let facts = person.texts(".fact dd").join(" | ");
    assert!(
        facts.contains("Person 00012 Person 00001 › Person 00012"),
        "{facts}"
    );
    assert!(facts.contains("Person 01239"), "{facts}");
}

#[tokio::test]
async fn those_below_somebody_who_is_not_there_stand_at_the_top() {
    let house = House::new().await;
    staff(&house, 129).await;
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE people SET state = 'disabled' WHERE username = 'u1'";
    client.execute(sql, &[]).await.unwrap();
    let browser = house.browser(&house.user);
    let page = browser.get(TREE).await;
    let tops = page.texts(".tree > li > .tree-person a");
    assert!(tops.contains(&"Person 00012".to_owned()), "{tops:?}");
    assert!(
        !page
            .texts(".tree-person a")
            .contains(&"Person 00001".to_owned())
    );
    let sql = "SELECT id FROM people WHERE username = 'u1'";
    let id: uuid::Uuid = client.query_one(sql, &[]).await.unwrap().get("id");
    assert_eq!(browser.get(&format!("{TREE}/{id}")).await.status, 404);
}

#[tokio::test]
async fn guests_do_not_see_the_tree_and_an_empty_one_says_so() {
    let house = House::new().await;
    let guest = house.member("gus", Role::Guest).await;
    let browser = house.browser(&guest);
    assert_eq!(browser.get_once(TREE).await.status, 403);
    let page = house.browser(&house.user).get(TREE).await;
    page.assert_sound();
    assert!(page.has(".empty"));
}
