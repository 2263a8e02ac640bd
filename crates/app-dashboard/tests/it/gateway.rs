//! `/admin/gateway`: what gateways report, shown to administrators and to nobody else.

use registry::edge::{
    AddressKind, Connections, FORMAT, InstanceReport, Issue, IssueKind, Percentiles, Report,
    RouteReport, Standing, TableReport, TlsReport, TlsState,
};
use registry::{AppId, AppSecret, InstanceId, Keyring, edge};
use testkit::TestApp;

const PAGE: &str = "/admin/gateway";

fn id(app: &str) -> AppId {
    AppId::new(app).unwrap()
}

fn route(prefix: Option<&str>, app: Option<&str>, instances: u32) -> RouteReport {
    let recent = Percentiles {
        requests: 1234,
        p50: 850,
        p95: 2500,
        p99: 12_345,
    };
    RouteReport {
        prefix: prefix.map(str::to_owned),
        app: app.map(id),
        instances,
        classes: [0, 0, 1200, 0, 30, 4],
        recent,
        total: recent,
    }
}

fn instance(app: &str, name: &str, standing: Standing) -> InstanceReport {
    InstanceReport {
        app: id(app),
        instance: InstanceId::new(name).unwrap(),
        version: "1.2.3".to_owned(),
        address: AddressKind::Unix,
        standing,
        confirmed: true,
        in_flight: 3,
        latency: 900,
        weight: 42,
    }
}

fn report(app: &TestApp, gateway: &str) -> Report {
    let now = app.world.clock.now();
    Report {
        format: FORMAT,
        gateway: InstanceId::new(gateway).unwrap(),
        host: format!("host-{gateway}"),
        address: "127.0.0.1:3000".to_owned(),
        version: "0.1.0".to_owned(),
        started_at: now,
        at: now,
        table: TableReport {
            generation: "g".to_owned(),
            version: 42,
            built_at: Some(now),
        },
        connections: Connections {
            open: 17,
            refused: 2,
        },
        requests: 5000,
        unlogged: 9,
        routes: vec![
            route(Some("/app/files"), Some("files"), 2),
            route(Some("/app/lost"), Some("lost"), 0),
            route(None, None, 0),
        ],
        instances: vec![
            instance("files", "f1", Standing::Well),
            instance("files", "f2", Standing::Resting),
        ],
        issues: vec![Issue {
            app: "rogue".to_owned(),
            instance: "<b>r1</b>".to_owned(),
            kind: IssueKind::Conflict {
                prefix: "/app/files".to_owned(),
                holder: "files".to_owned(),
            },
        }],
        tls: vec![TlsReport {
            name: "cloud.example.org".to_owned(),
            state: TlsState::Invalid,
            source: Some("acme".to_owned()),
            expires_at: Some(now),
            error: Some("the authority refused".to_owned()),
        }],
        omitted: 0,
    }
}

async fn publish(app: &TestApp, report: Report) {
    let keyring = Keyring::Secret(testkit::secret());
    edge::publish(app.world.host.redis(), &keyring, report)
        .await
        .unwrap();
}

#[tokio::test]
async fn its_page_belongs_to_the_administration_and_to_nobodys_home() {
    let app = testkit::run(app_dashboard::app()).await;
    let admin = app.as_user(&testkit::admin());
    // The navigation follows the registry.
    testkit::eventually("the page is in the navigation", async || {
        let page = admin.get(PAGE).await;
        page.text("nav.rail").contains("Gateway")
    })
    .await;
    let groups = admin.get(PAGE).await.texts("nav.rail .rail-title");
    assert!(!groups.iter().any(|group| group == "Home"), "{groups:?}");
}

