//! Rules of the house that a compiler does not check.
//!
//! Each check returns its findings as lines `place: what is wrong`. A check that finds nothing to look
//! at reports that as a finding, so that no check can silently check nothing.

mod budgets;
mod dependencies;
mod documents;
mod manifests;

use anyhow::{Result, bail};

/// Runs all checks and prints every finding.
///
/// # Errors
/// There is a finding, or a check could not be carried out.
pub(crate) fn run() -> Result<()> {
    let packages = crate::workspace::packages()?;
    let mut findings = dependencies::check(&packages);
    findings.extend(manifests::check(&packages)?);
    findings.extend(budgets::check()?);
    findings.extend(documents::check(&packages)?);
    for finding in &findings {
        println!("    {finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 finding"),
        many => bail!("{many} findings"),
    }
}
