//! `cloud user ...`: what an operator does for people from the machine itself.

mod access;
pub(crate) mod directory;
mod dormant;

use std::process::ExitCode;

use platform::Role;
use rpc::accounts::v1::{
    AccessStep, CreateUserRequest, PromoteUserRequest, SearchUsersRequest, User as Person,
};

use crate::cli::User;
use crate::error::Error;
use crate::installation::Installation;
use crate::operator::Operator;
use crate::output::say;

/// Runs one of the commands.
pub(crate) async fn run(installation: &Installation, command: User) -> Result<ExitCode, Error> {
    let operator = Operator::connect(installation).await?;
    match command {
        User::Create {
            username,
            email,
            name,
            role,
        } => {
            let display_name = name.unwrap_or_else(|| username.clone());
            let person = CreateUserRequest {
                username,
                email,
                display_name,
                role: role_name(role).to_owned(),
            };
            create(&operator, person).await?;
        }
        User::List { query, state, json } => {
            let which = (query.unwrap_or_default(), state.unwrap_or_default());
            directory::list(&operator, which, json).await?;
        }
        User::Show { login, json } => directory::show(&operator, login, json).await?,
        User::Dormant { days, json } => dormant::list(&operator, days, json).await?,
        User::Invite { login } => directory::invite(&operator, login).await?,
        User::Suspend { login } => {
            directory::change_access(&operator, login, AccessStep::Suspend).await?;
        }
        User::Restore { login } => {
            directory::change_access(&operator, login, AccessStep::Restore).await?;
        }
        User::Reset { login, mail } => access::reset(&operator, &login, mail).await?,
        User::Factors {
            login,
            remove: true,
            ..
        } => access::remove_factors(&operator, &login).await?,
        User::Factors { login, json, .. } => access::factors(&operator, &login, json).await?,
        User::Sessions {
            login, end: true, ..
        } => access::end_sessions(&operator, &login).await?,
        User::Sessions { login, json, .. } => access::sessions(&operator, &login, json).await?,
        User::Unlock { login } => access::unlock(&operator, &login).await?,
        User::Promote { login } => promote(&operator, login).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(operator: &Operator, person: CreateUserRequest) -> Result<(), Error> {
    let username = person.username.clone();
    let accounts = rpc::accounts::client(operator.origin()?);
    let made = accounts.create_user(Operator::call(), person).await?;
    say(&format!(
        "{username} can choose a password with this link. It works once:\n\n  {}\n",
        operator.link(&made.invitation_path)
    ));
    Ok(())
}

async fn promote(operator: &Operator, login: String) -> Result<(), Error> {
    let accounts = rpc::accounts::client(operator.origin()?);
    let shown = login.clone();
    accounts
        .promote_user(Operator::call(), PromoteUserRequest { login })
        .await?;
    say(&format!("{shown} is an administrator and signs in anew."));
    Ok(())
}

/// The one person with this sign-in name or mail address.
async fn find(operator: &Operator, login: &str) -> Result<Person, Error> {
    let accounts = rpc::accounts::client(operator.origin()?);
    let request = SearchUsersRequest {
        query: login.to_owned(),
        page_size: 100,
        page_token: String::new(),
    };
    let found = accounts
        .search_users(Operator::call(), request)
        .await?
        .users;
    let is_meant = |person: &Person| {
        person.username.eq_ignore_ascii_case(login) || person.email.eq_ignore_ascii_case(login)
    };
    found.into_iter().find(is_meant).ok_or_else(|| {
        Error::Usage(format!(
            "there is nobody with the sign-in name or mail address {login}"
        ))
    })
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Guest => "guest",
        Role::User => "user",
        Role::Admin => "admin",
    }
}
