//! The pages: search, filters, paging, one trace.

use crate::wire::{TRACE, record, send, send_trace};

#[tokio::test]
async fn a_search_is_narrowed_by_text_service_and_level() {
    let app = testkit::run(app_logging::app()).await;
    send(
        &app,
        "mail",
        vec![
            record(&app, 9, "queue 100% full"),
            record(&app, 17, "queue broken"),
        ],
    )
    .await
    .unwrap();
    send(&app, "files", vec![record(&app, 13, "disk almost full")])
        .await
        .unwrap();
    let admin = app.as_user(&testkit::admin());
    let found = async |query: &str| {
        let page = admin.get(&format!("/admin/logging?{query}")).await;
        page.assert_sound();
        page.texts(".log-table summary")
    };
    assert_eq!(found("q=QUEUE").await.len(), 2);
    assert_eq!(found("q=0%25+f").await, ["queue 100% full"]);
    assert_eq!(found("q=%25").await.len(), 1, "wildcards are text");
    assert_eq!(found("service=files").await, ["disk almost full"]);
    assert_eq!(found("level=warn").await.len(), 2);
    assert_eq!(found("level=error&service=mail").await, ["queue broken"]);
    assert!(found("q=nowhere").await.is_empty());
}

#[tokio::test]
async fn pages_go_back_without_losing_or_repeating_a_record() {
    let app = testkit::run(app_logging::app()).await;
    let moment = record(&app, 9, "");
    let records = (0..250).map(|number| {
        let mut each = record(&app, 9, &format!("number {number}"));
        // All at one moment: the order is still total.
        each.time_unix_nano = moment.time_unix_nano;
        each
    });
    send(&app, "mail", records.collect()).await.unwrap();
    let admin = app.as_user(&testkit::admin());
    let mut seen = std::collections::BTreeSet::new();
    let mut address = "/admin/logging?service=mail".to_owned();
    let mut pages = 0;
    loop {
        let page = admin.get(&address).await;
        for body in page.texts(".log-table summary") {
            assert!(seen.insert(body.clone()), "{body} twice");
        }
        pages += 1;
        let older = page.attributes("nav a[href*='before=']", "href");
        match older.into_iter().find(|href| *href != address) {
            Some(next) => address = next,
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (250, 3));
}

#[tokio::test]
async fn a_trace_shows_its_steps_and_what_was_logged() {
    let app = testkit::run(app_logging::app()).await;
    send_trace(&app, "mail").await;
    send(&app, "mail", vec![record(&app, 9, "within the trace")])
        .await
        .unwrap();
    let admin = app.as_user(&testkit::admin());
    let list = admin.get("/admin/logging/traces").await;
    list.assert_sound();
    assert_eq!(list.texts("tbody a"), ["GET /app/x"]);
    assert!(
        admin
            .get("/admin/logging/traces?least=50")
            .await
            .texts("tbody a")
            .is_empty()
    );
    let trace = admin.get(&format!("/admin/logging/traces/{TRACE}")).await;
    trace.assert_sound();
    assert_eq!(trace.count(".waterfall-row"), 2);
    assert_eq!(trace.attributes(".waterfall-row", "data-depth"), ["0", "1"]);
    assert!(trace.body.contains("within the trace"));
    assert_eq!(admin.get("/admin/logging/traces/ffff").await.status, 404);
}

#[tokio::test]
async fn only_administrators_see_logs() {
    let app = testkit::run(app_logging::app()).await;
    assert_eq!(
        app.as_user(&testkit::user())
            .get_once("/admin/logging")
            .await
            .status,
        403
    );
    assert_eq!(app.client().get_once("/admin/logging").await.status, 303);
}
