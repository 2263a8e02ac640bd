//! `cargo xtask bench NAME`: measurements. Each is a program of its own beside the code it measures.

use anyhow::{Result, bail};
use clap::Args;

use crate::command;

/// Options of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// What to measure
    name: Option<String>,
    /// Passed on to the measuring program
    #[arg(last = true)]
    rest: Vec<String>,
}

struct Bench {
    name: &'static str,
    /// Whose binaries are built before.
    package: &'static str,
    program: Program,
    says: &'static str,
}

/// What measures.
enum Program {
    /// An example of the package.
    Example(&'static str),
    /// A package of its own.
    Package(&'static str),
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "gateway",
        package: "gateway",
        program: Program::Package("edge-bench"),
        says: "the gateway against nginx, haproxy, caddy, pingora and no proxy (docs/benchmarks.md)",
    },
    Bench {
        name: "routes",
        package: "gateway",
        program: Program::Example("route_propagation"),
        says: "registration to first answer through the gateway",
    },
    Bench {
        name: "route-table",
        package: "gateway",
        program: Program::Example("route_table"),
        says: "one match in the route table and building it anew, with up to 100,000 prefixes",
    },
    Bench {
        name: "drain",
        package: "gateway",
        program: Program::Example("rolling_restart"),
        says: "requests lost by rolling restarts, and with Redis stopped and emptied",
    },
    Bench {
        name: "auth",
        package: "app-auth",
        program: Program::Example("auth_bench"),
        says: "sign-ins against the ceiling of hashing, whether times tell names apart, introspection",
    },
    Bench {
        name: "accounts",
        package: "app-accounts",
        program: Program::Example("accounts_bench"),
        says: "lists, pickers, effective groups and an import among 100,000 people and 5,000 nested groups",
    },
    Bench {
        name: "directory",
        package: "app-accounts",
        program: Program::Example("directory_bench"),
        says: "reading 10,000 people and 100 groups from slapd: all new, none changed, one in a hundred changed",
    },
    Bench {
        name: "settings",
        package: "app-settings",
        program: Program::Example("settings_live"),
        says: "a changed setting to its being in force in another service",
    },
    Bench {
        name: "start",
        package: "cloud",
        program: Program::Example("start"),
        says: "exec to first page, idle memory, first start on an empty database",
    },
];

/// Runs one measurement, or lists them.
pub(crate) fn run(options: &Options) -> Result<()> {
    let Some(name) = &options.name else {
        for bench in BENCHES {
            println!("{:<11} {}", bench.name, bench.says);
        }
        return Ok(());
    };
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == name) else {
        let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        bail!(
            "there is no benchmark {name}; there are: {}",
            names.join(", ")
        );
    };
    // Some measurements start the package's own binary; an example alone would not build it.
    let mut cargo = command::cargo();
    cargo.args([
        "build",
        "--quiet",
        "--release",
        "--bins",
        "--package",
        bench.package,
    ]);
    command::run(cargo)?;
    let mut cargo = command::cargo();
    cargo.args(["run", "--quiet", "--release", "--package"]);
    match bench.program {
        Program::Example(example) => cargo.args([bench.package, "--example", example]),
        Program::Package(package) => cargo.arg(package),
    };
    cargo.arg("--").args(&options.rest);
    command::run(cargo)
}
