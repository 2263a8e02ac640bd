//! `cloud invitation ...`: who was invited and has not come yet.

use std::process::ExitCode;

use clap::Subcommand;
use rpc::accounts::v1::{
    ListInvitationsRequest, MailInvitationRequest, OperatedInvitation, RevokeInvitationRequest,
};
use serde_json::{Value, json};

use crate::error::Error;
use crate::installation::Installation;
use crate::operator::Operator;
use crate::output::{moment, say};

/// What can be done with invitations.
#[derive(Subcommand)]
pub(crate) enum Invitation {
    /// Lists who was invited and has not come yet, oldest first
    List {
        /// Only those that got so far
        #[arg(long, value_parser = ["new", "sending", "sent", "unsent", "shown", "expired", "revoked"])]
        stage: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Mails somebody a new link; `cloud user invite` prints one instead
    Mail {
        /// Sign-in name or mail address
        login: String,
    },
    /// Takes an invitation back: its links work no more, and the person goes into the trash
    Revoke {
        /// Sign-in name or mail address
        login: String,
    },
}

/// Runs one of the commands.
pub(crate) async fn run(
    installation: &Installation,
    command: Invitation,
) -> Result<ExitCode, Error> {
    let operator = Operator::connect(installation).await?;
    let client = rpc::accounts::admission_client(operator.origin()?);
    match command {
        Invitation::List { stage, json } => {
            list(&operator, stage.unwrap_or_default(), json).await?;
        }
        Invitation::Mail { login } => {
            let shown = login.clone();
            let request = MailInvitationRequest { login };
            client.mail_invitation(Operator::call(), request).await?;
            say(&format!("{shown} gets a mail with a new link."));
        }
        Invitation::Revoke { login } => {
            let shown = login.clone();
            let request = RevokeInvitationRequest { login };
            client.revoke_invitation(Operator::call(), request).await?;
            say(&format!("{shown} is not invited any more."));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(operator: &Operator, stage: String, json: bool) -> Result<(), Error> {
    let client = rpc::accounts::admission_client(operator.origin()?);
    let mut request = ListInvitationsRequest { stage, offset: 0 };
    let mut invitations: Vec<OperatedInvitation> = Vec::new();
    loop {
        let page = client
            .list_invitations(Operator::call(), request.clone())
            .await?;
        if page.invitations.is_empty() {
            break;
        }
        invitations.extend(page.invitations);
        request.offset = u32::try_from(invitations.len()).unwrap_or(u32::MAX);
    }
    if json {
        let invitations: Vec<Value> = invitations.iter().map(as_json).collect();
        say(&json!({ "invitations": invitations }).to_string());
    } else if invitations.is_empty() {
        say("Nobody is invited who has not come.");
    } else {
        let lines: Vec<String> = invitations.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

fn in_words(invitation: &OperatedInvitation) -> String {
    let works = match invitation.expires_at {
        0 => String::new(),
        until => format!(", link works until {}", moment(until)),
    };
    format!(
        "{}  {} <{}>, {}, {} since {}{works}",
        invitation.username,
        invitation.display_name,
        invitation.email,
        invitation.role,
        invitation.stage,
        moment(invitation.created_at)
    )
}

fn as_json(invitation: &OperatedInvitation) -> Value {
    json!({
        "username": invitation.username,
        "display_name": invitation.display_name,
        "email": invitation.email,
        "role": invitation.role,
        "stage": invitation.stage,
        "created_at": moment(invitation.created_at),
        "expires_at": (invitation.expires_at > 0).then(|| moment(invitation.expires_at)),
    })
}
