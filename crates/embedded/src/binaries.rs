//! Where the servers' programs are installed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::Error;

const POSTGRES_HINT: &str = "`apt-get install postgresql` (Debian), `dnf install postgresql-server` (Fedora) or `brew install postgresql` (macOS)";
const REDIS_HINT: &str = "`apt-get install redis-server` (Debian), `dnf install redis` (Fedora) or `brew install redis` (macOS)";

/// Directories that hold one directory per PostgreSQL major version, and the part below it.
const VERSIONED: [(&str, &str, &str); 4] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
];

/// Plain directories searched after `PATH`.
const PLAIN: [&str; 6] = [
    "/usr/bin",
    "/usr/local/bin",
    "/usr/sbin",
    "/opt/homebrew/bin",
    "/opt/homebrew/opt/postgresql/bin",
    "/snap/bin",
];

/// The directory that holds `postgres` and `initdb`: of the given major version, else the newest.
pub(crate) fn postgres(major: Option<&str>) -> Result<PathBuf, Error> {
    let mut versions: Vec<(u32, PathBuf)> = VERSIONED
        .iter()
        .flat_map(|(base, prefix, below)| versions_in(Path::new(base), prefix, below))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let wanted = |version: u32| major.is_none_or(|major| major == version.to_string());
    if let Some((_, found)) = versions
        .into_iter()
        .find(|(version, path)| wanted(*version) && has_postgres(path))
    {
        return Ok(found);
    }
    // Elsewhere the path does not tell the version; PostgreSQL itself refuses foreign data.
    search_path()
        .into_iter()
        .find(|path| has_postgres(path))
        .ok_or_else(|| not_installed("PostgreSQL", "/usr/lib/postgresql", POSTGRES_HINT))
}

/// The program `redis-server`, or Valkey's.
pub(crate) fn redis() -> Result<PathBuf, Error> {
    let directories = search_path();
    ["redis-server", "valkey-server"]
        .iter()
        .flat_map(|name| {
            directories
                .iter()
                .map(move |directory| directory.join(name))
        })
        .find(|path| is_executable(path))
        .ok_or_else(|| not_installed("Redis", "PATH", REDIS_HINT))
}

fn not_installed(server: &'static str, first: &str, hint: &'static str) -> Error {
    let rest: Vec<String> = search_path()
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    Error::NotInstalled {
        server,
        looked_in: format!("{first}, {}", rest.join(", ")),
        hint,
    }
}

fn versions_in(base: &Path, prefix: &str, below: &str) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = fs::read_dir(base) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let version = entry
                .file_name()
                .to_str()?
                .strip_prefix(prefix)?
                .parse()
                .ok()?;
            Some((version, entry.path().join(below)))
        })
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "PATH is where programs are, not configuration of this platform"
)]
fn search_path() -> Vec<PathBuf> {
    let mut directories: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    directories.extend(PLAIN.iter().map(PathBuf::from));
    directories.dedup();
    directories
}

fn has_postgres(directory: &Path) -> bool {
    is_executable(&directory.join("postgres")) && is_executable(&directory.join("initdb"))
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
