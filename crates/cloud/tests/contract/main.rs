//! What the OpenAPI documents promise against what the platform answers: Schemathesis asks every operation with values
//! that fit and values that do not, through the gateway, with an administrator's key. Run by `cargo xtask test`, which
//! puts the tool of `requirements.txt` into the target directory and names it in `SCHEMATHESIS`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

#[allow(dead_code, reason = "shared with the other tests, which use the rest")]
#[path = "../it/support.rs"]
mod support;

use std::process::Command;

use serde_json::{Value, json};
use testkit::{CookieClient, eventually};

use support::Installation;

/// Longest run of one document, in seconds.
const LONGEST: &str = "40";

/// What is held against every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,negative_data_rejection,\
                      unsupported_method";

/// Operations after which the platform calls the address it was given: made-up ones may be somebody's.
const REACHING_OUT: [&str; 2] = [
    "POST /api/accounts/webhooks",
    "PATCH /api/accounts/webhooks/{id}",
];

#[expect(clippy::disallowed_methods, reason = "the step names the tool in it")]
fn tool() -> String {
    std::env::var("SCHEMATHESIS").expect("run `cargo xtask test`, which installs the tool")
}

/// A key of the first administrator, who is in the directory by then.
async fn key(admin: &CookieClient, scopes: &[&str]) -> String {
    eventually("the administrator is in the directory", async || {
        let people = admin.get_once("/api/accounts/people").await;
        people.status == 200 && people.body.contains("ada@example.org")
    })
    .await;
    let wish = json!({ "name": "contract", "scopes": scopes });
    let made = admin
        .request(reqwest::Method::POST, "/api/auth/keys")
        .json(&wish)
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    made["key"].as_str().unwrap().to_owned()
}

/// Holds one document against the platform.
async fn hold(document: &str, scopes: &[&str]) {
    let installation = Installation::new();
    let _platform = installation.up().await;
    let key = key(&installation.first_admin().await, scopes).await;
    let ran = Command::new(tool())
        .arg("run")
        .arg(format!("{}{document}", installation.url()))
        .arg(format!("--header=Authorization: Bearer {key}"))
        .arg(format!("--checks={CHECKS}"))
        // One worker: the parser of Python 3.11 that it uses fails when several threads are in it.
        .args(["--phases=examples,coverage,fuzzing", "--workers=1"])
        .args(["--max-time", LONGEST, "--seed=5", "--no-shrink"])
        .args(["--rate-limit=auto", "--continue-on-failure"])
        .args(REACHING_OUT.map(|operation| format!("--exclude-name={operation}")))
        .arg("--no-color")
        .current_dir(&installation.data)
        .output()
        .unwrap();
    let printed = support::text_of(&ran);
    assert!(ran.status.success(), "{}", printed.replace(&key, "[key]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_groups_answer_as_described() {
    hold(
        "/api/accounts/openapi.json",
        &["accounts:read", "accounts:write"],
    )
    .await;
}
