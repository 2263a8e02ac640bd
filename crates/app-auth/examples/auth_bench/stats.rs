//! Whether two samples differ.

use std::time::Duration;

/// Milliseconds for people.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// The normal approximation of the Mann-Whitney U statistic with ties at their mean rank: beyond 3.3 either way two
/// samples differ.
#[expect(
    clippy::cast_precision_loss,
    reason = "samples have some hundred values"
)]
pub(crate) fn mann_whitney_z(one: &[Duration], two: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = one.iter().map(|time| (*time, true)).collect();
    all.extend(two.iter().map(|time| (*time, false)));
    all.sort_unstable();
    let (mut ranks_of_one, mut rank) = (0.0, 1.0);
    for tied in all.chunk_by(|a, b| a.0 == b.0) {
        let mean = rank + (tied.len() as f64 - 1.0) / 2.0;
        ranks_of_one += mean * tied.iter().filter(|(_, is_one)| *is_one).count() as f64;
        rank += tied.len() as f64;
    }
    let (n, m) = (one.len() as f64, two.len() as f64);
    let u = ranks_of_one - n * (n + 1.0) / 2.0;
    (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}
