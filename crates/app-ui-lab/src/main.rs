//! The `ui-lab` service.

fn main() -> std::process::ExitCode {
    platform::main(app_ui_lab::app())
}
