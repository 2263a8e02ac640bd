//! Every crate takes the workspace's lints, versions and edition; no lock file names a download host.

use std::path::Path;

use anyhow::Result;

use crate::workspace::{self, Package};

/// Lines every crate's manifest has.
const REQUIRED: &[&str] = &[
    "[lints]\nworkspace = true",
    "edition.workspace = true",
    "license.workspace = true",
    "publish.workspace = true",
];

/// Checks the manifests of the workspace.
pub(super) fn check(packages: &[Package]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for package in packages {
        let path = package.manifest_path.as_path();
        let text = std::fs::read_to_string(path)?;
        for required in REQUIRED
            .iter()
            .filter(|required| !text.contains(**required))
        {
            findings.push(format!(
                "{}: lacks `{}`",
                workspace::shown(path),
                required.replace('\n', " ")
            ));
        }
        findings.extend(own_versions(path, &text));
    }
    let lock = workspace::root().join("crates/ui/web/package-lock.json");
    if std::fs::read_to_string(&lock)?.contains("\"resolved\"") {
        findings.push(format!(
            "{}: names download addresses",
            workspace::shown(&lock)
        ));
    }
    Ok(findings)
}

/// Dependencies that do not take their version from the workspace.
fn own_versions(path: &Path, text: &str) -> Vec<String> {
    let mut in_dependencies = false;
    let mut findings = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
        } else if in_dependencies && line.contains('=') && !from_workspace(line) {
            let name = line.split(['=', ' ']).next().unwrap_or(line);
            findings.push(format!(
                "{}: {name} does not take its version from the workspace",
                workspace::shown(path)
            ));
        }
    }
    findings
}

/// A crate that tests itself with other features names its own folder instead.
fn from_workspace(line: &str) -> bool {
    line.contains("workspace = true") || line.contains("path = \".\"")
}

#[cfg(test)]
mod tests {
    use super::own_versions;
    use std::path::Path;

    #[test]
    fn a_version_of_its_own_is_found() {
        let text = "[package]\nversion = \"1\"\n[dependencies]\na.workspace = true\nb = \"1\"\n";
        assert_eq!(
            own_versions(Path::new("x"), text),
            ["x: b does not take its version from the workspace"]
        );
    }
}
