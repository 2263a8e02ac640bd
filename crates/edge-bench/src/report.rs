//! The tables: medians over the rounds, ratios taken within each round, and the targets with what became of them.

use std::fmt::Write;

use crate::cases::{Figure, Target, Traffic};
use crate::rounds::{Measured, Row};
use crate::sample::Sample;

const REFERENCE: &str = "nginx";
/// A figure as it is told when there is none.
const NONE: &str = "-";

/// A figure over the rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(figures: impl Iterator<Item = Option<f64>>) -> Option<Self> {
        let mut figures: Vec<f64> = figures.flatten().collect();
        figures.sort_by(f64::total_cmp);
        Some(Self {
            median: *figures.get(figures.len() / 2)?,
            least: *figures.first()?,
            most: *figures.last()?,
        })
    }
}

/// One case as text.
pub(crate) fn case(measured: &Measured) -> String {
    let mut text = format!("\n{}: {}\n", measured.case, measured.about.title);
    let table = match measured.about.traffic {
        Traffic::Idle { .. } => memory(measured),
        Traffic::Elsewhere => {
            text.push_str("measured by a benchmark inside the gateway's crate\n");
            return text;
        }
        Traffic::Http(http) => requests(measured, http.bulk),
        Traffic::Frames { .. } | Traffic::H2c { .. } => requests(measured, 0),
    };
    text.push_str(&align(&table));
    let targets = targets(measured);
    if targets.len() > 1 {
        text.push('\n');
        text.push_str(&align(&targets));
    }
    for row in &measured.rows {
        let failures: u64 = row.samples.iter().flatten().map(|one| one.failures).sum();
        if failures > 0 {
            let mut all = row.samples.iter().flatten();
            let first = all.find_map(|one| one.first_failure.as_deref());
            let first = first.unwrap_or("not told");
            writeln!(text, "{}: {failures} failed, the first: {first}", row.name).ok();
        }
    }
    text
}

