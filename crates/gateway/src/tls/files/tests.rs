#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;
use std::path::Path;

use super::*;
use crate::tls::certificate::specimen::{LONG, Leaf, day, self_signed};

const NOW: (i16, i8, i8) = (2026, 1, 1);

fn now() -> Timestamp {
    day(NOW.0, NOW.1, NOW.2)
}

fn put(directory: &Path, certificate: &str, key: &str, leaf: &Leaf) -> Pair {
    let pair = Pair {
        certificate: directory.join(certificate),
        key: directory.join(key),
    };
    fs::create_dir_all(pair.certificate.parent().unwrap()).unwrap();
    fs::write(&pair.certificate, &leaf.certificate).unwrap();
    fs::write(&pair.key, &leaf.key).unwrap();
    pair
}

fn fingerprints(files: &Files) -> Vec<String> {
    let certificates = files.certificates();
    let all = certificates.iter();
    all.map(|each| each.fingerprint().to_owned()).collect()
}

#[test]
fn a_changed_file_is_read_again_and_a_broken_one_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let first = self_signed(&["a.example.org"], LONG);
    let pair = put(directory.path(), "a.crt", "a.key", &first);
    let files = Files::new(Some(pair.clone()), None);
    assert!(files.look(now()));
    assert!(!files.look(now()), "nothing has changed");
    let served = fingerprints(&files);
    assert_eq!(served.len(), 1);

    // The certificate is there before its key, as when two files are copied.
    let second = self_signed(&["a.example.org"], LONG);
    fs::write(&pair.certificate, &second.certificate).unwrap();
    assert!(files.look(now()));
    assert_eq!(fingerprints(&files), served);
    let (path, fault) = files.faults().pop().unwrap();
    assert_eq!(path, pair.certificate);
    assert!(fault.contains("belongs to none"), "{fault}");

    fs::write(&pair.key, &second.key).unwrap();
    assert!(files.look(now()));
    assert_ne!(fingerprints(&files), served);
    assert!(files.faults().is_empty());

    let served = fingerprints(&files);
    fs::remove_file(&pair.key).unwrap();
    assert!(files.look(now()));
    assert_eq!(fingerprints(&files), served, "a lost key changes nothing");
    assert_eq!(files.faults().len(), 1);
}

#[test]
fn an_expired_file_is_served_and_complained_about() {
    let directory = tempfile::tempdir().unwrap();
    let old = self_signed(&["a.example.org"], ((2020, 1, 1), (2020, 4, 1)));
    let pair = put(directory.path(), "a.crt", "a.key", &old);
    let files = Files::new(Some(pair), None);
    files.look(now());
    assert_eq!(files.certificates().len(), 1);
    let (_, fault) = files.faults().pop().unwrap();
    assert!(fault.contains("expired"), "{fault}");
}

#[test]
fn a_directory_is_searched_for_pairs() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let leaf = self_signed(&["a.example.org"], LONG);
    let wanted = [
        put(root, "a.crt", "a.key", &leaf),
        put(root, "b.pem", "b-key.pem", &leaf),
        put(root, "c/fullchain.pem", "c/privkey.pem", &leaf),
        put(root, "d/tls.crt", "d/tls.key", &leaf),
    ];
    fs::write(root.join("alone.crt"), &leaf.certificate).unwrap();
    fs::write(root.join("readme.txt"), "").unwrap();
    put(root, "..data/tls.crt", "..data/tls.key", &leaf);
    assert_eq!(directory::pairs(root).unwrap(), wanted);

    // In certbot's own directory only the whole chain counts.
    let live = root.join("c");
    fs::write(live.join("cert.pem"), &leaf.certificate).unwrap();
    fs::write(live.join("cert.key"), &leaf.key).unwrap();
    assert_eq!(
        directory::pairs(&live).unwrap(),
        wanted.get(2..3).unwrap_or_default()
    );
}

#[test]
fn a_pair_that_is_taken_away_is_served_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let leaf = self_signed(&["a.example.org"], LONG);
    let pair = put(directory.path(), "a.crt", "a.key", &leaf);
    let files = Files::new(None, Some(directory.path().to_owned()));
    assert!(files.look(now()));
    fs::remove_file(&pair.certificate).unwrap();
    assert!(files.look(now()));
    assert!(files.certificates().is_empty());

    // A directory that cannot be listed proves nothing.
    put(directory.path(), "a.crt", "a.key", &leaf);
    files.look(now());
    directory.close().unwrap();
    assert!(!files.look(now()));
    assert_eq!(files.certificates().len(), 1);
}