#[tokio::test]
async fn a_gateway_its_routes_and_what_is_wrong_are_shown() {
    let app = testkit::run(app_dashboard::app()).await;
    let admin = app.as_user(&testkit::admin());
    let empty = admin.get(PAGE).await;
    empty.assert_sound();
    assert!(empty.has(".empty") && !empty.has("table"));

    publish(&app, report(&app, "g1")).await;
    let page = admin.get(PAGE).await;
    page.assert_sound();
    assert!(page.text("#gateways tbody").contains("host-g1"));
    let routes = page.texts("#routes tbody tr");
    assert_eq!(routes.len(), 3);
    assert!(routes[0].contains("/app/files") && routes[0].contains("Partly"));
    assert!(routes[0].contains("12.3 ms"), "{}", routes[0]);
    assert!(routes[1].contains("/app/lost") && routes[1].contains("Away"));
    let instances = page.texts("#instances tbody tr");
    assert!(instances[0].contains("f1") && instances[0].contains("Well"));
    assert!(
        instances[0].contains("42 %"),
        "the weight: {}",
        instances[0]
    );
    assert!(instances[1].contains("f2") && instances[1].contains("Resting"));
    assert!(page.text("#names tbody").contains("cloud.example.org"));

    // What people notice comes first, and before everything else on the page.
    let issues = page.texts("#issues tbody tr");
    assert_eq!(issues.len(), 4, "{issues:?}");
    assert!(issues[0].contains("lost") && issues[0].contains("Start the app"));
    assert!(issues[1].contains("the authority refused"));
    assert!(issues[2].contains("f2"));
    assert!(issues[3].contains("rogue") && issues[3].contains("<b>r1</b>"));
    assert_eq!(page.attributes("table", "id")[0], "issues");

    let fragment = admin.get("/app/dashboard/gateway").await;
    assert_eq!(fragment.texts("#routes tbody tr").len(), 3);
    assert!(!fragment.has("h1"), "only the part that changes");
}

#[tokio::test]
async fn several_gateways_make_one_picture() {
    let app = testkit::run(app_dashboard::app()).await;
    publish(&app, report(&app, "g1")).await;
    let mut other = report(&app, "g2");
    other.routes[0].recent.p99 = 99_000;
    other.instances[0].standing = Standing::Unready;
    publish(&app, other).await;
    let page = app.as_user(&testkit::admin()).get(PAGE).await;
    assert_eq!(page.count("#gateways tbody tr"), 2);
    assert_eq!(page.count("#instances tbody tr"), 2);
    let routes = page.texts("#routes tbody tr");
    assert_eq!(routes.len(), 3);
    assert!(routes[0].contains("2,468"), "the sum: {}", routes[0]);
    assert!(routes[0].contains("99 ms") && routes[0].contains("Failing"));
    assert_eq!(page.count("#issues tbody tr"), 5, "each once");
}

#[tokio::test]
async fn a_report_that_no_gateway_signed_is_an_issue_and_shows_nothing_of_itself() {
    let app = testkit::run(app_dashboard::app()).await;
    let stranger = Keyring::Secret(AppSecret::new([9; 32]).unwrap());
    let forged = report(&app, "forged");
    edge::publish(app.world.host.redis(), &stranger, forged)
        .await
        .unwrap();
    let page = app.as_user(&testkit::admin()).get(PAGE).await;
    let issues = page.texts("#issues tbody tr");
    assert_eq!(issues.len(), 1);
    assert!(issues[0].contains("not signed") && issues[0].contains("forged"));
    assert!(!page.has("#gateways") && !page.has("#routes"));
}

#[tokio::test]
async fn only_administrators_see_gateways() {
    let app = testkit::run(app_dashboard::app()).await;
    publish(&app, report(&app, "g1")).await;
    for path in [PAGE, "/app/dashboard/gateway"] {
        assert_eq!(app.as_user(&testkit::user()).get(path).await.status, 403);
        let anonymous = app.client().get(path).await;
        assert!(!anonymous.body.contains("host-g1"), "{path}");
    }
}

#[tokio::test]
async fn the_page_says_so_while_redis_is_away() {
    let app = testkit::run(app_dashboard::app()).await;
    let admin = app.as_user(&testkit::admin());
    publish(&app, report(&app, "g1")).await;
    assert!(admin.get(PAGE).await.has("#routes"));
    app.world.redis.kill().await;
    let page = admin.get(PAGE).await;
    page.assert_sound();
    assert!(page.text(".alert").contains("Redis does not answer"));
    assert!(!page.has("table") && !page.has(".empty"));
}
