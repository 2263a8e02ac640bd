//! The `settings` service.

fn main() -> std::process::ExitCode {
    platform::main(app_settings::app())
}
