//! The browser assets: installed and built by npm when their sources changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{command, packages, workspace};

/// The folder of the browser assets' sources.
pub(crate) fn folder() -> PathBuf {
    workspace::root().join("crates/ui/web")
}

/// Builds the assets unless the last build saw the same sources.
pub(crate) fn build() -> Result<()> {
    let stamp = folder().join("dist/.sources");
    let sources = fingerprint()?;
    if std::fs::read_to_string(&stamp).is_ok_and(|last| last == sources) {
        return Ok(());
    }
    install()?;
    npm_script("build")?;
    std::fs::write(&stamp, sources).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Runs a script of the assets' package, showing what it prints.
pub(crate) fn npm_script(name: &str) -> Result<()> {
    let mut npm = npm()?;
    npm.args(["run", "--silent", name]);
    command::run(npm)
}

fn install() -> Result<()> {
    let mut npm = npm()?;
    npm.args(["ci", "--no-audit", "--no-fund"]);
    command::run_quietly(npm)
}

fn npm() -> Result<Command> {
    let mut npm = Command::new("npm");
    npm.current_dir(folder())
        .env("PATH", packages::node_path()?);
    Ok(npm)
}

/// Changes when a source of the assets does. Templates are none: the style sheet is written by hand.
fn fingerprint() -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in workspace::files(&folder(), &|_| true)? {
        workspace::shown(&path).hash(&mut hasher);
        std::fs::read(&path)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
