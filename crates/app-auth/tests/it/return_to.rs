//! Where people land after signing in: on this site, whatever the address said.

use crate::house::{House, PASSWORD};

/// Spellings seen in advisories against sign-in pages.
const HOSTILE: &[&str] = &[
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\tevil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/%255cevil.example",
    "/%2fevil.example",
    "/%2f%2fevil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/\r\nLocation: https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "/..//evil.example",
    "/a/../../evil",
    "/%2e%2e//evil.example",
    "/#@evil.example",
    "#@evil.example",
    "@evil.example",
    "localhost:3000.evil.example",
    "http://localhost:3000@evil.example",
    "http://localhost:3000.evil.example",
    "//[::1]/",
    "http://[::1]/",
    " /app",
    " //evil.example",
    "/auth/sign-in?return_to=//evil.example",
    "/auth/sign-in?return_to=/auth/sign-in%3Freturn_to%3D//evil.example",
    "/auth/sign-in",
    "/auth/sign-out",
    "/auth/sudo?return_to=/x",
    "",
    "app",
];

fn query(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_path_survives_the_whole_flow() {
    let house = House::open().await;
    house.administrator().await;
    let target = "/app/files?folder=a%20b&page=2";
    let visitor = house.visitor();
    let page = visitor
        .get(&format!("/auth/sign-in?return_to={}", query(target)))
        .await;
    assert_eq!(
        page.form(".plain-card form").value("return_to"),
        Some(target)
    );
    // A wrong password, a changed language, a page that was open too long: the target stays.
    let named = visitor
        .submit(page.form(".plain-card form").with("login", "grace"))
        .await;
    let page = visitor.get(named.header("location")).await;
    let form = page
        .form("#with-password")
        .with("password", "not the password");
    let refused = visitor.submit(form).await;
    assert_eq!(
        refused.form("#with-password").value("return_to"),
        Some(target)
    );
    assert_eq!(
        refused
            .form("form[action='/auth/preferences']")
            .value("return_to")
            .unwrap(),
        refused.path()
    );
    let language = refused
        .form("form[action='/auth/preferences']")
        .with("language", "de");
    let back = visitor.submit(language).await;
    assert_eq!(back.status, 303);
    let german = visitor.get(back.header("location")).await;
    assert_eq!(german.attribute("html", "lang"), "de");
    assert_eq!(
        german.form("#with-password").value("return_to"),
        Some(target)
    );
    let form = german.form("#with-password").with("password", PASSWORD);
    let answer = visitor.submit(form).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, target)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_targets_lead_home() {
    let house = House::open().await;
    let admin = house.administrator().await;
    for target in HOSTILE {
        // Straight on, for whoever is signed in.
        let page = admin
            .get(&format!("/auth/sign-in?return_to={}", query(target)))
            .await;
        assert_eq!(
            (page.status.as_u16(), page.header("location")),
            (303, "/"),
            "{target:?}"
        );
        // On the page, for whoever is not.
        let page = house
            .visitor()
            .get(&format!("/auth/sign-in?return_to={}", query(target)))
            .await;
        assert_eq!(
            page.form(".plain-card form").value("return_to"),
            Some("/"),
            "{target:?}"
        );
        // In a form, by hand.
        let answer = admin.post("/auth/sign-in", &[("return_to", target)]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (303, "/"),
            "{target:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_and_confirmation_lead_nowhere_else_either() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let token = ada
        .get("/auth/security")
        .await
        .form("#password")
        .value("csrf_token")
        .unwrap()
        .to_owned();
    for target in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/%5c/evil.example",
    ] {
        let fields = [
            ("csrf_token", token.as_str()),
            ("theme", "dark"),
            ("return_to", target),
        ];
        assert_eq!(
            ada.post("/auth/preferences", &fields)
                .await
                .header("location"),
            "/",
            "{target}"
        );
        let page = ada
            .get(&format!("/auth/sudo?return_to={}", query(target)))
            .await;
        assert_eq!(
            page.form(".plain-card form").value("return_to"),
            Some("/"),
            "{target}"
        );
    }
}
