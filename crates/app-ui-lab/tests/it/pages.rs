//! The frame: who sees what, in which language and theme.

use testkit::{CookieClient, admin, guest, user};

const PAGES: [&str; 6] = [
    "/app/ui-lab",
    "/app/ui-lab/forms",
    "/app/ui-lab/table",
    "/app/ui-lab/table?q=ada&role=user&sort=-seen&page=2",
    "/app/ui-lab/feedback",
    "/app/ui-lab/plain",
];

fn preferring(app: &testkit::TestApp, cookies: &str) -> CookieClient {
    CookieClient::with_headers(&app.http(), &[("cookie", cookies)]).with_identity({
        let assertion = app.assertion(&admin());
        move || assertion.clone()
    })
}

#[tokio::test]
async fn every_page_is_sound_in_both_languages() {
    let app = testkit::run(app_ui_lab::app()).await;
    for language in ["en", "de"] {
        let client = preferring(&app, &format!("cloud_lang={language}"));
        for path in PAGES {
            let page = client.get(path).await;
            assert_eq!(page.status, 200, "{path}");
            page.assert_sound();
            assert_eq!(page.attribute("html", "lang"), language, "{path}");
            assert!(
                !page.body.contains("lab-") || page.body.contains("ui-lab"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn a_visitor_is_sent_to_sign_in_and_comes_back() {
    let app = testkit::run(app_ui_lab::app()).await;
    let page = app.client().get_once("/app/ui-lab/table?q=ada").await;
    assert_eq!(page.status, 303);
    assert_eq!(
        page.header("location"),
        "/auth/sign-in?return_to=/app/ui-lab/table%3Fq%3Dada"
    );
}

#[tokio::test]
async fn only_administrators_see_the_way_to_the_administration() {
    let app = testkit::run(app_ui_lab::app()).await;
    let sees = async |who| {
        app.as_user(&who)
            .get("/app/ui-lab")
            .await
            .has("a[href='/admin']")
    };
    assert!(sees(admin()).await);
    assert!(!sees(user()).await);
    assert!(!sees(guest()).await);
}

#[tokio::test]
async fn the_registry_fills_the_rail() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = app.as_user(&user());
    let page = testkit::until("the app in its own rail", async || {
        let page = client.get("/app/ui-lab/table").await;
        page.has(".rail a[href='/app/ui-lab']").then_some(page)
    })
    .await;
    assert_eq!(page.text(".rail-sub [aria-current='page']"), "Table");
    assert_eq!(page.text(".crumbs [aria-current='page']"), "Table");
    assert_eq!(page.title(), "Table · Cloud");
}

#[tokio::test]
async fn the_device_chooses_language_and_theme_over_the_profile() {
    let app = testkit::run(app_ui_lab::app()).await;
    let mut who = user();
    who.locale = Some("de".to_owned());
    who.theme = Some("dark".to_owned());
    let page = app.as_user(&who).get("/app/ui-lab").await;
    assert_eq!(page.attribute("html", "lang"), "de");
    assert_eq!(page.attribute("html", "data-theme"), "dark");
    let assertion = app.assertion(&who);
    let device = CookieClient::with_headers(
        &app.http(),
        &[("cookie", "cloud_lang=en; cloud_theme=light")],
    )
    .with_identity(move || assertion.clone());
    let page = device.get("/app/ui-lab").await;
    assert_eq!(page.attribute("html", "lang"), "en");
    assert_eq!(page.attribute("html", "data-theme"), "light");
    assert_eq!(
        page.attribute("meta[name='color-scheme']", "content"),
        "light"
    );
}

#[tokio::test]
async fn pages_are_kept_by_nobody_and_allow_no_inline_code() {
    let app = testkit::run(app_ui_lab::app()).await;
    let page = app.as_user(&user()).get("/app/ui-lab").await;
    assert!(page.header("cache-control").contains("no-store"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}
