//! One line per step, with the time it took, and a summary at the end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Runs one step: a line when it starts, a line when it ends.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {name}");
    let started = Instant::now();
    let outcome = work();
    let seconds = started.elapsed().as_secs_f64();
    match &outcome {
        Ok(_) => println!("    {name}: done in {seconds:.1} s"),
        Err(_) => println!("    {name}: failed after {seconds:.1} s"),
    }
    outcome
}

/// Tests a step counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
    /// What failed or passed only when tried again, by name: what was said of it at the time is far above the summary.
    pub(crate) stood_out: Vec<String>,
}

/// What became of the steps of a run that goes on after a failure.
#[derive(Default)]
pub(crate) struct Summary {
    lines: Vec<(String, String, Duration)>,
    total: Count,
}

impl Summary {
    /// Runs one check. A check without tests of its own counts as one.
    pub(crate) fn check(&mut self, name: &str, work: impl FnOnce() -> Result<Option<Count>>) {
        let started = Instant::now();
        let outcome = step(name, work);
        let (count, said) = match outcome {
            Ok(Some(count)) if count.failed > 0 => (count, "FAILED".to_owned()),
            Ok(Some(count)) => (count, "passed".to_owned()),
            Ok(None) => (
                Count {
                    passed: 1,
                    ..Count::default()
                },
                "passed".to_owned(),
            ),
            Err(error) => {
                eprintln!("error: {name}: {error:#}");
                (
                    Count {
                        failed: 1,
                        ..Count::default()
                    },
                    "FAILED".to_owned(),
                )
            }
        };
        self.total.passed += count.passed;
        self.total.failed += count.failed;
        self.total.skipped += count.skipped;
        let said = format!(
            "{said} ({} passed, {} failed, {} skipped)",
            count.passed, count.failed, count.skipped
        );
        self.lines.push((name.to_owned(), said, started.elapsed()));
        let stood_out = count.stood_out.into_iter();
        self.total
            .stood_out
            .extend(stood_out.map(|test| format!("{name}: {test}")));
    }

    /// Names a check that was not run, and why. It counts as skipped.
    pub(crate) fn skip(&mut self, name: &str, reason: &str) {
        self.total.skipped += 1;
        self.lines.push((
            name.to_owned(),
            format!("SKIPPED: {reason}"),
            Duration::ZERO,
        ));
    }

    /// Prints the summary; an error if anything failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!("\nSummary");
        for (name, said, took) in &self.lines {
            println!("  {name:<28} {said:<48} {:>7.1} s", took.as_secs_f64());
        }
        let Count {
            passed,
            failed,
            skipped,
            stood_out,
        } = self.total;
        for test in stood_out {
            println!("  {test}");
        }
        println!("{passed} passed, {failed} failed, {skipped} skipped");
        if failed > 0 {
            bail!("{failed} failed");
        }
        Ok(())
    }
}
