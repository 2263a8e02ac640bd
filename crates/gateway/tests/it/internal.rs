//! The port for operators.

use crate::given::{Platform, client};

#[tokio::test]
async fn operators_see_what_is_counted_and_nobody_else_does() {
    let platform = Platform::new().await;
    let app = platform.app("hello").await;
    let gateway = platform
        .gateway_with(|config| config.internal = Some(([127, 0, 0, 1], 0).into()))
        .await;
    gateway.serves("/app/hello/echo", Some(&app)).await;
    let internal = format!("http://{}", gateway.running.internal_address().unwrap());
    testkit::eventually("the request is counted", async || {
        let answer = client()
            .get(format!("{internal}/metrics"))
            .send()
            .await
            .unwrap();
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/plain")
        );
        let text = answer.text().await.unwrap();
        let counted = text.contains("gateway_requests_total{route=\"/app/hello\",class=\"2xx\"}");
        counted && text.contains("gateway_instance_well{app=\"hello\"")
    })
    .await;
    let ready = client()
        .get(format!("{internal}/ready"))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status(), 200);
    let outside = client().get(gateway.url("/metrics")).send().await.unwrap();
    assert_eq!(outside.status(), 404);
}
