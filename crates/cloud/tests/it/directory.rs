//! People and groups from the command line.

use serde_json::Value;

use crate::support::{Installation, link_in, text_of};

#[tokio::test]
async fn people_and_groups_are_listed_shown_and_changed() {
    let installation = Installation::new();
    let _platform = installation.up().await;
    let done = |arguments: &[&str]| {
        let ran = installation.run(arguments);
        assert!(ran.status.success(), "{arguments:?}: {}", text_of(&ran));
        text_of(&ran)
    };
    let refused = |arguments: &[&str]| {
        let ran = installation.run(arguments);
        assert!(!ran.status.success(), "{arguments:?}: {}", text_of(&ran));
        text_of(&ran)
    };
    let read = |arguments: &[&str]| -> Value {
        let ran = installation.run(arguments);
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{}", text_of(&ran)))
    };
    let first = link_in(&done(&[
        "user",
        "create",
        "grace",
        "--email",
        "grace@example.org",
    ]));
    let second = link_in(&done(&["user", "invite", "grace"]));
    assert_ne!(first, second);
    assert!(done(&["user", "list", "gra"]).contains("grace@example.org"));
    assert!(done(&["user", "list", "--state", "suspended"]).contains("nobody"));
    assert!(done(&["user", "show", "GRACE@example.org"]).contains("invited"));

    done(&[
        "group",
        "create",
        "Engineers",
        "--description",
        "They build",
    ]);
    done(&["group", "create", "Everybody"]);
    assert!(refused(&["group", "create", "engineers"]).contains("taken"));
    assert!(done(&["group", "add", "Engineers", "grace"]).contains("is in"));
    assert!(done(&["group", "add", "engineers", "grace"]).contains("already"));
    done(&["group", "add", "Everybody", "--group", "Engineers"]);
    assert!(refused(&["group", "add", "Engineers", "--group", "Everybody"]).contains("itself"));
    assert!(refused(&["group", "add", "Nobodies", "grace"]).contains("has this name"));
    let shown = read(&["group", "show", "Everybody", "--json"]);
    assert_eq!(
        (&shown["groups"][0], &shown["people_total"]),
        (&"Engineers".into(), &0.into())
    );
    let grace = read(&["user", "show", "grace", "--json"]);
    assert_eq!(grace["groups"].as_array().unwrap().len(), 2, "{grace}");
    done(&["group", "remove", "Engineers", "grace"]);
    let names = read(&["group", "list", "--json"]);
    assert_eq!(names["groups"][0]["name"], "Engineers");
    assert_eq!(done(&["group", "show", "Engineers"]).lines().count(), 1);

    assert!(done(&["user", "suspend", "grace"]).contains("grace is suspended"));
    assert!(refused(&["user", "invite", "grace"]).contains("not invited"));
    assert!(done(&["user", "restore", "grace"]).contains("grace is invited"));
    assert!(refused(&["user", "restore", "grace"]).contains("not accepted"));
    assert!(refused(&["user", "show", "nobody"]).contains("Nobody has"));
}
