//! Groups that follow rules: tried first, then people come and go by what is known of them.

use platform::{Principal, Role};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{CookieClient, Form, Page};

use crate::groups;
use crate::house::House;

/// Makes a group; its path in the administration.
async fn group(browser: &CookieClient, name: &str) -> String {
    groups::create(browser, name).await.path()
}

/// The form of the rule, with one condition in its first row.
fn condition(page: &Page, fact: &str, test: &str, value: &str) -> Form {
    let form = page.form("main form");
    [("fact", fact), ("test", test), ("value", value)]
        .into_iter()
        .fold(form, |form, (name, value)| form.with_first(name, value))
}

/// Gives a group the rule that one condition makes.
async fn follow(browser: &CookieClient, group: &str, (fact, test, value): (&str, &str, &str)) {
    let page = browser.get(&format!("{group}/rule")).await;
    let form = condition(&page, fact, test, value).with("step", "save");
    let page = browser.submit(form).await;
    assert_eq!(page.status, 200, "{}", page.text("main"));
}

/// Says what department somebody is in.
async fn move_to(browser: &CookieClient, who: &Principal, department: &str) {
    let page = browser.get(&House::page_of(who)).await;
    let form = page.form("form:has([name='department'])");
    let page = browser.submit(form.with("department", department)).await;
    assert_eq!(page.status, 200, "{}", page.text("main"));
}

/// Waits until these are in the group, and nobody else.
async fn holds(browser: &CookieClient, group: &str, people: &[&Principal]) {
    let mut names: Vec<&str> = people.iter().map(|who| &*who.display_name).collect();
    names.sort_unstable();
    testkit::eventually("the group follows its rule", async || {
        let page = browser.get(group).await;
        let mut found = page.texts("#members tbody td:first-child a");
        found.sort_unstable();
        found == names
    })
    .await;
}

#[tokio::test]
async fn a_rule_is_tried_and_then_people_come_and_go_by_themselves() {
    let house = House::new().await;
    let browser = house.administrator();
    let (mia, bob) = (
        house.member("mia", Role::User).await,
        house.member("bob", Role::User).await,
    );
    move_to(&browser, &mia, "Field Sales").await;
    let sales = group(&browser, "Sales").await;
    let outer = group(&browser, "Everybody out there").await;
    let page = browser.get(&outer).await;
    let inside = page.form("form:has([name='group'])");
    let id = sales.rsplit('/').next().unwrap();
    browser.submit(inside.with("group", id)).await;

    let page = browser.get(&format!("{sales}/rule")).await;
    page.assert_sound();
    let form = condition(&page, "department", "contains", "SALES");
    let tried = browser.submit(form.with("step", "look")).await;
    tried.assert_sound();
    assert_eq!(tried.texts("#joins a"), [mia.display_name.as_str()]);
    assert!(!tried.has("#leaves"));
    assert!(!browser.get(&sales).await.has("#members"), "only a look");
    let saved = browser
        .submit(tried.form("main form").with("step", "save"))
        .await;
    saved.assert_sound();
    assert_eq!(saved.attribute("#value-0", "value"), "SALES");
    holds(&browser, &sales, &[&mia]).await;
    let profile = house.browser(&mia).get("/app/accounts").await;
    assert!(
        profile.body.contains("Everybody out there, Sales"),
        "the outer group counts"
    );

    move_to(&browser, &bob, "Inside sales").await;
    holds(&browser, &sales, &[&mia, &bob]).await;
    move_to(&browser, &mia, "Legal").await;
    holds(&browser, &sales, &[&bob]).await;
    let audit = browser
        .get("/admin/accounts/audit?q=rule&action=group.member_added")
        .await;
    assert!(audit.body.contains("rule of the group"), "{}", audit.body);
}

