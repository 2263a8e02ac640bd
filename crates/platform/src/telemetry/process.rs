//! What the process itself takes, as the kernel counts it: one set for each process, however many apps it runs. Read
//! when metrics are sent and at no other time. Names by the semantic conventions of OpenTelemetry.

use std::fs;

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

/// Ticks of `/proc/self/stat` in a second: `USER_HZ`, which is the same on every architecture Linux has.
const TICKS: f64 = 100.0;

/// Has the process measured whenever the meter is read. Where the kernel tells nothing, nothing is sent.
pub(super) fn measure(meter: &Meter) {
    meter
        .f64_observable_counter("process.cpu.time")
        .with_unit("s")
        .with_description("Processor time taken")
        .with_callback(|observer| {
            if let Some((user, system)) = cpu_seconds() {
                observer.observe(user, &[KeyValue::new("cpu.mode", "user")]);
                observer.observe(system, &[KeyValue::new("cpu.mode", "system")]);
            }
        })
        .build();
    meter
        .u64_observable_gauge("process.memory.usage")
        .with_unit("By")
        .with_description("Memory that is resident")
        .with_callback(|observer| {
            if let Some(kibibytes) = status("VmRSS:") {
                observer.observe(kibibytes.saturating_mul(1024), &[]);
            }
        })
        .build();
    meter
        .u64_observable_gauge("process.thread.count")
        .with_unit("{thread}")
        .with_description("Threads there are")
        .with_callback(|observer| {
            if let Some(threads) = status("Threads:") {
                observer.observe(threads, &[]);
            }
        })
        .build();
    meter
        .u64_observable_gauge("process.unix.file_descriptor.count")
        .with_unit("{file_descriptor}")
        .with_description("File descriptors in use")
        .with_callback(|observer| {
            if let Ok(open) = fs::read_dir("/proc/self/fd") {
                observer.observe(u64::try_from(open.count()).unwrap_or(u64::MAX), &[]);
            }
        })
        .build();
}

/// Seconds of processor time outside the kernel and within.
fn cpu_seconds() -> Option<(f64, f64)> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold anything, and ends with the last parenthesis.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut ticks = rest
        .split_ascii_whitespace()
        .skip(11)
        .map(str::parse::<f64>);
    let user = ticks.next()?.ok()?;
    let system = ticks.next()?.ok()?;
    Some((user / TICKS, system / TICKS))
}

/// A number of `/proc/self/status`.
fn status(name: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn the_kernel_tells() {
        assert!(status("VmRSS:").unwrap() > 100);
        assert!(status("Threads:").unwrap() > 0);
        assert_eq!(status("Nothing:"), None);
        let (user, system) = cpu_seconds().unwrap();
        assert!(user >= 0.0 && system >= 0.0 && user + system < 1e6);
    }
}
