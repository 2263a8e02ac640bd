//! The dev network: what a running `cloud up` lets an app started beside it know.
//!
//! A file of `NAME=value` lines in the workspace. It exists so that `cargo run -p app-hello` joins
//! without a single variable set, and it is never read in production mode.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::environment::Environment;

/// Where the file lies below the workspace.
const FILE: &str = ".cloud/dev.env";

/// A dev network file as read.
#[derive(Clone, Default)]
pub(super) struct DevNetwork {
    pub(super) path: PathBuf,
    pub(super) values: BTreeMap<String, String>,
    /// Names of the variables that were taken from it.
    pub(super) taken: Vec<String>,
    /// Why it could not be used, if it could not.
    pub(super) problem: Option<String>,
}

impl DevNetwork {
    /// Finds and reads the file that applies to `environment`, if one does.
    pub(super) fn find(environment: &Environment) -> Option<Self> {
        if environment.get("CLOUD_ENV") == Some("production") {
            return None;
        }
        let path = match environment.get("CLOUD_DEV_NETWORK") {
            Some(named) => PathBuf::from(named),
            // Set by `cargo run`: the crate's directory, somewhere below the workspace.
            None => Path::new(environment.get("CARGO_MANIFEST_DIR")?)
                .ancestors()
                .map(|directory| directory.join(FILE))
                .find(|candidate| candidate.is_file())?,
        };
        Some(Self::read(path))
    }

    fn read(path: PathBuf) -> Self {
        let mut network = Self {
            path,
            ..Self::default()
        };
        match std::fs::read_to_string(&network.path) {
            Ok(text) => network.parse(&text),
            Err(error) => {
                network.problem = Some(format!("must name a readable file ({})", error.kind()));
            }
        }
        network
    }

    fn parse(&mut self, text: &str) {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once('=') {
                Some((name, value)) if is_name(name) => {
                    self.values
                        .insert(name.to_owned(), unquoted(value).to_owned());
                }
                _ => {
                    let number = number + 1;
                    self.problem = Some(format!("line {number} of the file must be NAME=value"));
                }
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
        {
            return inner;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_comments_and_quotes() {
        let mut network = DevNetwork::default();
        network.parse(
            "# by cloud up\nAPP_URL=\"http://localhost:3000\"\n\nREDIS_URL=redis://h/?a=b\n",
        );
        assert_eq!(network.problem, None);
        assert_eq!(
            network.values.get("APP_URL").map(String::as_str),
            Some("http://localhost:3000")
        );
        assert_eq!(
            network.values.get("REDIS_URL").map(String::as_str),
            Some("redis://h/?a=b")
        );
    }

    #[test]
    fn a_broken_line_is_a_problem_that_does_not_show_it() {
        let mut network = DevNetwork::default();
        network.parse("OK=1\nhunter2 is my secret\n");
        assert_eq!(
            network.problem.as_deref(),
            Some("line 2 of the file must be NAME=value")
        );
    }
}
