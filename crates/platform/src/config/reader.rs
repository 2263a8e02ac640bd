//! Typed reads from an environment that collect every problem instead of stopping at the first.

use std::fmt;
use std::io::Read;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::environment::Environment;

/// A secret in a file may not be larger than this; a wrong path must not be read into memory.
const LARGEST_SECRET: u64 = 64 * 1024;

/// Reads variables by name and type. A read that fails notes the problem and returns a stand-in,
/// so that the next one is read too; whoever made the reader calls [`Reader::finish`] before
/// using anything.
pub struct Reader<'a> {
    environment: &'a Environment,
    problems: Vec<ConfigProblem>,
}

/// One variable that is wrong: its name and what was expected, never its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Name of the variable.
    pub name: String,
    /// What it should be, as an end of the sentence "X ...".
    pub expectation: String,
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// In the order of reading.
    pub problems: Vec<ConfigProblem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        write!(
            f,
            "configuration: {count} problem{}",
            if count == 1 { "" } else { "s" }
        )?;
        for problem in &self.problems {
            write!(f, "\n  {} {}", problem.name, problem.expectation)?;
        }
        Ok(())
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(environment: &'a Environment) -> Self {
        let mut reader = Self {
            environment,
            problems: Vec::new(),
        };
        if let Some(problem) = environment.dev_network_problem() {
            reader.problem("CLOUD_DEV_NETWORK", problem);
        }
        reader
    }

    /// The environment that is read.
    pub fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// The text of `name`, if it is set.
    pub fn optional(&mut self, name: &str) -> Option<String> {
        if self.environment.is_undecodable(name) {
            self.problem(name, "must be valid UTF-8");
            return None;
        }
        self.environment.get(name).map(str::to_owned)
    }

    /// The text of `name`, which must be set.
    pub fn required(&mut self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.problem(name, "must be set");
            String::new()
        })
    }

    /// The value of `name`, or `default` when it is not set.
    pub fn parse<T: FromStr>(&mut self, name: &str, default: T, expectation: &str) -> T {
        self.parse_optional(name, expectation).unwrap_or(default)
    }

    /// The value of `name`, if it is set.
    pub fn parse_optional<T: FromStr>(&mut self, name: &str, expectation: &str) -> Option<T> {
        let text = self.optional(name)?;
        let value = text.trim().parse().ok();
        if value.is_none() {
            self.problem(name, expectation);
        }
        value
    }

    /// The URL in `name`, if it is set.
    pub fn url(&mut self, name: &str) -> Option<Url> {
        self.parse_optional(name, "must be a URL")
    }

    /// A number of seconds in `name`, fractions allowed, or `default`.
    pub fn seconds(&mut self, name: &str, default: Duration) -> Duration {
        const EXPECTATION: &str = "must be a number of seconds";
        let Some(seconds) = self.parse_optional::<f64>(name, EXPECTATION) else {
            return default;
        };
        Duration::try_from_secs_f64(seconds).unwrap_or_else(|_| {
            self.problem(name, EXPECTATION);
            default
        })
    }

    /// Whether `name` is `true` or `false`, or `default`.
    pub fn flag(&mut self, name: &str, default: bool) -> bool {
        self.parse(name, default, "must be true or false")
    }

    /// The secret in `name`, or in the file that `name_FILE` names. Both set is a problem.
    pub fn secret(&mut self, name: &str) -> Option<SecretString> {
        let file_name = format!("{name}_FILE");
        let inline = self.optional(name);
        let Some(path) = self.optional(&file_name) else {
            return inline.map(SecretString::from);
        };
        if inline.is_some() {
            self.problem(
                name,
                &format!("and {file_name} are both set: set one of them"),
            );
            return None;
        }
        match read_secret(&path) {
            Ok(secret) => Some(SecretString::from(secret)),
            Err(expectation) => {
                self.problem(&file_name, &expectation);
                None
            }
        }
    }

    /// The secret in `name` or its file, which must be set. Empty when it is not.
    pub fn required_secret(&mut self, name: &str) -> SecretString {
        let before = self.problem_count();
        self.secret(name).unwrap_or_else(|| {
            if self.problem_count() == before {
                self.problem(name, &format!("(or {name}_FILE) must be set"));
            }
            SecretString::default()
        })
    }

    /// Notes a problem that a caller found in a value it read.
    pub fn problem(&mut self, name: &str, expectation: &str) {
        let problem = ConfigProblem {
            name: name.to_owned(),
            expectation: expectation.to_owned(),
        };
        // Core and app may read the same variable; it is still one problem.
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub(super) fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// Ends reading: everything that was wrong, at once.
    pub fn finish(self) -> Result<(), ConfigError> {
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(ConfigError {
            problems: self.problems,
        })
    }

    /// Ends reading with what was read: `None` without a noted problem counts as one.
    pub fn finish_with<T>(self, value: Option<T>) -> Result<T, ConfigError> {
        match value {
            Some(value) => self.finish().map(|()| value),
            None => Err(ConfigError {
                problems: self.problems,
            }),
        }
    }
}

