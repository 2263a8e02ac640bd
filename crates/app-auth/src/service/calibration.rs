//! How much work a hash costs on this machine: measured once at start.

use std::time::{Duration, Instant};

use crate::config::HashingConfig;
use crate::domain::hashing::Cost;
use crate::domain::password::Password;
use crate::error::Error;

/// Measurements of one cost; the fastest counts, because others only say that something else was running.
const TRIES: u32 = 2;

/// How passwords are hashed on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calibration {
    /// What one hash costs: what the configuration says, else about a fifth of a second.
    pub(crate) cost: Cost,
    /// Hashes at once: as configured, unless they needed more than a quarter of the memory.
    pub(crate) workers: usize,
}

/// Finds out what this machine can bear.
pub(crate) async fn calibrate(config: HashingConfig) -> Result<Calibration, Error> {
    let ram_kib = memory_kib();
    let workers = Cost::workers_within(config.workers, ram_kib);
    let cost = match config.cost {
        Some(cost) => cost,
        None => measured(workers, ram_kib).await?,
    };
    tracing::info!(
        memory_kib = cost.memory_kib,
        passes = cost.passes,
        workers,
        measured = config.cost.is_none(),
        "passwords are hashed at this cost"
    );
    Ok(Calibration { cost, workers })
}

async fn measured(workers: usize, ram_kib: Option<u64>) -> Result<Cost, Error> {
    let work = move || Cost::calibrated((workers, ram_kib), measure);
    let measured = tokio::task::spawn_blocking(work).await;
    measured.map_err(|_| Error::Hashing)?
}

fn measure(cost: Cost) -> Result<Duration, Error> {
    let password = Password::typed("how long does this take");
    let mut fastest = Duration::MAX;
    for _ in 0..TRIES {
        let begun = Instant::now();
        cost.hash(&password)?;
        fastest = fastest.min(begun.elapsed());
    }
    Ok(fastest)
}

/// Memory this process may use, in KiB: that of the machine or of its control group, whichever is less. Nothing
/// where the kernel does not say.
fn memory_kib() -> Option<u64> {
    let machine = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| total_of(&text));
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|text| text.trim().parse::<u64>().ok())
        .map(|bytes| bytes / 1024);
    machine.into_iter().chain(group).min()
}

fn total_of(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn the_machines_memory_is_read() {
        assert_eq!(
            total_of("MemTotal:       24612345 kB\nMemFree: 1 kB\n"),
            Some(24_612_345)
        );
        assert_eq!(total_of("nothing"), None);
    }

    #[tokio::test]
    async fn a_fixed_cost_is_not_measured_and_a_measured_one_is_not_too_cheap() {
        let config = |cost| HashingConfig {
            cost,
            workers: 1,
            queue: 1,
        };
        let cheap = Cost {
            memory_kib: 64,
            passes: 1,
        };
        assert_eq!(calibrate(config(Some(cheap))).await.unwrap().cost, cheap);
        let measured = calibrate(config(None)).await.unwrap().cost;
        assert!(measured.memory_kib >= Cost::FLOOR.memory_kib && measured.passes >= 2);
    }
}
