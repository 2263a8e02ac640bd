//! Any API from the command line with a key, and what the audit trail says of it afterwards.

use std::process::Stdio;

use serde_json::Value;
use testkit::CookieClient;

use crate::login::Terminal;
use crate::support::{Installation, text_of};

const GROUPS: &str = "/api/accounts/groups";

/// A key as its owner gets it: allowed in a browser.
async fn key(
    terminal: &Terminal<'_>,
    browser: &CookieClient,
    url: &str,
    scopes: &[&str],
) -> String {
    let mut create = vec!["key", "create", "Tool", "--url", url];
    create.extend(scopes.iter().flat_map(|scope| ["--scope", *scope]));
    let made = terminal.decided(browser, &create, "approve").await;
    assert!(made.status.success(), "{}", text_of(&made));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_api_is_asked_with_a_key_and_the_trail_tells_of_it() {
    let installation = Installation::new();
    let _platform = installation.up().await;
    let browser = installation.first_admin().await;
    let (terminal, url) = (Terminal::of(&installation), installation.url());
    let writes = key(
        &terminal,
        &browser,
        &url,
        &["accounts:read", "accounts:write"],
    )
    .await;
    let reads = key(&terminal, &browser, &url, &["accounts:read"]).await;
    let ask = |key: &str, arguments: &[&str]| {
        let mut command = terminal.command(&[&["api", "--url", &url], arguments].concat());
        let output = command
            .env("CLOUD_KEY", key)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let stdout = String::from_utf8(output.stdout.clone()).unwrap();
        (output.status.code(), stdout, text_of(&output))
    };
    let made = |text: &str| -> Value { serde_json::from_str(text).unwrap() };

    for name in ["Choir", "Painters", "Sailors"] {
        let body = format!(r#"{{"name":"{name}"}}"#);
        let (code, _, said) = ask(&writes, &[GROUPS, "--data", &body]);
        assert_eq!(code, Some(0), "{said}");
    }
    let (code, one, said) = ask(&reads, &[&format!("{GROUPS}?limit=2")]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(made(&one)["groups"].as_array().unwrap().len(), 2);
    let (_, all, said) = ask(&reads, &[&format!("{GROUPS}?limit=2"), "--all"]);
    let pages: Vec<Value> = all.lines().map(made).collect();
    assert_eq!(pages.len(), 2, "{said}");
    assert_eq!(pages[1]["groups"][0]["name"], "Sailors");

    let group = pages[0]["groups"][0].clone();
    let path = format!("{GROUPS}/{}", group["id"].as_str().unwrap());
    let change = ["-X", "PATCH", &path, "-d", r#"{"description":"Sings"}"#];
    let (code, problem, said) = ask(&writes, &[&change[..], &["--if-match", "\"99\""]].concat());
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(made(&problem)["status"], 412);
    let version = format!("\"{}\"", group["version"]);
    let (code, changed, said) = ask(&writes, &[&change[..], &["--if-match", &version]].concat());
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(made(&changed)["description"], "Sings");

    let (code, _, said) = ask(&reads, &[&change[..], &["--if-match", "*"]].concat());
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("accounts:write"),
        "the scope is named: {said}"
    );
    assert!(!said.contains(&reads), "a key is not shown");
    let (code, _, said) = ask("cloud_pat_wrong", &[GROUPS]);
    assert_eq!(code, Some(4), "{said}");
    assert_eq!(ask(&reads, &["/admin/accounts"]).0, Some(2));

    let trail = installation.run(&["audit", "--about", "ada", "--search", "group.", "--json"]);
    let trail = made(std::str::from_utf8(&trail.stdout).unwrap());
    let newest = &trail["entries"][0];
    assert_eq!(
        (&newest["action"], &newest["target"]),
        (&"group.edited".into(), &"Choir".into())
    );
    assert_eq!(newest["address"], "127.0.0.1");
    assert!(
        newest["on_behalf"].as_str().unwrap().starts_with("key "),
        "{newest}"
    );
    let said = text_of(&installation.run(&["audit", "--limit", "1"]));
    assert!(said.contains("Ada Lovelace (127.0.0.1 key "), "{said}");
    let none = text_of(&installation.run(&["audit", "--search", "horse"]));
    assert!(none.contains("no such entry"), "{none}");
}
