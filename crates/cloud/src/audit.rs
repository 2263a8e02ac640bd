//! `cloud audit`: who changed what among people and groups, and what was refused.

use std::process::ExitCode;

use clap::Args;
use rpc::accounts::v1::{AuditEntry, ListAuditEntriesRequest};
use serde_json::{Value, json};

use crate::error::Error;
use crate::installation::Installation;
use crate::operator::Operator;
use crate::output::{moment, say};

/// Entries of a page.
const PAGE: u32 = 200;
/// Seconds of a day.
const DAY: i64 = 24 * 3600;

/// Which entries to list.
#[derive(Args)]
pub(crate) struct AuditOptions {
    /// Done by or to this person: sign-in name or mail address
    #[arg(long, value_name = "LOGIN")]
    about: Option<String>,
    /// Only what was refused
    #[arg(long)]
    refused: bool,
    /// Of so many days
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    days: Option<u16>,
    /// A part of a name, of the action, of the request's id or of the address
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Most entries
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) async fn run(
    installation: &Installation,
    options: AuditOptions,
) -> Result<ExitCode, Error> {
    let operator = Operator::connect(installation).await?;
    let client = rpc::accounts::audit_client(operator.origin()?);
    let now = platform::Clock::system().now().as_second();
    let mut request = ListAuditEntriesRequest {
        login: options.about.unwrap_or_default(),
        outcome: if options.refused { "refused" } else { "" }.to_owned(),
        since: options.days.map_or(0, |days| now - i64::from(days) * DAY),
        words: options.search.unwrap_or_default(),
        page_size: 0,
        page_token: String::new(),
    };
    let (mut left, mut entries) = (options.limit, Vec::new());
    loop {
        request.page_size = left.min(PAGE);
        let page = client.list_audit_entries(Operator::call(), request.clone());
        let page = page.await?;
        left = left.saturating_sub(request.page_size);
        entries.extend(page.entries);
        request.page_token = page.next_page_token;
        if left == 0 || request.page_token.is_empty() {
            break;
        }
    }
    if options.json {
        let entries: Vec<Value> = entries.iter().map(as_json).collect();
        say(&json!({ "entries": entries }).to_string());
    } else if entries.is_empty() {
        say("There is no such entry.");
    } else {
        let lines: Vec<String> = entries.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

fn in_words(entry: &AuditEntry) -> String {
    let origin = [&entry.address, &entry.on_behalf];
    let origin: Vec<&str> = origin.into_iter().map(String::as_str).collect();
    let origin = match origin.join(" ").trim() {
        "" => String::new(),
        known => format!(" ({known})"),
    };
    let refused = match (entry.outcome.as_str(), entry.reason.as_str()) {
        ("refused", "") => ", refused".to_owned(),
        ("refused", reason) => format!(", refused: {reason}"),
        _ => String::new(),
    };
    let changes = match entry.changes.join("; ") {
        none if none.is_empty() => none,
        some => format!("\n    {some}"),
    };
    format!(
        "{}  {}{origin}: {} of {} {:?}{refused}{changes}",
        moment(entry.occurred_at),
        entry.actor_name,
        entry.action,
        entry.target_kind,
        entry.target_name,
    )
}

fn as_json(entry: &AuditEntry) -> Value {
    json!({
        "occurred_at": moment(entry.occurred_at),
        "actor": entry.actor_name,
        "on_behalf": entry.on_behalf,
        "address": entry.address,
        "request_id": entry.request_id,
        "action": entry.action,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "target_kind": entry.target_kind,
        "target": entry.target_name,
        "changes": entry.changes,
    })
}
