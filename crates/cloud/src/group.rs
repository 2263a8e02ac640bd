//! `cloud group ...`: groups from the machine itself.

use std::process::ExitCode;

use rpc::accounts::v1::change_member_request::Member;
use rpc::accounts::v1::{
    ChangeMemberRequest, CreateGroupRequest, FindGroupRequest, ListGroupsRequest, OperatedGroup,
};
use serde_json::{Value, json};

use crate::cli::{Group, GroupMember};
use crate::error::Error;
use crate::installation::Installation;
use crate::operator::Operator;
use crate::output::say;
use crate::user::directory::{as_json as person_as_json, in_words as person_in_words};

/// Runs one of the commands.
pub(crate) async fn run(installation: &Installation, command: Group) -> Result<ExitCode, Error> {
    let operator = Operator::connect(installation).await?;
    match command {
        Group::List { json } => list(&operator, json).await?,
        Group::Show { name, json } => show(&operator, name, json).await?,
        Group::Create { name, description } => create(&operator, name, description).await?,
        Group::Add(member) => change(&operator, member, true).await?,
        Group::Remove(member) => change(&operator, member, false).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(operator: &Operator, json: bool) -> Result<(), Error> {
    let operating = rpc::accounts::operating_client(operator.origin()?);
    let mut request = ListGroupsRequest::default();
    let mut groups = Vec::new();
    loop {
        let page = operating
            .list_groups(Operator::call(), request.clone())
            .await?;
        groups.extend(page.groups);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    if json {
        let groups: Vec<Value> = groups.iter().map(as_json).collect();
        say(&json!({ "groups": groups }).to_string());
    } else if groups.is_empty() {
        say("There are no groups.");
    } else {
        let lines: Vec<String> = groups.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

async fn show(operator: &Operator, name: String, json: bool) -> Result<(), Error> {
    let operating = rpc::accounts::operating_client(operator.origin()?);
    let found = operating
        .find_group(Operator::call(), FindGroupRequest { name })
        .await?;
    let group = found.group.unwrap_or_default();
    if json {
        let mut group = as_json(&group);
        if let Value::Object(fields) = &mut group {
            let people: Vec<Value> = found.people.iter().map(person_as_json).collect();
            fields.insert("people".to_owned(), json!(people));
            fields.insert("people_total".to_owned(), json!(found.total));
            fields.insert("groups".to_owned(), json!(found.groups));
        }
        say(&group.to_string());
        return Ok(());
    }
    let mut lines = vec![in_words(&group)];
    lines.extend(found.groups.iter().map(|name| format!("  group {name}")));
    let people = found.people.iter().map(person_in_words);
    lines.extend(people.map(|person| format!("  {person}")));
    let shown = i64::try_from(found.people.len()).unwrap_or(i64::MAX);
    if found.total > shown {
        lines.push(format!("  and {} more people", found.total - shown));
    }
    say(&lines.join("\n"));
    Ok(())
}

async fn create(operator: &Operator, name: String, description: String) -> Result<(), Error> {
    let operating = rpc::accounts::operating_client(operator.origin()?);
    let shown = name.clone();
    let request = CreateGroupRequest { name, description };
    operating.create_group(Operator::call(), request).await?;
    say(&format!("{shown} is there."));
    Ok(())
}

async fn change(operator: &Operator, member: GroupMember, inside: bool) -> Result<(), Error> {
    let operating = rpc::accounts::operating_client(operator.origin()?);
    let GroupMember {
        name,
        login,
        inner_group,
    } = member;
    let shown = login.as_ref().or(inner_group.as_ref()).cloned();
    let shown = shown.unwrap_or_default();
    let request = ChangeMemberRequest {
        group: name.clone(),
        member: login
            .map(Member::Login)
            .or(inner_group.map(Member::InnerGroup)),
        inside,
    };
    let changed = operating.change_member(Operator::call(), request).await?;
    let already = if changed.changed { "" } else { " already" };
    say(&if inside {
        format!("{shown} is{already} in {name}.")
    } else {
        format!("{shown} is{already} not in {name}.")
    });
    Ok(())
}

fn in_words(group: &OperatedGroup) -> String {
    match group.description.as_str() {
        "" => format!("{}  ({})", group.name, group.joining),
        description => format!("{}  ({}) {description}", group.name, group.joining),
    }
}

fn as_json(group: &OperatedGroup) -> Value {
    json!({
        "id": group.group_id,
        "name": group.name,
        "description": group.description,
        "joining": group.joining,
    })
}
