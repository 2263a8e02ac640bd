#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
use std::time::Duration;

use registry::InstanceId;

use super::policy::LONGEST_TIME;
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
fn what_is_in_flight_counts_in_the_tables_that_follow() {
    let files = |instance, limit| {
        let mut files = entry("files", instance, &["/app/files"]);
        files.policy = vec![PrefixPolicy {
            prefix: "/app/files".to_owned(),
            concurrency: Some(limit),
            ..PrefixPolicy::default()
        }];
        files
    };
    let first = table(vec![files("a", 1)]);
    let route = |table: &Table| Arc::clone(table.route("/app/files").unwrap());
    let entered = route(&first).enter().unwrap();
    assert!(route(&first).template(b"/app/files/{id}").is_some());
    let both = vec![files("a", 1), files("b", 1)];
    let second = build(&snapshot(both.clone()), &first, &Memory::default());
    assert!(route(&second).enter().is_none());
    let third = build(&snapshot(both), &second, &Memory::default());
    assert!(Arc::ptr_eq(&route(&second), &route(&third)));
    drop(entered);
    assert!(route(&third).enter().is_some());
    let other = table(vec![entry("photos", "c", &["/app/files"])]);
    let moved = build(&snapshot(vec![files("a", 1)]), &other, &Memory::default());
    assert_eq!(owner(&moved, "/app/files").as_deref(), Some("files"));
}

/// An app with the prefix `/app/files` as the gateway sees it, moment by moment.
struct Sightings {
    memory: Memory,
    now: jiff::Timestamp,
}

impl Sightings {
    fn new() -> Self {
        Self {
            memory: Memory::default(),
            now: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    /// Its instances as they are seen `seconds` later.
    fn after(&mut self, seconds: i64, instances: &[(&str, State)]) -> &mut Self {
        self.now += jiff::SignedDuration::from_secs(seconds);
        let entries = instances.iter().map(|&(instance, state)| {
            let mut files = entry("files", instance, &["/app/files"]);
            files.state = state;
            files
        });
        self.memory.note(&snapshot(entries.collect()), self.now);
        self
    }

    /// Whether its address still is its own, though nobody is there: an outage, not an unknown address.
    fn is_outage(&self) -> bool {
        let home = snapshot(vec![entry("dashboard", "i", &["/"])]);
        let table = build(&home, &Table::default(), &self.memory);
        let route = table.route("/app/files/x").unwrap();
        let is_outage = route.app.as_str() == "files";
        assert!(!is_outage || !route.is_served());
        is_outage
    }
}

#[test]
fn an_app_that_vanished_is_remembered_for_ten_minutes() {
    let mut files = Sightings::new();
    files.after(0, &[("a", State::Ready)]).after(90, &[]);
    assert!(files.after(599, &[]).is_outage());
    assert!(!files.after(1, &[]).is_outage());
}

#[test]
fn an_app_that_was_stopped_is_remembered_for_ten_seconds() {
    let mut files = Sightings::new();
    files.after(0, &[("a", State::Ready), ("b", State::Ready)]);
    files.after(1, &[("a", State::Draining), ("b", State::Ready)]);
    files.after(1, &[("b", State::Draining)]);
    // However long the drain takes, the seconds count from its end.
    files.after(20, &[]);
    assert!(files.is_outage());
    assert_eq!(
        files.memory.rest(files.now),
        Some(jiff::SignedDuration::from_secs(10))
    );
    assert!(files.after(9, &[]).is_outage());
    assert!(!files.after(1, &[]).is_outage());
    assert_eq!(files.memory.rest(files.now), None);
}

#[test]
fn an_app_of_which_one_instance_was_stopped_and_one_vanished_is_an_outage() {
    let mut files = Sightings::new();
    files.after(0, &[("a", State::Draining), ("b", State::Ready)]);
    files.after(0, &[("a", State::Draining), ("b", State::Ready)]);
    files.after(1, &[]);
    assert!(files.after(60, &[]).is_outage());
}

#[test]
fn an_app_that_came_back_is_not_counted_by_its_last_leave() {
    let mut files = Sightings::new();
    files.after(0, &[("a", State::Draining)]).after(0, &[]);
    files.after(5, &[("b", State::Ready)]);
    assert_eq!(files.memory.rest(files.now), None);
    files.after(60, &[]);
    assert!(files.after(60, &[]).is_outage());
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
    let upload = table.route("/app/files/upload/now").unwrap().policy.clone();
    assert_eq!(upload.body, Some(10));
    assert_eq!(upload.response, Some(Duration::from_secs(5)));
    let plain = table.route("/app/files/x").unwrap().policy.clone();
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
        ..PrefixPolicy::default()
    }];
    let policy = table(vec![files])
        .route("/app/files")
        .unwrap()
        .policy
        .clone();
    assert_eq!(policy.response, Some(LONGEST_TIME));
    assert_eq!(policy.idle, Some(LONGEST_TIME));
}

#[test]
fn an_unconfirmed_instance_serves_until_it_is_dismissed() {
    let mut snapshot = snapshot(vec![]);
    snapshot.unconfirmed = vec![Arc::new(entry("files", "i", &["/app/files"]))];
    let table = build(&snapshot, &Table::default(), &Memory::default());
    assert!(table.route("/app/files").unwrap().is_served());
}

/// Every path of up to four segments against every prefix, by the definition.
#[test]
fn the_table_agrees_with_the_definition_of_a_prefix() {
    let words = ["a", "b", "ab", ""];
    let mut paths = vec![String::new()];
    for depth in 0..4 {
        let longer = paths
            .iter()
            .filter(|path| path.matches('/').count() == depth);
        let longer = longer.flat_map(|path| words.map(|word| format!("{path}/{word}")));
        let longer: Vec<String> = longer.collect();
        paths.extend(longer);
    }
    for prefixes in [
        &["/"][..],
        &["/a"],
        &["/a", "/a/b", "/b"],
        &["/", "/ab", "/a/b/a"],
        &["/a/b/ab/a", "/a/b"],
    ] {
        let table = table(vec![entry("files", "i", prefixes)]);
        for path in paths.iter().filter(|path| !path.is_empty()) {
            let covering = prefixes
                .iter()
                .filter(|prefix| prefix::covers(prefix, path));
            let longest = covering.max_by_key(|prefix| prefix.len()).copied();
            let found = table.route(path).map(|route| &*route.prefix);
            assert_eq!(found, longest, "{path} among {prefixes:?}");
        }
    }
}
