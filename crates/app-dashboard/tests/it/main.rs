//! Integration tests of the app, over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod gateway;

#[test]
fn catalogue() {
    ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
}
