//! The `accounts` service.

fn main() -> std::process::ExitCode {
    platform::main(app_accounts::app())
}
