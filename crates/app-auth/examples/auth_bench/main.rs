//! What signing in costs, and what its time tells.
//!
//! The app, its callers and their browsers in one process, with a real PostgreSQL and Redis; figures are of the
//! machine as it is at that moment. Run with `--release`:
//!
//! ```text
//! cargo xtask bench auth                       # everything: about three minutes
//! cargo xtask bench auth -- --quick            # does everything work?
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement ends with its failure and prints its figures"
)]

mod house;
mod introspection;
mod load;
mod stats;
mod timing;

use std::time::Duration;

use house::House;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
struct Plan {
    /// Rounds of the comparison of times.
    rounds: usize,
    /// How long each load lasts.
    load: Duration,
    /// Sessions that are held.
    sessions: usize,
}

impl Plan {
    const WHOLE: Self = Self {
        rounds: 200,
        load: Duration::from_secs(15),
        sessions: 100_000,
    };
    const QUICK: Self = Self {
        rounds: 10,
        load: Duration::from_secs(2),
        sessions: 2_000,
    };
}

#[tokio::main]
async fn main() {
    let plan = if std::env::args().any(|argument| argument == "--quick") {
        Plan::QUICK
    } else {
        Plan::WHOLE
    };
    // Each in a house of its own: a comparison of times moves the clock by days, and keys grow old. Sessions first:
    // what hashing has taken of memory is not given back at once.
    let house = Box::pin(House::open("floor")).await;
    introspection::measure(&house, plan.sessions).await;
    drop(house);
    let house = Box::pin(House::open("floor")).await;
    timing::compare(&house, plan.rounds).await;
    drop(house);
    // As installed, and where everything that is not hashing weighs most.
    for cost in ["calibrated", "floor"] {
        let house = Box::pin(House::open(cost)).await;
        load::measure(&house, plan.load).await;
    }
}
