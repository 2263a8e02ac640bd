//! The browser assets: packed, kept for ever, and nothing else is served.

use reqwest::Method;
use reqwest::header::HeaderMap;
use testkit::{TestApp, user};

async fn fetch(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
    let mut request = app.client().request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, headers, answer.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn what_a_page_names_is_served_packed_and_immutable() {
    let app = testkit::run(app_ui_lab::app()).await;
    let page = app.as_user(&user()).get("/app/ui-lab").await;
    let style = page.attribute("link[rel='stylesheet']", "href");
    let script = page.attribute("script[type='module']", "src");
    for (path, kind) in [(&style, "text/css"), (&script, "text/javascript")] {
        let (status, headers, plain) = fetch(&app, path, &[]).await;
        assert_eq!(status, 200, "{path}: are the browser assets built?");
        assert!(headers["content-type"].to_str().unwrap().starts_with(kind));
        assert!(
            headers["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert!(!headers.contains_key("content-encoding"));
        for (accepted, encoding) in [("gzip, br", "br"), ("gzip", "gzip")] {
            let (_, packed, body) = fetch(&app, path, &[("accept-encoding", accepted)]).await;
            assert_eq!(packed["content-encoding"], encoding, "{path}");
            assert_eq!(packed["vary"], "accept-encoding");
            assert!(body.len() < plain.len() / 2, "{path}");
            assert_ne!(
                packed["etag"], headers["etag"],
                "another encoding is another representation"
            );
        }
        let tag = headers["etag"].to_str().unwrap();
        let (status, _, body) = fetch(&app, path, &[("if-none-match", tag)]).await;
        assert_eq!((status, body.len()), (304, 0), "{path}");
    }
}

#[tokio::test]
async fn nothing_else_is_served() {
    let app = testkit::run(app_ui_lab::app()).await;
    for path in [
        "/public/ui-lab/ui/manifest.json",
        "/public/ui-lab/ui/../icons.txt",
        "/public/ui-lab/ui/..%2ficons.txt",
        "/public/ui-lab/ui/%2e%2e/icons.txt",
        "/public/ui-lab/ui/",
        "/public/ui-lab/ui/nothing.js",
    ] {
        let (status, _, body) = fetch(&app, path, &[]).await;
        assert_eq!(status, 404, "{path}");
        assert!(body.len() < 20_000, "{path}");
    }
}
