//! What is refused before anything is started.

use crate::support::{Installation, text_of};

fn refused(installation: &Installation, variables: &[(&str, &str)]) -> String {
    let mut command = installation.command(&["up"]);
    command.env_remove("CLOUD_ENV");
    for (name, value) in variables {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(64), "{}", text_of(&output));
    assert!(
        !installation.data.join("servers/postgres").exists(),
        "a server was started"
    );
    text_of(&output)
}

#[test]
fn production_wants_a_secret_that_is_one() {
    let installation = Installation::new();
    for secret in [
        None,
        Some("short"),
        Some("change-me-0123456789abcdef0123456789abcdef"),
    ] {
        let variables: Vec<(&str, &str)> = secret
            .map(|secret| ("APP_SECRET", secret))
            .into_iter()
            .collect();
        let text = refused(&installation, &variables);
        assert!(text.contains("APP_SECRET"), "{text}");
        assert!(secret.is_none_or(|secret| !text.contains(secret)), "{text}");
    }
}

#[test]
fn all_problems_are_named_at_once() {
    let installation = Installation::new();
    let text = refused(
        &installation,
        &[
            ("PORT", "x"),
            ("APP_URL", "ftp://x"),
            ("TRUSTED_PROXIES", "y"),
        ],
    );
    for name in ["APP_SECRET", "PORT", "APP_URL", "TRUSTED_PROXIES"] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn help_and_version_are_there_and_nonsense_is_refused() {
    let installation = Installation::new();
    assert!(installation.run(&["--help"]).status.success());
    assert!(installation.run(&["--version"]).status.success());
    assert_eq!(installation.run(&["upp"]).status.code(), Some(2));
    assert_eq!(
        installation
            .run(&["user", "create", "x", "--email", "x@y", "--role", "king"])
            .status
            .code(),
        Some(2)
    );
}

#[tokio::test]
async fn a_database_that_stays_away_ends_the_start_with_the_reason() {
    let installation = Installation::new();
    let output = installation
        .command(&["up"])
        .env("DATABASE_URL", "postgres://owner:secret@127.0.0.1:9/cloud")
        .env("START_WAIT_SECONDS", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text_of(&output));
    let text = text_of(&output);
    assert!(
        text.contains("PostgreSQL is not available") && text.contains("refused"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(
        installation.server_pid_if_any("redis"),
        None,
        "a server was left running"
    );
}

#[tokio::test]
async fn production_keeps_its_secrets_and_its_developers_tools_to_itself() {
    let installation = Installation::new();
    let platform = installation
        .up_with(|command| {
            command
                .env("CLOUD_ENV", "production")
                .env("HOST", "127.0.0.1")
                .env("APP_SECRET", testkit::SECRET);
        })
        .await;
    assert!(
        !installation.data.join("app.secret").exists(),
        "a secret was made"
    );
    assert!(
        !installation.data.join(".cloud").exists(),
        "a dev network was opened"
    );
    let link = installation.setup_link().await;
    testkit::eventually("the file is named", async || {
        platform.printed().contains("setup-link")
    })
    .await;
    assert!(
        !platform.printed().contains(&link),
        "the link went to a log"
    );
    let admin = installation.first_admin().await;
    assert_eq!(admin.get_once("/app/ui-lab").await.status, 404);
    assert_eq!(platform.stop().await, Some(0));
}
