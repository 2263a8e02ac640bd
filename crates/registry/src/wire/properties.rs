//! What holds of every registration, whoever wrote it: found by generated input.
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
use crate::{AppId, AppSecret, InstanceId};

fn keyring() -> Keyring {
    Keyring::Secret(AppSecret::new([1; 32]).unwrap())
}

fn opened(value: &[u8]) -> Result<Entry, Reason> {
    open(value, "hello", "i1", &keyring())
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

/// What an app with a key of its own may sign, well-formed or not.
fn signed(entry: &str, epoch: u64) -> Option<String> {
    let raw: Box<RawValue> = serde_json::from_str(entry).ok()?;
    let mac = keyring()
        .sign(&AppId::new("hello").unwrap(), &signed_bytes(&raw))
        .unwrap();
    let signature = URL_SAFE_NO_PAD.encode(mac);
    Some(
        serde_json::to_string(&Envelope {
            epoch,
            signature,
            entry: &raw,
        })
        .unwrap(),
    )
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
        prop_assert!(opened(&bytes).is_err());
        let sealed = signed(&entry().to_string(), 7).unwrap();
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
        let sealed = signed(&entry.to_string(), entry["epoch"].as_u64().unwrap_or(7)).unwrap();
        if let Ok(entry) = opened(sealed.as_bytes()) {
            let again = seal(&entry, &keyring()).unwrap();
            let read = opened(again.as_bytes());
            prop_assert_eq!(read.as_ref(), Ok(&entry));
            prop_assert_eq!((entry.id.as_str(), entry.instance.as_str()), ("hello", "i1"));
            prop_assert_eq!(&entry.instance, &InstanceId::new("i1").unwrap());
            for address in [Some(&entry.http), entry.grpc.as_ref()].into_iter().flatten() {
                let url = url::Url::parse(address);
                let url = url.map_err(|error| TestCaseError::fail(format!("{address}: {error}")))?;
                let is_bare = url.path() == "/" && url.username().is_empty() && url.password().is_none();
                prop_assert!(is_bare && url.scheme() == "http" && url.query().is_none(), "{}", address);
            }
            for link in entry.nav.iter().map(|item| &item.path).chain(&entry.search) {
                let base = url::Url::parse("http://platform.test/").unwrap();
                let leads = base.join(link).map(|url| url.host_str().map(str::to_owned));
                prop_assert_eq!(leads, Ok(Some("platform.test".to_owned())), "{}", link);
            }
        }
    }
}