fn requests(measured: &Measured, bulk: usize) -> Vec<Vec<String>> {
    let mut header = vec![
        "subject",
        "req/s",
        "CPU us",
        "least-most",
        "/nginx",
        "least-most",
        "p50 us",
        "p99",
        "p99.9",
    ];
    if bulk > 0 {
        header.push("MB/s");
    }
    header.extend(["load core", "others"]);
    let mut table = vec![header.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for row in &measured.rows {
        let figure = |pick: fn(&Sample) -> Option<f64>| {
            Spread::of(row.samples.iter().map(|one| one.as_ref().and_then(pick)))
        };
        let rate = figure(|one| Some(one.rate));
        let cpu = figure(|one| one.cpu);
        let ratio = ratio(row, reference(measured), |one| one.cpu);
        let mut line = vec![
            row.name.clone(),
            median(rate, 0),
            median(cpu, 2),
            range(cpu, 1),
            median(ratio, 2),
            range(ratio, 2),
            median(figure(|one| one.p50), 0),
            median(figure(|one| one.p99), 0),
            median(figure(|one| one.p999), 0),
        ];
        if bulk > 0 {
            #[allow(clippy::cast_precision_loss, reason = "a megabyte")]
            let megabytes = bulk as f64 / 1e6;
            line.push(rate.map_or(NONE.to_owned(), |rate| {
                format!("{:.0}", rate.median * megabytes)
            }));
        }
        line.push(share(figure(|one| Some(one.load_busy))));
        line.push(share(figure(|one| Some(one.others))));
        table.push(line);
    }
    table
}

fn memory(measured: &Measured) -> Vec<Vec<String>> {
    let header = [
        "subject",
        "idle MiB",
        "least-most",
        "KiB per connection",
        "least-most",
        "stayed open",
    ];
    let mut table = vec![header.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for row in &measured.rows {
        let figure = |pick: fn(&Sample) -> Option<f64>| {
            Spread::of(row.samples.iter().map(|one| one.as_ref().and_then(pick)))
        };
        let idle = figure(|one| one.idle_memory);
        let each = figure(|one| one.memory_per_connection);
        let open = row.samples.iter().flatten().map(|one| one.requests).min();
        table.push(vec![
            row.name.clone(),
            median(idle, 1),
            range(idle, 1),
            median(each, 2),
            range(each, 2),
            open.map_or(NONE.to_owned(), |open| open.to_string()),
        ]);
    }
    table
}

fn targets(measured: &Measured) -> Vec<Vec<String>> {
    let header = [
        "subject",
        "figure",
        "median",
        "least-most",
        "must",
        "",
        "aim",
        "",
    ];
    let mut table = vec![header.map(str::to_owned).to_vec()];
    for target in measured.about.targets {
        for row in &measured.rows {
            let about_sessions = target.figure == Figure::CpuToAnonymous;
            if row.upstream != Some(target.upstream) || row.is_signed_in() != about_sessions {
                continue;
            }
            let found = found(measured, row, target);
            let (name, digits) = described(target.figure);
            let bound = |bound: Option<f64>| {
                bound.map_or([NONE.to_owned(), String::new()], |bound| {
                    [
                        format!("<= {bound:.digits$}"),
                        verdict(found, bound).to_owned(),
                    ]
                })
            };
            let mut line = vec![
                row.name.clone(),
                name.to_owned(),
                median(found, digits),
                range(found, digits),
            ];
            line.extend(bound(target.must));
            line.extend(bound(target.aim));
            table.push(line);
        }
    }
    table
}

fn verdict(found: Option<Spread>, bound: f64) -> &'static str {
    match found {
        None => "unknown",
        Some(found) if found.median <= bound => "met",
        Some(_) => "missed",
    }
}

fn described(figure: Figure) -> (&'static str, usize) {
    match figure {
        Figure::CpuToNginx => ("CPU / nginx", 2),
        Figure::CpuToAnonymous => ("CPU / without session", 2),
        Figure::P99ToNginx => ("p99 / nginx", 2),
        Figure::P99 => ("p99 us", 0),
        Figure::IdleMemory => ("idle MiB", 1),
        Figure::MemoryPerConnection => ("KiB per connection", 1),
    }
}

fn found(measured: &Measured, row: &Row, target: &Target) -> Option<Spread> {
    let figure = |pick: fn(&Sample) -> Option<f64>| {
        Spread::of(row.samples.iter().map(|one| one.as_ref().and_then(pick)))
    };
    match target.figure {
        Figure::CpuToNginx => ratio(row, reference(measured), |one| one.cpu),
        Figure::P99ToNginx => ratio(row, reference(measured), |one| one.p99),
        Figure::CpuToAnonymous => {
            let mut rows = measured.rows.iter();
            let anonymous = rows.find(|other| other.is_beside(row) && !other.is_signed_in());
            ratio(row, anonymous, |one| one.cpu)
        }
        Figure::P99 => figure(|one| one.p99),
        Figure::IdleMemory => figure(|one| one.idle_memory),
        Figure::MemoryPerConnection => figure(|one| one.memory_per_connection),
    }
}

fn reference(measured: &Measured) -> Option<&Row> {
    measured.rows.iter().find(|row| row.name == REFERENCE)
}

/// The ratio of a figure to another row's in the same round.
fn ratio(row: &Row, to: Option<&Row>, pick: fn(&Sample) -> Option<f64>) -> Option<Spread> {
    let rounds = row.samples.iter().zip(&to?.samples);
    Spread::of(rounds.map(|(one, other)| Some(pick(one.as_ref()?)? / pick(other.as_ref()?)?)))
}

fn median(spread: Option<Spread>, digits: usize) -> String {
    spread.map_or(NONE.to_owned(), |spread| {
        format!("{:.digits$}", spread.median)
    })
}

fn range(spread: Option<Spread>, digits: usize) -> String {
    spread.map_or(NONE.to_owned(), |spread| {
        format!("{:.digits$}-{:.digits$}", spread.least, spread.most)
    })
}

fn share(spread: Option<Spread>) -> String {
    spread.map_or(NONE.to_owned(), |spread| {
        format!("{:.0} %", spread.median * 100.0)
    })
}

/// The first column to the left, the others to the right.
fn align(table: &[Vec<String>]) -> String {
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = table.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in table {
        let mut shown = String::new();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "  " } else { "   " };
            shown.push_str(gap);
            if column == 0 {
                write!(shown, "{cell:<width$}").ok();
            } else {
                write!(shown, "{cell:>width$}").ok();
            }
        }
        text.push_str(shown.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_tells_median_and_ends() {
        let found = Spread::of([Some(3.0), None, Some(1.0), Some(2.0)].into_iter()).unwrap();
        assert_eq!((found.median, found.least, found.most), (2.0, 1.0, 3.0));
        assert!(Spread::of([None].into_iter()).is_none());
    }

    #[test]
    fn a_target_that_was_not_measured_is_not_met() {
        let found = Spread::of([Some(0.9)].into_iter());
        assert_eq!(verdict(found, 0.95), "met");
        assert_eq!(verdict(found, 0.85), "missed");
        assert_eq!(verdict(None, 0.85), "unknown");
    }

    #[test]
    fn columns_are_aligned() {
        let table = [
            vec!["a".to_owned(), "10".to_owned()],
            vec!["bcd".to_owned(), "9".to_owned()],
        ];
        assert_eq!(align(&table), "  a     10\n  bcd    9\n");
    }
}
