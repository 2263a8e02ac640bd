//! What a process refuses to start with, and how it says so.

use std::process::Output;

use crate::process::{SECRET, Specimen, enough, run};

const NOWHERE: &str = "redis://127.0.0.1:1";

fn without(name: &str) -> Vec<(&'static str, String)> {
    let mut variables = enough(NOWHERE);
    variables.retain(|(known, _)| *known != name);
    variables
}

fn with(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut variables = without(name);
    variables.push((name, value.to_owned()));
    variables
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(64), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_missing_secret_ends_the_start() {
    let said = refused(&run(&[], &without("APP_SECRET")));
    assert_eq!(
        said,
        "configuration: 1 problem\n  APP_SECRET must be set, to at least 32 random characters\n"
    );
}

#[test]
fn a_short_secret_ends_the_start() {
    let said = refused(&run(&["serve"], &with("APP_SECRET", "hunter2")));
    assert_eq!(
        said,
        "configuration: 1 problem\n  APP_SECRET must have at least 32 characters\n"
    );
}

#[test]
fn a_sample_secret_ends_the_start_in_production() {
    let sample = "change-me-to-64-random-characters-0123456789abcdef";
    let said = refused(&run(&[], &with("APP_SECRET", sample)));
    assert!(said.contains("APP_SECRET must be random"), "{said}");
    assert!(!said.contains(sample), "{said}");

    let mut dev = with("APP_SECRET", sample);
    dev.push(("CLOUD_ENV", "dev".to_owned()));
    assert_eq!(run(&["config", "check"], &dev).status.code(), Some(0));
}

#[test]
fn the_problems_of_core_and_app_are_told_at_once_and_no_value_is() {
    let variables = [
        ("APP_SECRET", "hunter2"),
        ("APP_URL", "hunter2"),
        ("PORT", "hunter2"),
        ("SPECIMEN_LIMIT", "hunter2"),
    ];
    let variables = variables.map(|(name, value)| (name, value.to_owned()));
    for arguments in [&["config", "check"][..], &["serve"]] {
        let said = refused(&run(arguments, &variables));
        assert_eq!(
            said,
            "configuration: 6 problems\n\
             \x20 APP_SECRET must have at least 32 characters\n\
             \x20 APP_URL must be an http or https URL without path, query or user\n\
             \x20 REDIS_URL (or REDIS_URL_FILE) must be set\n\
             \x20 PORT must be a port number\n\
             \x20 SPECIMEN_NAME must be set\n\
             \x20 SPECIMEN_LIMIT must be a number below 65536\n"
        );
    }
}

#[test]
fn a_secret_may_come_from_a_file_but_not_twice() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("secret");
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    let mut variables = without("APP_SECRET");
    variables.push(("APP_SECRET_FILE", file.to_str().unwrap().to_owned()));
    assert_eq!(run(&["config", "check"], &variables).status.code(), Some(0));

    variables.push(("APP_SECRET", SECRET.to_owned()));
    let said = refused(&run(&["config", "check"], &variables));
    assert_eq!(
        said,
        "configuration: 1 problem\n  APP_SECRET and APP_SECRET_FILE are both set: set one of them\n"
    );
}

/// A workspace in which `cloud up` runs.
fn workspace(redis: &str) -> tempfile::TempDir {
    let workspace = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(workspace.path().join(".cloud")).unwrap();
    std::fs::create_dir_all(workspace.path().join("crates/app-hello")).unwrap();
    let file = format!(
        "# dev network\nAPP_SECRET=dev-only-{SECRET}\nREDIS_URL={redis}\nCLOUD_ENV=dev\nLOG_LEVEL=debug\n"
    );
    std::fs::write(workspace.path().join(".cloud/dev.env"), file).unwrap();
    workspace
}

#[tokio::test]
async fn an_app_run_by_cargo_joins_the_dev_network() {
    let redis = testkit::redis().await;
    let workspace = workspace(&redis.url);
    let manifest = workspace.path().join("crates/app-hello");
    let mut specimen = Specimen::start(&[
        ("CARGO_MANIFEST_DIR", manifest.to_str().unwrap().to_owned()),
        ("SPECIMEN_NAME", "specimen".to_owned()),
        // Set by hand, and therefore not taken from the network.
        ("LOG_LEVEL", "info".to_owned()),
    ]);
    testkit::eventually("the app is ready", async || {
        specimen.output().contains("app is ready")
    })
    .await;
    let output = specimen.output();
    let joined = output
        .lines()
        .find(|line| line.contains("joined the dev network"));
    let joined = joined.expect("one line says which network");
    assert!(
        joined.contains(".cloud/dev.env (APP_SECRET, CLOUD_ENV, REDIS_URL)"),
        "{joined}"
    );
    assert!(!output.contains(SECRET), "{output}");
    specimen.signal(rustix::process::Signal::TERM);
    assert_eq!(specimen.ended().await, 0);
}

#[test]
fn a_dev_network_that_is_named_must_be_there_and_is_never_used_in_production() {
    let missing = [
        ("CLOUD_DEV_NETWORK", "/nowhere/dev.env".to_owned()),
        ("SPECIMEN_NAME", "specimen".to_owned()),
    ];
    let said = refused(&run(&["config", "check"], &missing));
    assert!(
        said.contains("CLOUD_DEV_NETWORK must name a readable file"),
        "{said}"
    );

    let workspace = workspace(NOWHERE);
    let file = workspace.path().join(".cloud/dev.env");
    let named = |mode: &str| {
        vec![
            ("CLOUD_DEV_NETWORK", file.to_str().unwrap().to_owned()),
            ("CLOUD_ENV", mode.to_owned()),
            ("SPECIMEN_NAME", "specimen".to_owned()),
        ]
    };
    assert_eq!(
        run(&["config", "check"], &named("dev")).status.code(),
        Some(0)
    );
    let said = refused(&run(&["config", "check"], &named("production")));
    assert!(said.contains("APP_SECRET must be set"), "{said}");
}
