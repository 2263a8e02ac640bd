//! The `auth` service.

fn main() -> std::process::ExitCode {
    platform::main(app_auth::app())
}
