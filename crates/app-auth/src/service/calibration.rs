//! How much work a hash costs on this machine: measured once at start.

use std::time::{Duration, Instant};

use crate::config::HashingConfig;
use crate::domain::hashing::Cost;
use crate::domain::password::Password;
use crate::error::Error;

/// Measurements of one cost; the fastest counts, because others only say that something else was running.
const TRIES: u32 = 2;

/// The cost this configuration asks for: a fixed one, or what takes about a fifth of a second here within a quarter
/// of the memory.
pub(crate) async fn cost_for(config: HashingConfig) -> Result<Cost, Error> {
    if let Some(cost) = config.cost {
        return Ok(cost);
    }
    let measured = tokio::task::spawn_blocking(move || {
        Cost::calibrated((config.workers, memory_kib()), measure)
    });
    let cost = measured.await.map_err(|_| Error::Hashing)??;
    tracing::info!(
        memory_kib = cost.memory_kib,
        passes = cost.passes,
        workers = config.workers,
        "calibrated password hashing"
    );
    Ok(cost)
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
        assert_eq!(cost_for(config(Some(cheap))).await.unwrap(), cheap);
        let measured = cost_for(config(None)).await.unwrap();
        assert!(measured.memory_kib >= Cost::FLOOR.memory_kib && measured.passes >= 2);
    }
}
