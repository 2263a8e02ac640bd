//! What an operator reads on the terminal.

use std::io::Write;
use std::process::ExitCode;

/// Writes to the standard output. A closed pipe is the reader's wish, not a failure.
pub(crate) fn say(text: &str) {
    let mut stream = std::io::stdout().lock();
    let _written = writeln!(stream, "{text}").and_then(|()| stream.flush());
}

/// Writes what people read beside the output of a command, where no program takes it for the output.
pub(crate) fn note(text: &str) {
    let _written = writeln!(std::io::stderr().lock(), "{text}");
}

/// A moment in UTC, of seconds since 1970.
pub(crate) fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_string()
}

/// Writes why something failed, and returns the exit code that says the same.
pub(crate) fn fail(text: &str, code: u8) -> ExitCode {
    let _written = writeln!(std::io::stderr().lock(), "cloud: {text}");
    ExitCode::from(code)
}
