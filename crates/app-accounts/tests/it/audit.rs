//! Who changed what: filtered, as a file, and as a page of one's own.

use crate::house::House;

/// An administrator changed the title of the member, and was refused to take their own access.
async fn house_with_a_past() -> House {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&house.user);
    let page = browser.get(&path).await;
    let edit = page.form(&format!("form[action='{path}']"));
    browser.submit(edit.with("title", "=Countess")).await;
    let mut own = page.form(&format!("form[action='{path}/access/disable']"));
    own.action
        .set_path(&format!("{}/access/disable", House::page_of(&house.admin)));
    browser.submit(own).await;
    house
}

#[tokio::test]
async fn the_trail_is_filtered_by_outcome_words_and_time() {
    let house = Box::pin(house_with_a_past()).await;
    let browser = house.browser(&house.admin);
    let actions = async |query: &str| {
        let page = browser.get(&format!("/admin/accounts/audit{query}")).await;
        page.assert_sound();
        page.texts("#audit tbody .mono")
    };
    assert_eq!(actions("").await, ["person.disabled", "person.edited"]);
    assert_eq!(actions("?outcome=refused").await, ["person.disabled"]);
    assert_eq!(actions("?q=edited").await, ["person.edited"]);
    assert_eq!(
        actions("?q=%25").await,
        [""; 0],
        "a sign of patterns is none here"
    );
    assert_eq!(actions("?kind=group").await, [""; 0]);
    assert_eq!(actions("?days=7").await.len(), 2);
}

#[tokio::test]
async fn the_trail_and_the_people_leave_as_files() {
    let house = Box::pin(house_with_a_past()).await;
    let browser = house.browser(&house.admin);
    let csv = browser
        .get("/admin/accounts/audit/export?outcome=done&format=csv")
        .await;
    assert_eq!(csv.status, 200);
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", csv.body);
    assert!(lines[1].contains("person.edited"), "{}", csv.body);

    let people = browser
        .get("/admin/accounts/people/export?format=json")
        .await;
    let people: Vec<serde_json::Value> = serde_json::from_str(&people.body).unwrap();
    let titles: Vec<_> = people.iter().map(|person| &person["title"]).collect();
    assert!(titles.contains(&&serde_json::json!("=Countess")));
    let people = browser.get("/admin/accounts/people/export").await;
    assert!(
        people.body.contains(",'=Countess,"),
        "spreadsheets run nothing"
    );
}

#[tokio::test]
async fn everybody_sees_what_was_done_to_them_and_nothing_else() {
    let house = Box::pin(house_with_a_past()).await;
    let page = house
        .browser(&house.user)
        .get("/app/accounts/activity?days=30")
        .await;
    page.assert_sound();
    assert_eq!(page.texts("tbody .mono"), ["person.edited"]);
    let other = house.member("mary", platform::Role::User).await;
    let page = house.browser(&other).get("/app/accounts/activity").await;
    page.assert_sound();
    assert!(page.texts("tbody .mono").is_empty());
}
