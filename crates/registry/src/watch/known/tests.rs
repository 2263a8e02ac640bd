#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
use super::*;
use crate::reading::Member;
use crate::{AppId, AppSecret, InstanceId};

const MEMORY: Duration = Duration::from_mins(10);

fn keyring() -> Keyring {
    Keyring::Secret(AppSecret::new([1; 32]).unwrap())
}

fn entry(app: &str, started_at: &str, prefixes: &[&str]) -> Entry {
    let mut entry = Entry::new(
        AppId::new(app).unwrap(),
        InstanceId::new("i1").unwrap(),
        started_at.parse().unwrap(),
        "http://127.0.0.1:4000".to_owned(),
    );
    entry.prefixes = prefixes.iter().map(|&prefix| prefix.to_owned()).collect();
    entry
}

fn hello() -> Entry {
    entry("hello", "2026-01-01T00:00:00Z", &["/app/hello"])
}

fn reading(generation: &str, members: Vec<(&str, Stored)>) -> Reading {
    let members = members.into_iter().map(|(app, value)| Member {
        app: app.to_owned(),
        instance: "i1".to_owned(),
        value,
    });
    Reading {
        generation: generation.to_owned(),
        members: members.collect(),
    }
}

fn sealed(entry: &Entry) -> Stored {
    Stored::Text(wire::seal(entry, &keyring()).unwrap().into())
}

fn knows_hello() -> Known {
    let mut known = Known::new(MEMORY);
    known.apply(
        reading("g1", vec![("hello", sealed(&hello()))]),
        &keyring(),
        Instant::now(),
    );
    assert_eq!(known.snapshot().entries.len(), 1);
    known
}

#[test]
fn a_released_entry_is_gone() {
    let mut known = knows_hello();
    known.apply(reading("g1", vec![]), &keyring(), Instant::now());
    assert_eq!(known.snapshot().live().count(), 0);
}

#[test]
fn an_emptied_registry_makes_entries_unconfirmed() {
    for generation in ["", "g2"] {
        let mut known = knows_hello();
        known.apply(reading(generation, vec![]), &keyring(), Instant::now());
        let snapshot = known.snapshot();
        assert!(snapshot.entries.is_empty());
        assert_eq!(*snapshot.unconfirmed[0], hello());
        // Reads of the emptied registry change nothing more, registering again does.
        known.apply(reading("g2", vec![]), &keyring(), Instant::now());
        assert_eq!(known.snapshot().unconfirmed.len(), 1);
        known.apply(
            reading("g2", vec![("hello", sealed(&hello()))]),
            &keyring(),
            Instant::now(),
        );
        assert_eq!(known.snapshot().entries.len(), 1);
        assert!(known.snapshot().unconfirmed.is_empty());
    }
}

#[test]
fn a_registry_restored_to_an_earlier_moment_takes_nothing_away() {
    for away in [Known::miss, Known::interrupt] {
        let mut known = knows_hello();
        away(&mut known);
        known.apply(reading("g1", vec![]), &keyring(), Instant::now());
        assert_eq!(known.snapshot().unconfirmed.len(), 1);
        // Once it is read in peace, what is missing was taken away.
        known.apply(
            reading("g1", vec![("hello", sealed(&hello()))]),
            &keyring(),
            Instant::now(),
        );
        known.apply(reading("g1", vec![]), &keyring(), Instant::now());
        assert_eq!(known.snapshot().live().count(), 0);
    }
}

#[test]
fn a_lease_that_ran_out_is_unconfirmed_until_dismissed() {
    let mut known = knows_hello();
    known.apply(
        reading("g1", vec![("hello", Stored::Nothing)]),
        &keyring(),
        Instant::now(),
    );
    assert_eq!(known.snapshot().unconfirmed.len(), 1);
    let newer = Entry {
        epoch: 9,
        ..hello()
    };
    known.dismiss(&newer);
    assert_eq!(known.snapshot().unconfirmed.len(), 1);
    known.dismiss(&hello());
    assert_eq!(known.snapshot().live().count(), 0);
}

