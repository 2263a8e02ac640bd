//! Where test servers live on disk: short paths, one tree per user, passable for their account.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Changes when the layout does, so that checkouts of different age do not share servers.
const LAYOUT: u32 = 1;

/// The tree of this user, `/tmp/ctk<user id>-<layout>`: short, because sockets lie deep in it.
pub(crate) fn root() -> PathBuf {
    let uid = rustix::process::geteuid().as_raw();
    let path = PathBuf::from(format!("/tmp/ctk{uid}-{LAYOUT}"));
    make(&path);
    let found = fs::metadata(&path).expect("the test tree can be read");
    // The name can be guessed: somebody else's directory would let them swap the servers' sockets.
    assert_eq!(
        found.uid(),
        uid,
        "{} belongs to somebody else",
        path.display()
    );
    path
}

/// Creates a directory that others can pass through and not list.
pub(crate) fn make(path: &Path) {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(path)
        .unwrap_or_else(|error| panic!("cannot create {}: {error}", path.display()));
    // The umask may have taken what the servers' account needs.
    fs::set_permissions(path, fs::Permissions::from_mode(0o711))
        .unwrap_or_else(|error| panic!("cannot change the mode of {}: {error}", path.display()));
}
