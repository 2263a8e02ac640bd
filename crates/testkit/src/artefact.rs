//! Files a test run leaves for people: screenshots, above all.

use std::path::PathBuf;

/// A path for such a file, `<target>/screenshots/<name>`; its directory exists.
pub fn artefact(name: &str) -> PathBuf {
    // <target>/debug/deps/<test binary>
    let program = std::env::current_exe().expect("the path of the test binary");
    let target = program
        .ancestors()
        .find(|path| path.join("CACHEDIR.TAG").exists())
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = target.join("screenshots");
    std::fs::create_dir_all(&directory)
        .unwrap_or_else(|error| panic!("cannot create {}: {error}", directory.display()));
    directory.join(name)
}
