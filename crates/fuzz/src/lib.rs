//! Fuzz targets, one program each in `src/bin`, with the bytes they begin from in `seeds`.
//!
//! `cargo xtask fuzz` builds them with coverage and runs each for a while; `cargo xtask fuzz path --seconds 3600` runs
//! one for longer. What a target looks for is an invariant that the parsed crate states itself; only [`connection`] is
//! written here, because it takes a whole gateway. Built in any other way the programs do nothing.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a fuzz target fails by panicking"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "nothing here is shut down: the process ends"
)]

pub mod connection;

/// Makes a program of a function of bytes.
#[macro_export]
macro_rules! target {
    ($run:expr) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
            let run: fn(&[u8]) = $run;
            run(bytes);
        });

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            $crate::without_coverage()
        }
    };
}

/// What a target says that was not built for fuzzing.
#[allow(
    clippy::print_stderr,
    reason = "a command-line tool talks to its user on the terminal"
)]
pub fn without_coverage() -> std::process::ExitCode {
    eprintln!("this is a fuzz target; `cargo xtask fuzz` builds and runs it");
    std::process::ExitCode::FAILURE
}
