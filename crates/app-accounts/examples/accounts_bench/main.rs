//! Accounts of a large organisation: 100,000 people in 5,000 groups, eight deep.
//!
//! The app with a real PostgreSQL and Redis and its callers in one process; peers answer for sign-in and for mail.
//! Requests come one after the other over a connection that is kept, so a time is what one person waits for on a quiet
//! machine. Run with `--release`:
//!
//! ```text
//! cargo xtask bench accounts                       # everything: about two minutes
//! cargo xtask bench accounts -- --quick            # a tenth of it: does everything work?
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement ends with its failure and prints its figures"
)]

mod groups;
#[path = "../../tests/it/house.rs"]
#[allow(dead_code, reason = "the measurement lives in one part of the house")]
mod house;
mod import;
#[path = "../../tests/it/notifications.rs"]
#[allow(dead_code, reason = "tests look at what was sent; here it only counts")]
mod notifications;
mod pages;
#[path = "../../tests/it/peer.rs"]
#[allow(
    dead_code,
    reason = "tests look at what was asked; here it only counts"
)]
mod peer;
mod town;

use std::time::Duration;

use house::House;
use testkit::measure::{Times, resident_mib};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
struct Plan {
    people: usize,
    groups: usize,
    /// Requests of each kind.
    requests: usize,
    /// Rows of the table that is imported.
    rows: usize,
}

impl Plan {
    const WHOLE: Self = Self {
        people: 100_000,
        groups: 5_000,
        requests: 300,
        rows: 10_000,
    };
    const QUICK: Self = Self {
        people: 10_000,
        groups: 1_000,
        requests: 30,
        rows: 1_000,
    };
}

#[tokio::main]
async fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let plan = if quick { Plan::QUICK } else { Plan::WHOLE };
    let house = Box::pin(House::new()).await;
    town::fill(&house, plan.people, plan.groups).await;
    println!("{} people, {} groups, 8 deep", plan.people, plan.groups);
    let memory = || resident_mib(std::process::id());
    let at_first = memory();
    pages::measure(&house, plan.requests).await;
    groups::measure(&house, plan.requests).await;
    let after_pages = memory();
    import::measure(&house, plan.rows).await;
    println!(
        "memory of the app and its callers: {at_first:.0} MiB at first, {after_pages:.0} MiB after the requests, \
         {:.0} MiB after the import",
        memory()
    );
}

/// Prints the percentiles, and whether the 95th is within what is promised.
fn say(what: &str, times: Vec<Duration>, target: Option<Duration>) {
    let times = Times::new(times);
    let verdict = match target {
        None => String::new(),
        Some(target) if times.percentile(95) <= target => format!("  within {target:?}"),
        Some(target) => format!("  MORE THAN {target:?}"),
    };
    println!("{}{verdict}", times.line(what));
}
