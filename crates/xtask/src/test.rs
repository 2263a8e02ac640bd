//! `cargo xtask test`: set-up, then every check, then one summary.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use clap::Args;

use crate::steps::{Count, Summary, step};
use crate::{assets, command, contract, fuzz, packages, tidy};

/// Options of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Options {
    /// Leave the browser journeys out; they are named as skipped
    #[arg(long)]
    no_browser: bool,
}

/// Everything that drives a browser is in test binaries of this name.
const JOURNEYS: &str = "binary(journeys)";
/// What holds the OpenAPI documents against the platform is in a test binary of this name.
const CONTRACT: &str = "binary(contract)";
/// Where those find their tool.
const SCHEMATHESIS: &str = "SCHEMATHESIS";

/// Runs everything.
///
/// # Errors
/// Set-up failed, or any check did; the summary has been printed by then.
pub(crate) fn run(options: &Options) -> Result<()> {
    step("packages", || packages::ensure(packages::Purpose::Test))?;
    step("browser assets", assets::build)?;
    let mut summary = Summary::default();
    summary.check("format", || cargo(&["fmt", "--all", "--check"]));
    summary.check("tidy", || tidy::run().map(|()| None));
    summary.check("clippy", || {
        cargo(&[
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ])
    });
    summary.check("browser assets: types", || {
        assets::npm_script("check").map(|()| None)
    });
    summary.check("browser assets: tests", || {
        assets::npm_script("test").map(|()| None)
    });
    summary.check("browser assets: weight", || {
        assets::npm_script("budget").map(|()| None)
    });
    summary.check("tests", || {
        nextest(&format!("not ({JOURNEYS} or {CONTRACT})"), &[]).map(Some)
    });
    match contract::tool() {
        Ok(tool) => summary.check("API contracts", || {
            nextest(CONTRACT, &[(SCHEMATHESIS, tool.as_os_str())]).map(Some)
        }),
        Err(error) => {
            eprintln!("API contracts: {error:#}");
            summary.skip(
                "API contracts",
                "Schemathesis could not be installed; see above",
            );
        }
    }
    summary.check("fuzzing, 10 s each", || fuzz::run_briefly().map(Some));
    if options.no_browser {
        summary.skip("browser journeys", "--no-browser was given");
        summary.skip("accessibility", "--no-browser was given");
    } else {
        summary.check("browser journeys", || nextest(JOURNEYS, &[]).map(Some));
        // Over the pages that the tests rendered.
        summary.check("accessibility", || assets::npm_script("axe").map(|()| None));
    }
    summary.finish()
}

fn cargo(arguments: &[&str]) -> Result<Option<Count>> {
    let mut cargo = command::cargo();
    cargo.args(arguments);
    command::run(cargo).map(|()| None)
}

/// Runs the tests that `filter` chooses, with these variables, and counts them by the runner's own last line.
fn nextest(filter: &str, variables: &[(&str, &OsStr)]) -> Result<Count> {
    let mut cargo: Command = command::cargo();
    cargo.envs(variables.iter().copied());
    let profile = if std::env::var_os("CI").is_some() {
        "ci"
    } else {
        "default"
    };
    cargo
        .args([
            "nextest",
            "run",
            "--workspace",
            "--all-features",
            "--no-tests",
            "fail",
        ])
        .args([
            "--cargo-quiet",
            "--profile",
            profile,
            "--color",
            "never",
            "-E",
            filter,
        ])
        .stderr(Stdio::piped());
    let mut child = cargo.spawn().context("cannot start cargo nextest")?;
    let stderr = child
        .stderr
        .take()
        .context("cargo nextest has no error output")?;
    let mut count: Option<Count> = None;
    for line in BufReader::new(stderr).lines() {
        let line = line?;
        eprintln!("{line}");
        // Behind its summary the runner says again what became of the tests that stood out.
        if let Some(count) = &mut count {
            count.stood_out.extend(parse_verdict(&line));
        }
        count = parse_summary(&line).or(count);
    }
    let status = child.wait()?;
    let count = count.with_context(|| format!("no test was run ({status})"))?;
    if !status.success() && count.failed == 0 {
        anyhow::bail!("cargo nextest: {status}");
    }
    Ok(count)
}

/// Reads `Summary [ 1.2s] 12 tests run: 10 passed (1 slow, 1 flaky), 2 failed, 3 skipped`.
fn parse_summary(line: &str) -> Option<Count> {
    let (_, rest) = line.trim().strip_prefix("Summary [")?.split_once("run: ")?;
    // What is in brackets was counted before them.
    let counted: String = rest
        .split('(')
        .map(|part| part.rsplit_once(')').map_or(part, |(_, behind)| behind))
        .collect();
    let mut count = Count::default();
    for part in counted.split(", ") {
        let mut words = part.split(' ');
        let number: u32 = words.next()?.parse().ok()?;
        match words.next()? {
            "passed" => count.passed = number,
            // Left to the other of the two runs by its filter; tidy refuses ignored tests.
            "skipped" => {}
            _ => count.failed += number,
        }
    }
    Some(count)
}

/// Reads `FAIL [ 0.1s] ( 3/12) crate::binary module::test`, whatever the first words are, unless they tell of nothing
/// that anybody has to look at.
fn parse_verdict(line: &str) -> Option<String> {
    let (verdict, rest) = line.trim().split_once(" [")?;
    let is_sound = matches!(verdict, "PASS" | "SLOW" | "SKIP");
    let (_, test) = rest.split_once("] ")?;
    let named = test.rsplit_once(") ").map_or(test, |(_, named)| named);
    (!is_sound).then(|| format!("{verdict} {}", named.trim()))
}

#[cfg(test)]
mod tests {
    use super::{parse_summary, parse_verdict};
    use crate::steps::Count;

    #[test]
    fn the_runners_summary_is_read() {
        let line = "     Summary [   1.234s] 12 tests run: 9 passed (1 slow, 4 flaky), 2 failed, 1 timed out, 3 skipped";
        assert_eq!(
            parse_summary(line),
            Some(Count {
                passed: 9,
                failed: 3,
                ..Count::default()
            })
        );
        assert_eq!(parse_summary("PASS [ 0.1s] a::b"), None);
    }
    #[test]
    fn the_runners_last_words_name_what_failed() {
        let line = "  TRY 3 FAIL [   0.047s] (   3/1518) cloud::it signing::keys_roll";
        assert_eq!(
            parse_verdict(line),
            Some("TRY 3 FAIL cloud::it signing::keys_roll".to_owned())
        );
        for sound in [
            "        SLOW [  45.1s] (5/6) cloud::journeys accessible::axe",
            "error: test run failed",
            "     Summary",
        ] {
            assert_eq!(parse_verdict(sound), None, "{sound}");
        }
    }
}
