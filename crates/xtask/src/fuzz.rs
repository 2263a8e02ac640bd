//! `cargo xtask fuzz [TARGET]`: the programs of the crate `fuzz`, with coverage, each for a while.
//!
//! The stable compiler does all it takes; the same programs run under `cargo fuzz run --fuzz-dir crates/fuzz TARGET`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::steps::Count;
use crate::{command, packages, workspace};

/// Options of `cargo xtask fuzz`.
#[derive(Args)]
pub(crate) struct Options {
    /// One target; all of them in turn, when it is left out
    target: Option<String>,
    /// For so long each
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Inserts what libFuzzer follows the code by: edges, and what is compared with what.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";
/// Longest input, in bytes; heads end at 64 KiB, but what is odd about them is seen in shorter ones.
const LONGEST: u32 = 4096;

/// Runs one target or all.
///
/// # Errors
/// A target found something, or does not build.
pub(crate) fn run(options: &Options) -> Result<()> {
    packages::ensure(packages::Purpose::Run)?;
    let targets = targets()?;
    let chosen: Vec<&String> = match &options.target {
        None => targets.iter().collect(),
        Some(name) => match targets.iter().find(|target| *target == name) {
            Some(target) => vec![target],
            None => bail!(
                "there is no target {name}; there are: {}",
                targets.join(", ")
            ),
        },
    };
    let count = run_each(&chosen, options.seconds, &[])?;
    if count.failed > 0 {
        bail!("{} found something", count.failed);
    }
    Ok(())
}

/// Runs every target for a short while, from the same random numbers each time.
///
/// # Errors
/// They do not build.
pub(crate) fn run_briefly() -> Result<Count> {
    let targets = targets()?;
    run_each(&targets.iter().collect::<Vec<_>>(), 10, &["-seed=1"])
}

fn run_each(targets: &[&String], seconds: u32, arguments: &[&str]) -> Result<Count> {
    let programs = build()?;
    let mut count = Count::default();
    for target in targets {
        let program = programs.join(target);
        if let Err(error) = fuzz(&program, target, seconds, arguments) {
            eprintln!("error: {error:#}");
            count.failed += 1;
            count.stood_out.push(format!("FAIL {target}"));
        } else {
            count.passed += 1;
        }
    }
    Ok(count)
}

/// The names of the targets: one file each.
fn targets() -> Result<Vec<String>> {
    let folder = workspace::root().join("crates/fuzz/src/bin");
    let mut names = Vec::new();
    for file in folder.read_dir().context("the fuzz targets")? {
        let name = file?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}

/// Where everything about fuzzing is kept.
fn folder() -> PathBuf {
    workspace::target_dir().join("fuzz")
}

/// Builds all targets; yields the folder they are in.
fn build() -> Result<PathBuf> {
    let host = host()?;
    let mut cargo = command::cargo();
    cargo
        .args(["build", "--quiet", "--package", "fuzz", "--bins"])
        .args(["--profile", "fuzz", "--target", &host])
        .arg("--target-dir")
        .arg(folder())
        .env("RUSTFLAGS", COVERAGE);
    command::run(cargo)?;
    Ok(folder().join(host).join("fuzz"))
}

/// The machine programs are built for. Naming it keeps the flags away from what runs while building.
fn host() -> Result<String> {
    let mut rustc = std::process::Command::new("rustc");
    rustc.arg("-vV").current_dir(workspace::root());
    let said = command::output(rustc)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc names no host")
}

fn fuzz(program: &Path, target: &str, seconds: u32, arguments: &[&str]) -> Result<()> {
    let (corpus, found) = (folder().join("corpus").join(target), folder().join("found"));
    std::fs::create_dir_all(&corpus)?;
    std::fs::create_dir_all(&found)?;
    let mut fuzzer = std::process::Command::new(program);
    fuzzer
        .arg(&corpus)
        .arg(workspace::root().join("crates/fuzz/seeds").join(target))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-artifact_prefix={}/{target}-", found.display()))
        .args(["-timeout=60", "-print_final_stats=1"])
        .args(arguments)
        .stdin(Stdio::null());
    let output = fuzzer
        .output()
        .with_context(|| format!("cannot start {target}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let log = found.join(format!("{target}.log"));
        std::fs::write(&log, &output.stderr)?;
        let mut lines = said
            .lines()
            .skip_while(|line| !line.contains("panicked at"));
        let reason: Vec<&str> = lines.by_ref().take(4).collect();
        let unit = said
            .lines()
            .find(|line| line.contains("Test unit written to"));
        bail!(
            "{target}: {}\n{}\n{}\nall of it: {}",
            output.status,
            reason.join("\n"),
            unit.unwrap_or_default(),
            log.display()
        );
    }
    let runs = said
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!("    {target:<14} {:>10} inputs", runs.unwrap_or("?").trim());
    Ok(())
}
