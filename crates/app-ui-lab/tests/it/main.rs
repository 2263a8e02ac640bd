//! Integration tests of the lab, and through it of what every app gets from `ui`: over real sockets, with the
//! platform's layers around.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod accounts;
mod assets;
mod errors;
mod forms;
mod pages;
mod sharing;

#[test]
fn catalogue() {
    ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
}
