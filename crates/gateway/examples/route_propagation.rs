//! How soon a new app answers: from the moment its registration is committed to the first 200 through the gateway.
//!
//! `cargo xtask bench routes [-- COUNT [RESIDENTS]]`: COUNT apps come and go one after the other, beside RESIDENTS
//! that stay.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hyper::StatusCode;
use testkit::measure::Times;

#[path = "measure/bed.rs"]
#[allow(dead_code, reason = "each measurement uses a part of the bed")]
mod bed;

use bed::{Bed, Client, Instance};

const COUNT: usize = 200;
const RESIDENTS: usize = 20;
/// The promise for the 99th percentile.
const PROMISE: Duration = Duration::from_millis(20);

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse());
    let count: usize = arguments.next().transpose()?.unwrap_or(COUNT);
    let residents: usize = arguments.next().transpose()?.unwrap_or(RESIDENTS);
    let bed = Bed::start().await?;
    let mut staying = Vec::with_capacity(residents);
    for number in 0..residents {
        staying.push(bed.instance(&format!("resident-{number}")).await?);
    }
    let mut client = Client::new(bed.address());
    let (mut commits, mut joins) = (Vec::with_capacity(count), Vec::with_capacity(count));
    // One connection for all, because an app that registers has long been connected.
    let redis = registry::connect(&bed.redis.url).await?;
    for number in 0..count {
        let app = format!("bench-{number}");
        let path = format!("/app/{app}/");
        let mut instance = Instance::listen(&app).await?;
        ensure!(
            client.get(&path).await? == StatusCode::NOT_FOUND,
            "{path} was there before"
        );
        let begun = Instant::now();
        instance.commit(redis.clone(), &bed).await?;
        let committed = Instant::now();
        while client.get(&path).await? != StatusCode::OK {
            ensure!(
                committed.elapsed() < Duration::from_secs(10),
                "{path} never came"
            );
        }
        joins.push(committed.elapsed());
        commits.push(committed - begun);
        instance.leave().await?;
    }
    println!("{count} apps, one after the other, beside {residents} that stay");
    let joins = Times::new(joins);
    println!("{}", joins.line("committed to first answer"));
    println!("{}", Times::new(commits).line("registration itself"));
    ensure!(
        joins.percentile(99) < PROMISE,
        "the promise is less than {PROMISE:?} at p99"
    );
    Ok(())
}
