//! Cloud in one process: every app, the gateway, a private PostgreSQL and Redis when none are
//! configured, and the operator's command line.
//!
//! Owns what an installation on one machine needs beyond its apps: the data directory, the
//! generated secret, the order of starting and stopping, the commands that speak to a running
//! installation, and those that speak to one somewhere else as a person's program. Must not hold rules of any app: it starts them and calls their services.
//!
//! The system's allocator is used on purpose: idle, all apps together hold 13 MiB with it and 42 MiB
//! with mimalloc 2, whose arenas are committed in advance; after load it stays at 17 MiB.

mod api;
mod app_key;
mod apps;
mod audit;
mod cli;
mod control;
mod dev_network;
mod directories;
mod error;
mod fetch;
mod group;
mod installation;
mod instance;
mod invitations;
mod key;
mod life_cycle;
mod login;
mod migrate;
mod operator;
mod output;
mod private_file;
mod remote;
mod report;
mod requests;
mod setup_link;
mod status;
mod stores;
mod up;
mod user;

use std::process::ExitCode;
use std::time::Duration;

/// Longest wait for blocking work after everything has stopped.
const RUNTIME_LIMIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return output::fail(&format!("the runtime does not start: {error}"), 1),
    };
    let code = runtime.block_on(cli::run());
    runtime.shutdown_timeout(RUNTIME_LIMIT);
    code
}
