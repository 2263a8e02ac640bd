//! The proxy made of pingora's published crates. It is no part of the workspace: its source is copied below the
//! target directory and built there when it is needed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

const MANIFEST: &str = include_str!("../../pingora/Cargo.toml");
const SOURCE: &str = include_str!("../../pingora/src/main.rs");

/// Builds it, unless that was done before; where the program is.
pub(super) fn build() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    // target/release/edge-bench
    let target = program.ancestors().nth(2).context("no target directory")?;
    let folder = target.join("edge-bench/pingora");
    let built = folder.join("target/release/pingora-minimal");
    let fresh = replace(&folder.join("Cargo.toml"), MANIFEST)?
        & replace(&folder.join("src/main.rs"), SOURCE)?;
    if fresh && built.exists() {
        return Ok(built);
    }
    eprintln!("building the pingora proxy (once, a few minutes)");
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--target-dir", "target"])
        .current_dir(&folder)
        .status()
        .context("cargo")?;
    ensure!(status.success(), "the pingora proxy cannot be built");
    Ok(built)
}

/// Writes a file if it is different; whether it was the same.
fn replace(path: &Path, text: &str) -> Result<bool> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(true);
    }
    std::fs::create_dir_all(path.parent().context("no folder")?)?;
    std::fs::write(path, text)?;
    Ok(false)
}
