//! The project's own tool: `cargo xtask <command>`.
//!
//! Sets a machine up, starts the platform, runs every check, measures and makes new apps. It uses
//! cargo, npm and the system's package manager; it knows nothing of the platform's code but its layout,
//! and the format of the file that `breach-filter` makes.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to its user on the terminal"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "no service: the environment is cargo's and the shell's"
)]

mod assets;
mod bench;
mod breach_filter;
mod command;
mod contract;
mod fuzz;
mod images;
mod new_app;
mod packages;
mod steps;
mod test;
mod tidy;
mod up;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, runs, checks and measures Cloud",
    bin_name = "cargo xtask"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set this machine up and start the platform on http://localhost:3000
    Up(up::Options),
    /// Set this machine up and run every check and test
    Test(test::Options),
    /// Check dependency rules, budgets, lints and documents
    Tidy,
    /// Build the browser assets
    Assets,
    /// Install what is missing on this machine, without building
    Setup,
    /// Measure one thing; without a name, list what can be measured
    Bench(bench::Options),
    /// Make the file of leaked passwords that sign-in asks, from a list
    BreachFilter(breach_filter::Options),
    /// Run the fuzz targets
    Fuzz(fuzz::Options),
    /// Make a new app that compiles and registers itself
    NewApp(new_app::Options),
    /// List the images this workspace builds, or the one a tag names
    Images(images::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Up(options) => up::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Tidy => tidy::run(),
        Command::Assets => assets::build(),
        Command::Setup => packages::ensure(packages::Purpose::Test),
        Command::Bench(options) => bench::run(&options),
        Command::BreachFilter(options) => breach_filter::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::NewApp(options) => new_app::run(&options),
        Command::Images(options) => images::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
