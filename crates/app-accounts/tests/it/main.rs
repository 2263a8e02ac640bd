//! Integration tests of the app, over real sockets.

#[test]
fn catalogue() {
    ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
}
