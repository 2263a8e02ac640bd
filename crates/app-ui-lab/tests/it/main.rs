//! Integration tests of the lab.

#[test]
fn catalogue() {
    ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
}
