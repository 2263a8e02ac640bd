//! `cloud directory ...`: the directories that people come from, from the machine itself.

use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;
use rpc::accounts::DirectoriesClient;
use rpc::accounts::v1::{
    BeginDirectoryRunRequest, DecideDirectoryRunRequest, GetDirectoryRunRequest,
    ListDirectoriesRequest, ListDirectoryRunsRequest, OperatedDirectory, OperatedRun, OperatedStep,
};
use serde_json::{Value, json};

use crate::error::Error;
use crate::installation::Installation;
use crate::operator::Operator;
use crate::output::{moment, note, say};

/// How often a run that is waited for is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// Fewest letters of a digest that name a run.
const FEWEST_LETTERS: usize = 8;

/// What can be done with directories; they are set up in the browser.
#[derive(Subcommand)]
pub(crate) enum Directory {
    /// Lists directories by name, with the last run of each
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lists the newest runs of a directory
    Runs {
        /// Its name
        name: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Shows what a run did, or would do
    Show {
        /// Name of the directory
        name: String,
        /// Id of the run [default: the newest]
        run: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Reads a directory now and waits for the end
    Run {
        /// Its name
        name: String,
        /// Change nothing, only say what would change
        #[arg(long)]
        preview: bool,
        /// Do not wait
        #[arg(long)]
        no_wait: bool,
    },
    /// Lets a run that stopped do what it said
    Approve(Decision),
    /// Says that a run that stopped may not do what it said
    Discard(Decision),
}

/// Which run is decided about.
#[derive(clap::Args)]
pub(crate) struct Decision {
    /// Name of the directory
    name: String,
    /// Digest of the steps that you read, or its first 8 letters and more
    digest: String,
}

/// Runs one of the commands.
pub(crate) async fn run(
    installation: &Installation,
    command: Directory,
) -> Result<ExitCode, Error> {
    let operator = Operator::connect(installation).await?;
    let client = rpc::accounts::directories_client(operator.origin()?);
    match command {
        Directory::List { json } => list(&client, json).await?,
        Directory::Runs { name, json } => runs(&client, name, json).await?,
        Directory::Show { name, run, json } => show(&client, name, run, json).await?,
        Directory::Run {
            name,
            preview,
            no_wait,
        } => return begin(&client, (name, preview), !no_wait).await,
        Directory::Approve(decision) => decide(&client, decision, true).await?,
        Directory::Discard(decision) => decide(&client, decision, false).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(client: &DirectoriesClient, json: bool) -> Result<(), Error> {
    let request = ListDirectoriesRequest {};
    let found = client.list_directories(Operator::call(), request).await?;
    if json {
        let found: Vec<Value> = found.directories.iter().map(as_json).collect();
        say(&json!({ "directories": found }).to_string());
    } else if found.directories.is_empty() {
        say("There are no directories.");
    } else {
        let lines: Vec<String> = found.directories.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

async fn of(client: &DirectoriesClient, directory: &str) -> Result<Vec<OperatedRun>, Error> {
    let directory = directory.to_owned();
    let request = ListDirectoryRunsRequest { directory };
    let found = client.list_directory_runs(Operator::call(), request);
    Ok(found.await?.runs)
}

async fn runs(client: &DirectoriesClient, name: String, json: bool) -> Result<(), Error> {
    let found = of(client, &name).await?;
    if json {
        let found: Vec<Value> = found.iter().map(run_as_json).collect();
        say(&json!({ "runs": found }).to_string());
    } else if found.is_empty() {
        say(&format!("{name} was not read yet."));
    } else {
        let lines: Vec<String> = found.iter().map(run_in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

async fn show(
    client: &DirectoriesClient,
    directory: String,
    run: Option<String>,
    json: bool,
) -> Result<(), Error> {
    let run_id = match run {
        Some(run) => run,
        None => match of(client, &directory).await?.into_iter().next() {
            Some(newest) => newest.run_id,
            None => return Err(Error::Usage(format!("{directory} was not read yet"))),
        },
    };
    let request = GetDirectoryRunRequest { directory, run_id };
    let found = client.get_directory_run(Operator::call(), request).await?;
    let run = found.run.unwrap_or_default();
    if json {
        let steps: Vec<Value> = found.steps.iter().map(step_as_json).collect();
        say(&json!({ "run": run_as_json(&run), "steps": steps }).to_string());
        return Ok(());
    }
    let mut lines = vec![run_in_words(&run)];
    lines.extend(found.steps.iter().map(step_in_words));
    if !run.digest.is_empty() {
        lines.push(format!("digest {}", hex::encode(&run.digest)));
    }
    say(&lines.join("\n"));
    Ok(())
}

/// Begins a run and follows it. Fails when it failed, and when it stopped to ask.
async fn begin(
    client: &DirectoriesClient,
    (directory, preview): (String, bool),
    wait: bool,
) -> Result<ExitCode, Error> {
    let newest = |runs: Vec<OperatedRun>| runs.into_iter().next();
    let before = newest(of(client, &directory).await?).map(|run| run.run_id);
    let request = BeginDirectoryRunRequest {
        directory: directory.clone(),
        preview,
    };
    client
        .begin_directory_run(Operator::call(), request)
        .await?;
    if !wait {
        say(&format!("{directory} is being read."));
        return Ok(ExitCode::SUCCESS);
    }
    note(&format!("{directory} is being read ..."));
    let ended = loop {
        tokio::time::sleep(LOOK).await;
        let latest = newest(of(client, &directory).await?);
        let ended =
            |run: &OperatedRun| Some(&run.run_id) != before.as_ref() && run.state != "running";
        if let Some(run) = latest.filter(ended) {
            break run;
        }
    };
    say(&run_in_words(&ended));
    Ok(match ended.state.as_str() {
        "failed" => ExitCode::FAILURE,
        "stopped" => {
            note(&format!(
                "It would take too much away to be done without being asked. Read it with `cloud directory show {directory}`."
            ));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    })
}

async fn decide(
    client: &DirectoriesClient,
    decision: Decision,
    approve: bool,
) -> Result<(), Error> {
    let Decision { name, digest } = decision;
    let typed = digest.to_lowercase();
    if typed.len() < FEWEST_LETTERS {
        return Err(Error::Usage(format!(
            "give {FEWEST_LETTERS} letters of the digest or more, as `cloud directory show {name}` prints it"
        )));
    }
    let runs = of(client, &name).await?;
    let meant =
        |run: &&OperatedRun| run.state == "stopped" && hex::encode(&run.digest).starts_with(&typed);
    let run = runs.iter().find(meant).ok_or_else(|| {
        Error::Usage(format!(
            "no run of {name} that waits has this digest; see `cloud directory show {name}`"
        ))
    })?;
    let request = DecideDirectoryRunRequest {
        directory: name.clone(),
        run_id: run.run_id.clone(),
        digest: run.digest.clone(),
        approve,
    };
    client
        .decide_directory_run(Operator::call(), request)
        .await?;
    say(&if approve {
        format!("{name} does what it said.")
    } else {
        format!("{name} does not do what it said.")
    });
    Ok(())
}

fn in_words(directory: &OperatedDirectory) -> String {
    let every = match directory.every_minutes {
        0 => "never by itself".to_owned(),
        minutes => format!("every {minutes} minutes"),
    };
    let last = directory.last_run.as_ref().map(run_in_words);
    format!(
        "{}  {} ({}), read {every}\n  {}",
        directory.name,
        directory.server,
        directory.security,
        last.unwrap_or_else(|| "not read yet".to_owned())
    )
}

fn run_in_words(run: &OperatedRun) -> String {
    let steps = [
        (run.created, "added"),
        (run.updated, "changed"),
        (run.suspended, "suspended"),
        (run.reinstated, "reinstated"),
        (run.groups_changed, "groups changed"),
        (run.conflicts, "left out"),
        (run.refused, "refused"),
    ];
    let mut facts = vec![format!(
        "{} people, {} groups found",
        run.people, run.groups
    )];
    let steps = steps.iter().filter(|(count, _)| *count > 0);
    facts.extend(steps.map(|(count, what)| format!("{count} {what}")));
    if !run.failure.is_empty() {
        facts = vec![run.failure.clone()];
    }
    format!(
        "{}  {}  {}: {}",
        run.run_id,
        moment(run.started_at),
        run.state,
        facts.join(", ")
    )
}

fn step_in_words(step: &OperatedStep) -> String {
    let changes = match step.changes.as_slice() {
        [] => String::new(),
        changes => format!(": {}", changes.join(", ")),
    };
    format!("  {} {} {}{changes}", step.about, step.action, step.name)
}

fn as_json(directory: &OperatedDirectory) -> Value {
    json!({
        "id": directory.directory_id,
        "name": directory.name,
        "server": directory.server,
        "security": directory.security,
        "every_minutes": directory.every_minutes,
        "last_run": directory.last_run.as_ref().map(run_as_json),
    })
}

fn run_as_json(run: &OperatedRun) -> Value {
    json!({
        "id": run.run_id,
        "state": run.state,
        "started_at": moment(run.started_at),
        "finished_at": (run.finished_at > 0).then(|| moment(run.finished_at)),
        "people": run.people,
        "groups": run.groups,
        "created": run.created,
        "updated": run.updated,
        "suspended": run.suspended,
        "reinstated": run.reinstated,
        "groups_changed": run.groups_changed,
        "conflicts": run.conflicts,
        "refused": run.refused,
        "failure": Some(&run.failure).filter(|failure| !failure.is_empty()),
        "digest": hex::encode(&run.digest),
    })
}

fn step_as_json(step: &OperatedStep) -> Value {
    json!({
        "about": step.about,
        "action": step.action,
        "name": step.name,
        "entry": step.entry,
        "changes": step.changes,
    })
}
