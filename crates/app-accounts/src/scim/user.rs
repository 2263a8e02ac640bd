//! People as SCIM sees them (RFC 7643 sections 4.1 and 4.3): shown as JSON, and read back from it.

mod read;

use serde_json::{Map, Value, json};

use super::version_of;
use crate::domain::group::GroupId;
use crate::domain::person::State;
use crate::domain::provisioned::ProvisionedPerson;

pub(super) use self::read::{external_id, read};

/// URN of the core schema of people.
pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// URN of what an enterprise says besides.
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The person without their groups.
pub(super) fn shown(found: &ProvisionedPerson, base: &str) -> Value {
    let person = &found.person;
    let mut user = Map::new();
    user.insert("schemas".to_owned(), json!([USER, ENTERPRISE]));
    put(&mut user, "id", &person.id.to_string());
    let external_id = found.external_id.as_deref();
    put(&mut user, "externalId", external_id.unwrap_or_default());
    put(&mut user, "userName", &found.user_name);
    let mut name = Map::new();
    put(&mut name, "formatted", &person.display_name);
    put(&mut name, "givenName", &person.given_name);
    put(&mut name, "familyName", &person.family_name);
    user.insert("name".to_owned(), Value::Object(name));
    put(&mut user, "displayName", &person.display_name);
    put(&mut user, "title", &person.title);
    put(&mut user, "preferredLanguage", &person.locale);
    put(&mut user, "timezone", &person.zone);
    let active = matches!(person.state, State::Invited | State::Active);
    user.insert("active".to_owned(), json!(active));
    user.insert("emails".to_owned(), emails(found));
    if !person.phone.is_empty() {
        let phones = json!([{ "value": person.phone, "type": "work", "primary": true }]);
        user.insert("phoneNumbers".to_owned(), phones);
    }
    let mut enterprise = Map::new();
    put(&mut enterprise, "department", &person.department);
    if let Some(manager) = person.present_manager() {
        let shown = json!({
            "value": manager.id.to_string(),
            "displayName": manager.display_name,
            "$ref": format!("{base}/Users/{}", manager.id),
        });
        enterprise.insert("manager".to_owned(), shown);
    }
    user.insert(ENTERPRISE.to_owned(), Value::Object(enterprise));
    let mut user = Value::Object(user);
    let meta = json!({
        "resourceType": "User",
        "created": person.created_at.to_string(),
        "lastModified": found.updated_at.to_string(),
        "location": format!("{base}/Users/{}", person.id),
        // Who their groups are counts up the version of a person.
        "version": version_of(&user, person.version),
    });
    if let Some(members) = user.as_object_mut() {
        members.insert("meta".to_owned(), meta);
    }
    user
}

/// Nobody keeps what kind an address is: mail goes to the primary one.
fn emails(found: &ProvisionedPerson) -> Value {
    let shown = found.addresses.iter().enumerate().map(|(place, address)| {
        if place == 0 {
            json!({ "value": address, "type": "work", "primary": true })
        } else {
            json!({ "value": address, "type": "other", "primary": false })
        }
    });
    shown.collect()
}

/// Adds the groups of the person to what is shown.
pub(super) fn with_groups(user: &mut Value, groups: &[(GroupId, String)], base: &str) {
    let shown = groups.iter().map(|(id, name)| {
        json!({ "value": id.to_string(), "display": name, "$ref": format!("{base}/Groups/{id}") })
    });
    let shown: Vec<Value> = shown.collect();
    if let (false, Some(members)) = (shown.is_empty(), user.as_object_mut()) {
        members.insert("groups".to_owned(), Value::Array(shown));
    }
}

fn put(into: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        into.insert(name.to_owned(), json!(text));
    }
}
