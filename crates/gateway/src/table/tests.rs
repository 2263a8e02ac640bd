#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
use registry::InstanceId;

use super::*;

pub(crate) fn entry(app: &str, instance: &str, prefixes: &[&str]) -> Entry {
    let mut entry = Entry::new(
        AppId::new(app).unwrap(),
        InstanceId::new(instance).unwrap(),
        jiff::Timestamp::UNIX_EPOCH,
        "http://127.0.0.1:4000".to_owned(),
    );
    entry.prefixes = prefixes.iter().map(|&prefix| prefix.to_owned()).collect();
    entry
}

fn snapshot(entries: Vec<Entry>) -> Snapshot {
    Snapshot {
        entries: entries.into_iter().map(Arc::new).collect(),
        ..Snapshot::default()
    }
}

fn build(snapshot: &Snapshot, before: &Table, memory: &Memory) -> Table {
    let here = HostId::of_this_machine();
    Builder { here }.build(snapshot, before, memory)
}

pub(crate) fn table(entries: Vec<Entry>) -> Table {
    build(&snapshot(entries), &Table::default(), &Memory::default())
}

fn owner(table: &Table, path: &str) -> Option<String> {
    table.route(path).map(|route| route.app.to_string())
}

#[test]
fn the_longest_prefix_of_whole_segments_wins() {
    let table = table(vec![
        entry("dashboard", "i", &["/", "/admin"]),
        entry("files", "i", &["/app/files", "/admin/files"]),
        entry("photos", "i", &["/app/files-photos"]),
    ]);
    for (path, app) in [
        ("/", "dashboard"),
        ("/anything/else", "dashboard"),
        ("/app", "dashboard"),
        ("/app/filesystem", "dashboard"),
        ("/app/file", "dashboard"),
        ("/app/files", "files"),
        ("/app/files/", "files"),
        ("/app/files/a/b", "files"),
        ("/app/files-photos/x", "photos"),
        ("/admin", "dashboard"),
        ("/admin/", "dashboard"),
        ("/admin/users", "dashboard"),
        ("/admin/files/x", "files"),
    ] {
        assert_eq!(owner(&table, path).as_deref(), Some(app), "{path}");
    }
}

#[test]
fn without_a_root_unknown_paths_lead_nowhere() {
    let table = table(vec![entry("files", "i", &["/app/files"])]);
    for path in ["/", "/app", "/app/filesystem", "/x"] {
        assert_eq!(owner(&table, path), None, "{path}");
    }
}

#[test]
fn draining_instances_get_nothing_new_and_instances_keep_their_place() {
    let before = table(vec![
        entry("files", "a", &["/app/files"]),
        entry("files", "b", &["/app/files"]),
    ]);
    assert_eq!(before.route("/app/files").unwrap().upstreams().len(), 2);
    let mut draining = entry("files", "a", &["/app/files"]);
    draining.state = State::Draining;
    let next = snapshot(vec![draining, entry("files", "b", &["/app/files"])]);
    let after = build(&next, &before, &Memory::default());
    let order = after.route("/app/files").unwrap().upstreams();
    assert_eq!(order.len(), 1);
    assert_eq!(order[0].entry.instance.as_str(), "b");
    assert!(
        before
            .upstreams()
            .any(|upstream| Arc::ptr_eq(upstream, &order[0]))
    );
}

#[test]
fn an_app_that_left_is_remembered_for_a_while() {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let mut memory = Memory::default();
    let full = snapshot(vec![
        entry("dashboard", "i", &["/"]),
        entry("files", "i", &["/app/files"]),
    ]);
    memory.note(&full, now);
    let left = snapshot(vec![entry("dashboard", "i", &["/"])]);
    memory.note(&left, now);
    let after = build(&left, &Table::default(), &memory);
    let route = after.route("/app/files/x").unwrap();
    assert_eq!(route.app.as_str(), "files");
    assert!(!route.is_served());
    memory.note(&left, now + jiff::SignedDuration::from_mins(10));
    let later = build(&left, &Table::default(), &memory);
    assert_eq!(owner(&later, "/app/files/x").as_deref(), Some("dashboard"));
}

#[test]
fn a_policy_narrows_within_the_apps_own_prefixes() {
    let mut files = entry("files", "i", &["/app/files"]);
    let policy = |prefix: &str, body_limit, request_timeout_ms| PrefixPolicy {
        prefix: prefix.to_owned(),
        body_limit,
        request_timeout_ms,
        ..PrefixPolicy::default()
    };
    files.policy = vec![
        policy("/app/files", None, Some(5000)),
        policy("/app/files/upload", Some(10), None),
        policy("/app/other", Some(1), None),
        policy("/app/files/{x}", Some(1), None),
    ];
    let table = table(vec![files, entry("dashboard", "i", &["/"])]);
    let upload = table.route("/app/files/upload/now").unwrap().policy;
    assert_eq!(upload.body, Some(10));
    assert_eq!(upload.response, Some(Duration::from_secs(5)));
    let plain = table.route("/app/files/x").unwrap().policy;
    assert_eq!(plain.body, None);
    assert_eq!(owner(&table, "/app/other").as_deref(), Some("dashboard"));
}

#[test]
fn no_time_limit_lies_beyond_all_time() {
    let mut files = entry("files", "i", &["/app/files"]);
    files.policy = vec![PrefixPolicy {
        prefix: "/app/files".to_owned(),
        request_timeout_ms: Some(u64::MAX),
        idle_timeout_ms: Some(0),
        body_limit: None,
    }];
    let policy = table(vec![files]).route("/app/files").unwrap().policy;
    assert_eq!(policy.response, Some(LONGEST_TIME));
    assert_eq!(policy.idle, Some(Duration::from_millis(1)));
}

#[test]
fn an_unconfirmed_instance_serves_until_it_is_dismissed() {
    let mut snapshot = snapshot(vec![]);
    snapshot.unconfirmed = vec![Arc::new(entry("files", "i", &["/app/files"]))];
    let table = build(&snapshot, &Table::default(), &Memory::default());
    assert!(table.route("/app/files").unwrap().is_served());
}
