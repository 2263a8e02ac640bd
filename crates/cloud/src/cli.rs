//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use platform::{Environment, Role};

use crate::api::{self, ApiOptions};
use crate::audit::{self, AuditOptions};
use crate::directories::{self, Directory};
use crate::error::Error;
use crate::installation::Installation;
use crate::invitations::{self, Invitation};
use crate::life_cycle::{self, LifeCycle};
use crate::login::{At, LoginOptions};
use crate::requests::{self, Request};
use crate::{app_key, group, key, login, migrate, output, status, up, user};

/// Cloud: all apps in one process, and the operator's commands
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Which installation is meant.
#[derive(Args)]
struct Place {
    /// Where data lies [default: CLOUD_DATA_DIR, else .cloud in development and /var/lib/cloud in production]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
    /// Development mode, as with CLOUD_ENV=dev
    #[arg(long, global = true)]
    dev: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Runs everything until told to stop (default)
    Up,
    /// Tells what runs and whether it is well
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Creates people and helps them back in
    #[command(subcommand)]
    User(User),
    /// Groups, from the machine itself
    #[command(subcommand)]
    Group(Group),
    /// Directories that people come from
    #[command(subcommand)]
    Directory(Directory),
    /// Who was invited and has not come yet
    #[command(subcommand)]
    Invitation(Invitation),
    /// Strangers who ask for an account
    #[command(subcommand)]
    Request(Request),
    /// Accounts that end
    #[command(subcommand)]
    LifeCycle(LifeCycle),
    /// Lists who changed what among people and groups, and what was refused, newest first
    Audit(AuditOptions),
    /// Prints the key for an app that should not hold APP_SECRET
    AppKey {
        /// The app's id
        id: String,
    },
    /// Brings the database of every app up to date without serving
    Migrate,
    /// Signs this program in to a platform: prints an address and a code, and waits until you approve in a browser
    Login(LoginOptions),
    /// Ends the sign-in of this program, here and on the platform
    Logout {
        #[command(flatten)]
        at: At,
        /// Only forget the key here, when the platform cannot be reached any more
        #[arg(long)]
        forget: bool,
    },
    /// Tells who this program is signed in as
    Whoami {
        #[command(flatten)]
        at: At,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Your own keys for programs
    #[command(subcommand)]
    Key(Key),
    /// Asks any API of a platform with a key, and prints what it answers
    Api(ApiOptions),
}

/// What can be done with keys.
#[derive(Subcommand)]
pub(crate) enum Key {
    /// Makes a key once you approve it in a browser, and prints it, alone, on the standard output
    Create(NewKey),
    /// Lists your keys, newest first
    List {
        #[command(flatten)]
        at: At,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Ends a key
    Revoke {
        /// Its id: prints the address of its page and waits until you end it there
        #[arg(required_unless_present = "stdin", conflicts_with = "stdin")]
        id: Option<String>,
        /// Read the key itself from the standard input and end it at once
        #[arg(long)]
        stdin: bool,
        #[command(flatten)]
        at: At,
    },
}

/// A key somebody wants.
#[derive(Args)]
pub(crate) struct NewKey {
    /// What to call it, such as "Backup on nas"
    pub(crate) name: String,
    /// What it may be used for, as in files:read; several times for several
    #[arg(long, required = true, value_name = "APP:ACT")]
    pub(crate) scope: Vec<String>,
    /// The one app it is for
    #[arg(long)]
    pub(crate) app: Option<String>,
    /// The one resource it is for, as the app names it
    #[arg(long)]
    pub(crate) resource: Option<String>,
    /// Network it may be used from, as in 192.0.2.0/24; several times for several
    #[arg(long, value_name = "CIDR")]
    pub(crate) network: Vec<String>,
    /// Days until it ends by itself, 1 to 365
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=365))]
    pub(crate) days: u16,
    #[command(flatten)]
    pub(crate) at: At,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What can be done for a person.
