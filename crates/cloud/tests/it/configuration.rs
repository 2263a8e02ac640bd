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
