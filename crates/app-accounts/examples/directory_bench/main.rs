//! A directory of a large organisation: 10,000 people and 100 groups in Debian's slapd, read by the app over TLS.
//!
//! Three runs: everybody is new, nothing changed, and one in a hundred changed. Of each the time from asking to the end,
//! the statements that PostgreSQL executed, and the most memory that the app had in use. Run with `--release`:
//!
//! ```text
//! cargo xtask bench directory                      # about two minutes
//! cargo xtask bench directory -- --quick           # a tenth of it: does everything work?
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement ends with its failure and prints its figures"
)]

#[path = "../../tests/it/directories.rs"]
#[allow(dead_code, unused_imports, reason = "the tests in it use the rest")]
mod directories;
#[path = "../../tests/it/house.rs"]
#[allow(dead_code, reason = "the measurement lives in one part of the house")]
mod house;
#[path = "../../tests/it/notifications.rs"]
#[allow(dead_code, reason = "tests look at what was sent")]
mod notifications;
#[path = "../../tests/it/peer.rs"]
#[allow(dead_code, reason = "tests look at what was asked")]
mod peer;
mod statements;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use app_accounts::domain::source::{Run, RunState};
use testkit::measure::{forget_peak, peak_mib, resident_mib};

use directories::{Office, delete, group, people, person, set};
use statements::Statements;

/// People to a group.
const IN_EACH: usize = 100;

#[tokio::main]
async fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let count = if quick { 1_000 } else { 10_000 };
    let office = Box::pin(Office::new(&tree(count))).await;
    let statements = Statements::count(&office.house.world.database).await;
    println!("{count} people and {} groups in slapd", count / IN_EACH);
    measure(&office, &statements, "all new").await;
    measure(&office, &statements, "nothing changed").await;
    office.ldap.change(&changes(count));
    measure(&office, &statements, "one in a hundred").await;
    statements.stop().await;
}

/// Everybody, and groups of a hundred each.
fn tree(count: usize) -> String {
    let mut tree = people(count);
    for number in 0..count / IN_EACH {
        let first = number * IN_EACH + 1;
        let members: Vec<String> = (first..first + IN_EACH)
            .map(|person| format!("uid=p{person},cn=users"))
            .collect();
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        tree.push_str(&group(&format!("team{number}"), &members));
    }
    tree
}

/// One in a hundred: most have another title, a few are gone and as many are new. Not so many are gone that a run asks.
fn changes(count: usize) -> String {
    let (few, changed) = (count / 2_000, count / 100 - 2 * (count / 2_000));
    let mut all: String = (1..=changed)
        .map(|number| set(&format!("p{number}"), "title", "Engineer"))
        .collect();
    for number in 0..few {
        all.push_str(&delete(&format!("p{}", count - number)));
        write!(all, "{}", person(&format!("q{number}"))).unwrap();
    }
    all
}

/// Has the directory read, however long it takes: a test would give up.
async fn run(office: &Office) -> Run {
    let before = office.newest().await.map(|run| run.id);
    office.begin(false).await;
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let newest = office.newest().await;
        let ended = |run: &Run| Some(run.id) != before && run.state != RunState::Running;
        if let Some(run) = newest.filter(ended) {
            return run;
        }
    }
}

async fn measure(office: &Office, statements: &Statements<'_>, what: &str) {
    let own = std::process::id();
    let (before, executed) = (resident_mib(own), statements.so_far());
    forget_peak(own);
    let begun = Instant::now();
    let run = run(office).await;
    let took = begun.elapsed();
    assert_eq!(run.state, RunState::Done, "{run:?}");
    let (peak, executed) = (peak_mib(own), statements.so_far() - executed);
    println!(
        "  {what:<18} {took:>8.2?}  {executed:>6} statements  memory {before:>4.0} MiB before, {peak:>4.0} MiB at most"
    );
    println!("    {:?}", run.counts);
}
