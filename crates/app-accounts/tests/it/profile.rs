//! One's own profile and picture.

use reqwest::Method;
use reqwest::multipart::{Form as Multipart, Part};

use crate::house::House;

const FORM: &str = "form[action='/app/accounts']";

#[tokio::test]
async fn people_change_what_is_theirs_and_nothing_else() {
    let house = House::new().await;
    let browser = house.browser(&house.user);
    let page = browser.get("/app/accounts").await;
    page.assert_sound();
    let form = page
        .form(FORM)
        .with("display_name", "Ada Lovelace")
        .with("zone", "Europe/London")
        .with("role", "admin")
        .with("state", "active")
        .with("id", "1");
    let saved = browser.submit(form).await;
    assert_eq!(saved.attribute("#display_name", "value"), "Ada Lovelace");
    let person = house.person(&house.user).await;
    assert_eq!(
        (person.zone.as_str(), person.role.as_str()),
        ("Europe/London", "user")
    );
}

#[tokio::test]
async fn a_wrong_zone_and_a_strange_name_are_said_at_their_fields() {
    let house = House::new().await;
    let browser = house.browser(&house.user);
    let form = browser.get("/app/accounts").await.form(FORM);
    let refused = browser
        .submit(
            form.with("zone", "Mars/Olympus")
                .with("display_name", "a\u{202e}b"),
        )
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#zone-error") && refused.has("#display_name-error"));
    assert_eq!(house.person(&house.user).await.version, 1);
}

/// A picture of one colour.
fn picture() -> Vec<u8> {
    let pixels = image::RgbImage::from_pixel(40, 30, image::Rgb([200, 30, 30]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(pixels)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn upload(house: &House, content: Vec<u8>) -> u16 {
    let browser = house.browser(&house.user);
    let token = browser
        .get("/app/accounts")
        .await
        .form(FORM)
        .value("csrf_token")
        .unwrap()
        .to_owned();
    let form = Multipart::new()
        .text("csrf_token", token)
        .part("avatar", Part::bytes(content).file_name("a.png"));
    let request = browser
        .request(Method::POST, "/app/accounts/avatar")
        .multipart(form);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_picture_is_encoded_anew_and_cached_by_its_address() {
    let house = House::new().await;
    assert_eq!(upload(&house, picture()).await, 303);
    let browser = house.browser(&house.user);
    let address = browser
        .get("/app/accounts")
        .await
        .attribute("main img", "src");
    let served = browser.request(Method::GET, &address).send().await.unwrap();
    assert_eq!(served.headers()["content-type"], "image/jpeg");
    let tag = served.headers()["etag"].to_str().unwrap().to_owned();
    let again = browser
        .request(Method::GET, &address)
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    let page = browser.get("/app/accounts").await;
    let removed = browser
        .submit(page.form("form[action='/app/accounts/avatar/remove']"))
        .await;
    assert!(!removed.has("main img"));
}

#[tokio::test]
async fn the_frame_shows_the_picture_of_the_moment_under_one_address() {
    let house = House::new().await;
    let browser = house.browser(&house.user);
    let address = browser
        .get("/app/accounts")
        .await
        .attribute("header .avatar img", "src");
    let look = async |tag: &str| {
        let request = browser.request(Method::GET, &address);
        let answer = request.header("if-none-match", tag).send().await.unwrap();
        let header = |name: &str| answer.headers().get(name)?.to_str().ok().map(str::to_owned);
        assert_eq!(
            header("cache-control").as_deref(),
            Some("private, no-cache")
        );
        let kind = header("content-type");
        (answer.status().as_u16(), kind, header("etag").unwrap())
    };
    // Nothing to see, and no error either: the initials lie below.
    let (status, kind, none) = look("").await;
    assert_eq!((status, kind.as_deref()), (200, Some("image/svg+xml")));
    assert_eq!(look(&none).await.0, 304);
    assert_eq!(upload(&house, picture()).await, 303);
    let (status, kind, first) = look(&none).await;
    assert_eq!((status, kind.as_deref()), (200, Some("image/jpeg")));
    assert_eq!(look(&first).await.0, 304);
    let page = browser.get("/app/accounts").await;
    browser
        .submit(page.form("form[action='/app/accounts/avatar/remove']"))
        .await;
    assert_eq!(
        look(&first).await,
        (200, Some("image/svg+xml".to_owned()), none)
    );
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let house = House::new().await;
    assert_eq!(upload(&house, b"<svg onload=alert(1)>".to_vec()).await, 422);
    assert_eq!(upload(&house, Vec::new()).await, 422);
    assert_eq!(upload(&house, vec![0; 5 * 1024 * 1024 + 1]).await, 422);
    assert!(house.person(&house.user).await.avatar_at.is_none());
}
