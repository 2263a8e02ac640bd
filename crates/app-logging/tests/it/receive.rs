//! Receiving: acknowledged means kept, also under odd input and when PostgreSQL goes away.

use tonic::Code;

use crate::wire::{record, send};

#[tokio::test]
async fn what_is_acknowledged_is_found() {
    let app = testkit::run(app_logging::app()).await;
    let admin = app.as_user(&testkit::admin());
    let senders = (0..20).map(|number| {
        let records = vec![record(&app, 9, &format!("number {number} of many"))];
        send(&app, "mail", records)
    });
    for sent in futures_util::future::join_all(senders).await {
        sent.unwrap();
    }
    let page = admin.get("/admin/logging?q=of+many").await;
    assert_eq!(page.count(".log-table tbody tr"), 20);
}

#[tokio::test]
async fn odd_records_are_kept_in_a_form_that_fits() {
    let app = testkit::run(app_logging::app()).await;
    let mut odd = record(&app, 99, "nul \0 and <script>alert(1)</script>");
    odd.time_unix_nano = 1;
    odd.trace_id = vec![7; 99];
    let long = record(&app, 9, &"x".repeat(100_000));
    send(&app, "", vec![odd, long]).await.unwrap();
    let page = app.as_user(&testkit::admin()).get("/admin/logging").await;
    assert_eq!(page.count(".log-table tbody tr"), 2);
    assert!(
        !page.body.contains("<script>alert"),
        "what was logged is text"
    );
    assert!(
        page.texts("td").iter().any(|text| text == "unknown"),
        "a sender without a name"
    );
}

#[tokio::test]
async fn a_sender_is_told_to_come_back_while_postgresql_is_away() {
    let server = testkit::postgres_server().await;
    let app = testkit::Setup::new()
        .variable("DATABASE_OWNER_URL", &server.owner_url)
        .run(app_logging::app())
        .await;
    send(&app, "mail", vec![record(&app, 9, "before")])
        .await
        .unwrap();
    server.stop().await;
    let refused = send(&app, "mail", vec![record(&app, 9, "during")])
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    server.start().await;
    testkit::eventually("records are kept again", async || {
        send(&app, "mail", vec![record(&app, 9, "after")])
            .await
            .is_ok()
    })
    .await;
    let page = app.as_user(&testkit::admin()).get("/admin/logging").await;
    let bodies = page.texts(".log-table summary");
    assert!(bodies.contains(&"before".to_owned()), "{bodies:?}");
    assert!(bodies.contains(&"after".to_owned()), "{bodies:?}");
}
