//! The tool that holds the OpenAPI documents against the running platform: Schemathesis, from PyPI, in the versions of
//! one file, in the target directory.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{command, workspace};

/// Versions of the tool and of all that it needs.
const REQUIREMENTS: &str = "crates/cloud/tests/contract/requirements.txt";
/// Longest wait of pip for one answer, in seconds, and how often it asks again.
const PATIENCE: [&str; 4] = ["--timeout", "20", "--retries", "1"];

/// The program, installed unless the last installation was of the same versions.
///
/// # Errors
/// There is no Python with `venv`, or PyPI could not be reached.
pub(crate) fn tool() -> Result<PathBuf> {
    let folder = workspace::target_dir().join("tools/schemathesis");
    let (program, stamp) = (folder.join("bin/schemathesis"), folder.join("requirements"));
    let requirements = workspace::root().join(REQUIREMENTS);
    let wanted = std::fs::read_to_string(&requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    if program.is_file() && std::fs::read_to_string(&stamp).is_ok_and(|last| last == wanted) {
        return Ok(program);
    }
    println!("    installing Schemathesis (once)");
    let mut python = Command::new("python3");
    python.args(["-m", "venv", "--clear"]).arg(&folder);
    command::run_quietly(python)?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps"])
        .args(PATIENCE)
        .args(["--disable-pip-version-check", "--requirement"])
        .arg(&requirements);
    command::run_quietly(pip)?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(program)
}
