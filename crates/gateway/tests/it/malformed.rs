//! Requests that are malformed, or that two readers could read differently, as bytes on a socket. Each row of the table
//! says what the client gets and what the apps get, down to the byte; each is sent in several ways, because a parser
//! that is right about a whole head may be wrong about half of one.
//!
//! Where an RFC leaves a choice, this platform refuses: it is not the only reader of what it forwards.

use std::collections::HashSet;
use std::panic;
use std::sync::{Mutex, Once, PoisonError};

use futures_util::StreamExt;

use crate::given::Platform;

mod breaking;
mod case;
mod chunks;
mod codings;
mod conversation;
mod fields;
mod hops;
mod hosts;
mod lengths;
mod lines;
mod methods;
mod noise;
mod paths;
mod pipelining;
mod recorder;
mod sizes;
mod smuggling;
mod targets;
mod verdict;
mod versions;

use case::Case;
use conversation::Delivery;

/// Conversations at once.
const AT_ONCE: usize = 16;

fn table() -> Vec<Case> {
    [
        breaking::cases(),
        chunks::cases(),
        codings::cases(),
        fields::cases(),
        hops::cases(),
        hosts::cases(),
        lengths::cases(),
        lines::cases(),
        methods::cases(),
        paths::cases(),
        pipelining::cases(),
        sizes::cases(),
        smuggling::cases(),
        targets::cases(),
        versions::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where the gateway panicked. The task ends and the platform goes on, so nobody else would notice.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn watch_for_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            let place = panicked.location().map(ToString::to_string);
            let place = place.filter(|place| !place.contains("tests/it"));
            let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
            panics.extend(place.map(|place| format!("panicked at {place}")));
            drop(panics);
            usual(panicked);
        }));
    });
}

/// Holds every conversation, then looks at what the apps were sent, and fails with all that is wrong.
async fn check(cases: Vec<Case>, delivery: Delivery) {
    let cases: Vec<Case> = cases
        .into_iter()
        .filter(|case| delivery == Delivery::Whole || !case.only_whole)
        .collect();
    watch_for_panics();
    let platform = Platform::new().await;
    let record = recorder::Record::default();
    let apps = record.start(&platform).await;
    let gateway = platform.gateway().await;
    for path in ["/app/case/x", "/app/other/x", "/auth/x", "/x"] {
        gateway.serves(path, None).await;
    }
    let ids: Vec<String> = (1..=cases.len())
        .map(|number| format!("case{number:04}"))
        .collect();
    let conversations = cases
        .iter()
        .zip(&ids)
        .map(|(case, id)| conversation::hold(gateway.address, case, delivery, id));
    let heard: Vec<conversation::Heard> = futures_util::stream::iter(conversations)
        .buffered(AT_ONCE)
        .collect()
        .await;
    // Whatever is still on its way arrives, or is cut, when the gateway ends.
    drop(gateway);
    for app in &apps {
        app.is_left_alone().await;
    }
    let seen = record.all();
    let mut report = Vec::new();
    for ((case, id), heard) in cases.iter().zip(&ids).zip(&heard) {
        let own: Vec<&recorder::Seen> = seen
            .iter()
            .filter(|seen| seen.id().is_some_and(|own| own.starts_with(id)))
            .collect();
        let complaints = verdict::complaints(case, delivery, id, (heard, &own));
        if !complaints.is_empty() {
            report.push(describe(case, &complaints));
        }
    }
    // A request without a name is one that somebody smuggled, or a message that came apart.
    let strays = seen
        .iter()
        .filter(|seen| seen.id().is_none() && !seen.is_harmless());
    report.extend(strays.map(|seen| format!("nobody's: {seen:?}")));
    report.append(&mut PANICS.lock().unwrap_or_else(PoisonError::into_inner));
    assert!(
        report.is_empty(),
        "{} of {} cases, delivered {delivery:?}:\n{}",
        report.len(),
        cases.len(),
        report.join("\n")
    );
}

fn describe(case: &Case, complaints: &[String]) -> String {
    let title = format!("- {} (RFC {})", case.name, case.clause);
    let note = (!case.note.is_empty()).then(|| format!("    {}", case.note));
    let complaints = complaints
        .iter()
        .map(|complaint| format!("    * {complaint}"));
    let lines: Vec<String> = [title].into_iter().chain(note).chain(complaints).collect();
    lines.join("\n")
}

#[test]
fn the_table_is_large_and_every_row_has_its_own_name_and_a_clause() {
    let table = table();
    assert!(table.len() >= 150);
    let mut names = HashSet::new();
    for case in &table {
        let name = case.name.as_str();
        assert!(names.insert(name), "{name} is there twice");
        assert!(
            case.clause
                .starts_with(|first: char| first.is_ascii_digit()),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_as_it_is_written() {
    check(table(), Delivery::Whole).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_in_pieces() {
    check(table(), Delivery::Pieces).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_on_a_connection_that_has_served_a_request() {
    check(table(), Delivery::Kept).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_in_one_write_behind_a_request() {
    check(table(), Delivery::Pipelined).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blanks_before_an_extension_are_bounded() {
    check(chunks::blanks(), Delivery::Whole).await;
}
