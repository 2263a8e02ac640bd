//! Forms: validation, tokens, messages, selections, uploads.

use reqwest::Method;
use testkit::{CookieClient, Page, user};

const FORM: &str = "form[action='/app/ui-lab/forms'][method='post']";

async fn post(client: &CookieClient, path: &str, kind: &str, body: &str) -> reqwest::StatusCode {
    let request = client.request(Method::POST, path);
    let answer = request.header("content-type", kind).body(body.to_owned());
    answer.send().await.unwrap().status()
}

async fn post_form(client: &CookieClient, path: &str, body: &str) -> reqwest::StatusCode {
    post(client, path, "application/x-www-form-urlencoded", body).await
}

fn token(page: &Page) -> String {
    page.attribute("input[name='csrf_token']", "value")
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = app.as_user(&user());
    let page = client.get("/app/ui-lab/forms").await;
    let form = page
        .form(FORM)
        .with("name", "Ada <b>")
        .with("email", "nowhere");
    let refused = client.submit(form).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert_eq!(refused.attribute("#name", "value"), "Ada <b>");
    assert!(
        refused
            .text("#email-error")
            .starts_with("This is not an e-mail address.")
    );
    assert_eq!(refused.attribute("#email", "aria-invalid"), "true");
    assert_eq!(
        refused.attribute("#email", "aria-describedby"),
        "email-error"
    );
    assert!(!refused.has("#name-error"));
    assert!(refused.has("[role='alert']"));
}

#[tokio::test]
async fn an_accepted_form_redirects_and_its_message_appears_once() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = app.as_user(&user());
    let page = client.get("/app/ui-lab/forms").await;
    let form = page
        .form(FORM)
        .with("name", "Ada; \"quoted\" ✔")
        .with("email", "ada@example.org")
        .with("role", "user")
        .with("terms", "on");
    let accepted = client.submit(form).await;
    assert_eq!(accepted.status, 200);
    assert_eq!(accepted.text(".toast-text"), "Ada; \"quoted\" ✔ was saved");
    assert_eq!(
        accepted.attribute(".toast form", "action"),
        "/app/ui-lab/undo"
    );
    let again = client.get("/app/ui-lab/forms").await;
    assert!(!again.has(".toast"));
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = app.as_user(&user());
    let good = token(&client.get("/app/ui-lab/forms").await);
    let fields = "name=A&email=a@b&role=user&terms=on";
    for bad in [
        "",
        "&csrf_token=",
        "&csrf_token=wrong-token-wrong-token",
        &format!("&csrf_token={good}x"),
    ] {
        let status = post_form(&client, "/app/ui-lab/forms", &format!("{fields}{bad}")).await;
        assert_eq!(status, 403, "{bad:?}");
    }
    let status = post_form(
        &client,
        "/app/ui-lab/forms",
        &format!("{fields}&csrf_token={good}"),
    )
    .await;
    assert!(status.is_success() || status.is_redirection(), "{status}");
}

#[tokio::test]
async fn the_token_of_one_session_is_worth_nothing_in_another() {
    let app = testkit::run(app_ui_lab::app()).await;
    let mine = token(&app.as_user(&user()).get("/app/ui-lab/forms").await);
    let other = app.as_user(&testkit::admin());
    assert_ne!(mine, token(&other.get("/app/ui-lab/forms").await));
    let body = format!("name=A&email=a@b&role=user&terms=on&csrf_token={mine}");
    assert_eq!(post_form(&other, "/app/ui-lab/forms", &body).await, 403);
}

#[tokio::test]
async fn a_form_of_another_kind_is_refused() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = app.as_user(&user());
    let status = post(&client, "/app/ui-lab/forms", "text/plain", "name=A").await;
    assert_eq!(status, 415);
}

#[tokio::test]
async fn selected_rows_arrive_as_a_list() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = app.as_user(&user());
    let page = client.get("/app/ui-lab/table").await;
    assert_eq!(page.count("[data-row]"), 25);
    assert_eq!(page.attribute("[data-row]", "form"), "people-bulk");
    let body = format!("csrf_token={}&id=1&id=2&id=3", token(&page));
    post_form(&client, "/app/ui-lab/table/bulk", &body).await;
    let after = client.get("/app/ui-lab/table").await;
    assert_eq!(after.text(".toast-text"), "3 people were changed");
}

#[tokio::test]
async fn an_upload_is_read_once_its_token_was_seen_first() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = app.as_user(&user());
    let token = token(&client.get("/app/ui-lab/forms").await);
    let field = |name: &str, text: &str| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let kind = "multipart/form-data; boundary=b";
    let file = field("files", &"x".repeat(1000));
    let good = format!("{}{file}--b--\r\n", field("csrf_token", &token));
    let status = post(&client, "/app/ui-lab/upload", kind, &good).await;
    assert!(status.is_success() || status.is_redirection(), "{status}");
    let late = format!("{file}{}--b--\r\n", field("csrf_token", &token));
    assert_eq!(post(&client, "/app/ui-lab/upload", kind, &late).await, 403);
    let wrong = format!(
        "{}{file}--b--\r\n",
        field("csrf_token", "wrong-token-wrong-token")
    );
    assert_eq!(post(&client, "/app/ui-lab/upload", kind, &wrong).await, 403);
}

#[tokio::test]
async fn an_irreversible_act_needs_the_name() {
    let app = testkit::run(app_ui_lab::app()).await;
    let client = app.as_user(&user());
    for (typed, tone) in [("Ada", "danger"), (" ada lovelace ", "success")] {
        let page = client.get("/app/ui-lab/feedback").await;
        let form = page.form("#delete-person form").with("confirm_name", typed);
        let after = client.submit(form).await;
        assert_eq!(after.attribute(".toast", "data-tone"), tone, "{typed:?}");
    }
}
