//! Fields that administrators declare: who sees them, who fills them in, and when they go.

use app_accounts::domain::person::PersonId;
use jiff::SignedDuration;
use platform::{Clock, Role};
use platform_pg::GenericClient as _;
use testkit::Page;

use crate::house::House;

const FIELDS: &str = "/admin/accounts/fields";

/// An administrator declares a field.
async fn declare(house: &House, name: &str, fields: &[(&str, &str)]) -> Page {
    let browser = house.browser(&house.admin);
    let mut form = browser
        .get(FIELDS)
        .await
        .form("form[action='/admin/accounts/fields']")
        .with("name", name)
        .with("label_en", &format!("The {name}"));
    for (name, value) in fields {
        form = form.with(name, value);
    }
    browser.submit(form).await
}

/// An administrator opens the page of a field and presses a button there.
async fn press(house: &House, name: &str, step: &str) -> Page {
    let browser = house.administrator();
    let client = house.db.client().await.unwrap();
    let sql = "SELECT id FROM custom_fields WHERE name = $1";
    let id: uuid::Uuid = client.query_one(sql, &[&name]).await.unwrap().get("id");
    let page = browser.get(&format!("{FIELDS}/{id}")).await;
    page.assert_sound();
    let form = page.form(&format!("form[action='{FIELDS}/{id}{step}']"));
    browser.submit(form.with("confirm_name", name)).await
}

async fn values(house: &House) -> Vec<String> {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT value FROM custom_values";
    let rows = client.query(sql, &[]).await.unwrap();
    let mut values: Vec<String> = rows.iter().map(|row| row.get("value")).collect();
    values.sort();
    values
}

