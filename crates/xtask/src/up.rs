//! `cargo xtask up`: from a checkout to a running platform.

use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::steps::step;
use crate::{assets, command, packages, workspace};

/// Options of `cargo xtask up`.
#[derive(Args)]
pub(crate) struct Options {
    /// Build with optimisations
    #[arg(long)]
    release: bool,
    /// Only set up and build, do not start
    #[arg(long)]
    no_start: bool,
    /// Passed on to `cloud up`
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Sets up, builds and becomes the platform.
pub(crate) fn run(options: &Options) -> Result<()> {
    step("packages", || packages::ensure(packages::Purpose::Run))?;
    step("browser assets", assets::build)?;
    step("the cloud binary", || build(options.release))?;
    if options.no_start {
        return Ok(());
    }
    start(options)
}

fn build(release: bool) -> Result<()> {
    let mut cargo = command::cargo();
    cargo.args(["build", "--quiet", "--package", "cloud"]);
    if release {
        cargo.arg("--release");
    }
    command::run(cargo)
}

/// Replaces this process by the platform, so that Ctrl-C reaches it alone and its exit code is ours.
fn start(options: &Options) -> Result<()> {
    use std::os::unix::process::CommandExt;

    let profile = if options.release { "release" } else { "debug" };
    let binary = workspace::target_dir().join(profile).join("cloud");
    let mut cloud = Command::new(&binary);
    cloud
        .current_dir(workspace::root())
        .arg("up")
        .args(&options.rest);
    if std::env::var_os("CLOUD_ENV").is_none() {
        cloud.env("CLOUD_ENV", "dev");
    }
    Err(cloud.exec()).with_context(|| format!("cannot start {}", binary.display()))
}
