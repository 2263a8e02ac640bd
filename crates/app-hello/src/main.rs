//! The `hello` service.

fn main() -> std::process::ExitCode {
    platform::main(app_hello::app())
}
