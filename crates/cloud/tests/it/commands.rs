//! The operator's commands.

use testkit::eventually;

use crate::support::{Installation, PASSWORD, is_signed_in, link_in, sign_in, text_of};

#[tokio::test]
async fn status_tells_what_runs_and_that_nothing_does() {
    let installation = Installation::new();
    let nothing = installation.run(&["status"]);
    assert_eq!(nothing.status.code(), Some(3));
    assert!(
        text_of(&nothing).contains("nothing is running"),
        "{}",
        text_of(&nothing)
    );

    let platform = installation.up().await;
    let running = installation.run(&["status"]);
    assert_eq!(running.status.code(), Some(0), "{}", text_of(&running));
    for app in [
        "auth",
        "accounts",
        "settings",
        "notifications",
        "logging",
        "dashboard",
    ] {
        assert!(
            text_of(&running).contains(app),
            "{app}: {}",
            text_of(&running)
        );
    }
    let json: serde_json::Value =
        serde_json::from_slice(&installation.run(&["status", "--json"]).stdout).unwrap();
    assert_eq!(json["instance"]["pid"], platform.pid());
    assert!(
        json["report"]["instances"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["healthy"] == true),
        "{json}"
    );

    platform.kill();
    let killed = installation.run(&["status"]);
    assert_eq!(killed.status.code(), Some(3), "{}", text_of(&killed));
}

#[tokio::test]
async fn people_are_created_promoted_and_helped_back_in() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let created = installation.run(&[
        "user",
        "create",
        "grace",
        "--email",
        "grace@example.org",
        "--name",
        "Grace Hopper",
    ]);
    assert!(created.status.success(), "{}", text_of(&created));
    let grace = installation.visitor();
    let link = link_in(&text_of(&created));
    choose_password(&installation, &grace, &link, PASSWORD).await;
    assert!(is_signed_in(&grace).await);
    assert_eq!(grace.get_once("/admin").await.status, 403);

    let promoted = installation.run(&["user", "promote", "grace@example.org"]);
    assert!(promoted.status.success(), "{}", text_of(&promoted));
    // Whoever's role is raised signs in anew.
    eventually("grace is signed out", async || !is_signed_in(&grace).await).await;
    sign_in(&grace, "grace", PASSWORD).await;
    eventually("grace is an administrator", async || {
        grace.get_once("/admin").await.status == 200
    })
    .await;

    let reset = installation.run(&["user", "reset", "grace"]);
    assert!(reset.status.success(), "{}", text_of(&reset));
    eventually("grace is signed out", async || !is_signed_in(&grace).await).await;
    let other = "an entirely different passphrase 9";
    choose_password(&installation, &grace, &link_in(&text_of(&reset)), other).await;
    let again = installation.visitor();
    sign_in(&again, "grace", other).await;
    assert!(is_signed_in(&again).await);

    let sessions = installation.run(&["user", "sessions", "grace", "--json"]);
    let sessions: serde_json::Value = serde_json::from_slice(&sessions.stdout).unwrap();
    assert_eq!(sessions["username"], "grace");
    assert_eq!(
        sessions["sessions"].as_array().unwrap().len(),
        2,
        "{sessions}"
    );
    let factors = installation.run(&["user", "factors", "grace", "--json"]);
    let factors: serde_json::Value = serde_json::from_slice(&factors.stdout).unwrap();
    assert_eq!(
        (&factors["password"], &factors["totp"]),
        (&true.into(), &false.into())
    );
    for command in [
        &["user", "factors", "grace"][..],
        &["user", "sessions", "grace"],
        &["user", "unlock", "grace@example.org"],
        &["user", "sessions", "grace", "--end"],
    ] {
        let ran = installation.run(command);
        assert!(ran.status.success(), "{command:?}: {}", text_of(&ran));
    }
    eventually("grace is signed out again", async || {
        !is_signed_in(&again).await
    })
    .await;
    let mail = installation.run(&["user", "reset", "grace", "--mail"]);
    assert!(mail.status.success(), "{}", text_of(&mail));
    assert!(!text_of(&mail).contains("http"), "the link is in the mail");

    let twice = installation.run(&["user", "create", "grace", "--email", "other@example.org"]);
    assert_eq!(twice.status.code(), Some(1), "{}", text_of(&twice));
    let nobody = installation.run(&["user", "reset", "nobody"]);
    assert!(text_of(&nobody).contains("nobody"), "{}", text_of(&nobody));
    assert!(!nobody.status.success());
    assert_eq!(platform.stop().await, Some(0));
}

async fn choose_password(
    installation: &Installation,
    visitor: &testkit::CookieClient,
    link: &str,
    password: &str,
) {
    let path = link
        .strip_prefix(&installation.url())
        .expect("a link to this installation");
    let page = visitor
        .fill(
            path,
            "main form",
            &[("password", password), ("password_again", password)],
        )
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
}

#[tokio::test]
async fn an_app_key_is_printed_alone_and_is_the_same_each_time() {
    let installation = Installation::new();
    let before = installation.run(&["app-key", "hello"]);
    assert_eq!(before.status.code(), Some(64), "{}", text_of(&before));
    let platform = installation.up().await;
    let key = installation.run(&["app-key", "hello"]);
    let text = String::from_utf8(key.stdout).unwrap();
    assert!(text.starts_with("hello."), "{text}");
    assert_eq!(text.lines().count(), 1);
    assert_eq!(
        installation.run(&["app-key", "hello"]).stdout,
        text.as_bytes()
    );
    assert_ne!(
        installation.run(&["app-key", "other"]).stdout,
        text.as_bytes()
    );
    assert_eq!(
        installation.run(&["app-key", "Not An Id"]).status.code(),
        Some(2)
    );
    assert_eq!(platform.stop().await, Some(0));
}

#[tokio::test]
async fn migrate_prepares_a_database_and_leaves_a_running_one_alone() {
    let installation = Installation::new();
    let first = installation.run(&["migrate"]);
    assert!(first.status.success(), "{}", text_of(&first));
    assert!(
        text_of(&first).contains("auth: up to date"),
        "{}",
        text_of(&first)
    );
    assert!(
        installation.run(&["migrate"]).status.success(),
        "again is no harm"
    );
    let platform = installation.up().await;
    let running = installation.run(&["migrate"]);
    assert_eq!(running.status.code(), Some(1));
    assert!(
        text_of(&running).contains("is running"),
        "{}",
        text_of(&running)
    );
    assert_eq!(platform.stop().await, Some(0));
}

#[tokio::test]
async fn a_configured_database_and_redis_are_used_and_none_started() {
    let database = testkit::database().await;
    let redis = testkit::redis().await;
    let installation = Installation::new();
    let platform = installation
        .up_with(|command| {
            command
                // Roles belong to the whole server, which other tests use, too: their passwords come
                // from the secret that all of them have.
                .env("APP_SECRET", testkit::SECRET)
                .env("DATABASE_URL", &database.owner_url)
                .env("REDIS_URL", &redis.url);
        })
        .await;
    assert!(!installation.data.join("servers/postgres").exists());
    assert!(!installation.data.join("servers/redis").exists());
    installation.first_admin().await;
    assert_eq!(platform.stop().await, Some(0));
    let schemas: i64 = database
        .client()
        .await
        .query_one("SELECT count(*) FROM pg_namespace WHERE nspname IN ('auth', 'accounts', 'settings', 'notifications', 'logging')", &[])
        .await
        .unwrap()
        .try_get(0)
        .unwrap();
    assert_eq!(schemas, 5);
}