fn read_secret(path: &str) -> Result<String, String> {
    let unreadable =
        |error: std::io::Error| format!("must name a readable text file ({})", error.kind());
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut secret = String::new();
    file.take(LARGEST_SECRET + 1)
        .read_to_string(&mut secret)
        .map_err(unreadable)?;
    if secret.len() as u64 > LARGEST_SECRET {
        return Err("must name a file of at most 64 KiB".to_owned());
    }
    // Editors and `echo` end the file with a newline that is no part of the secret.
    let trimmed = secret.trim_end_matches(['\n', '\r']);
    if trimmed.is_empty() {
        return Err("must name a file that is not empty".to_owned());
    }
    Ok(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use secrecy::ExposeSecret;

    use super::*;

    fn secret_file(name: &str, content: &[u8]) -> String {
        let path =
            std::env::temp_dir().join(format!("platform-reader-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn problems(environment: &Environment) -> Vec<String> {
        let mut reader = environment.reader();
        assert!(reader.secret("TOKEN").is_none());
        let error = reader.finish().unwrap_err();
        error
            .problems
            .into_iter()
            .map(|p| format!("{} {}", p.name, p.expectation))
            .collect()
    }

    #[test]
    fn a_secret_file_loses_its_last_newline_only() {
        let path = secret_file("newline", b" two words \n");
        let environment = Environment::from_map([("TOKEN_FILE", &path)]);
        let secret = environment.reader().secret("TOKEN").unwrap();
        assert_eq!(secret.expose_secret(), " two words ");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_value_and_a_file_are_one_too_many() {
        let environment = Environment::from_map([("TOKEN", "a"), ("TOKEN_FILE", "/nowhere")]);
        assert_eq!(
            problems(&environment),
            ["TOKEN and TOKEN_FILE are both set: set one of them"]
        );
    }

    #[test]
    fn unusable_files_are_told_apart_without_naming_them() {
        let empty = secret_file("empty", b"\n");
        let binary = secret_file("binary", &[0xff, 0xfe]);
        let large = secret_file("large", &vec![b'x'; 70_000]);
        let of = |path: &str| problems(&Environment::from_map([("TOKEN_FILE", path)]));
        assert_eq!(
            of("/nowhere/at/all"),
            ["TOKEN_FILE must name a readable text file (entity not found)"]
        );
        assert_eq!(
            of(&empty),
            ["TOKEN_FILE must name a file that is not empty"]
        );
        assert_eq!(
            of(&binary),
            ["TOKEN_FILE must name a readable text file (invalid data)"]
        );
        assert_eq!(
            of(&large),
            ["TOKEN_FILE must name a file of at most 64 KiB"]
        );
        for path in [empty, binary, large] {
            std::fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment = Environment::from_map([("TOKEN", "")]);
        let mut reader = environment.reader();
        assert_eq!(reader.optional("TOKEN"), None);
        assert_eq!(reader.required("TOKEN"), "");
        assert_eq!(reader.finish().unwrap_err().problems.len(), 1);
    }
}
