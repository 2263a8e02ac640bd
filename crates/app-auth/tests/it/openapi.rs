//! The description of `/api/auth` against what is served: path by path and method by method.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::house::House;

const METHODS: [Method; 5] = [
    Method::GET,
    Method::PUT,
    Method::PATCH,
    Method::POST,
    Method::DELETE,
];

#[tokio::test(flavor = "multi_thread")]
async fn the_methods_served_are_the_methods_described() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (base, session) = (format!("http://{}", house.auth.http()), admin.session());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let description = client
        .get(format!("{base}/api/auth/openapi.json"))
        .send()
        .await
        .unwrap();
    let description: serde_json::Value = description.json().await.unwrap();
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.len() >= 11, "{paths:?}");
    let (mut described, mut served) = (BTreeSet::new(), BTreeSet::new());
    for (path, item) in paths {
        let address = path.replace("{id}", "01890a5d-ac96-774b-bcce-b302099a8057");
        for method in METHODS {
            let name = format!("{method} {path}");
            if item.get(method.as_str().to_lowercase()).is_some() {
                described.insert(name.clone());
            }
            let assertion = house.assertion(&session).await.unwrap();
            let answer = client
                .request(method, format!("{base}{address}"))
                .header("cloud-identity", assertion)
                .send()
                .await
                .unwrap();
            if answer.status() != 405 {
                served.insert(name);
            }
        }
    }
    assert_eq!(described, served);
    // Those that are easily forgotten: what programs without a session use.
    for name in [
        "POST /api/auth/device",
        "POST /api/auth/device/token",
        "POST /api/auth/revoke",
        "POST /api/auth/keys/report-leak",
        "GET /api/auth/identity",
        "GET /api/auth/sessions",
        "POST /api/auth/service-accounts",
    ] {
        assert!(described.contains(name), "{name}");
    }
}
