//! Who is in the directory, inviting again, and access.

use rpc::accounts::v1::{
    AccessStep, ChangeAccessRequest, FindPersonRequest, InvitePersonRequest, ListPeopleRequest,
    OperatedPerson,
};
use serde_json::{Value, json};

use crate::error::Error;
use crate::operator::Operator;
use crate::output::say;

/// Lists people by name, page after page.
pub(super) async fn list(
    operator: &Operator,
    (query, state): (String, String),
    json: bool,
) -> Result<(), Error> {
    let operating = rpc::accounts::operating_client(operator.origin()?);
    let mut request = ListPeopleRequest {
        query,
        state,
        page_token: String::new(),
    };
    let mut people = Vec::new();
    loop {
        let page = operating
            .list_people(Operator::call(), request.clone())
            .await?;
        people.extend(page.people);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    if json {
        let people: Vec<Value> = people.iter().map(as_json).collect();
        say(&json!({ "people": people }).to_string());
    } else if people.is_empty() {
        say("There is nobody.");
    } else {
        let lines: Vec<String> = people.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

/// Shows one person.
pub(super) async fn show(operator: &Operator, login: String, json: bool) -> Result<(), Error> {
    let operating = rpc::accounts::operating_client(operator.origin()?);
    let found = operating
        .find_person(Operator::call(), FindPersonRequest { login })
        .await?;
    let person = found.person.unwrap_or_default();
    if json {
        let mut person = as_json(&person);
        if let Value::Object(fields) = &mut person {
            fields.insert("groups".to_owned(), json!(found.groups));
        }
        say(&person.to_string());
        return Ok(());
    }
    let or = |text: &str, nothing: &str| match text {
        "" => nothing.to_owned(),
        text => text.to_owned(),
    };
    say(&[
        format!("name      {}", person.display_name),
        format!("sign-in   {}", person.username),
        format!("mail      {}", person.email),
        format!("role      {}", person.role),
        format!("state     {}", person.state),
        format!("last day  {}", or(&person.ends_on, "none")),
        format!("groups    {}", or(&found.groups.join(", "), "none")),
    ]
    .join("\n"));
    Ok(())
}

/// Makes another link for somebody who was invited.
pub(super) async fn invite(operator: &Operator, login: String) -> Result<(), Error> {
    let operating = rpc::accounts::operating_client(operator.origin()?);
    let shown = login.clone();
    let made = operating
        .invite_person(Operator::call(), InvitePersonRequest { login })
        .await?;
    say(&format!(
        "{shown} can choose a password with this link. It works once, and a former one no more:\n\n  {}\n",
        operator.link(&made.invitation_path)
    ));
    Ok(())
}

/// Takes access away or gives it back.
pub(super) async fn change_access(
    operator: &Operator,
    login: String,
    step: AccessStep,
) -> Result<(), Error> {
    let operating = rpc::accounts::operating_client(operator.origin()?);
    let request = ChangeAccessRequest {
        login,
        step: step.into(),
    };
    let changed = operating.change_access(Operator::call(), request).await?;
    let person = changed.person.unwrap_or_default();
    say(&format!("{} is {}.", person.username, person.state));
    Ok(())
}

/// One line of a list.
pub(crate) fn in_words(person: &OperatedPerson) -> String {
    let ends = match person.ends_on.as_str() {
        "" => String::new(),
        day => format!(", until {day}"),
    };
    format!(
        "{}  {} <{}>, {}, {}{ends}",
        person.username, person.display_name, person.email, person.role, person.state
    )
}

/// The same for programs.
pub(crate) fn as_json(person: &OperatedPerson) -> Value {
    json!({
        "id": person.user_id,
        "username": person.username,
        "display_name": person.display_name,
        "email": person.email,
        "role": person.role,
        "state": person.state,
        "ends_on": Some(&person.ends_on).filter(|day| !day.is_empty()),
    })
}
