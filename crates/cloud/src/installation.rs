//! Which installation a command is about: its mode, its data directory, its environment.

use std::path::{Path, PathBuf};

use embedded::DataDir;
use platform::{Environment, Mode};

use crate::error::Error;

/// Where data lies in production unless told otherwise.
const PRODUCTION: &str = "/var/lib/cloud";
/// And in development, below the workspace.
const DEVELOPMENT: &str = ".cloud";
/// The generated APP_SECRET, below the data directory.
const SECRET: &str = "app.secret";

/// An installation on this machine.
pub(crate) struct Installation {
    environment: Environment,
    mode: Mode,
    data_dir: PathBuf,
    workspace: PathBuf,
}

impl Installation {
    /// Finds the installation that a command line and an environment mean.
    pub(crate) fn find(
        environment: Environment,
        data_dir: Option<PathBuf>,
        dev: bool,
    ) -> Result<Self, Error> {
        let environment = if dev {
            environment.with("CLOUD_ENV", "dev")
        } else {
            environment
        };
        let mut reader = environment.reader();
        let mode = reader.parse("CLOUD_ENV", Mode::Production, "must be dev or production");
        reader.finish()?;
        let here = std::env::current_dir().map_err(Error::io("find", Path::new(".")))?;
        let workspace = workspace_of(&here);
        let configured = data_dir.or_else(|| environment.get("CLOUD_DATA_DIR").map(PathBuf::from));
        let data_dir = match (configured, mode) {
            (Some(path), _) => here.join(path),
            (None, Mode::Dev) => workspace.join(DEVELOPMENT),
            (None, Mode::Production) => PathBuf::from(PRODUCTION),
        };
        Ok(Self {
            environment,
            mode,
            data_dir,
            workspace,
        })
    }

    /// Development or production.
    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// Where data lies.
    pub(crate) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// A variable as given.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name)
    }

    /// Where an app started beside the platform looks for it; development only.
    pub(crate) fn dev_network(&self) -> Option<PathBuf> {
        (self.mode == Mode::Dev).then(|| self.workspace.join(DEVELOPMENT).join("dev.env"))
    }

    /// The environment for running: with an APP_SECRET of its own in development, made when there
    /// is none. Production must be given one.
    pub(crate) fn environment_with_secret(&self, data: &DataDir) -> Result<Environment, Error> {
        let environment = self.environment.clone();
        if self.mode == Mode::Production || has_secret(&environment) {
            return Ok(environment);
        }
        Ok(environment.with("APP_SECRET", data.secret(SECRET)?))
    }

    /// The environment for a command beside a running platform: with the APP_SECRET that this
    /// platform made, unless one is given.
    pub(crate) fn environment_with_found_secret(&self) -> Result<Environment, Error> {
        let environment = self.environment.clone();
        if has_secret(&environment) {
            return Ok(environment);
        }
        let path = self.data_dir.join(SECRET);
        match std::fs::read_to_string(&path) {
            Ok(secret) => Ok(environment.with("APP_SECRET", secret.trim())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Error::NoSecret(path))
            }
            Err(error) => Err(Error::io("read", &path)(error)),
        }
    }
}

fn has_secret(environment: &Environment) -> bool {
    ["APP_SECRET", "APP_SECRET_FILE", "APP_KEY"]
        .iter()
        .any(|name| environment.get(name).is_some())
}

/// The workspace around a directory, or the directory itself.
fn workspace_of(directory: &Path) -> PathBuf {
    directory
        .ancestors()
        .find(|path| path.join("Cargo.lock").is_file())
        .unwrap_or(directory)
        .to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn find(
        variables: &[(&str, &str)],
        data_dir: Option<&str>,
        dev: bool,
    ) -> Result<Installation, Error> {
        let environment = Environment::from_map(variables.iter().copied());
        Installation::find(environment, data_dir.map(PathBuf::from), dev)
    }

    #[test]
    fn data_lies_where_the_command_line_the_variable_or_the_mode_say() {
        let both = find(&[("CLOUD_DATA_DIR", "/a")], Some("/b"), false).unwrap();
        assert_eq!(both.data_dir(), Path::new("/b"));
        assert_eq!(
            find(&[("CLOUD_DATA_DIR", "/a")], None, false)
                .unwrap()
                .data_dir(),
            Path::new("/a")
        );
        assert_eq!(
            find(&[], None, false).unwrap().data_dir(),
            Path::new(PRODUCTION)
        );
        let dev = find(&[("CLOUD_ENV", "dev")], None, false).unwrap();
        assert!(dev.data_dir().ends_with(DEVELOPMENT) && dev.data_dir().is_absolute());
        assert_eq!(find(&[], None, true).unwrap().mode(), Mode::Dev);
    }

    #[test]
    fn a_wrong_mode_is_a_wrong_configuration() {
        assert_eq!(
            find(&[("CLOUD_ENV", "test")], None, false)
                .err()
                .unwrap()
                .exit_code(),
            64
        );
    }

    #[test]
    fn production_is_not_given_a_secret() {
        let directory = tempfile::tempdir().unwrap();
        let data = DataDir::open(directory.path()).unwrap();
        let production = find(&[], directory.path().to_str(), false).unwrap();
        assert_eq!(
            production
                .environment_with_secret(&data)
                .unwrap()
                .get("APP_SECRET"),
            None
        );
        assert!(matches!(
            production.environment_with_found_secret(),
            Err(Error::NoSecret(_))
        ));
        let dev = find(&[], directory.path().to_str(), true).unwrap();
        let made = dev.environment_with_secret(&data).unwrap();
        let found = dev.environment_with_found_secret().unwrap();
        assert_eq!(made.get("APP_SECRET").unwrap().len(), 64);
        assert_eq!(made.get("APP_SECRET"), found.get("APP_SECRET"));
    }
}
