//! `cloud request ...`: strangers who ask for an account.

use std::process::ExitCode;

use clap::Subcommand;
use rpc::accounts::v1::{
    ApproveAccountRequestRequest, DenyAccountRequestRequest, ListAccountRequestsRequest,
    OperatedAccountRequest,
};
use serde_json::{Value, json};

use crate::error::Error;
use crate::installation::Installation;
use crate::operator::Operator;
use crate::output::{moment, say};

/// What can be done with requests for an account.
#[derive(Subcommand)]
pub(crate) enum Request {
    /// Lists who waits, oldest first
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lets somebody in: they are invited by mail
    Approve {
        /// Their mail address
        email: String,
        /// guest or user
        #[arg(long, default_value = "user", value_parser = ["guest", "user"])]
        role: String,
        /// Name of a group they are in from the first day on; several times for several
        #[arg(long, value_name = "NAME")]
        group: Vec<String>,
    },
    /// Turns somebody down: a mail tells them
    Deny {
        /// Their mail address
        email: String,
        /// What they read
        #[arg(long, default_value = "")]
        reason: String,
    },
}

/// Runs one of the commands.
pub(crate) async fn run(installation: &Installation, command: Request) -> Result<ExitCode, Error> {
    let operator = Operator::connect(installation).await?;
    let client = rpc::accounts::admission_client(operator.origin()?);
    match command {
        Request::List { json } => list(&operator, json).await?,
        Request::Approve { email, role, group } => {
            let shown = email.clone();
            let request = ApproveAccountRequestRequest {
                email,
                role,
                groups: group,
            };
            client
                .approve_account_request(Operator::call(), request)
                .await?;
            say(&format!("{shown} is invited."));
        }
        Request::Deny { email, reason } => {
            let shown = email.clone();
            let request = DenyAccountRequestRequest { email, reason };
            client
                .deny_account_request(Operator::call(), request)
                .await?;
            say(&format!("{shown} is turned down."));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(operator: &Operator, json: bool) -> Result<(), Error> {
    let client = rpc::accounts::admission_client(operator.origin()?);
    let request = ListAccountRequestsRequest {};
    let found = client.list_account_requests(Operator::call(), request);
    let found = found.await?.requests;
    if json {
        let found: Vec<Value> = found.iter().map(as_json).collect();
        say(&json!({ "requests": found }).to_string());
    } else if found.is_empty() {
        say("Nobody waits for an account.");
    } else {
        let lines: Vec<String> = found.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

fn in_words(request: &OperatedAccountRequest) -> String {
    let note = match request.note.as_str() {
        "" => String::new(),
        note => format!(": {note}"),
    };
    format!(
        "{}  {}, since {}{note}",
        request.email,
        request.display_name,
        moment(request.created_at)
    )
}

fn as_json(request: &OperatedAccountRequest) -> Value {
    json!({
        "email": request.email,
        "display_name": request.display_name,
        "note": request.note,
        "created_at": moment(request.created_at),
    })
}
