//! The live stream: the count at once, again at every change, and again after Redis was away.

use reqwest::{Method, Response};

use super::{call, house, message};

/// Reads the stream until an event says so many are unread.
async fn until_unread(stream: &mut Response, unread: i64) {
    let wanted = format!("data: {{\"unread\":{unread}}}");
    let mut seen = String::new();
    let reading = async {
        while let Some(chunk) = stream.chunk().await.expect("the stream goes on") {
            seen.push_str(&String::from_utf8_lossy(&chunk));
            if seen.contains(&wanted) {
                return;
            }
        }
        panic!("the stream ended: {seen}");
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, reading)
        .await
        .expect("the count arrives");
}

#[tokio::test]
async fn the_count_comes_at_once_and_at_every_change() {
    let (app, _boot, client) = house().await;
    let ada = testkit::user();
    let browser = app.as_user(&ada);
    let mut stream = browser
        .request(Method::GET, "/api/notifications/stream")
        .send()
        .await
        .unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    until_unread(&mut stream, 0).await;
    client
        .send_notification(call(), message(&[&ada], "one"))
        .await
        .unwrap();
    until_unread(&mut stream, 1).await;
    let page = browser.get("/app/notifications").await;
    browser
        .submit(page.form("form[action='/app/notifications/read-all']"))
        .await;
    until_unread(&mut stream, 0).await;
}

#[tokio::test]
async fn an_open_page_learns_what_came_while_redis_was_away() {
    let (app, _boot, client) = house().await;
    let ada = testkit::user();
    let browser = app.as_user(&ada);
    let mut stream = browser
        .request(Method::GET, "/api/notifications/stream")
        .send()
        .await
        .unwrap();
    until_unread(&mut stream, 0).await;
    app.world.redis.stop().await;
    client
        .send_notification(call(), message(&[&ada], "one"))
        .await
        .unwrap();
    until_unread(&mut stream, 1).await;
    app.world.redis.start().await;
    client
        .send_notification(call(), message(&[&ada], "two"))
        .await
        .unwrap();
    until_unread(&mut stream, 2).await;
}
