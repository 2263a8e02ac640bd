//! Generated input for the invariants of registrations.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use serde_json::{Value, json};

use super::*;

fn opened(value: &[u8]) -> Result<Entry, Reason> {
    open(value, "hello", "i1", &invariants::keyring())
}

fn entry() -> Value {
    json!({
        "id": "hello", "instance": "i1", "epoch": 7, "version": "1", "started_at": "2026-01-01T00:00:00Z",
        "http": "http://127.0.0.1:4000", "grpc": "http://[::1]:4001", "prefixes": ["/app/hello"],
        "unix": {"path": "/run/hello.sock", "host_id": "h"}, "health": "/health", "search": "/api/hello/search",
        "nav": [{"label": {"en": "x", "de": "x"}, "path": "/app/hello", "icon": "tabler-x", "role": "guest"}],
        "policy": [{"prefix": "/app/hello", "body_limit": 10}],
        "settings": [{"key": "a", "kind": {"type": "integer", "min": 1}, "label": {"en": "x", "de": "x"}, "default": 1}],
    })
}

fn odd() -> impl Strategy<Value = Value> {
    const TEXTS: [&str; 22] = [
        "",
        "/",
        "//a",
        "/a b",
        "/\\a",
        "a",
        "javascript:x",
        "http://a",
        "http://a:1",
        "http://a:0",
        "http://:1",
        "http://[::1]:1",
        "http://a@b:1",
        "http://a:1/x",
        "https://a:1",
        "http://a:99999",
        "http://a/b:1",
        "http://[]:1",
        "http://[a b]:1",
        "http://[x@y/z]:1",
        "admin",
        "\u{0}/",
    ];
    prop_oneof![
        8 => select(&TEXTS[..]).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => Just(json!([])),
        1 => Just(json!({})),
    ]
}

/// Puts a value somewhere into another one.
fn put(into: &mut Value, place: Index, value: Value) {
    let mut places = Vec::new();
    collect(into, String::new(), &mut places);
    let pointer = &places[place.index(places.len())];
    *into.pointer_mut(pointer).unwrap() = value;
}

fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                collect(value, format!("{at}/{name}"), places);
            }
        }
        Value::Array(values) => {
            for (number, value) in values.iter().enumerate() {
                collect(value, format!("{at}/{number}"), places);
            }
        }
        _ => places.push(at),
    }
}

proptest! {
    #![proptest_config(Config { cases: 2048, failure_persistence: None, ..Config::default() })]

    #[test]
    fn nobody_registers_without_the_key(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        changes in proptest::collection::vec((any::<Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        invariants::unsigned(&bytes);
        let sealed = invariants::seal_any(&entry().to_string()).unwrap();
        let whole = opened(sealed.as_bytes()).unwrap();
        let mut changed = sealed.into_bytes();
        for (place, byte, kind) in changes {
            let at = place.index(changed.len());
            match kind {
                0 => changed[at] = byte,
                1 => changed.insert(at, byte),
                _ => drop(changed.remove(at)),
            }
        }
        // A blank around the signed part changes nothing; anything else is noticed.
        if let Ok(entry) = opened(&changed) {
            prop_assert_eq!(entry, whole);
        }
    }

    #[test]
    fn what_a_key_holder_registers_is_sound_or_refused(
        changes in proptest::collection::vec((any::<Index>(), odd()), 0..3),
    ) {
        let mut entry = entry();
        for (place, value) in changes {
            put(&mut entry, place, value);
        }
        drop(invariants::signed(&entry.to_string()));
    }
}