/// Four fields, and what an administrator filled into two of them.
async fn furnished() -> House {
    let house = House::new().await;
    let choice = [
        ("kind", "choice"),
        ("choices", "S\nM\n\nM\nL"),
        ("position", "1"),
    ];
    declare(&house, "shirt", &choice).await.assert_sound();
    let link = [
        ("kind", "link"),
        ("edited_by", "administrators"),
        ("position", "2"),
    ];
    declare(&house, "site", &link).await;
    let number = [
        ("kind", "number"),
        ("visible_to", "person"),
        ("label_de", "Schuh"),
    ];
    declare(&house, "shoe", &number).await;
    let administrators = [
        ("visible_to", "administrators"),
        ("edited_by", "administrators"),
    ];
    let page = declare(&house, "pay", &administrators).await;
    assert_eq!(page.count("#fields tbody tr"), 4);

    let (admin, path) = (house.browser(&house.admin), House::page_of(&house.user));
    let page = admin.get(&path).await;
    page.assert_sound();
    let form = page.form(&format!("form[action='{path}/fields']"));
    let harmful = form.clone().with("custom-site", "javascript:alert(1)");
    let refused = admin.submit(harmful.with("custom-pay", "17")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#custom-site-error"));
    assert_eq!(refused.attribute("#custom-pay", "value"), "17");
    assert!(values(&house).await.is_empty(), "all or nothing");
    let filled = form
        .with("custom-site", "https://ada.example")
        .with("custom-pay", "secret sum");
    let page = admin.submit(filled).await;
    let chips = page.texts(".chip").join(" ");
    assert!(chips.contains("site: – → https://ada.example/"), "{chips}");
    assert!(chips.contains("pay: – → •••"), "masked: {chips}");
    house
}

#[tokio::test]
async fn people_fill_in_what_is_theirs_and_see_no_more() {
    let house = Box::pin(furnished()).await;
    let browser = house.browser(&house.user);
    let own = browser.get("/app/accounts").await;
    own.assert_sound();
    assert!(!own.body.contains("secret sum"));
    assert!(own.has("dd a[href='https://ada.example/']"));
    let forged = own
        .form("form[action='/app/accounts/fields']")
        .with("custom-shirt", "M")
        .with("custom-shoe", "41,5")
        .with("custom-pay", "1000000")
        .with("custom-site", "https://evil.example");
    let saved = browser.submit(forged).await;
    let kept = ["41.5", "M", "https://ada.example/", "secret sum"];
    assert_eq!(values(&house).await, kept);
    let form = saved.form("form[action='/app/accounts/fields']");
    let refused = browser.submit(form.with("custom-shirt", "XXL")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#custom-shirt-error"));
    let activity = browser.get("/app/accounts/activity").await;
    assert!(!activity.body.contains("secret sum"));
}

#[tokio::test]
async fn everybody_else_sees_what_is_for_everybody_and_exports_have_all() {
    let house = Box::pin(furnished()).await;
    let browser = house.browser(&house.user);
    let own = browser.get("/app/accounts").await;
    let form = own.form("form[action='/app/accounts/fields']");
    let filled = form.with("custom-shirt", "M").with("custom-shoe", "41.5");
    browser.submit(filled).await;

    let reader = house.browser(&house.member("mary", Role::User).await);
    let person = format!("/app/accounts/people/{}", house.user.user_id);
    let page = reader.get(&person).await;
    page.assert_sound();
    assert!(page.has("dd a[href='https://ada.example/'][rel~=noreferrer]"));
    assert!(!page.body.contains("41.5") && !page.body.contains("secret sum"));
    for words in ["secret", "41.5"] {
        let found = reader.get(&format!("/app/accounts/people?q={words}")).await;
        assert!(found.has(".empty"), "{words} finds nobody");
    }

    let admin = house.browser(&house.admin);
    let export = async |format: &str| {
        let path = format!("/admin/accounts/people/export?format={format}");
        admin.get(&path).await
    };
    let csv = export("csv").await.body;
    let head = csv.lines().next().unwrap();
    let more = "custom_shirt,custom_site,custom_pay,custom_shoe";
    assert!(head.ends_with(more), "{head}");
    let row = ",M,https://ada.example/,secret sum,41.5";
    assert!(csv.contains(row), "{csv}");
    assert_eq!(export("json").await.json()[0]["custom_shirt"], "M");
}

#[tokio::test]
async fn declarations_that_do_not_do_are_refused_and_keep_what_was_typed() {
    let house = House::new().await;
    let unseen = [("visible_to", "administrators"), ("edited_by", "person")];
    for (name, fields, wrong) in [
        ("1st", &[][..], "name"),
        ("pay", &unseen[..], "edited_by"),
        ("size", &[("kind", "choice")][..], "choices"),
        ("size", &[("kind", "colour")][..], "kind"),
        ("size", &[("position", "-1")][..], "position"),
        ("size", &[("label_en", " ")][..], "label_en"),
    ] {
        let refused = declare(&house, name, fields).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(refused.has(&format!("#{wrong}-error")), "{wrong}");
        assert_eq!(refused.attribute("#name", "value"), name);
    }
    declare(&house, "size", &[]).await;
    let taken = declare(&house, "SIZE", &[]).await;
    assert!(taken.has("#name-error"));
    let member = house.browser(&house.user);
    assert_eq!(member.get_once(FIELDS).await.status, 403);
    for number in 1..40 {
        assert_eq!(
            declare(&house, &format!("f{number}"), &[]).await.status,
            200
        );
    }
    assert_eq!(declare(&house, "f40", &[]).await.status, 422, "bounded");
}

#[tokio::test]
async fn a_retired_field_keeps_its_values_for_thirty_days() {
    let house = House::at(Clock::manual(Clock::system().now())).await;
    for name in ["early", "late"] {
        declare(&house, name, &[]).await;
    }
    let fill = async || {
        let browser = house.browser(&house.user);
        let form = browser.get("/app/accounts").await;
        let form = form.form("form[action='/app/accounts/fields']");
        let form = form.with("custom-early", "one").with("custom-late", "two");
        browser.submit(form).await
    };
    fill().await;
    press(&house, "early", "/retire").await;
    let seen = house.browser(&house.user).get("/app/accounts").await;
    assert!(!seen.has("#custom-early") && seen.has("#custom-late"));
    fill().await;
    assert_eq!(
        values(&house).await,
        ["one", "two"],
        "kept, and not touched"
    );
    press(&house, "early", "/restore").await;
    let seen = house.browser(&house.user).get("/app/accounts").await;
    assert_eq!(seen.attribute("#custom-early", "value"), "one");

    press(&house, "early", "/retire").await;
    let day = SignedDuration::from_hours(24);
    house.world.clock.advance(day * 29);
    press(&house, "late", "/retire").await;
    house.world.clock.advance(day);
    testkit::eventually("the older one goes", async || {
        values(&house).await == ["two"]
    })
    .await;
    press(&house, "late", "/delete").await;
    assert!(values(&house).await.is_empty());
}

#[tokio::test]
async fn whoever_is_forgotten_leaves_no_value() {
    let house = House::new().await;
    declare(&house, "hobby", &[]).await;
    let browser = house.browser(&house.user);
    let form = browser.get("/app/accounts").await;
    let form = form.form("form[action='/app/accounts/fields']");
    browser.submit(form.with("custom-hobby", "engines")).await;
    assert_eq!(values(&house).await, ["engines"]);
    let client = house.db.client().await.unwrap();
    let id = PersonId(house.user.user_id);
    app_accounts::store::purge::person_forget(&client, id, house.world.clock.now())
        .await
        .unwrap();
    assert!(values(&house).await.is_empty());
    let sql = "SELECT count(*) AS rows FROM audit WHERE changes::text LIKE '%engines%'";
    let rows: i64 = client.query_one(sql, &[]).await.unwrap().get("rows");
    assert_eq!(rows, 0);
}
