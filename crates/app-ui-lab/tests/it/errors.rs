//! Errors of pages are pages.

use testkit::user;

#[tokio::test]
async fn errors_look_like_pages_and_name_the_request() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = testkit::CookieClient::with_headers(&app.http(), &[("accept", "text/html")])
        .with_identity({
            let assertion = app.assertion(&user());
            move || assertion.clone()
        });
    for (status, heading) in [
        (403, "This is not open to you"),
        (404, "There is nothing here"),
        (500, "Something went wrong on our side"),
        (503, "This app is taking a break"),
    ] {
        let page = client.get(&format!("/app/ui-lab/error/{status}")).await;
        assert_eq!(page.status.as_u16(), status);
        page.assert_sound();
        assert_eq!(page.text("h1"), heading);
        assert_eq!(page.text(".fault-code .mono"), page.header("x-request-id"));
        assert_eq!(page.has("ui-retry"), status >= 500, "{status}");
        assert!(page.has(".rail"), "{status}");
    }
    let unknown = client.get("/app/ui-lab/no/such/page").await;
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.text("h1"), "There is nothing here");
}

#[tokio::test]
async fn a_visitor_sees_errors_without_the_frame() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = testkit::CookieClient::with_headers(
        &app.http(),
        &[("accept", "text/html"), ("accept-language", "de")],
    );
    let page = client.get("/app/ui-lab/no/such/page").await;
    assert_eq!(page.status, 404);
    page.assert_sound();
    assert_eq!(page.attribute("html", "lang"), "de");
    assert!(!page.has(".rail"));
}

#[tokio::test]
async fn programs_get_a_problem_document() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client =
        testkit::CookieClient::with_headers(&app.http(), &[("accept", "application/json")]);
    let page = client.get("/app/ui-lab/no/such/page").await;
    assert_eq!(page.header("content-type"), "application/problem+json");
    assert_eq!(page.json()["status"], 404);
}
