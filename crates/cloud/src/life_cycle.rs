//! `cloud life-cycle ...`: accounts that end, and the runs that end them.

use std::process::ExitCode;

use clap::Subcommand;
use rpc::accounts::LifeCycleClient;
use rpc::accounts::v1::{
    BeginLifeCycleRunRequest, EndingPerson, LifeCycleRun, ListEndingRequest,
    ListLifeCycleRunsRequest,
};
use serde_json::{Value, json};

use crate::error::Error;
use crate::installation::Installation;
use crate::operator::Operator;
use crate::output::{moment, say};

/// What can be done with the life cycle.
#[derive(Subcommand)]
pub(crate) enum LifeCycle {
    /// Lists whose account ends within 30 days or should have, soonest first
    Ending {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lists what the newest runs did
    Runs {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Begins a run now: reminds, suspends and puts into the trash whoever is due
    Run,
}

/// Runs one of the commands.
pub(crate) async fn run(
    installation: &Installation,
    command: LifeCycle,
) -> Result<ExitCode, Error> {
    let operator = Operator::connect(installation).await?;
    let client = rpc::accounts::life_cycle_client(operator.origin()?);
    match command {
        LifeCycle::Ending { json } => ending(&client, json).await?,
        LifeCycle::Runs { json } => runs(&client, json).await?,
        LifeCycle::Run => {
            let request = BeginLifeCycleRunRequest {};
            let begun = client.begin_life_cycle_run(Operator::call(), request);
            let already = if begun.await?.already { " already" } else { "" };
            say(&format!("A run is{already} under way."));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn ending(client: &LifeCycleClient, json: bool) -> Result<(), Error> {
    let request = ListEndingRequest {};
    let found = client.list_ending(Operator::call(), request).await?;
    if json {
        let people: Vec<Value> = found.people.iter().map(as_json).collect();
        say(&json!({ "people": people, "total": found.total }).to_string());
    } else if found.people.is_empty() {
        say("No account ends within 30 days.");
    } else {
        let lines: Vec<String> = found.people.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

async fn runs(client: &LifeCycleClient, json: bool) -> Result<(), Error> {
    let request = ListLifeCycleRunsRequest {};
    let found = client.list_life_cycle_runs(Operator::call(), request);
    let found = found.await?.runs;
    if json {
        let runs: Vec<Value> = found.iter().map(run_as_json).collect();
        say(&json!({ "runs": runs }).to_string());
    } else if found.is_empty() {
        say("There was no run yet.");
    } else {
        let lines: Vec<String> = found.iter().map(run_in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

fn in_words(person: &EndingPerson) -> String {
    let reminded = match person.reminded_at {
        0 => "not reminded".to_owned(),
        at => format!("reminded {}", moment(at)),
    };
    format!(
        "{}  {}, {}, {reminded}",
        person.ends_on, person.display_name, person.role
    )
}

fn as_json(person: &EndingPerson) -> Value {
    json!({
        "id": person.user_id,
        "display_name": person.display_name,
        "role": person.role,
        "ends_on": person.ends_on,
        "reminded_at": (person.reminded_at > 0).then(|| moment(person.reminded_at)),
    })
}

fn run_in_words(run: &LifeCycleRun) -> String {
    let by = if run.by_hand { "by hand" } else { "by itself" };
    let unfinished = if run.ended_at == 0 {
        ", not at its end"
    } else {
        ""
    };
    format!(
        "{}  {by}: {} reminded, {} expired, {} into the trash, {} refused{unfinished}",
        moment(run.begun_at),
        run.reminded,
        run.expired,
        run.trashed,
        run.refused
    )
}

fn run_as_json(run: &LifeCycleRun) -> Value {
    json!({
        "id": run.run_id,
        "by_hand": run.by_hand,
        "begun_at": moment(run.begun_at),
        "ended_at": (run.ended_at > 0).then(|| moment(run.ended_at)),
        "reminded": run.reminded,
        "expired": run.expired,
        "trashed": run.trashed,
        "refused": run.refused,
    })
}