#[derive(Subcommand)]
pub(crate) enum User {
    /// Creates a person and prints the link with which they choose a password
    Create {
        /// Sign-in name
        username: String,
        /// Mail address
        #[arg(long)]
        email: String,
        /// Name to show [default: the sign-in name]
        #[arg(long)]
        name: Option<String>,
        /// guest, user or admin
        #[arg(long, default_value = "user", value_parser = parse_role)]
        role: Role,
    },
    /// Lists people by name
    List {
        /// Beginnings of words of name, sign-in name, mail address or department
        query: Option<String>,
        /// Only invited, active, suspended, expired or deleted people; deleted ones are in the trash
        #[arg(long, value_parser = ["invited", "active", "suspended", "expired", "deleted"])]
        state: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Shows a person
    Show {
        /// Sign-in name or mail address
        login: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lists active people who were not seen for long, longest first
    Dormant {
        /// For how many days
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3650))]
        days: u16,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Prints a new link for somebody who was invited; the former one stops working
    Invite {
        /// Sign-in name or mail address
        login: String,
    },
    /// Takes away a person's access
    Suspend {
        /// Sign-in name or mail address
        login: String,
    },
    /// Gives a person access back, or takes them out of the trash
    Restore {
        /// Sign-in name or mail address
        login: String,
    },
    /// Ends a person's sessions and starts a reset: prints a link with which they choose a new password, or mails it
    Reset {
        /// Sign-in name or mail address
        login: String,
        /// Mail the link instead of printing it
        #[arg(long)]
        mail: bool,
    },
    /// Tells what a person can prove who they are with
    Factors {
        /// Sign-in name or mail address
        login: String,
        /// Remove everything but the password, and end their sessions
        #[arg(long)]
        remove: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lists where a person is signed in
    Sessions {
        /// Sign-in name or mail address
        login: String,
        /// End them all
        #[arg(long)]
        end: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lets a person try again who was held back for wrong passwords or codes
    Unlock {
        /// Sign-in name or mail address
        login: String,
    },
    /// Makes a person an administrator
    Promote {
        /// Sign-in name or mail address
        login: String,
    },
}

/// What can be done with groups.
#[derive(Subcommand)]
pub(crate) enum Group {
    /// Lists groups by name
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Shows a group and who is directly in it
    Show {
        /// Its name
        name: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Makes a group
    Create {
        /// Its name
        name: String,
        /// What it is for
        #[arg(long, default_value = "")]
        description: String,
    },
    /// Puts a person or a group into a group
    Add(GroupMember),
    /// Takes a person or a group out of a group
    Remove(GroupMember),
}

/// Somebody in a group.
#[derive(Args)]
pub(crate) struct GroupMember {
    /// Name of the group
    pub(crate) name: String,
    /// Sign-in name or mail address of a person
    #[arg(
        required_unless_present = "inner_group",
        conflicts_with = "inner_group"
    )]
    pub(crate) login: Option<String>,
    /// Name of a group instead of a person
    #[arg(long = "group", value_name = "NAME")]
    pub(crate) inner_group: Option<String>,
}

/// Parses the command line, runs the command, and yields the exit code.
pub(crate) async fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way, too; clap knows which stream and code they want.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _printed = error.print();
            return ExitCode::from(code);
        }
    };
    // The dev network is what `cloud up` makes; it must not feed on an old one.
    let environment = Environment::from_process_alone();
    let outcome = match Installation::find(environment, cli.place.data_dir, cli.place.dev) {
        Ok(installation) => {
            Box::pin(dispatch(&installation, cli.command.unwrap_or(Command::Up))).await
        }
        Err(error) => Err(error),
    };
    outcome.unwrap_or_else(|error| output::fail(&error.to_string(), error.exit_code()))
}

async fn dispatch(installation: &Installation, command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Up => up::run(installation).await,
        Command::Status { json } => status::run(installation, json).await,
        Command::User(user) => user::run(installation, user).await,
        Command::Group(command) => group::run(installation, command).await,
        Command::Directory(command) => directories::run(installation, command).await,
        Command::Invitation(command) => invitations::run(installation, command).await,
        Command::Request(command) => requests::run(installation, command).await,
        Command::LifeCycle(command) => life_cycle::run(installation, command).await,
        Command::Audit(options) => audit::run(installation, options).await,
        Command::Api(options) => api::run(installation, options).await,
        Command::AppKey { id } => app_key::run(installation, &id),
        Command::Migrate => migrate::run(installation).await,
        Command::Login(options) => login::login(installation, options).await,
        Command::Logout { at, forget } => login::logout(installation, &at, forget).await,
        Command::Whoami { at, json } => login::whoami(installation, &at, json).await,
        Command::Key(command) => key::run(installation, command).await,
    }
}

fn parse_role(text: &str) -> Result<Role, String> {
    match text {
        "guest" => Ok(Role::Guest),
        "user" => Ok(Role::User),
        "admin" => Ok(Role::Admin),
        _ => Err("must be guest, user or admin".to_owned()),
    }
}
