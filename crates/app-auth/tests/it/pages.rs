//! What every page owes its readers.

use crate::house::{House, subject};

#[test]
fn catalogue() {
    ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_sound_in_both_languages() {
    let house = House::open().await;
    let setup = house.setup_path("").await;
    house.visitor().get(&setup).await.assert_sound();
    let admin = house.administrator().await;
    let invitation = house.invite(&subject("ada", 1)).await;
    for language in ["en", "de"] {
        let mut visitor = house.visitor();
        language.clone_into(&mut visitor.language);
        for path in [
            "/auth/sign-in",
            &invitation,
            "/auth/setup/gone",
            "/auth/nothing-here",
        ] {
            let page = visitor.get(path).await;
            page.assert_sound();
            assert_eq!(page.attribute("html", "lang"), language, "{path}");
        }
        admin.set_cookie("cloud_lang", language);
        for path in ["/auth/security", "/auth/sudo"] {
            let page = admin.get(path).await;
            assert_eq!(page.status, 200);
            page.assert_sound();
            assert_eq!(page.attribute("html", "lang"), language, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_not_kept_framed_or_sniffed() {
    let house = House::open().await;
    let admin = house.administrator().await;
    for page in [
        house.visitor().get("/auth/sign-in").await,
        admin.get("/auth/security").await,
    ] {
        assert!(
            page.header("content-security-policy")
                .contains("frame-ancestors 'none'")
        );
        assert!(!page.header("content-security-policy").contains("unsafe"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert!(page.header("cache-control").contains("no-store"));
        assert!(["same-origin", "no-referrer"].contains(&page.header("referrer-policy")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_page_helps_password_managers() {
    let house = House::open().await;
    let visitor = house.visitor();
    let page = visitor.get("/auth/sign-in").await;
    assert_eq!(
        page.attribute("#login", "autocomplete"),
        "username webauthn"
    );
    assert_eq!(page.header("set-cookie").matches("SameSite=Lax").count(), 1);
    let form = visitor.password_form("grace", "/").await;
    let page = visitor.get(form.action.path()).await;
    assert_eq!(page.attribute("#login", "autocomplete"), "username");
    assert_eq!(
        page.attribute("#password", "autocomplete"),
        "current-password"
    );
    assert_eq!(page.attribute("#password", "type"), "password");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_led_to_the_form_only_where_they_may_ask() {
    let link = "a[href='/app/accounts/register']";
    for (mode, leads) in [("off", false), ("requests", true), ("domains", true)] {
        let house = House::open_with(&[("ORGANISATION_REGISTRATION", mode)]).await;
        let page = house.visitor().get("/auth/sign-in").await;
        assert_eq!(page.has(link), leads, "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_are_called_is_never_markup() {
    let house = House::open().await;
    let mut ada = subject("ada", 1);
    "<script>alert(1)</script> & \"friends\"".clone_into(&mut ada.display_name);
    let path = house.invite(&ada).await;
    let page = house.visitor().get(&path).await;
    assert!(!page.body.contains("<script>alert"));
    assert!(
        page.text("h1")
            .contains("<script>alert(1)</script> & \"friends\"")
    );
}
