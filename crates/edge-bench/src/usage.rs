//! What a program uses: its time by the scheduler's clock, and its memory.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Ticks per second of the times in `/proc/stat`, the same on every Linux.
const TICKS: f64 = 100.0;

/// Nanoseconds on a core so far, of a process and all its children, in all their threads.
pub(crate) fn time(pid: u32) -> Result<u64> {
    let mut sum = 0;
    for pid in tree(pid) {
        for task in tasks(pid) {
            let line = fs::read_to_string(format!("/proc/{pid}/task/{task}/schedstat"));
            // A thread may have ended since.
            let Ok(line) = line else { continue };
            let time = line
                .split_whitespace()
                .next()
                .context("schedstat is empty")?;
            sum += time.parse::<u64>()?;
        }
    }
    Ok(sum)
}

/// Bytes of memory, pages that are shared counted once.
pub(crate) fn memory(pid: u32) -> Result<u64> {
    let mut sum = 0;
    for pid in tree(pid) {
        let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        sum += kilobytes.context("no Pss")?.parse::<u64>()? * 1024;
    }
    Ok(sum)
}

/// Seconds a core has been busy so far.
pub(crate) fn busy(core: usize) -> Result<f64> {
    let text = fs::read_to_string("/proc/stat")?;
    let name = format!("cpu{core} ");
    let line = text.lines().find_map(|line| line.strip_prefix(&name));
    let ticks: Vec<u32> = line
        .with_context(|| format!("there is no core {core}"))?
        .split_whitespace()
        .filter_map(|ticks| ticks.parse().ok())
        .collect();
    // user, nice, system, idle, iowait, irq, softirq, steal
    let work = ticks.iter().take(8).enumerate();
    let work = work.filter(|(index, _)| !matches!(index, 3 | 4));
    Ok(work.map(|(_, ticks)| f64::from(*ticks)).sum::<f64>() / TICKS)
}

fn tree(pid: u32) -> Vec<u32> {
    let mut all = vec![pid];
    let mut next = 0;
    while let Some(&parent) = all.get(next) {
        for task in tasks(parent) {
            let children = format!("/proc/{parent}/task/{task}/children");
            let children = fs::read_to_string(children).unwrap_or_default();
            all.extend(
                children
                    .split_whitespace()
                    .filter_map(|pid| pid.parse::<u32>().ok()),
            );
        }
        next += 1;
    }
    all
}

fn tasks(pid: u32) -> Vec<u32> {
    let Ok(folder) = fs::read_dir(Path::new("/proc").join(pid.to_string()).join("task")) else {
        return Vec::new();
    };
    let names = folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter_map(|name| name.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_time_and_memory() {
        let own = std::process::id();
        let before = time(own).unwrap();
        let sum: u64 = (0..10_000_000_u64).map(std::hint::black_box).sum();
        assert!(sum > 0);
        assert!(time(own).unwrap() > before);
        assert!(memory(own).unwrap() > 100_000);
        assert!(busy(0).unwrap() > 0.0);
    }
}
