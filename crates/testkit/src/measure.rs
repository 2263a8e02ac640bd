//! What benches say: percentiles, and how much memory a process holds.

use std::time::Duration;

/// Times that were measured, shortest first.
#[derive(Clone, Debug)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Takes times in any order.
    ///
    /// # Panics
    /// There are none.
    pub fn new(mut times: Vec<Duration>) -> Self {
        assert!(!times.is_empty(), "nothing was measured");
        times.sort_unstable();
        Self(times)
    }

    /// The shortest time that `percent` of all do not exceed (nearest rank); 100 is the longest.
    pub fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        let last = self.0.last().copied().unwrap_or_default();
        self.0.get(rank).copied().unwrap_or(last)
    }

    /// One line of percentiles.
    pub fn line(&self, what: &str) -> String {
        let [p50, p95, p99, longest] = [50, 95, 99, 100].map(|percent| self.percentile(percent));
        format!(
            "  {what:<36} p50 {p50:>8.2?}  p95 {p95:>8.2?}  p99 {p99:>8.2?}  max {longest:>8.2?}"
        )
    }
}

/// Memory that a process has in use (`VmRSS` of `proc(5)`), in MiB.
///
/// # Panics
/// There is no such process.
pub fn resident_mib(pid: u32) -> f64 {
    memory_mib(pid, "VmRSS:")
}

/// The most memory that a process had in use since it began, or since [`forget_peak`], in MiB.
///
/// # Panics
/// There is no such process.
pub fn peak_mib(pid: u32) -> f64 {
    memory_mib(pid, "VmHWM:")
}

/// Begins anew to watch for the most memory that a process has in use.
///
/// # Panics
/// There is no such process, or it is somebody else's.
pub fn forget_peak(pid: u32) {
    std::fs::write(format!("/proc/{pid}/clear_refs"), "5").expect("a process of ours");
}

fn memory_mib(pid: u32, field: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kib = line.and_then(|line| line.split_whitespace().next());
    kib.and_then(|kib| kib.parse::<f64>().ok())
        .expect("a process that has memory")
        / 1024.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Times;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times = Times::new((1..=20).rev().map(Duration::from_millis).collect());
        let at = |percent| times.percentile(percent).as_millis();
        assert_eq!(
            [at(0), at(50), at(95), at(99), at(100)],
            [1, 10, 19, 20, 20]
        );
        let one = Times::new(vec![Duration::from_secs(1)]);
        assert_eq!(one.percentile(50), one.percentile(99));
    }
}
