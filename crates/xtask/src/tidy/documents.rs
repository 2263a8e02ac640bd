//! Documents that lie: a path, crate, command or variable that a document names must exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::workspace::{self, Package};

/// Checks all Markdown files of the repository.
pub(super) fn check(packages: &[Package]) -> Result<Vec<String>> {
    let root = workspace::root();
    let documents = workspace::files(&root, &|path| workspace::has_extension(path, "md"))?;
    let mut findings = Vec::new();
    if documents.is_empty() {
        findings.push("no document found".to_owned());
    }
    let known = Known::read(packages)?;
    for path in documents {
        let text = std::fs::read_to_string(&path)?;
        let shown = workspace::shown(&path);
        let folder = path.parent().unwrap_or(&root);
        let missing = links(&text)
            .into_iter()
            .filter(|link| !folder.join(link).exists())
            .map(|link| format!("links to {link}, which does not exist"));
        let wrong = quoted(&text)
            .into_iter()
            .filter_map(|code| known.objection(code));
        findings.extend(
            missing
                .chain(wrong)
                .map(|finding| format!("{shown}: {finding}")),
        );
    }
    Ok(findings)
}

/// What documents may name.
struct Known {
    root: PathBuf,
    crates: BTreeSet<String>,
    sources: String,
}

impl Known {
    fn read(packages: &[Package]) -> Result<Self> {
        let root = workspace::root();
        let wanted = |path: &Path| {
            ["rs", "yml", "ts", "mjs"]
                .iter()
                .any(|kind| workspace::has_extension(path, kind))
                || path
                    .file_name()
                    .is_some_and(|name| name == "Dockerfile" || name == "run")
        };
        let mut sources = String::new();
        for path in workspace::files(&root, &wanted)? {
            sources.push_str(&std::fs::read_to_string(path)?);
        }
        let crates = packages
            .iter()
            .map(|package| package.name.clone())
            .collect();
        Ok(Self {
            root,
            crates,
            sources,
        })
    }

    /// What is wrong with a piece of code a document quotes.
    fn objection(&self, code: &str) -> Option<String> {
        let words: Vec<&str> = code.split_whitespace().collect();
        if let [path] = words.as_slice() {
            return self
                .path_objection(path)
                .or_else(|| self.variable_objection(path));
        }
        let mut pairs = words.iter().zip(words.iter().skip(1));
        pairs.find_map(|(before, word)| {
            let names_a_crate = *before == "-p" && !word.contains(['<', '$']);
            (names_a_crate
                && !self.crates.contains(*word)
                && *word != "app-x"
                && *word != "app-tasks")
                .then(|| format!("names the crate {word}, which does not exist"))
        })
    }

    fn path_objection(&self, word: &str) -> Option<String> {
        let tops = [
            "crates/", "proto/", "docs/", ".github/", ".ci/", ".config/", ".cargo/",
        ];
        let is_path =
            tops.iter().any(|top| word.starts_with(top)) && !word.contains(['<', '*', '{', '…']);
        let exists = self.root.join(word.trim_end_matches('/')).exists()
            || word.starts_with("crates/app-tasks");
        (is_path && !exists).then(|| format!("names {word}, which does not exist"))
    }

    fn variable_objection(&self, word: &str) -> Option<String> {
        let name = word.split('=').next().unwrap_or(word);
        let is_variable = name.contains('_')
            && name.chars().all(|letter| {
                letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'
            })
            && name.starts_with(|letter: char| letter.is_ascii_uppercase())
            && name != "X_FILE";
        (is_variable && !self.sources.contains(name))
            .then(|| format!("names the variable {name}, which nothing reads"))
    }
}

/// Targets of relative links, without fragments.
fn links(text: &str) -> Vec<&str> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| {
            !target.contains("://")
                && !target.starts_with(['#', '/'])
                && !target.starts_with("mailto:")
        })
        .map(|target| target.split('#').next().unwrap_or(target))
        .collect()
}

/// Code in single backticks on one line, and the lines of fenced blocks.
fn quoted(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            found.push(line.trim());
        } else {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Known, links, quoted};
    use std::collections::BTreeSet;

    #[test]
    fn links_and_code_are_found() {
        let text = "See [it](docs/a.md#x) and [web](https://e.org), `crates/x` or\n```sh\ncargo run -p app-y\n```\n";
        assert_eq!(links(text), ["docs/a.md"]);
        assert_eq!(quoted(text), ["crates/x", "cargo run -p app-y"]);
    }

    #[test]
    fn what_does_not_exist_is_objected_to() {
        let known = Known {
            root: "/nowhere".into(),
            crates: BTreeSet::from(["cloud".to_owned()]),
            sources: "APP_SECRET".to_owned(),
        };
        assert!(known.objection("crates/none/src").is_some());
        assert!(known.objection("cargo run -p app-none").is_some());
        assert!(known.objection("NOT_READ").is_some());
        assert!(known.objection("APP_SECRET").is_none());
        assert!(known.objection("cargo run -p cloud").is_none());
        assert!(known.objection("some words").is_none());
    }
}
