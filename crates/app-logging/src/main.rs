//! The `logging` service.

fn main() -> std::process::ExitCode {
    platform::main(app_logging::app())
}
