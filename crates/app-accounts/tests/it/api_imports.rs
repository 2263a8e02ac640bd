//! People from a table, for programs: guessed columns, declared fields among them, a look at every row, and the import.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::CookieClient;

use crate::api::send;
use crate::house::House;

const IMPORTS: &str = "/api/accounts/imports";

async fn answer(browser: &CookieClient, path: &str, body: &Value) -> (StatusCode, Value) {
    let answer = send(browser, Method::POST, path, None, body).await;
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

async fn declare(browser: &CookieClient, name: &str, kind: &str) -> String {
    let field = json!({
        "name": name, "kind": kind, "label_en": name, "visible_to": "everyone", "edited_by": "person",
    });
    let (status, made) = answer(browser, "/api/accounts/fields", &field).await;
    assert_eq!(status, StatusCode::CREATED);
    format!("field:{}", made["id"].as_str().unwrap())
}

async fn forget(browser: &CookieClient, path: &str) {
    let gone = send(browser, Method::DELETE, path, None, &json!({})).await;
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(browser.get_once(path).await.status, 404);
}

#[tokio::test]
async fn a_table_is_sent_checked_and_imported_with_declared_fields() {
    let house = House::new().await;
    let browser = house.administrator();
    let (born, badge) = (
        declare(&browser, "born", "date").await,
        declare(&browser, "badge", "yes_no").await,
    );
    let table = "email,name,Born,has a badge\nann@example.org,Ann,31.12.1999,yes\n\
                 bob@example.org,Bob,yesterday,no\nada@example.org,Ada again,,\n";
    let table = json!({ "content": table, "file_name": "new.csv" });
    let (status, import) = answer(&browser, IMPORTS, &table).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        import["columns"],
        json!(["email", "display_name", born, null])
    );
    assert_eq!(
        (&import["progress"], &import["rows_total"]),
        (&json!("draft"), &json!(3))
    );
    let path = format!("{IMPORTS}/{}", import["id"].as_str().unwrap());

    let (status, _) = answer(&browser, &format!("{path}/run"), &json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT, "it was not checked");
    let terms = json!({ "columns": ["email", "display_name", born, badge] });
    let (status, checked) = answer(&browser, &format!("{path}/check"), &terms).await;
    assert_eq!(status, StatusCode::OK, "{checked}");
    assert_eq!(
        (
            &checked["progress"],
            &checked["ready"],
            &checked["bad"],
            &checked["known"]
        ),
        (&json!("checked"), &json!(1), &json!(1), &json!(1))
    );
    let bad = browser
        .get(&format!("{path}/rows?outcome=bad"))
        .await
        .json();
    assert_eq!(bad["rows"][0]["line"], 3);
    assert_eq!(bad["rows"][0]["problems"][0]["column"], born);
    let page = browser
        .get(&format!("/admin{}", path.strip_prefix("/api").unwrap()))
        .await;
    page.assert_sound();
    assert!(page.body.contains("born: "), "the page names the field");

    let run = format!("{path}/run");
    assert_eq!(
        answer(&browser, &run, &json!({})).await.0,
        StatusCode::CONFLICT
    );
    assert_eq!(
        answer(&browser, &run, &json!({ "bad": "skip" })).await.0,
        StatusCode::ACCEPTED
    );
    let done = testkit::until("the import ends", async || {
        let import = browser.get(&path).await.json();
        (import["progress"] == "done").then_some(import)
    });
    assert_eq!(done.await["added"], 1);
    let added = browser
        .get(&format!("{path}/rows?outcome=added"))
        .await
        .json();
    let person = added["rows"][0]["person_id"].as_str().unwrap().to_owned();
    let fields = browser
        .get(&format!("/api/accounts/people/{person}/fields"))
        .await
        .json();
    assert_eq!(
        fields["fields"],
        json!({ "born": "1999-12-31", "badge": "yes" })
    );
    assert_eq!(
        browser.get(IMPORTS).await.json()["imports"][0]["progress"],
        "done"
    );
    forget(&browser, &path).await;
}

#[tokio::test]
async fn a_field_that_goes_meanwhile_is_said_of_every_row() {
    let house = House::new().await;
    let browser = house.administrator();
    let born = declare(&browser, "born", "date").await;
    let table = json!({ "content": "email,name,born\nann@example.org,Ann,1999-12-31\n" });
    let (_, import) = answer(&browser, IMPORTS, &table).await;
    let path = format!("{IMPORTS}/{}", import["id"].as_str().unwrap());
    let field = format!(
        "/api/accounts/fields/{}",
        born.strip_prefix("field:").unwrap()
    );
    send(&browser, Method::DELETE, &field, None, &json!({})).await;
    let (_, checked) = answer(&browser, &format!("{path}/check"), &json!({})).await;
    assert_eq!(checked["bad"], 1, "{checked}");
    let rows = browser.get(&format!("{path}/rows")).await.json();
    assert_eq!(
        rows["rows"][0]["problems"][0]["problem"],
        "accounts-import-no-field"
    );
    let page = browser
        .get(&format!("/admin{}", path.strip_prefix("/api").unwrap()))
        .await;
    page.assert_sound();
}

#[tokio::test]
async fn what_does_not_do_is_named() {
    let house = House::new().await;
    let browser = house.administrator();
    let (status, problem) = answer(&browser, IMPORTS, &json!({ "content": "email\n" })).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("content"))
    );
    let (_, import) = answer(
        &browser,
        IMPORTS,
        &json!({ "content": "who,name\na@b.org,A\n" }),
    )
    .await;
    let path = format!("{IMPORTS}/{}", import["id"].as_str().unwrap());
    for (terms, field) in [
        (json!({}), "columns"),
        (json!({ "columns": ["email", "email"] }), "columns"),
        (json!({ "columns": ["email", "horse"] }), "columns"),
        (
            json!({ "columns": ["email", "display_name"], "role": "king" }),
            "role",
        ),
        (
            json!({ "columns": ["email", "display_name"], "link_days": 31 }),
            "link_days",
        ),
        (
            json!({ "columns": ["email", "display_name"], "groups": ["Nobody"] }),
            "groups",
        ),
        (
            json!({ "columns": ["email", "display_name"], "message": "a\u{0}b" }),
            "message",
        ),
    ] {
        let (status, problem) = answer(&browser, &format!("{path}/check"), &terms).await;
        assert!(status.is_client_error(), "{terms}");
        assert_eq!(problem["errors"][0]["field"], field, "{terms}");
    }
}
