//! The generated form: every kind, good and bad values, reset, roles, language.

use std::time::Duration;

use crate::house::{FORM, FORM_CSS, House, error_of};

#[tokio::test]
async fn every_kind_is_shown_saved_and_in_force() {
    let house = House::new().await;
    let page = house.browser().get(FORM).await;
    page.assert_sound();
    assert_eq!(page.form(FORM_CSS).value("value.greeting"), Some("Hello"));

    let saved = house
        .save(&[
            ("greeting", "Moin"),
            ("note", "one\ntwo"),
            ("count", "42"),
            ("colour", "green"),
            ("home", "https://example.org/"),
            ("sender", "post@example.org"),
            ("wait", "2h"),
            ("names", "Grace\nKatherine"),
        ])
        .await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    assert_eq!(saved.path(), FORM);
    assert!(saved.body.contains("8 settings saved"), "{}", saved.body);

    house.sees("greeting", "Moin".to_owned()).await;
    let followed = &house.followed;
    assert_eq!(followed.get::<String>("note"), "one\ntwo");
    assert_eq!(followed.get::<u32>("count"), 42);
    assert!(followed.get::<bool>("open"));
    assert_eq!(followed.get::<String>("colour"), "green");
    assert_eq!(
        followed.get::<Option<String>>("home").as_deref(),
        Some("https://example.org/")
    );
    assert_eq!(followed.get::<String>("sender"), "post@example.org");
    assert_eq!(followed.get::<Duration>("wait"), Duration::from_hours(2));
    assert_eq!(followed.get::<Vec<String>>("names"), ["Grace", "Katherine"]);

    // What was saved is what the form shows, and saving it again changes nothing.
    let again = house.save(&[]).await;
    assert!(again.body.contains("Nothing to save"), "{}", again.body);
    assert_eq!(
        house.form().await.value("value.note").map(str::trim),
        Some("one\ntwo")
    );
}

#[tokio::test]
async fn a_switch_that_is_not_sent_is_off() {
    let house = House::new().await;
    let mut form = house.form().await;
    form.fields.retain(|(name, _)| name != "value.open");
    house.browser().submit(form).await;
    house.sees("open", false).await;
}

#[tokio::test]
async fn bad_values_are_named_at_their_fields_and_nothing_is_lost() {
    let house = House::new().await;
    let bad = [
        (
            "greeting",
            "far too long a greeting",
            "Use at most 20 characters.",
        ),
        (
            "note",
            "\u{7}",
            "Remove line breaks and control characters.",
        ),
        ("count", "many", "Enter a whole number."),
        ("colour", "blue", "Choose one of the options."),
        (
            "home",
            "example",
            "Enter a whole address that begins with http:// or https://.",
        ),
        (
            "sender",
            "nobody",
            "Enter a mail address such as name@example.org.",
        ),
        (
            "wait",
            "soon",
            "Enter a length of time such as 15m, 2h or 7d.",
        ),
        (
            "names",
            "\u{7}",
            "Remove line breaks and control characters.",
        ),
    ];
    let fields: Vec<_> = bad.iter().map(|(key, value, _)| (*key, *value)).collect();
    let page = house.save(&fields).await;
    assert_eq!(page.status, 422);
    page.assert_sound();
    for (key, value, message) in bad {
        assert_eq!(error_of(&page, key), message, "{key}");
        // A select cannot show an option it does not have.
        if key != "colour" {
            let form = page.form(FORM_CSS);
            let shown = form.value(&format!("value.{key}")).map(str::trim);
            assert_eq!(shown, Some(value.trim()), "{key}");
        }
    }
    for (count, message) in [
        ("0", "Enter at least 1."),
        ("101", "Enter at most 100."),
        ("", "Enter a value."),
    ] {
        let page = house.save(&[("count", count)]).await;
        assert_eq!(error_of(&page, "count"), message, "{count:?}");
    }
    // One bad field keeps the good ones from being saved, and the page keeps what was typed in them.
    let page = house.save(&[("greeting", "Servus"), ("count", "0")]).await;
    assert_eq!(page.form(FORM_CSS).value("value.greeting"), Some("Servus"));
    assert_eq!(house.form().await.value("value.greeting"), Some("Hello"));
    assert_eq!(house.followed.get::<String>("greeting"), "Hello");
}

#[tokio::test]
async fn a_box_brings_back_the_default() {
    let house = House::new().await;
    assert!(!house.browser().get(FORM).await.has("[id='reset.greeting']"));
    house.save(&[("greeting", "Moin")]).await;
    house.sees("greeting", "Moin".to_owned()).await;

    let mut form = house.form().await;
    form.fields
        .push(("reset".to_owned(), "greeting".to_owned()));
    let page = house.browser().submit(form).await;
    assert!(!page.has("[id='reset.greeting']"), "{}", page.body);
    house.sees("greeting", "Hello".to_owned()).await;
}

#[tokio::test]
async fn the_overview_names_every_app_and_the_organisation_first() {
    let house = House::new().await;
    house.known("/admin/settings/settings").await;
    let page = house.browser().get("/admin/settings").await;
    page.assert_sound();
    assert_eq!(page.texts("tbody td:first-child a"), ["Settings", "demo"]);
    assert!(page.body.contains("10 settings"), "{}", page.body);
}

#[tokio::test]
async fn the_organisations_name_reaches_every_app() {
    let house = House::new().await;
    let path = "/admin/settings/settings";
    house.known(path).await;
    let css = format!("form[action='{path}']");
    house
        .browser()
        .fill(
            path,
            &css,
            &[("value.organisation.name", "Analytical Engines")],
        )
        .await;
    let name = "Analytical Engines".to_owned();
    house.sees(rpc::settings::organisation::NAME, name).await;
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let house = House::new().await;
    let mut form = house.form().await.with("value.greeting", "Moin");
    form.fields.retain(|(name, _)| name != "csrf_token");
    assert_eq!(house.browser().submit_once(form).await.status, 403);
    let forged = house
        .form()
        .await
        .with("value.greeting", "Moin")
        .with("csrf_token", "0123456789abcdef0123456789abcdef");
    assert_eq!(house.browser().submit_once(forged).await.status, 403);
    assert_eq!(house.form().await.value("value.greeting"), Some("Hello"));
}

#[tokio::test]
async fn only_administrators_come_in() {
    let house = House::new().await;
    let visitor = house.world.visitor(&house.settings);
    let page = visitor.get_once(FORM).await;
    assert_eq!(page.status, 303);
    assert!(page.header("location").starts_with("/auth/sign-in"));
    for person in [testkit::guest(), testkit::user()] {
        let browser = house.as_person(&person);
        assert_eq!(browser.get_once(FORM).await.status, 403);
        let form = house.form().await.with("csrf_token", &person.csrf_token);
        assert_eq!(browser.submit_once(form).await.status, 403);
    }
}

#[tokio::test]
async fn pages_speak_german() {
    let house = House::new().await;
    let mut admin = testkit::admin();
    admin.locale = Some("de".to_owned());
    let page = house.as_person(&admin).get(FORM).await;
    page.assert_sound();
    assert_eq!(page.attribute("html", "lang"), "de");
    assert!(page.body.contains("Zwischen 1 und 100."), "{}", page.body);
}

#[tokio::test]
async fn an_unknown_app_is_not_found() {
    let house = House::new().await;
    for path in [
        "/admin/settings/nobody",
        "/admin/settings/nobody/history",
        "/admin/settings/demo/nothing",
    ] {
        assert_eq!(house.browser().get(path).await.status, 404, "{path}");
    }
}
