//! Real servers under real data directories: first start, death, adoption, refusal.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod adoption;
mod data_dir;
mod postgres;
mod redis;
mod support;
