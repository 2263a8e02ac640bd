//! TLS against a real certificate authority: Debian's pebble. Where it is not installed every test is reported as
//! ignored, which the test runner counts as skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::let_underscore_must_use,
    reason = "tests fail by panicking"
)]
#![allow(
    dead_code,
    reason = "the other test binary uses what this one does not"
)]

#[path = "../tls/given.rs"]
mod given;
#[path = "../tls/gullible.rs"]
mod gullible;
mod orders;
mod pebble;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let missing = !pebble::is_installed();
    if missing && !arguments.list {
        // On the standard error: the list of tests goes to the standard output.
        use std::io::Write;
        let said = writeln!(
            std::io::stderr(),
            "pebble is not installed (apt-get install pebble): its tests are skipped"
        );
        said.unwrap();
    }
    let trials = orders::ALL.iter().map(|(name, test)| {
        Trial::test(*name, move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()?;
            runtime.block_on(test());
            Ok(())
        })
        .with_ignored_flag(missing)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
