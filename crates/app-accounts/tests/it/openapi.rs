//! The description of `/api/accounts` against what is served: path by path and method by method.

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

#[tokio::test]
async fn the_methods_served_are_the_methods_described() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let description = browser.get("/api/accounts/openapi.json").await.json();
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.len() >= 15, "{paths:?}");
    let (mut described, mut served) = (BTreeSet::new(), BTreeSet::new());
    for (path, item) in paths {
        let mut address = path.replace("{kind}", "people");
        for name in [
            "id", "person", "member", "manager", "request", "address", "run", "delivery",
        ] {
            let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
            address = address.replace(&format!("{{{name}}}"), nobody);
        }
        for method in METHODS {
            let name = format!("{method} {path}");
            if item.get(method.as_str().to_lowercase()).is_some() {
                described.insert(name.clone());
            }
            let answer = browser.request(method, &address).send().await.unwrap();
            if answer.status() != 405 {
                served.insert(name);
            }
        }
    }
    assert_eq!(described, served);
}
