//! Creates a cluster's files and writes its configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{OWNER, PostgresOptions};
use crate::{DataDir, Error, binaries, files};

/// Our settings, included at the end of `postgresql.conf`; an operator's own go into
/// `postgresql.auto.conf` by ALTER SYSTEM, which wins over them.
const CONFIG_NAME: &str = "cloud.conf";

/// Begins the name of a cluster under construction.
const ATTEMPT: &str = "postgres.new-";

/// Locales with Unicode case rules, best first: glibc's and BSD's, then what always exists.
const LOCALES: [&str; 4] = ["C.UTF-8", "en_US.UTF-8", "C.utf8", "C"];

/// Creates the cluster if there is none, and returns the directory of the programs to run it with.
pub(super) async fn create(
    directory: &DataDir,
    data: &Path,
    password: &str,
    options: PostgresOptions,
) -> Result<PathBuf, Error> {
    if let Some(version) = files::read(&data.join("PG_VERSION"))? {
        let version = version.trim();
        let bin = binaries::postgres(Some(version))?;
        return match major_of(&bin) {
            Some(installed) if installed != version => Err(Error::DataVersion {
                path: data.to_owned(),
                data: version.to_owned(),
            }),
            _ => Ok(bin),
        };
    }
    let bin = binaries::postgres(None)?;
    // Created under another name, so that an interrupted attempt is never taken for a cluster; under
    // one of this process, because the initdb of a parent that was killed may still be writing.
    remove_old_attempts(data);
    let attempt = directory.server(&format!("{ATTEMPT}{}", std::process::id()));
    let password_file = directory.server("postgres.new.password");
    let account = directory.account();
    files::write(&password_file, &format!("{password}\n"), 0o600)?;
    account.own(&password_file)?;
    let mut outcome = Ok(());
    for locale in LOCALES {
        if attempt.exists() {
            fs::remove_dir_all(&attempt).map_err(Error::io("remove", &attempt))?;
        }
        files::directory(&attempt, 0o700, account.uid)?;
        account.own(&attempt)?;
        outcome = initdb(
            directory,
            &bin.join("initdb"),
            (&attempt, &password_file, locale),
            options,
        )
        .await;
        match &outcome {
            Err(Error::Initdb { output }) if output.contains("locale") => {}
            _ => break,
        }
    }
    files::remove(&password_file)?;
    outcome?;
    fs::rename(&attempt, data).map_err(Error::io("create", data))?;
    Ok(bin)
}

/// Removes what interrupted attempts left. One that resists is no obstacle: it has another name.
fn remove_old_attempts(data: &Path) {
    let entries = data.parent().map(fs::read_dir);
    let Some(Ok(entries)) = entries else {
        return;
    };
    for entry in entries.flatten() {
        let is_attempt = entry.file_name().to_string_lossy().starts_with(ATTEMPT);
        if is_attempt && let Err(error) = fs::remove_dir_all(entry.path()) {
            tracing::debug!(path = %entry.path().display(), %error, "an old attempt stays");
        }
    }
}

async fn initdb(
    directory: &DataDir,
    program: &Path,
    (data, password_file, locale): (&Path, &Path, &str),
    options: PostgresOptions,
) -> Result<(), Error> {
    let mut command = std::process::Command::new(program);
    command
        .arg("-D")
        .arg(data)
        .args([
            "-U",
            OWNER,
            "--encoding=UTF8",
            "--auth=scram-sha-256",
            "--data-checksums",
        ])
        .arg(format!("--locale={locale}"))
        .arg(format!("--pwfile={}", password_file.display()))
        .args((!options.durable).then_some("--no-sync"))
        .current_dir("/")
        .stdin(Stdio::null());
    directory.account().apply(&mut command);
    let output = tokio::process::Command::from(command)
        .kill_on_drop(true)
        .output()
        .await
        .map_err(Error::io("run", program))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = lines
        .iter()
        .skip(lines.len().saturating_sub(4))
        .copied()
        .collect::<Vec<_>>()
        .join("; ");
    Err(Error::Initdb { output: last })
}

/// Writes our settings and makes PostgreSQL read them.
pub(super) fn write_configuration(
    directory: &DataDir,
    data: &Path,
    options: PostgresOptions,
) -> Result<String, Error> {
    let durability = if options.durable {
        ""
    } else {
        "fsync = off\nfull_page_writes = off\nautovacuum_naptime = 5min\n"
    };
    let config = format!(
        "# Written at every start. Settings of your own: ALTER SYSTEM SET ..., which wins over these.\n\
         max_connections = {}\nunix_socket_permissions = 0700\npassword_encryption = 'scram-sha-256'\n\
         jit = off\nlog_checkpoints = off\nlog_timezone = 'UTC'\ntimezone = 'UTC'\nlog_line_prefix = '%m [%p] %q%u@%d '\n{durability}",
        options.connections,
    );
    let path = data.join(CONFIG_NAME);
    files::write(&path, &config, 0o600)?;
    directory.account().own(&path)?;
    let main = data.join("postgresql.conf");
    let text = files::read(&main)?.unwrap_or_default();
    let include = format!("include_if_exists = '{CONFIG_NAME}'");
    if !text.lines().any(|line| line == include) {
        files::write(&main, &format!("{text}\n{include}\n"), 0o600)?;
        directory.account().own(&main)?;
    }
    Ok(config)
}

/// The major version of the programs in a directory, as `postgres --version` prints it.
fn major_of(bin: &Path) -> Option<String> {
    let output = std::process::Command::new(bin.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text
        .split_ascii_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    Some(version.split('.').next().unwrap_or(version).to_owned())
}
