//! Changes reach every app, whatever is away meanwhile, and never go back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::routing::get;
use platform::{Access, App, Boot, Routes, Service, StartError};
use rpc::Call;
use rpc::settings::v1::GetSettingsRequest;

use crate::house::House;

#[tokio::test]
async fn values_hold_while_the_service_is_away_and_follow_when_it_is_back() {
    let house = House::new().await;
    house.save(&[("greeting", "Moin")]).await;
    house.sees("greeting", "Moin".to_owned()).await;
    let before = house.followed.version();

    house.settings.stop();
    house.settings.stopped().await;
    assert_eq!(house.followed.get::<String>("greeting"), "Moin");
    assert_eq!(house.followed.version(), before);

    let settings = house.world.add(app_settings::app()).await;
    let house = House { settings, ..house };
    house.save(&[("greeting", "Servus")]).await;
    house.sees("greeting", "Servus".to_owned()).await;
    assert!(house.followed.version() > before);
}

#[tokio::test]
async fn an_app_that_starts_alone_has_its_defaults_and_gets_the_stored_values_later() {
    let house = House::new().await;
    house.save(&[("greeting", "Moin")]).await;
    house.demo.stop();
    house.demo.stopped().await;
    house.settings.stop();
    house.settings.stopped().await;

    let (_demo, followed) =
        crate::house::add(&house.world, "demo", crate::house::declarations()).await;
    assert_eq!(followed.get::<String>("greeting"), "Hello");
    assert_eq!(followed.version(), 0);
    let _settings = house.world.add(app_settings::app()).await;
    testkit::eventually("the stored value is in force", async || {
        followed.get::<String>("greeting") == "Moin"
    })
    .await;
}

#[tokio::test]
async fn an_app_that_starts_beside_the_service_has_the_stored_values_at_once() {
    let house = House::new().await;
    house.save(&[("greeting", "Moin")]).await;
    house.demo.stop();
    house.demo.stopped().await;
    let (_demo, followed) =
        crate::house::add(&house.world, "demo", crate::house::declarations()).await;
    assert_eq!(followed.get::<String>("greeting"), "Moin");
}

#[tokio::test]
async fn another_instance_learns_of_a_change_by_publication_and_without_redis_by_looking() {
    let house = House::new().await;
    let second = house.world.add(app_settings::app()).await;
    let client = rpc::settings::client(&house.world.boot("demo"));
    // Calls take turns between the two instances.
    let both_say = async |value: &str| {
        for _ in 0..2 {
            let call = Call::new(Duration::from_secs(5));
            let Ok(answer) = client.get_settings(call, GetSettingsRequest {}).await else {
                return false;
            };
            let values = answer.values.unwrap_or_default().json_values;
            if values.get("greeting").map(String::as_str) != Some(value) {
                return false;
            }
        }
        true
    };
    house.save(&[("greeting", "Moin")]).await;
    testkit::eventually("both instances have it", async || {
        both_say("\"Moin\"").await
    })
    .await;

    let form = house.form().await;
    house.world.redis.stop().await;
    let page = house
        .browser()
        .submit_once(form.with("value.greeting", "Servus"))
        .await;
    assert_eq!(page.status, 303, "{}", page.body);
    testkit::eventually("both instances have it", async || {
        both_say("\"Servus\"").await
    })
    .await;
    house.sees("greeting", "Servus".to_owned()).await;
    house.world.redis.start().await;
    drop(second);
}

/// An app with one page, which shows the name in its frame.
fn paged() -> App {
    async fn start(boot: Boot, (): ()) -> Result<Service, StartError> {
        let settings = rpc::settings::follow(&boot).await;
        let page = get(|shell: ui::Shell| async move { shell.brand().to_owned() });
        let routes = Routes::new().page("/app/paged", Access::Public, page);
        let words = ui::Catalogue::new("", "");
        let name = settings.organisation_name();
        Ok(ui::service(&boot, routes, words, name))
    }
    App::new("paged", "1.0.0")
        .prefix("/app/paged")
        .start(|_| (), start)
}

#[tokio::test]
async fn the_organisations_name_is_in_the_frame_of_every_app_as_soon_as_it_is_saved() {
    const ORGANISATION: &str = "/admin/settings/settings";
    let house = House::new().await;
    let paged = house.world.add(paged()).await;
    let (browser, visitor) = (house.browser(), house.world.visitor(&paged));
    assert_eq!(visitor.get("/app/paged").await.body, "Cloud");

    house.known(ORGANISATION).await;
    let page = browser.get(ORGANISATION).await;
    let form = page.form("form[action='/admin/settings/settings']");
    let form = form.with("value.organisation.name", "Analytical Engines");
    browser.submit(form).await;
    testkit::eventually("another app's page says the name", async || {
        visitor.get("/app/paged").await.body == "Analytical Engines"
    })
    .await;
    let page = browser.get(ORGANISATION).await;
    assert_eq!(page.text(".brand-name"), "Analytical Engines");
    assert!(page.title().ends_with("Analytical Engines"));
}

#[tokio::test]
async fn versions_never_go_back_while_instances_come_and_go() {
    let house = House::new().await;
    let went_back = Arc::new(AtomicBool::new(false));
    let mut changes = house.followed.subscribe();
    let noticed = Arc::clone(&went_back);
    house.demo.lifecycle().spawn("versions", async move {
        let mut highest = 0;
        while changes.changed().await.is_ok() {
            let version = *changes.borrow_and_update();
            if version < highest {
                noticed.store(true, Ordering::Relaxed);
            }
            highest = version;
        }
    });
    let mut current = house;
    for round in 0..3 {
        let next = current.world.add(app_settings::app()).await;
        current.save(&[("count", &(10 + round).to_string())]).await;
        current.settings.stop();
        let old = std::mem::replace(&mut current.settings, next);
        current.save(&[("count", &(20 + round).to_string())]).await;
        old.stopped().await;
        current.sees("count", 20_u32 + round).await;
    }
    assert!(!went_back.load(Ordering::Relaxed));
}
