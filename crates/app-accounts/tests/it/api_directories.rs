//! Directories for programs: read, run, and decided about.

use platform::Role;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{CookieClient, ldap_server};

use crate::api::send;
use crate::directories::{delete, people};
use crate::directory_pages::{filled, press};
use crate::house::House;

const DIRECTORIES: &str = "/api/accounts/directories";

async fn answered(browser: &CookieClient, method: Method, path: &str, body: &Value) -> u16 {
    let answer = send(browser, method, path, None, body).await;
    answer.status().as_u16()
}

/// The newest run, once there are so many and none is under way.
async fn newest(browser: &CookieClient, path: &str, runs: usize) -> Value {
    testkit::until("the run ends", async || {
        let all = browser.get(path).await.json();
        let all = all["runs"].as_array().unwrap().clone();
        (all.len() == runs && all[0]["state"] != "running").then(|| all[0].clone())
    })
    .await
}

#[tokio::test]
async fn programs_preview_run_and_decide() {
    let house = House::new().await;
    let ldap = ldap_server(&people(20)).await;
    let browser = house.administrator();
    let form = filled(&browser, &ldap).await.with("do", "save");
    browser.submit(form).await;

    let all = browser.get(DIRECTORIES).await.json();
    let directory = &all["directories"][0];
    assert_eq!(directory["name"], "Head office");
    assert!(!all.to_string().contains("password"), "{all}");
    let path = format!("{DIRECTORIES}/{}", directory["id"].as_str().unwrap());
    assert_eq!(browser.get(&path).await.json(), *directory);

    let runs = format!("{path}/runs");
    let preview = json!({ "preview": true });
    assert_eq!(answered(&browser, Method::POST, &runs, &preview).await, 202);
    let run = newest(&browser, &runs, 1).await;
    assert_eq!(
        (&run["state"], &run["steps"]["created"]),
        (&json!("previewed"), &json!(20))
    );
    let one = format!("{runs}/{}", run["id"].as_str().unwrap());
    let plan = browser.get(&one).await.json();
    assert_eq!(plan["people"].as_array().unwrap().len(), 20);
    assert_eq!(plan["people"][0]["action"], "create");
    let people = browser.get("/api/accounts/people").await.json();
    assert!(
        !people.to_string().contains("Person p2"),
        "nothing was done"
    );

    assert_eq!(
        answered(&browser, Method::POST, &runs, &json!({})).await,
        202
    );
    assert_eq!(newest(&browser, &runs, 2).await["state"], "done");
    let gone: String = (5..=16)
        .map(|number| delete(&format!("p{number}")))
        .collect();
    ldap.change(&gone);
    assert_eq!(
        answered(&browser, Method::POST, &runs, &json!({})).await,
        202
    );
    let stopped = newest(&browser, &runs, 3).await;
    assert_eq!(stopped["state"], "stopped");
    let approve = format!("{runs}/{}/approve", stopped["id"].as_str().unwrap());
    let other = json!({ "digest": "00" });
    assert_eq!(
        answered(&browser, Method::POST, &approve, &other).await,
        409
    );
    let none = json!({ "digest": "zz" });
    assert_eq!(answered(&browser, Method::POST, &approve, &none).await, 400);
    let exactly = json!({ "digest": stopped["digest"] });
    assert_eq!(
        answered(&browser, Method::POST, &approve, &exactly).await,
        204
    );
    assert_eq!(newest(&browser, &runs, 4).await["steps"]["suspended"], 12);

    let discard = format!("{runs}/{}/discard", stopped["id"].as_str().unwrap());
    assert_eq!(
        answered(&browser, Method::POST, &discard, &exactly).await,
        409
    );
    let nobody = format!("{runs}/01890a5d-ac96-774b-bcce-b302099a8057");
    assert_eq!(browser.get(&nobody).await.status, 404);
}

#[tokio::test]
async fn nobody_else_reads_or_runs_directories() {
    let house = House::new().await;
    let ldap = ldap_server(&people(1)).await;
    let browser = house.administrator();
    let form = filled(&browser, &ldap).await.with("do", "save");
    let page = browser.submit(form).await;
    press(&browser, &page, "form[action$='/run/preview']").await;
    let id = page.url.path().rsplit('/').next().unwrap().to_owned();
    let runs = format!("{DIRECTORIES}/{id}/runs");
    let member = house.browser(&house.member("erika", Role::User).await);
    for path in [DIRECTORIES, &runs] {
        assert_eq!(member.get(path).await.status, 403);
    }
    assert_eq!(
        answered(&member, Method::POST, &runs, &json!({})).await,
        403
    );
    let mut key = house.admin.clone();
    key.scopes = vec!["accounts:read".to_owned()];
    let key = house.browser(&key);
    assert_eq!(key.get(&runs).await.status, 200);
    assert_eq!(answered(&key, Method::POST, &runs, &json!({})).await, 403);
}