#[test]
fn an_unconfirmed_entry_ages_out_while_redis_answers_only() {
    let start = Instant::now();
    let mut known = knows_hello();
    known.apply(reading("g2", vec![]), &keyring(), start);
    known.miss();
    assert!(known.snapshot().stale);
    let after_outage = start + MEMORY * 2;
    known.apply(reading("g2", vec![]), &keyring(), after_outage);
    assert_eq!(known.snapshot().unconfirmed.len(), 1);
    known.apply(reading("g2", vec![]), &keyring(), after_outage + MEMORY);
    assert_eq!(known.snapshot().live().count(), 0);
}

#[test]
fn junk_in_place_of_an_entry_is_reported_and_does_not_remove_it() {
    let mut known = knows_hello();
    let junk = Stored::Text(Bytes::from_static(b"junk"));
    known.apply(
        reading("g1", vec![("hello", junk)]),
        &keyring(),
        Instant::now(),
    );
    let snapshot = known.snapshot();
    assert_eq!(snapshot.unconfirmed.len(), 1);
    assert_eq!(snapshot.rejected[0].reason, Reason::Malformed);
}

#[test]
fn the_app_that_held_a_prefix_first_keeps_it() {
    let first = entry("first", "2026-01-01T00:00:00Z", &["/dav", "/app/first"]);
    let second = entry("second", "2026-01-02T00:00:00Z", &["/dav", "/app/second"]);
    let mut known = Known::new(MEMORY);
    let both = vec![("first", sealed(&first)), ("second", sealed(&second))];
    known.apply(reading("g1", both), &keyring(), Instant::now());
    let snapshot = known.snapshot();
    assert_eq!(snapshot.entries[0].prefixes, ["/dav", "/app/first"]);
    assert_eq!(snapshot.entries[1].prefixes, ["/app/second"]);
    let holder = AppId::new("first").unwrap();
    let prefix = "/dav".to_owned();
    assert_eq!(
        snapshot.rejected[0].reason,
        Reason::Conflict { prefix, holder }
    );
    // Once the holder is gone, the prefix is free.
    known.apply(
        reading("g1", vec![("second", sealed(&second))]),
        &keyring(),
        Instant::now(),
    );
    assert_eq!(
        known.snapshot().entries[0].prefixes,
        ["/dav", "/app/second"]
    );
}

#[test]
fn a_foreign_prefix_is_reported_and_not_served() {
    let thief = entry(
        "thief",
        "2026-01-01T00:00:00Z",
        &["/auth", "/app/hello", "/x/../y", "/app/thief"],
    );
    let mut known = Known::new(MEMORY);
    known.apply(
        reading("g1", vec![("thief", sealed(&thief))]),
        &keyring(),
        Instant::now(),
    );
    let snapshot = known.snapshot();
    assert_eq!(snapshot.entries[0].prefixes, ["/app/thief"]);
    assert_eq!(snapshot.rejected.len(), 3);
}

#[test]
fn a_seed_stands_until_the_registry_was_read() {
    let seed = || Seed {
        generation: "g1".to_owned(),
        entries: vec![Arc::new(hello())],
    };
    let mut known = Known::new(MEMORY);
    known.seed(seed(), Instant::now());
    assert!(known.snapshot().stale && !known.was_read());
    assert_eq!(known.snapshot().live().count(), 1);
    // The registry is the one of the seed and no longer lists it: it was released meanwhile.
    known.apply(reading("g1", vec![]), &keyring(), Instant::now());
    assert_eq!(known.snapshot().live().count(), 0);
    known.seed(seed(), Instant::now());
    assert_eq!(known.snapshot().live().count(), 0);
    // The registry was emptied meanwhile: what the seed knew may be alive.
    let mut known = Known::new(MEMORY);
    known.apply(reading("g2", vec![]), &keyring(), Instant::now());
    known.seed(seed(), Instant::now());
    assert_eq!(known.snapshot().unconfirmed.len(), 1);
}
