//! Forward-auth: a real nginx asks the real gateway, and a browser signs in across two host names.

use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::extract::Request;
use jiff::SignedDuration;
use rpc::auth::v1 as wire;
use testkit::Page;

use crate::edge::{Browser, TestGateway, absolute, free_port, gateway};
use crate::house::{House, call};
use crate::visitor::Visitor;

/// A name that nginx finds, too: its configuration is run as it is shown.
const CLOUD: &str = "localhost";
const TOOL: &str = "tool.test";

/// An installation that people reach by name, with one tool.
struct Place {
    house: House,
    gateway: TestGateway,
    cloud: String,
    port: u16,
}

impl Place {
    async fn open(proxies: &str) -> Self {
        let (cloud, port) = (free_port(), free_port());
        let url = format!("http://{CLOUD}:{cloud}");
        let house = House::open_with(&[("APP_URL", url.as_str())]).await;
        let gateway = gateway(&house, cloud, proxies).await;
        Self {
            house,
            gateway,
            cloud: url,
            port,
        }
    }

    fn tool(&self, path: &str) -> String {
        format!("http://{TOOL}:{}{path}", self.port)
    }

    /// Sets the tool up; returns the configuration of its proxy.
    async fn add_tool(&self, admin: &Visitor<'_>, proxy: &str, groups: &str) -> String {
        let page = admin.get("/admin/auth/tools/new").await;
        page.assert_sound();
        let form = page
            .form("#tool")
            .with("id", "tool")
            .with("name", "The tool")
            .with("proxy", proxy)
            .with("hosts", &format!("{TOOL}:{}", self.port))
            .with("groups", groups);
        let answer = admin.submit(form).await;
        assert_eq!(
            answer.header("location"),
            "/admin/auth/tools/tool",
            "{}",
            answer.body
        );
        let page = admin.get("/admin/auth/tools/tool").await;
        page.assert_sound();
        let (_, code) = page.body.split_once("<code>").unwrap();
        let (code, _) = code.split_once("</code>").unwrap();
        code.replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&#38;", "&")
            .replace("&amp;", "&")
    }

    async fn admin(&self) -> Visitor<'_> {
        self.house.administrator().await
    }

    /// Asks as a proxy would.
    async fn ask(&self, fields: &[(&str, &str)]) -> Page {
        let url = format!("http://{}/auth/forward/tool", self.gateway.address);
        new_browser().get_with(&url, fields).await
    }

    /// Goes from the tool to the platform, signs in, and returns where the platform sends the browser.
    async fn round_trip(&self, browser: &Browser, path: &str) -> String {
        let sent = browser.get(&self.tool(path)).await;
        assert_eq!(sent.status, 302, "{}", sent.body);
        let start = sent.header("location").to_owned();
        assert!(start.starts_with(&self.cloud), "{start}");
        let begun = browser.get(&start).await;
        if begun.status == 303 && begun.header("location").starts_with("http") {
            return begun.header("location").to_owned();
        }
        let sign_in = absolute(&begun, begun.header("location"));
        let signed = browser.sign_in_at(&sign_in, "ada").await;
        assert_eq!(signed.status, 303, "{}", signed.body);
        let on = browser
            .get(&absolute(&signed, signed.header("location")))
            .await;
        assert_eq!(on.status, 200, "{}", on.body);
        // A form that ends on another site is stopped by the policy of the page: a page in between goes on.
        let refresh = on.header("refresh").to_owned();
        refresh.strip_prefix("0; url=").unwrap().to_owned()
    }
}

fn new_browser() -> Browser {
    Browser::new(&[CLOUD, TOOL])
}

struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What the tool sees.
async fn echo() -> std::net::SocketAddr {
    let router = Router::new().fallback(async |request: Request| {
        let fields: Vec<String> = request
            .headers()
            .iter()
            .filter(|(name, _)| name.as_str().starts_with("remote"))
            .map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        format!("{}\n{}\n", request.uri(), fields.join("\n"))
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "a server of a test, as long as the test"
    )]
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Starts nginx with the configuration from the page; nothing where it is not installed.
async fn nginx(place: &Place, setup: &str) -> Option<Nginx> {
    let tool = echo().await;
    let setup = setup.replace("http://127.0.0.1:8080", &format!("http://{tool}"));
    let directory = place.house.directory.path().join("nginx");
    std::fs::create_dir_all(&directory).unwrap();
    let port = place.port;
    let text = format!(
        "worker_processes 1; pid nginx.pid; error_log error.log;\nevents {{}}\nhttp {{ access_log off;\n\
         client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;\n\
         server {{ listen 127.0.0.1:{port}; server_name {TOOL};\n{setup}\n}} }}\n"
    );
    let file = directory.join("nginx.conf");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-p").arg(&directory).arg("-c").arg(&file);
    command.args(["-e", "error.log", "-g", "daemon off;"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(child) = child else {
        println!("skipped: nginx is not installed");
        return None;
    };
    let nginx = Nginx(child);
    testkit::eventually("nginx listens", async || {
        tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_ok()
    })
    .await;
    Some(nginx)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_signs_in_to_a_tool_behind_nginx_across_two_hosts() {
    let place = Place::open("127.0.0.1/32").await;
    let admin = place.admin().await;
    let setup = place.add_tool(&admin, "nginx", "engineering").await;
    let Some(_nginx) = nginx(&place, &setup).await else {
        return;
    };
    let (mut ada, _) = place.house.person("ada").await;
    let browser = new_browser();
    let path = "/d/x?a=1&b=%2F%2Fevil.example&c=d+e";
    let back = place.round_trip(&browser, path).await;
    assert!(back.starts_with(&place.tool(path)), "{back}");

    // A browser that did not ask gets nothing for the ticket, and does not use it up.
    let thief = new_browser();
    thief.get(&place.tool("/")).await;
    let stolen = thief.get(&back).await;
    assert_eq!(stolen.header("location"), place.tool(path));
    assert!(thief.cookie(TOOL, "cloud_tool").is_none());

    let landed = browser.get(&back).await;
    assert_eq!(
        (landed.status.as_u16(), landed.header("location")),
        (302, place.tool(path).as_str())
    );
    let forged = [
        ("remote-user", "root"),
        ("remote-groups", "admins"),
        ("remote_user", "root"),
        ("x-original-url", "http://evil.example/"),
        ("x-forwarded-uri", "/elsewhere"),
    ];
    let page = browser.get_with(&place.tool(path), &forged).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.starts_with(path), "{}", page.body);
    for line in [
        "remote-user=ada",
        "remote-email=ada@example.org",
        "remote-name=ada Example",
        "remote-groups=engineering",
    ] {
        assert!(page.body.contains(line), "{line} in {}", page.body);
    }
    assert!(!page.body.contains("root"), "{}", page.body);
    // The ticket once more: the browser that used it simply goes on, another does not get in.
    let again = browser.get(&back).await;
    assert_eq!(again.header("location"), place.tool(path));
    assert_eq!(again.headers.get("set-cookie"), None, "it was used up");

    // The cookie of the tool opens the tool, and nothing else.
    let cookie = browser.cookie(TOOL, "cloud_tool").unwrap();
    assert!(place.house.introspect(&cookie).await.is_none());

    // Not even another tool at the same host.
    let form = admin.get("/admin/auth/tools/new").await.form("#tool");
    let form = form
        .with("id", "second")
        .with("name", "Second")
        .with("hosts", &format!("{TOOL}:{}", place.port))
        .with("everyone", "on");
    assert_eq!(admin.submit(form).await.status, 303);
    let url = format!("http://{}/auth/forward/second", place.gateway.address);
    let (asked, held) = (place.tool("/"), format!("cloud_tool={cookie}"));
    let fields = [
        ("x-original-url", asked.as_str()),
        ("cookie", held.as_str()),
    ];
    assert_eq!(new_browser().get_with(&url, &fields).await.status, 401);

    // The group has another name, which accounts tells of the group and then of the people: the tool knows it by that.
    place.house.rename_group("engineering", "research").await;
    ada.version = 2;
    ada.state = wire::SubjectState::Active.into();
    ada.groups = vec!["research".to_owned()];
    place.house.tell(&ada).await;
    assert_eq!(browser.get(&place.tool("/")).await.status, 200);

    // Out of the group: refused at the next request. Ended: sent to sign in.
    let accounts = place.house.rpc("accounts");
    ada.version = 3;
    ada.groups = Vec::new();
    place.house.tell(&ada).await;
    assert_eq!(browser.get(&place.tool("/")).await.status, 403);
    let end = wire::EndSessionsRequest {
        user_id: ada.user_id.clone(),
        session_id: String::new(),
    };
    accounts.end_sessions(call(), end).await.unwrap();
    let page = browser.get(&place.tool("/")).await;
    assert_eq!(page.status, 302);
    assert!(page.header("location").starts_with(&place.cloud));
}

#[tokio::test(flavor = "multi_thread")]
async fn going_round_in_circles_ends() {
    let place = Place::open("127.0.0.1/32").await;
    let admin = place.admin().await;
    let setup = place.add_tool(&admin, "nginx", "engineering").await;
    let Some(_nginx) = nginx(&place, &setup).await else {
        return;
    };
    place.house.person("ada").await;
    let browser = new_browser();
    for _ in 0..3 {
        let back = place.round_trip(&browser, "/").await;
        browser.get(&back).await;
        browser.forget(TOOL);
    }
    let sent = browser.get(&place.tool("/")).await;
    let stopped = browser.get(sent.header("location")).await;
    assert_eq!(stopped.status, 409);
    stopped.assert_sound();
    place.house.later(SignedDuration::from_secs(61));
    let back = place.round_trip(&browser, "/").await;
    // A browser that comes back without any cookie is told so, not sent round.
    browser.forget(TOOL);
    assert_eq!(browser.get(&back).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_trusted_proxies_are_believed_and_only_what_is_theirs_to_say() {
    let place = Place::open("127.0.0.1/32").await;
    let admin = place.admin().await;
    place.add_tool(&admin, "traefik", "engineering").await;
    let host = format!("{TOOL}:{}", place.port);
    let three = |scheme, host, uri| {
        vec![
            ("x-forwarded-proto", scheme),
            ("x-forwarded-host", host),
            ("x-forwarded-uri", uri),
        ]
    };
    let said = three("http", host.as_str(), "/d");
    let page = place.ask(&said).await;
    assert_eq!(page.status, 302, "{}", page.body);
    let twice = |field| [three("http", &host, "/a"), vec![field]].concat();
    for hostile in [
        vec![("x-original-url", "http://tool.test/")],
        vec![],
        three("http", "evil.example", "/"),
        three("http", "evil.example/", "/"),
        three("javascript", &host, "/"),
        three("http", &host, "@evil.example/"),
        three("http", &host, ".evil.example/"),
        three("http", &host, "/\\evil.example"),
        twice(("x-forwarded-uri", "/b")),
        twice(("x-forwarded-host", "evil.example")),
        vec![("x_forwarded_uri", "/"), ("x_forwarded_host", &host)],
        vec![
            ("cloud-original-uri", "/"),
            ("cloud-original-host", &host),
            ("cloud-original-proto", "http"),
        ],
    ] {
        let page = place.ask(&hostile).await;
        assert_eq!(page.status, 403, "{hostile:?}: {}", page.body);
        assert!(page.headers.get("location").is_none(), "{hostile:?}");
    }
    let page = admin.get("/admin/auth/tools/tool").await;
    let tested = admin.submit(page.form("#test")).await;
    tested.assert_sound();
    assert_eq!(tested.count("#findings [role]"), 2, "{}", tested.body);

    let stranger = gateway(&place.house, free_port(), "192.0.2.1/32").await;
    let url = format!("http://{}/auth/forward/tool", stranger.address);
    assert_eq!(new_browser().get_with(&url, &said).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_leads_to_hosts_of_the_tool_alone() {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let place = Place::open("").await;
    let admin = place.admin().await;
    place.add_tool(&admin, "nginx", "").await;
    let browser = base64.encode([7_u8; 32]);
    for target in [
        "https://evil.example/",
        "//evil.example/",
        "http://tool.test.evil.example/",
        "http://tool.test@evil.example/",
        "javascript:alert(1)",
        "http://tool.test:1\r\nLocation: http://evil.example/",
        "",
    ] {
        let path = format!(
            "/auth/forward/tool/start?to={}&browser={browser}",
            base64.encode(target)
        );
        let page = admin.get(&path).await;
        assert_eq!(page.status, 400, "{target:?}");
        assert!(page.headers.get("location").is_none(), "{target:?}");
    }
    // Nobody is let in by a tool that lets nobody in.
    let own = base64.encode(place.tool("/"));
    let page = admin
        .get(&format!(
            "/auth/forward/tool/start?to={own}&browser={browser}"
        ))
        .await;
    assert_eq!(page.status, 403);
    assert_eq!(
        admin
            .get(&format!(
                "/auth/forward/other/start?to={own}&browser={browser}"
            ))
            .await
            .status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_are_for_administrators_who_proved_themselves_lately() {
    let place = Place::open("").await;
    let admin = place.admin().await;
    let (_, ada) = place.house.person("ada").await;
    assert_eq!(ada.get("/admin/auth/tools").await.status, 403);
    assert_eq!(ada.get("/admin/auth/tools/new").await.status, 403);
    place.add_tool(&admin, "caddy", "engineering").await;
    place.house.later(SignedDuration::from_mins(11));
    for path in ["/admin/auth/tools/new", "/admin/auth/tools/tool/edit"] {
        let answer = admin.get(path).await;
        assert!(
            answer.header("location").starts_with("/auth/sudo"),
            "{path}"
        );
    }
}
