//! Says when the browser assets are missing and rebuilds when they change.
//!
//! Must not build them: that needs Node and is `cargo xtask assets`. Checks and unit tests work without.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=web/dist");
    if !Path::new("web/dist/manifest.json").exists() {
        println!("cargo::warning=the browser assets are not built: run `cargo xtask assets`");
    }
}
