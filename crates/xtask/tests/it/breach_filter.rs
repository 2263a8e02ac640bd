//! `cargo xtask breach-filter`.

use std::path::Path;
use std::process::{Command, Output};

use breach_filter::{Filter, Key};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(folder)
        .arg("breach-filter")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn a_list_of_passwords_and_hashes_becomes_a_filter() {
    let folder = tempfile::tempdir().unwrap();
    let list =
        b"hunter2\r\n\n5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\n\xff\xfe\nlast one";
    std::fs::write(folder.path().join("list"), list).unwrap();
    let made = run(folder.path(), &["list"]);
    assert!(made.status.success(), "{made:?}");
    let said = String::from_utf8(made.stdout).unwrap();
    assert_eq!(said.trim(), "breached.filter: 3 passwords, 1 KiB");
    let bytes = std::fs::read(folder.path().join("breached.filter")).unwrap();
    let filter = Filter::read(&mut bytes.as_slice()).unwrap();
    for leaked in ["hunter2", "password", "last one"] {
        assert!(filter.contains(Key::of(leaked)), "{leaked}");
    }
    assert!(!filter.contains(Key::of("hunter3")));
    assert_eq!(filter.header().entries, 3);

    let made = run(folder.path(), &["list", "--most", "1", "--out", "first"]);
    assert!(made.status.success(), "{made:?}");
    let bytes = std::fs::read(folder.path().join("first")).unwrap();
    let filter = Filter::read(&mut bytes.as_slice()).unwrap();
    assert!(filter.contains(Key::of("hunter2")) && !filter.contains(Key::of("password")));
}

#[test]
fn nothing_to_read_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty"), "\n\n").unwrap();
    for (list, says) in [
        ("empty", "empty is empty"),
        ("missing", "cannot open missing"),
    ] {
        let refused = run(folder.path(), &[list]);
        assert!(!refused.status.success());
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains(says), "{said}");
    }
}
