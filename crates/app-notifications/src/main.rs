//! The `notifications` service.

fn main() -> std::process::ExitCode {
    platform::main(app_notifications::app())
}