#[tokio::test]
async fn who_was_put_there_by_hand_stays_and_who_is_there_by_the_rule_cannot_be_taken_out() {
    let house = House::new().await;
    let browser = house.administrator();
    let mia = house.member("mia", Role::User).await;
    let guest = house.member("gus", Role::Guest).await;
    let team = group(&browser, "Team").await;
    let add =
        |page: &Page, who: &Principal| page.form("form:has(#person)").with("person", &who.username);
    let page = browser.get(&team).await;
    browser.submit(add(&page, &guest)).await;
    follow(&browser, &team, ("mail_domain", "is", "example.org")).await;
    let all = [&mia, &guest, &house.admin, &house.user];
    holds(&browser, &team, &all).await;
    follow(&browser, &team, ("role", "is", "user")).await;
    holds(&browser, &team, &[&mia, &guest, &house.user]).await;

    let page = browser.get(&team).await;
    assert_eq!(page.count("#members .badge"), 2, "all but the guest");
    let form = page.form("form[action$='/remove']");
    assert_eq!(form.value("person_id"), Some(&*guest.user_id.to_string()));
    let form = form.with("person_id", &mia.user_id.to_string());
    let page = browser.submit(form).await;
    assert!(page.text("body").contains("The rule of the group puts"));
    holds(&browser, &team, &[&mia, &guest, &house.user]).await;

    // What the rule gave becomes what somebody gave, and outlives the rule's opinion.
    let page = browser.get(&team).await;
    browser.submit(add(&page, &mia)).await;
    follow(&browser, &team, ("role", "is", "admin")).await;
    holds(&browser, &team, &[&mia, &guest, &house.admin]).await;
    let page = browser.get(&format!("{team}/rule")).await;
    let page = browser
        .submit(page.form("main form").with("step", "remove"))
        .await;
    assert_eq!(page.attribute("#value-0", "value"), "");
    let page = browser.get(&team).await;
    assert_eq!(page.count("#members .badge"), 0, "all stay, on their own");
    holds(&browser, &team, &[&mia, &guest, &house.admin]).await;
}

#[tokio::test]
async fn the_trash_and_declared_fields_count_too() {
    let house = House::new().await;
    let browser = house.administrator();
    let mia = house.member("mia", Role::User).await;
    let page = browser.get("/admin/accounts/fields").await;
    let form = [
        ("name", "floor"),
        ("label_en", "Floor"),
        ("kind", "number"),
        ("visible_to", "everyone"),
    ];
    let form = form.into_iter().fold(
        page.form("form[action='/admin/accounts/fields']"),
        |form, (name, value)| form.with(name, value),
    );
    browser.submit(form).await;
    let page = browser.get(&House::page_of(&mia)).await;
    let form = page
        .form("form[action$='/fields']")
        .with("custom-floor", "12");
    browser.submit(form).await;
    let top = group(&browser, "Top").await;
    follow(&browser, &top, ("custom.floor", "at_least", "9")).await;
    holds(&browser, &top, &[&mia]).await;

    let step = |step: &str| format!("form[action$='/access/{step}']");
    let page = browser.get(&House::page_of(&mia)).await;
    let page = browser.submit(page.form(&step("trash"))).await;
    holds(&browser, &top, &[]).await;
    browser.submit(page.form(&step("restore"))).await;
    holds(&browser, &top, &[&mia]).await;

    let page = browser.get("/admin/accounts/fields").await;
    let field = page.attribute("a[href^='/admin/accounts/fields/']", "href");
    let page = browser.get(&field).await;
    browser.submit(page.form("form[action$='/retire']")).await;
    holds(&browser, &top, &[]).await;
}

#[tokio::test]
async fn what_cannot_be_a_rule_is_said_where_it_is_wrong() {
    let house = House::new().await;
    let browser = house.administrator();
    let team = group(&browser, "Team").await;
    let page = browser.get(&format!("{team}/rule")).await;
    let refused = |fact: &str, test: &str, value: &str| {
        condition(&page, fact, test, value).with("step", "save")
    };
    for (fact, test, value, why) in [
        ("department", "is", "", "Fill in this field."),
        (
            "department",
            "at_least",
            "5",
            "Only fields that hold numbers",
        ),
        ("custom.floor", "is", "5", "does not exist any more"),
    ] {
        let page = browser.submit(refused(fact, test, value)).await;
        assert_eq!(page.status, 422);
        page.assert_sound();
        let said = page.text("#value-0-error");
        assert!(said.contains(why), "{fact} {test}: {said}");
        assert_eq!(page.attribute("#value-0", "value"), value, "kept");
    }
    let page = browser.submit(refused("", "is", "x")).await;
    assert!(page.text("main").contains("Say at least one condition."));
    let rule = browser.get(&format!("{team}/rule")).await;
    let stale = condition(&rule, "role", "is", "user").with("step", "save");
    follow(&browser, &team, ("role", "is", "guest")).await;
    let page = browser.submit(stale).await;
    assert_eq!(page.status, 422);
    assert!(page.text("main").contains("Somebody changed this group"));
    let manager = house.browser(&house.user);
    assert_eq!(manager.get(&format!("{team}/rule")).await.status, 403);
}

