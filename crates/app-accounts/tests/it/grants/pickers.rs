//! Whom the picker of share dialogs finds, and that it is no list of everybody.

use platform::{Principal, Role};
use platform_pg::GenericClient as _;
use serde_json::Value;

use super::group;
use crate::house::House;

async fn found(house: &House, who: &Principal, typed: &str) -> Vec<String> {
    let path = format!("/api/accounts/grantees/suggestions?q={typed}");
    let answer = house.browser(who).get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let found = answer.json();
    let found = found.as_array().unwrap().iter();
    found
        .map(|each: &Value| each["value"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn members_find_people_and_the_groups_that_are_open_to_them() {
    let house = House::new().await;
    house.member("adam", Role::Guest).await;
    group(&house, "Adventurers", &[]).await;
    group(&house, "Adders", &[&house.user]).await;
    let user = &house.user;
    assert_eq!(found(&house, user, "ad").await, ["ada", "adam", "@Adders"]);
    assert!(found(&house, user, "a").await.is_empty(), "one letter");
    assert!(found(&house, user, "").await.is_empty());
    assert!(found(&house, user, "%25%25").await.is_empty(), "no letters");
    assert_eq!(found(&house, user, "@ad").await, ["@Adders"]);
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE groups SET joining = 'open' WHERE name = 'Adventurers'";
    client.execute(sql, &[]).await.unwrap();
    assert_eq!(
        found(&house, user, "@ad").await,
        ["@Adders", "@Adventurers"]
    );
    let sql = "UPDATE people SET state = 'disabled' WHERE username = 'adam'";
    client.execute(sql, &[]).await.unwrap();
    assert_eq!(found(&house, user, "adam").await, [""; 0]);
}

#[tokio::test]
async fn administrators_find_every_group() {
    let house = House::new().await;
    group(&house, "Adventurers", &[]).await;
    assert_eq!(found(&house, &house.admin, "@adv").await, ["@Adventurers"]);
    let owes = Principal {
        owes_factor: true,
        ..house.admin.clone()
    };
    assert_eq!(found(&house, &owes, "@adv").await, [""; 0]);
}

#[tokio::test]
async fn guests_find_themselves_and_their_groups() {
    let house = House::new().await;
    let gus = house.member("gus", Role::Guest).await;
    house.member("gustav", Role::User).await;
    group(&house, "Gusts", &[&gus]).await;
    group(&house, "Gushers", &[]).await;
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE groups SET joining = 'open' WHERE name = 'Gushers'";
    client.execute(sql, &[]).await.unwrap();
    assert_eq!(found(&house, &gus, "gus").await, ["gus", "@Gusts"]);
    assert_eq!(found(&house, &gus, "ad").await, [""; 0]);
    assert_eq!(found(&house, &gus, "grace").await, [""; 0]);
}

#[tokio::test]
async fn whoever_collects_names_is_slowed_down() {
    let house = House::new().await;
    let browser = house.browser(&house.user);
    let path = "/api/accounts/grantees/suggestions?q=ad";
    let mut allowed = 0;
    let refused = loop {
        let answer = browser.get_once(path).await;
        if answer.status != 200 {
            break answer;
        }
        allowed += 1;
        assert!(allowed <= 60, "never refused");
    };
    assert_eq!((refused.status.as_u16(), allowed), (429, 60));
    assert!(!refused.header("retry-after").is_empty());
    let other = house.browser(&house.admin).get(path).await;
    assert_eq!(other.status, 200, "each person has their own");
    let visitor = house.world.visitor(&house.accounts).get_once(path).await;
    assert_eq!(visitor.status, 401);
}
