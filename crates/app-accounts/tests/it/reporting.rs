//! What is known of people, and whom they report to.

use app_accounts::domain::name::{Line, Username};
use app_accounts::domain::person::{Edit, PersonId, Profile};
use app_accounts::domain::phone::Phone;
use app_accounts::service::actor::Actor;
use app_accounts::service::people::{Change, People};
use platform::{Principal, Role};
use platform_pg::GenericClient as _;
use testkit::Page;

use crate::house::House;

/// An administrator fills the form of somebody and sends it.
async fn edit(house: &House, who: &Principal, fields: &[(&str, &str)]) -> Page {
    let (browser, path) = (house.browser(&house.admin), House::page_of(who));
    let mut form = browser
        .get(&path)
        .await
        .form(&format!("form[action='{path}']"));
    for (name, value) in fields {
        form = form.with(name, value);
    }
    browser.submit(form).await
}

async fn manager_of(house: &House, who: &Principal) -> String {
    let manager = house.person(who).await.manager;
    manager.map_or_else(String::new, |manager| manager.username)
}

#[tokio::test]
async fn people_say_what_they_are_called_and_administrators_what_they_do() {
    let house = House::new().await;
    let browser = house.browser(&house.user);
    let form = browser
        .get("/app/accounts")
        .await
        .form("form[action='/app/accounts']");
    let saved = browser
        .submit(
            form.with("given_name", "Augusta Ada")
                .with("family_name", "Lovelace")
                .with("phone", "0044 (0)20 / 7946-0123")
                .with("title", "Queen")
                .with("department", "Throne"),
        )
        .await;
    assert_eq!(saved.attribute("#phone", "value"), "+442079460123");
    let person = house.person(&house.user).await;
    assert_eq!(person.family_name, "Lovelace");
    assert_eq!(person.title, "", "not theirs to say");

    let fields = [
        ("title", "Chief Analyst"),
        ("department", "Engines"),
        ("manager", "GRACE@example.org"),
    ];
    let page = edit(&house, &house.user, &fields).await;
    page.assert_sound();
    assert_eq!(page.attribute("#manager", "value"), "grace");
    let written = page.texts(".chip").join(" ");
    assert!(written.contains("manager: – → grace"), "{written}");
    assert!(!written.contains("manager_id"), "{written}");

    let reader = house.browser(&house.member("mary", Role::User).await);
    for words in ["analyst", "engines", "augusta", "lovel"] {
        let found = reader
            .get(&format!("/app/accounts/people?q={words}"))
            .await
            .texts(".people .tile-name");
        assert_eq!(found.len(), 1, "{words} finds {found:?}");
    }
    let person = format!("/app/accounts/people/{}", house.user.user_id);
    let page = reader.get(&person).await;
    page.assert_sound();
    let facts = page.texts(".fact dd").join(" | ");
    for wanted in [
        "Augusta Ada Lovelace",
        "Engines",
        "+442079460123",
        &house.admin.display_name,
    ] {
        assert!(facts.contains(wanted), "{wanted} in {facts}");
    }
    let own = browser.get("/app/accounts").await;
    assert!(own.texts(".fact dd").contains(&"Chief Analyst".to_owned()));
}

#[tokio::test]
async fn a_number_that_is_none_is_said_at_its_field() {
    let house = House::new().await;
    let refused = edit(&house, &house.user, &[("phone", "call me")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#phone-error"));
    assert_eq!(refused.attribute("#phone", "value"), "call me");
}

#[tokio::test]
async fn nobody_reports_to_themselves_or_to_somebody_below_them() {
    let house = House::new().await;
    let mary = house.member("mary", Role::User).await;
    edit(&house, &house.user, &[("manager", "grace")]).await;
    edit(&house, &mary, &[("manager", "ada")]).await;
    for (who, manager) in [
        (&house.admin, "mary"),
        (&house.admin, "ada"),
        (&mary, "mary"),
        (&mary, "nobody-at-all"),
    ] {
        let refused = edit(&house, who, &[("manager", manager), ("title", "Head")]).await;
        assert_eq!(refused.status, 422, "{manager}");
        assert!(refused.has("#manager-error"), "{manager}");
        assert_eq!(refused.attribute("#manager", "value"), manager);
        assert_eq!(house.person(who).await.title, "");
    }
    edit(&house, &mary, &[("manager", "")]).await;
    assert_eq!(manager_of(&house, &mary).await, "");
}

#[tokio::test]
async fn of_two_who_are_put_below_each_other_at_once_one_stays_above() {
    let house = House::new().await;
    let mary = house.member("mary", Role::User).await;
    let people = People::new(house.db.clone(), house.world.clock.clone());
    let actor = Actor::platform("test");
    let below = async |who: &Principal, manager: &Principal| {
        let person = house.person(who).await;
        let edit = Edit {
            profile: Profile {
                display_name: Line::required(&person.display_name).unwrap(),
                given_name: Line::default(),
                family_name: Line::default(),
                phone: Phone::default(),
                zone: String::new(),
            },
            title: Line::default(),
            department: Line::default(),
            manager: Some(PersonId(manager.user_id)),
            username: Username::parse(&person.username).unwrap(),
            role: person.role,
            ends_on: None,
        };
        people.edit(&actor, person.id, person.version, edit).await
    };
    for turn in 0..20 {
        let (one, other) = tokio::join!(below(&mary, &house.user), below(&house.user, &mary));
        let mut changes = [one.unwrap(), other.unwrap()];
        changes.sort_by_key(|change| *change != Change::Done);
        assert_eq!(changes, [Change::Done, Change::ManagerBelow], "{turn}");
        let client = house.db.client().await.unwrap();
        let sql = "UPDATE people SET manager_id = NULL";
        client.execute(sql, &[]).await.unwrap();
    }
}

#[tokio::test]
async fn a_manager_in_the_trash_comes_back_and_one_who_is_gone_manages_nobody() {
    let house = House::new().await;
    let mary = house.member("mary", Role::User).await;
    edit(&house, &house.user, &[("manager", "mary")]).await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&mary);
    let press = async |step: &str| {
        let page = browser.get(&path).await;
        let form = page.form(&format!("form[action='{path}/{step}']"));
        browser.submit(form.with("confirm_name", "mary")).await
    };
    let seen = async || {
        let page = browser
            .get(&format!("/app/accounts/people/{}", house.user.user_id))
            .await;
        page.texts(".fact dd").contains(&mary.display_name)
    };
    assert!(seen().await);
    press("access/trash").await;
    assert!(!seen().await, "nobody is pointed at the trash");
    // Saving something else keeps what the trash may give back.
    let kept = edit(&house, &house.user, &[("title", "Countess")]).await;
    assert_eq!(kept.status, 200);
    press("access/restore").await;
    assert!(seen().await);
    press("access/trash").await;
    let refused = edit(&house, &house.admin, &[("manager", "mary")]).await;
    assert!(refused.has("#manager-error"), "not out of the trash");

    let version = house.person(&house.user).await.version;
    press("purge").await;
    let person = house.person(&house.user).await;
    assert_eq!((person.manager, person.version), (None, version + 1));
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS rows FROM audit WHERE changes::text LIKE '%mary%'";
    let rows: i64 = client.query_one(sql, &[]).await.unwrap().get("rows");
    assert_eq!(rows, 0, "the trail names nobody");
}