#[tokio::test]
async fn programs_give_and_take_rules() {
    let house = House::new().await;
    let browser = house.administrator();
    let team = group(&browser, "Team").await;
    let path = team.replace("/admin/", "/api/");
    let ask = async |method: Method, rest: &str, tag: Option<&str>, body: Value| {
        let request = browser
            .request(method, &format!("{path}{rest}"))
            .header("accept", "application/json")
            .header("origin", testkit::APP_URL)
            .header("sec-fetch-site", "same-origin");
        let request = match tag {
            Some(tag) => request.header("if-match", tag),
            None => request,
        };
        let request = match body {
            Value::Null => request,
            body => request.json(&body),
        };
        let answer = request.send().await.unwrap();
        let tag = answer.headers().get("etag").cloned();
        let tag = tag.map(|tag| tag.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        let body = answer.text().await.unwrap();
        let body = serde_json::from_str(&body).unwrap_or(Value::Null);
        (status, tag.unwrap_or_default(), body)
    };
    let rule = json!({ "matching": "any", "conditions": [
        { "fact": "role", "test": "is", "value": "admin" },
        { "fact": "title", "test": "is_set", "value": "" } ] });
    assert_eq!(ask(Method::GET, "/rule", None, Value::Null).await.0, 404);
    let (status, _, body) = ask(Method::POST, "/rule/preview", None, rule.clone()).await;
    assert_eq!(
        (status, &body["joining"], &body["leaving"]),
        (200, &json!(1), &json!(0))
    );
    assert_eq!(body["joins"][0]["name"], json!(house.admin.display_name));
    assert_eq!(ask(Method::PUT, "/rule", None, rule.clone()).await.0, 428);
    let put = ask(Method::PUT, "/rule", Some("\"77\""), rule.clone()).await;
    assert_eq!(put.0, 412);
    let (_, tag, _) = ask(Method::GET, "", None, Value::Null).await;
    let (status, tag, body) = ask(Method::PUT, "/rule", Some(&tag), rule.clone()).await;
    assert_eq!((status, &body), (200, &rule));
    holds(&browser, &team, &[&house.admin]).await;
    let bad = json!({ "matching": "all", "conditions": [
        { "fact": "role", "test": "is", "value": "admin" },
        { "fact": "title", "test": "at_most", "value": "z" } ] });
    let (status, _, body) = ask(Method::PUT, "/rule", Some(&tag), bad).await;
    assert_eq!(
        (status, &body["errors"][0]["field"]),
        (422, &json!("conditions[1].test"))
    );
    let member = format!("/people/{}", house.admin.user_id);
    let (status, _, body) = ask(Method::DELETE, &member, None, Value::Null).await;
    assert_eq!((status, &body["code"]), (409, &json!("accounts.by_rule")));
    assert_eq!(
        ask(Method::DELETE, "/rule", Some("*"), Value::Null).await.0,
        204
    );
    assert_eq!(ask(Method::DELETE, &member, None, Value::Null).await.0, 204);
}

/// Says whom somebody reports to.
async fn report_to(browser: &CookieClient, who: &Principal, manager: &str) {
    let page = browser.get(&House::page_of(who)).await;
    let form = page.form("form:has([name='manager'])");
    let page = browser.submit(form.with("manager", manager)).await;
    assert_eq!(page.status, 200, "{}", page.text("main"));
}

#[tokio::test]
async fn a_rule_knows_managers_by_their_name_and_accounts_by_their_state() {
    let house = House::new().await;
    let browser = house.administrator();
    let (mia, bob) = (
        house.member("mia", Role::User).await,
        house.member("bob", Role::User).await,
    );
    report_to(&browser, &bob, "mia").await;
    let team = group(&browser, "Team of Mia").await;
    follow(&browser, &team, ("manager", "is", "mia")).await;
    holds(&browser, &team, &[&bob]).await;
    let page = browser.get(&House::page_of(&mia)).await;
    let renamed = page
        .form("form:has([name='username'])")
        .with("username", "maria");
    assert_eq!(browser.submit(renamed).await.status, 200);
    holds(&browser, &team, &[]).await;
    follow(&browser, &team, ("manager", "is", "maria")).await;
    holds(&browser, &team, &[&bob]).await;

    let away = group(&browser, "Suspended").await;
    follow(&browser, &away, ("state", "is", "suspended")).await;
    holds(&browser, &away, &[]).await;
    let page = browser.get(&House::page_of(&mia)).await;
    let suspend = page.form("form[action$='/access/disable']");
    assert_eq!(browser.submit(suspend).await.status, 200);
    holds(&browser, &away, &[&mia]).await;
}
