//! The `dashboard` service.

fn main() -> std::process::ExitCode {
    platform::main(app_dashboard::app())
}
