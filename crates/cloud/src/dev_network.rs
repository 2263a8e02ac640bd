//! The file by which an app started beside a development platform finds it: `cargo run -p app-x`
//! joins without a variable set.

use std::path::{Path, PathBuf};

use platform::Environment;

use crate::error::Error;
use crate::private_file;

/// What an app needs to join.
const NAMES: [&str; 6] = [
    "APP_SECRET",
    "APP_URL",
    "CLOUD_ENV",
    "DATABASE_OWNER_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "REDIS_URL",
];

const HEADING: &str = "# Written by `cloud up` for apps started beside it; gone when it stops.";

/// The file while the platform runs; gone with the value.
pub(crate) struct DevNetwork {
    path: PathBuf,
    text: String,
}

impl DevNetwork {
    /// Writes the file, readable by its owner only: it holds secrets.
    pub(crate) fn open(path: PathBuf, environment: &Environment) -> Result<Self, Error> {
        let lines = NAMES
            .iter()
            .filter_map(|name| Some(format!("{name}={}\n", environment.get(name)?)));
        let text = format!("{HEADING}\n{}", lines.collect::<String>());
        let directory = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(directory).map_err(Error::io("create", directory))?;
        private_file::replace(&path, &text)?;
        Ok(Self { path, text })
    }
}

impl Drop for DevNetwork {
    fn drop(&mut self) {
        // Another platform of this workspace may have taken the place; its file is not ours.
        if std::fs::read_to_string(&self.path).is_ok_and(|text| text == self.text)
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "the dev network's file stays behind");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn the_file_is_private_and_goes_with_its_platform_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".cloud/dev.env");
        let environment =
            Environment::from_map([("APP_SECRET", "s"), ("REDIS_URL", "r"), ("HOME", "/root")]);
        let network = DevNetwork::open(path.clone(), &environment).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.ends_with("APP_SECRET=s\nREDIS_URL=r\n"), "{text}");
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let second = DevNetwork::open(path.clone(), &environment.with("REDIS_URL", "r2")).unwrap();
        drop(network);
        assert!(path.exists());
        drop(second);
        assert!(!path.exists());
    }
}
