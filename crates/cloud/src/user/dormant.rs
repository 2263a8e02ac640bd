//! Who was not seen for long.

use rpc::accounts::v1::{DormantPerson, ListDormantRequest};
use serde_json::{Value, json};

use crate::error::Error;
use crate::operator::Operator;
use crate::output::{moment, note, say};

/// Lists active people who were not seen for so many days.
pub(super) async fn list(operator: &Operator, days: u16, json: bool) -> Result<(), Error> {
    let client = rpc::accounts::life_cycle_client(operator.origin()?);
    let mut request = ListDormantRequest {
        days: days.into(),
        page_token: String::new(),
    };
    let mut people = Vec::new();
    let known_at = loop {
        let page = client
            .list_dormant(Operator::call(), request.clone())
            .await?;
        people.extend(page.people);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break page.known_at;
        }
    };
    if known_at == 0 {
        note("The sign-in was not asked yet who was seen; ask again within the hour.");
    }
    if json {
        let people: Vec<Value> = people.iter().map(as_json).collect();
        let known_at = (known_at > 0).then(|| moment(known_at));
        say(&json!({ "people": people, "known_at": known_at }).to_string());
    } else if people.is_empty() {
        say(&format!("Everybody was seen within {days} days."));
    } else {
        let lines: Vec<String> = people.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

fn in_words(person: &DormantPerson) -> String {
    let seen = match person.seen_at {
        0 => "never seen".to_owned(),
        at => format!("seen {}", moment(at)),
    };
    format!(
        "{}  {}, {}, {seen}",
        person.username, person.display_name, person.role
    )
}

fn as_json(person: &DormantPerson) -> Value {
    json!({
        "username": person.username,
        "display_name": person.display_name,
        "role": person.role,
        "seen_at": (person.seen_at > 0).then(|| moment(person.seen_at)),
    })
}
