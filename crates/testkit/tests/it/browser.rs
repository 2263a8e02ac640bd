//! The browser and the cookie client against a small server of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use testkit::{Browser, CookieClient};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>Kit</title><meta name="viewport" content="width=device-width">
<style>@media (prefers-color-scheme: dark) { body { background: black } }</style></head>
<body><main><h1>Hello</h1><form id="f" method="post" action="/sent"><input type="hidden" name="csrf_token" value="t0k3n">
<label for="n">Name</label><input id="n" name="name"><select name="s"><option value="1">One<option value="2" selected>Two</select>
<button>Send</button></form><p id="script">static</p><button id="late" disabled>Late</button>
<script>document.querySelector('#script').textContent = 'scripted';
setTimeout(() => { document.querySelector('#late').disabled = false }, 50);
document.querySelector('#late').onclick = () => { document.querySelector('h1').textContent = 'Clicked' };</script></main></body></html>"#;

/// Serves the page, echoes what is sent, counts visits in a cookie.
#[expect(
    clippy::disallowed_methods,
    reason = "the server ends with the test's runtime"
)]
async fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let sessions = Arc::new(AtomicU32::new(0));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let sessions = Arc::clone(&sessions);
            tokio::spawn(async move {
                let mut request = vec![0; 16 * 1024];
                let mut length = 0;
                while !complete(&request[..length]) {
                    let read = stream.read(&mut request[length..]).await.unwrap();
                    if read == 0 {
                        return;
                    }
                    length += read;
                }
                let text = String::from_utf8_lossy(&request[..length]).into_owned();
                stream
                    .write_all(answer(&text, &sessions).as_bytes())
                    .await
                    .unwrap();
            });
        }
    });
    format!("http://{address}")
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length: ")
            .map(str::to_owned)
    });
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

fn answer(request: &str, sessions: &AtomicU32) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let cookie = head.lines().find_map(|line| {
        line.strip_prefix("cookie: ")
            .or_else(|| line.strip_prefix("Cookie: "))
    });
    let (status, extra, content) = match path {
        "/" => ("200 OK", String::new(), PAGE.to_owned()),
        "/sent" => (
            "303 See Other",
            format!("location: /shown?{body}\r\n"),
            String::new(),
        ),
        "/visitor" if cookie.is_none() => {
            let id = sessions.fetch_add(1, Ordering::SeqCst);
            (
                "200 OK",
                format!("set-cookie: v={id}; Path=/; HttpOnly\r\n"),
                "<h1>new</h1>".to_owned(),
            )
        }
        "/visitor" => (
            "200 OK",
            String::new(),
            format!("<h1>{}</h1>", cookie.unwrap()),
        ),
        "/broken" => (
            "200 OK",
            String::new(),
            "<h1>b</h1><script>console.error('my', 'error'); nope()</script>".to_owned(),
        ),
        path if path.starts_with("/shown") => (
            "200 OK",
            String::new(),
            format!("<h1>{}</h1>", path.replace('&', " ")),
        ),
        "/favicon.ico" => ("204 No Content", String::new(), String::new()),
        _ => ("404 Not Found", String::new(), String::new()),
    };
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n{extra}\r\n{content}",
        content.len()
    )
}

#[tokio::test]
async fn the_cookie_client_follows_forms_redirects_and_cookies() {
    let base = server().await;
    let visitor = CookieClient::new(&base);
    let page = visitor.get("/").await;
    assert_eq!(
        (page.title(), page.text("h1")),
        ("Kit".to_owned(), "Hello".to_owned())
    );
    let form = page.form("#f");
    assert_eq!(form.value("csrf_token"), Some("t0k3n"));
    assert_eq!(form.value("s"), Some("2"));
    let sent = visitor.submit_once(form.clone().with("name", "Ä b")).await;
    assert_eq!(sent.status, 303);
    let shown = visitor.submit(form.with("name", "Ada")).await;
    assert_eq!(shown.text("h1"), "/shown?csrf_token=t0k3n s=2 name=Ada");
    assert_eq!(visitor.get("/visitor").await.text("h1"), "new");
    assert_eq!(visitor.get("/visitor").await.text("h1"), "v=0");
    assert_eq!(
        CookieClient::new(&base).get("/visitor").await.text("h1"),
        "new"
    );
    assert!(
        page.faults()
            .iter()
            .any(|fault| fault.contains("inline code")),
        "{:?}",
        page.faults()
    );
}

#[tokio::test]
async fn the_browser_does_what_a_person_does() {
    let base = server().await;
    let browser = Browser::launch().await;
    let context = browser.context().await;
    let tab = context.tab().await;
    tab.goto(&base).await;
    assert_eq!(tab.text("#script").await, "scripted");
    tab.click("#late").await;
    tab.wait_for_text("h1", "Clicked").await;
    tab.fill("#n", "first").await;
    tab.fill("#n", "Ada").await;
    tab.choose("select", "1").await;
    tab.click_through("#f button").await;
    assert_eq!(tab.path().await, "/shown?csrf_token=t0k3n&name=Ada&s=1");
    tab.goto(&base).await;
    tab.fill("#n", "Eve").await;
    tab.press("Enter").await;
    tab.wait_for_path("/shown?csrf_token=t0k3n&name=Eve").await;
    tab.assert_no_errors();
    let shot = tab.shoot("testkit-browser").await;
    assert!(std::fs::metadata(shot).unwrap().len() > 1000);
}

#[tokio::test]
async fn contexts_are_strangers_to_each_other() {
    let base = server().await;
    let browser = Browser::launch().await;
    let (one, two) = (browser.context().await, browser.context().await);
    let (first, second) = (one.tab().await, two.tab().await);
    let url = format!("{base}/visitor");
    first.goto(&url).await;
    first.reload().await;
    assert_eq!(first.text("h1").await, "v=0");
    second.goto(&url).await;
    assert_eq!(second.text("h1").await, "new");
    one.close().await;
}

#[tokio::test]
async fn emulation_and_console_errors() {
    let base = server().await;
    let browser = Browser::launch().await;
    let context = browser.context().await;
    let tab = context.tab().await;
    tab.color_scheme("dark").await;
    tab.viewport(400, 700).await;
    tab.language("de").await;
    tab.goto(&base).await;
    assert_eq!(
        tab.eval("getComputedStyle(document.body).backgroundColor")
            .await,
        "rgb(0, 0, 0)"
    );
    assert_eq!(tab.eval("innerWidth").await, 400);
    assert_eq!(tab.eval("navigator.languages[0]").await, "de");
    tab.javascript(false).await;
    tab.reload().await;
    assert_eq!(tab.text("#script").await, "static");
    tab.javascript(true).await;
    tab.goto(&format!("{base}/broken")).await;
    tab.wait_for("h1").await;
    let errors = tab.errors().join("\n");
    assert!(
        errors.contains("my error") && errors.contains("nope"),
        "{errors}"
    );
    tab.forget_errors();
    tab.assert_no_errors();
}
