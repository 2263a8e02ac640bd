//! The archive of a person's data holds what every service keeps of them, and no secret.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use reqwest::Method;
use testkit::{CookieClient, Page, eventually, until};

use crate::stored::{network, tables};
use crate::support::{Installation, PASSWORD, sign_in};

const ARCHIVE: &str = "/app/accounts/archive";

/// Asks for an archive, and waits until one can be opened that is not `former`.
async fn collected(who: &CookieClient, former: &str) -> Page {
    who.fill(ARCHIVE, "main form[method=post]", &[]).await;
    until("the archive is ready", async || {
        let page = who.get(ARCHIVE).await;
        let link = page.attributes("a[href*='/archive/']", "href");
        link.iter().any(|link| link != former).then_some(page)
    })
    .await
}

fn link(page: &Page) -> String {
    page.attribute("a[href*='/archive/']", "href")
}

async fn opened(who: &CookieClient, path: &str) -> BTreeMap<String, String> {
    let answer = who.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let bytes = answer.bytes().await.unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_kept_of_a_person_is_in_their_archive() {
    let installation = Installation::new();
    let _platform = installation.up().await;
    let admin = installation.first_admin().await;
    let made = installation.run(&["user", "create", "zaphod", "--email", "zaphod@example.org"]);
    assert!(made.status.success());
    sign_in(&installation.visitor(), "ada", "not the password").await;
    let page = admin.get("/auth/security/keys/new").await;
    let form = page.form("form[action='/auth/security/keys/new']");
    let form = form.with("name", "Backup").with("scopes", "identity:read");
    let page = admin.submit(form).await;
    let start = page.body.find("cloud_").expect("a key is shown");
    let is_of_key = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
    let key: String = page.body[start..].chars().take_while(is_of_key).collect();
    let settings = "/admin/settings/accounts";
    let form = admin.get(settings).await;
    let form = form.form(&format!("form[action='{settings}']"));
    let changed = admin
        .submit(form.with("value.life_cycle.dormant_days", "77"))
        .await;
    assert_eq!(changed.status, 200);

    // The first is told of by a notification, which is in the second.
    let first = link(&collected(&admin, "").await);
    eventually("it is told", async || {
        let inbox = admin.get("/api/notifications/inbox").await;
        inbox.body.contains("The archive of data is ready")
    })
    .await;
    let page = collected(&admin, &first).await;
    assert!(
        page.has(".archive .badge[data-tone=success]"),
        "{}",
        page.body
    );
    let files = opened(&admin, &link(&page)).await;
    for (file, holds) in [
        ("README.txt", "Ada Lovelace"),
        ("accounts/profile.json", "ada@example.org"),
        ("accounts/audit.json", "person.archive_asked"),
        ("auth/sessions.json", "127.0.0.1"),
        ("auth/sign_ins.json", "refused"),
        ("auth/keys.json", "Backup"),
        ("auth/factors.json", "password"),
        ("notifications/inbox.json", "The archive of data is ready"),
        ("settings/changes.json", "77"),
    ] {
        let found = files.get(file).is_some_and(|text| text.contains(holds));
        assert!(found, "{holds} is not in {file}: {files:?}");
    }
    let all: String = files.values().cloned().collect();
    for secret in ["argon2", PASSWORD, "zaphod", key.as_str()] {
        assert!(!all.contains(secret), "{secret} is in the archive");
    }
    let stored = tables(&network(&installation)).await;
    assert!(
        stored.contains("$argon2id$"),
        "there is something to leave out"
    );

    // Whoever has not signed in just now, or not at all, has nothing of it.
    let stranger = installation.visitor().get_once(&link(&page)).await;
    assert_eq!(stranger.status, 303);
    assert!(stranger.header("location").contains("/auth/sign-in"));
}
