//! Two administrators at once.

use crate::house::{FORM_CSS, House, error_of};

#[tokio::test]
async fn the_second_of_two_edits_of_one_field_is_told_and_may_insist() {
    let house = House::new().await;
    let (mine, theirs) = (house.form().await, house.form().await);
    house
        .browser()
        .submit(theirs.with("value.greeting", "Servus"))
        .await;

    let page = house
        .browser()
        .submit(mine.with("value.greeting", "Moin"))
        .await;
    assert_eq!(page.status, 422);
    let message = error_of(&page, "greeting");
    assert!(
        message.starts_with("Grace changed this meanwhile to") && message.contains("Servus"),
        "{message}"
    );
    let form = page.form(FORM_CSS);
    assert_eq!(
        form.value("value.greeting"),
        Some("Moin"),
        "what was typed is kept"
    );
    assert_eq!(
        house.form().await.value("value.greeting"),
        Some("Servus"),
        "nothing was changed"
    );

    assert_eq!(house.browser().submit(form).await.status, 200);
    house.sees("greeting", "Moin".to_owned()).await;
}

#[tokio::test]
async fn edits_of_different_fields_do_not_undo_each_other() {
    let house = House::new().await;
    let (mine, theirs) = (house.form().await, house.form().await);
    house
        .browser()
        .submit(theirs.with("value.greeting", "Servus"))
        .await;
    let page = house.browser().submit(mine.with("value.count", "7")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    house.sees("count", 7_u32).await;
    assert_eq!(house.followed.get::<String>("greeting"), "Servus");
}

#[tokio::test]
async fn a_change_and_back_is_no_conflict() {
    let house = House::new().await;
    let mine = house.form().await;
    house.save(&[("greeting", "Servus")]).await;
    house.save(&[("greeting", "Hello")]).await;
    assert_eq!(
        house
            .browser()
            .submit(mine.with("value.count", "7"))
            .await
            .status,
        200
    );
    assert_eq!(house.form().await.value("value.greeting"), Some("Hello"));
}

#[tokio::test]
async fn a_reset_over_somebody_elses_change_is_told() {
    let house = House::new().await;
    house.save(&[("greeting", "Servus")]).await;
    let mut mine = house.form().await;
    mine.fields
        .push(("reset".to_owned(), "greeting".to_owned()));
    house.save(&[("greeting", "Moin")]).await;
    let page = house.browser().submit(mine).await;
    assert_eq!(page.status, 422);
    assert!(error_of(&page, "greeting").contains("Moin"));
}

#[tokio::test]
async fn forms_that_cross_lose_nothing() {
    let house = House::new().await;
    let form = house.form().await;
    let submissions = ["a", "b", "c", "d", "e", "f"].map(|name| {
        let (browser, form) = (house.browser(), form.clone());
        async move {
            browser
                .submit_once(form.with("value.greeting", name))
                .await
                .status
        }
    });
    let statuses = futures_util::future::join_all(submissions).await;
    let won = statuses.iter().filter(|status| **status == 303).count();
    assert_eq!(won, 1, "{statuses:?}");
    assert!(
        statuses
            .iter()
            .all(|status| *status == 303 || *status == 422),
        "{statuses:?}"
    );
}

#[tokio::test]
async fn the_second_of_two_secrets_is_told() {
    let house = House::new().await;
    let css = "form[action='/admin/settings/demo/secrets/token']";
    let page = house.browser().get(crate::house::FORM).await;
    let mine = page.form(css).with("action", "set").with("secret", "mine");
    house.secret("set", "theirs").await;
    let refused = house.browser().submit(mine).await;
    assert_eq!(refused.status, 422);
    let message = refused.text("[id='secret.token-error'] span");
    assert!(
        message.starts_with("Grace changed this secret meanwhile"),
        "{message}"
    );
    house.sees("token", Some("theirs".to_owned())).await;
}
