//! `cargo xtask new-app NAME`: a new app from the smallest one there is.
//!
//! `app-hello` is the template: what the documentation shows, the tests run and this copies is one
//! and the same, so it cannot rot.

use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{command, workspace};

/// Options of `cargo xtask new-app`.
#[derive(Args)]
pub(crate) struct Options {
    /// Name of the app: lower-case letters, digits and dashes
    name: String,
    /// Only write the files, do not compile them
    #[arg(long)]
    no_check: bool,
}

/// Writes the app and compiles it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let name = options.name.strip_prefix("app-").unwrap_or(&options.name);
    let crates = workspace::root().join("crates");
    write(&crates, name)?;
    println!("wrote crates/app-{name}");
    if !options.no_check {
        let mut cargo = command::cargo();
        cargo.args(["check", "--quiet", "--package", &format!("app-{name}")]);
        command::run(cargo)?;
    }
    println!("start it beside a running platform:  cargo run -p app-{name}");
    println!("then open                            http://localhost:3000/app/{name}");
    Ok(())
}

/// Copies `crates/app-hello` to `crates/app-<name>`, renamed.
fn write(crates: &Path, name: &str) -> Result<()> {
    check_name(name)?;
    let template = crates.join("app-hello");
    let target = crates.join(format!("app-{name}"));
    if target.exists() {
        bail!("{} exists already", workspace::shown(&target));
    }
    for path in workspace::files(&template, &|_| true)? {
        let inside = path
            .strip_prefix(&template)?
            .to_string_lossy()
            .replace("hello", name);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let to = target.join(inside);
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&to, renamed(&text, name))
            .with_context(|| format!("cannot write {}", to.display()))?;
    }
    Ok(())
}

/// Names must work as an app id, a crate, a folder and part of a path.
fn check_name(name: &str) -> Result<()> {
    let fits = (1..=36).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    if !fits {
        bail!(
            "\"{name}\" does not do: 1 to 36 lower-case letters, digits and dashes, a letter first, no dash last"
        );
    }
    Ok(())
}

/// Replaces the template's names: as crate and path (`app-hello`), as Rust name (`app_hello`), as title.
fn renamed(text: &str, name: &str) -> String {
    let snake = name.replace('-', "_");
    let title: String = name
        .split('-')
        .map(|word| {
            word.chars()
                .take(1)
                .flat_map(char::to_uppercase)
                .chain(word.chars().skip(1))
                .collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(" ");
    text.replace("app_hello", &format!("app_{snake}"))
        .replace("hello_", &format!("{snake}_"))
        .replace("hello", name)
        .replace("Hello", &title)
}

#[cfg(test)]
mod tests {
    use super::{check_name, renamed, write};

    #[test]
    fn names_that_cannot_be_paths_are_refused() {
        for name in ["", "Tasks", "9lives", "a_b", "a/b", "..", "a-"] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert!(check_name("team-tasks").is_ok());
    }

    #[test]
    fn every_form_of_the_name_is_replaced() {
        let text = "app_hello::app(); \"/app/hello\" // Hello\nlet hello_count";
        let expected =
            "app_team_tasks::app(); \"/app/team-tasks\" // Team Tasks\nlet team_tasks_count";
        assert_eq!(renamed(text, "team-tasks"), expected);
    }

    #[test]
    fn an_existing_app_is_left_alone() {
        let crates = tempfile::tempdir().unwrap();
        for app in ["app-hello", "app-tasks"] {
            assert!(std::fs::create_dir(crates.path().join(app)).is_ok());
        }
        assert!(write(crates.path(), "tasks").is_err());
    }
}
