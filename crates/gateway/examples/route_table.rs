//! What the route table costs: one match, building it anew and its memory, with few prefixes and with very many.
//!
//! `cargo xtask bench route-table`
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use gateway::measure::Routes;
use registry::{AppId, Entry, InstanceId};

/// Prefixes of an app: its pages, its API, its administration and its assets.
const SPACES: [&str; 4] = ["app", "api", "admin", "public"];
const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];
/// Matches in one measurement.
const MATCHES: u32 = 2_000_000;
/// Different paths that are asked for.
const PATHS: usize = 1 << 14;
/// Measurements of which the median counts.
const ROUNDS: usize = 7;

/// What must hold at the largest size, and what is aimed at.
const MATCH: (f64, f64) = (300.0, 100.0);
const REBUILD: (f64, f64) = (200.0, 50.0);

struct Row {
    prefixes: usize,
    hot: f64,
    any: f64,
    rebuild: f64,
    drop: f64,
    memory: f64,
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let mut rows = Vec::new();
    for prefixes in SIZES {
        rows.push(measure(prefixes)?);
    }
    println!("prefixes   match hot   match any    rebuild   drop the old    memory");
    for row in &rows {
        println!(
            "{:>8}   {:>6.0} ns   {:>6.0} ns   {:>5.1} ms       {:>5.1} ms   {:>5.1} MiB",
            row.prefixes, row.hot, row.any, row.rebuild, row.drop, row.memory
        );
    }
    println!("hot: 64 paths of different apps; any: {PATHS} paths, so that nothing is in a cache");
    let largest = rows.last().ok_or("a size")?;
    verdict("match", largest.any, MATCH, "ns");
    verdict("rebuild", largest.rebuild, REBUILD, "ms");
    Ok(())
}

fn verdict(what: &str, is: f64, (must, aim): (f64, f64), unit: &str) {
    let word = match is {
        _ if is <= aim => "reaches the aim",
        _ if is <= must => "holds",
        _ => "is missed",
    };
    println!("{what}: {is:.0} {unit}; must {must:.0}, aim {aim:.0}: {word}");
}

fn measure(prefixes: usize) -> Result<Row> {
    let entries = entries(prefixes)?;
    let before = resident()?;
    let mut routes = Routes::new(entries);
    let memory = (resident()? - before) / 1024.0;
    let mut rebuilds = Vec::new();
    let mut drops = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let old = routes.rebuild();
        rebuilds.push(begun.elapsed());
        let begun = Instant::now();
        drop(old);
        drops.push(begun.elapsed());
    }
    let milliseconds = |times| median(times).as_secs_f64() * 1000.0;
    Ok(Row {
        prefixes,
        hot: matching(&routes, &paths(prefixes, 64))?,
        any: matching(&routes, &paths(prefixes, PATHS))?,
        rebuild: milliseconds(rebuilds),
        drop: milliseconds(drops),
        memory,
    })
}

/// Nanoseconds of one match.
fn matching(routes: &Routes, paths: &[String]) -> Result<f64> {
    let all_lead_somewhere = paths.iter().all(|path| routes.find(path) == Some(1));
    if !all_lead_somewhere {
        return Err("a path leads nowhere".into());
    }
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for path in paths.iter().cycle().take(MATCHES as usize) {
            black_box(routes.find(black_box(path)));
        }
        times.push(begun.elapsed());
    }
    Ok(median(times).as_secs_f64() * 1e9 / f64::from(MATCHES))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn entries(prefixes: usize) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for number in 0..prefixes.div_ceil(SPACES.len()) {
        let id = AppId::new(&name(number))?;
        let http = "http://127.0.0.1:4000".to_owned();
        let start = platform::Clock::system().now();
        let mut entry = Entry::new(id.clone(), InstanceId::random(), start, http);
        let left = prefixes - number * SPACES.len();
        let own = SPACES
            .iter()
            .take(left)
            .map(|space| format!("/{space}/{id}"));
        entry.prefixes = own.collect();
        entries.push(entry);
    }
    Ok(entries)
}

/// Names that begin in many ways, as names do.
fn name(number: usize) -> String {
    const WORDS: [&str; 12] = [
        "billing",
        "calendar",
        "chat",
        "crm",
        "documents",
        "files",
        "forms",
        "photos",
        "projects",
        "search",
        "time",
        "wiki",
    ];
    let word = WORDS.get(number % WORDS.len()).copied().unwrap_or_default();
    format!("{word}-{}", number / WORDS.len())
}

/// Paths spread over all apps.
fn paths(prefixes: usize, count: usize) -> Vec<String> {
    let mut state = 0x2545_f491_4f6c_dd1d_usize;
    (0..count)
        .map(|_| {
            // Xorshift: what order is of no matter, but not the one in which they were made.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let prefix = state % prefixes;
            let space = SPACES
                .get(prefix % SPACES.len())
                .copied()
                .unwrap_or_default();
            format!("/{space}/{}/items/4711", name(prefix / SPACES.len()))
        })
        .collect()
}

/// Resident memory of this process, in KiB.
fn resident() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.ok_or("VmRSS")?.trim().trim_end_matches(" kB").trim();
    Ok(kib.parse()?)
}
