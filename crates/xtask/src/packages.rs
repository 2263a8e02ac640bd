//! What a machine needs, and installing it.
//!
//! Only the operating system's own packages, npm's and cargo's: nothing is fetched from elsewhere.
//! Without the right to install, it prints the one command to run and stops.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{command, workspace};

/// What the machine is being set up for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Build and run the platform.
    Run,
    /// Run the tests too.
    Test,
}

/// One need: how to see that it is met, and the packages that meet it.
struct Need {
    /// What it is for, in a few words.
    what: &'static str,
    met: fn() -> bool,
    debian: &'static [&'static str],
    fedora: &'static [&'static str],
    brew: &'static [&'static str],
    purpose: Purpose,
}

const NEEDS: &[Need] = &[
    Need {
        what: "a C compiler and linker",
        met: || command::find("cc").is_some(),
        debian: &["build-essential"],
        fedora: &["gcc", "gcc-c++", "make"],
        brew: &[],
        purpose: Purpose::Run,
    },
    Need {
        what: "OpenSSL to build against",
        met: openssl_headers,
        debian: &["libssl-dev", "pkg-config"],
        fedora: &["openssl-devel", "pkgconf-pkg-config"],
        brew: &["openssl@3", "pkgconf"],
        purpose: Purpose::Run,
    },
    Need {
        what: "PostgreSQL 15 or later",
        met: || postgres_folder().is_some(),
        debian: &["postgresql"],
        fedora: &["postgresql-server"],
        brew: &["postgresql@16"],
        purpose: Purpose::Run,
    },
    Need {
        what: "Redis 7 or Valkey",
        met: || command::find("redis-server").is_some() || command::find("valkey-server").is_some(),
        debian: &["redis-server"],
        fedora: &["valkey"],
        brew: &["redis"],
        purpose: Purpose::Run,
    },
    Need {
        what: "Node.js with npm",
        met: || command::find("node").is_some() && command::find("npm").is_some(),
        debian: &["nodejs", "npm"],
        fedora: &["nodejs", "nodejs-npm"],
        brew: &["node"],
        purpose: Purpose::Run,
    },
    Need {
        what: "Chromium for the browser journeys",
        met: || {
            ["chromium", "chromium-browser", "google-chrome"]
                .iter()
                .any(|name| command::find(name).is_some())
        },
        debian: &["chromium"],
        fedora: &["chromium"],
        brew: &["--cask", "chromium"],
        purpose: Purpose::Test,
    },
    Need {
        what: "pebble, a certificate authority for tests",
        // Packaged by Debian only; elsewhere its tests are reported as skipped.
        met: || command::find("pebble").is_some() || command::find("apt-get").is_none(),
        debian: &["pebble"],
        fedora: &[],
        brew: &[],
        purpose: Purpose::Test,
    },
    Need {
        what: "OpenLDAP, server and tools, for the tests of directories",
        met: || {
            let has_server = std::path::Path::new("/usr/sbin/slapd").is_file();
            command::find("ldapmodify").is_some()
                && (has_server || command::find("slapd").is_some())
        },
        debian: &["slapd", "ldap-utils"],
        fedora: &["openldap-servers", "openldap-clients"],
        brew: &["openldap"],
        purpose: Purpose::Test,
    },
];

/// Installs what is missing, or says how.
///
/// # Errors
/// Something is missing and this user may not install it, or installing failed.
pub(crate) fn ensure(purpose: Purpose) -> Result<()> {
    let missing: Vec<&Need> = NEEDS
        .iter()
        .filter(|need| need.purpose <= purpose && !(need.met)())
        .collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    if purpose == Purpose::Test && command::find("cargo-nextest").is_none() {
        println!("    installing cargo-nextest (once, a few minutes)");
        let mut cargo = command::cargo();
        cargo.args(["install", "--locked", "--quiet", "cargo-nextest"]);
        command::run(cargo)?;
    }
    Ok(())
}

fn install(missing: &[&Need]) -> Result<()> {
    for need in missing {
        println!("    missing: {}", need.what);
    }
    let list = |pick: fn(&Need) -> &'static [&'static str]| -> Vec<&str> {
        missing
            .iter()
            .flat_map(|need| pick(need).iter().copied())
            .collect()
    };
    let debian = list(|need| need.debian);
    let by_hand = format!(
        "install them and run this again:\n  Debian, Ubuntu:  sudo apt-get install -y {}\n  \
         Fedora:          sudo dnf install -y {}\n  macOS:           brew install {}",
        debian.join(" "),
        list(|need| need.fedora).join(" "),
        list(|need| need.brew).join(" "),
    );
    if command::find("apt-get").is_none() || !is_root() {
        bail!("{by_hand}");
    }
    println!("    installing {}", debian.join(" "));
    let mut update = Command::new("apt-get");
    update.args(["update", "-q"]);
    command::run_quietly(update)?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(&debian);
    command::run_quietly(install)?;
    if let Some(need) = missing.iter().find(|need| !(need.met)()) {
        bail!("{} is still missing after the installation", need.what);
    }
    Ok(())
}

fn is_root() -> bool {
    let mut id = Command::new("id");
    id.arg("-u");
    command::output(id).is_ok_and(|user| user.trim() == "0")
}

fn openssl_headers() -> bool {
    let mut question = Command::new("pkg-config");
    question.args(["--exists", "openssl"]);
    question.status().is_ok_and(|status| status.success())
}

/// The folder with `initdb` and `postgres`: Debian keeps it off `PATH`.
fn postgres_folder() -> Option<PathBuf> {
    let on_path = command::find("initdb").and_then(|found| Some(found.parent()?.to_path_buf()));
    on_path.or_else(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        versions
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .find(|folder| folder.join("initdb").is_file())
    })
}

/// A `PATH` on which `node` is new enough for the asset build.
///
/// Debian 12 ships Node.js 18; the build wants 20.19. Then npm's `node` package, which carries the
/// binary, is installed beside the build output.
///
/// # Errors
/// npm could not install it.
pub(crate) fn node_path() -> Result<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if node_version().is_some_and(|version| version >= (20, 19)) {
        return Ok(path);
    }
    let tools = workspace::target_dir().join("tools");
    let folder = tools.join("node_modules/node/bin");
    if !folder.join("node").is_file() {
        println!("    installing a newer Node.js for the asset build");
        std::fs::create_dir_all(&tools)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&tools)
            .arg("node@22");
        command::run_quietly(npm)?;
    }
    let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
    Ok(std::env::join_paths(folders)?)
}

fn node_version() -> Option<(u32, u32)> {
    let mut node = Command::new("node");
    node.arg("--version");
    let text = command::output(node).ok()?;
    let mut parts = text
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}
