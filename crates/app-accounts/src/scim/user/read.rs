//! What a client wants of a person, however clients write it.

use serde_json::Value;
use uuid::Uuid;

use super::ENTERPRISE;
use crate::domain::name::{EmailAddress, Line, Unfit};
use crate::domain::person::PersonId;
use crate::domain::phone::Phone;
use crate::domain::provisioned::WantedPerson;
use crate::domain::user_name::UserName;
use crate::error::Error;
use crate::scim::matching::member;
use crate::scim::refusal::{Refusal, ScimType};
use crate::scim::text_of;
use crate::web::form::zone;

/// Longest id of a client's own, in bytes.
const LONGEST_EXTERNAL: usize = 255;
/// Longest language tag (RFC 5646 section 4.4.1).
const LONGEST_TAG: usize = 35;

/// Reads what a client wants. What describes a person is cleared when it is left out; access, mail addresses and what
/// people choose for themselves stay.
pub(in crate::scim) fn read(user: &Value) -> Result<WantedPerson, Refusal> {
    let text = |name: &'static str| text_of(user, name);
    let name = member(user, "name").filter(|name| !name.is_null());
    let part = |part: &'static str| name.map_or(Ok(None), |name| text_of(name, part));
    let enterprise = member(user, ENTERPRISE).cloned().unwrap_or_default();
    let (given, family) = (part("givenName")?, part("familyName")?);
    let both = [given.clone(), family.clone()].into_iter().flatten();
    let both = Some(both.collect::<Vec<_>>().join(" ")).filter(|both| !both.is_empty());
    let missing = || Refusal::new(ScimType::InvalidValue, "userName is missing");
    let user_name = UserName::parse(&text("userName")?.ok_or_else(missing)?);
    let user_name = user_name.map_err(unfit("userName"))?;
    let display_name = text("displayName")?
        .or(part("formatted")?)
        .or(both)
        .unwrap_or_else(|| user_name.to_string());
    let line = |field: &'static str, text: Option<String>| {
        Line::parse(&text.unwrap_or_default()).map_err(unfit(field))
    };
    Ok(WantedPerson {
        external_id: external_id(user)?,
        addresses: addresses(user)?,
        user_name,
        display_name: Line::required(&display_name).map_err(unfit("displayName"))?,
        given_name: line("name.givenName", given)?,
        family_name: line("name.familyName", family)?,
        title: line("title", text("title")?)?,
        department: line("department", text_of(&enterprise, "department")?)?,
        phone: Phone::parse(&phone(user)?).map_err(unfit("phoneNumbers"))?,
        zone: chosen(user, "timezone", |name| {
            zone(name).map_err(unfit("timezone"))
        })?,
        locale: chosen(user, "preferredLanguage", language)?,
        manager: manager(&enterprise)?,
        active: active(user)?,
    })
}

fn unfit(field: &'static str) -> impl FnOnce(Unfit) -> Refusal {
    move |unfit| Error::Unfit(field, unfit).into()
}

fn invalid(detail: impl Into<String>) -> Refusal {
    Refusal::new(ScimType::InvalidValue, detail)
}

/// The id the client has for it.
pub(in crate::scim) fn external_id(resource: &Value) -> Result<Option<String>, Refusal> {
    let id = text_of(resource, "externalId")?;
    let is_wrong = |id: &String| id.len() > LONGEST_EXTERNAL || id.contains('\0');
    if id.as_ref().is_some_and(is_wrong) {
        return Err(invalid("externalId must be at most 255 bytes"));
    }
    Ok(id)
}

/// Something people choose for themselves: `None` where it is left out, empty where it is taken away.
fn chosen(
    user: &Value,
    name: &'static str,
    parse: impl FnOnce(&str) -> Result<String, Refusal>,
) -> Result<Option<String>, Refusal> {
    if member(user, name).is_none() {
        return Ok(None);
    }
    match text_of(user, name)? {
        Some(text) => parse(&text).map(Some),
        None => Ok(Some(String::new())),
    }
}

/// The first of a list as `Accept-Language` has it, a language tag in its outer form (RFC 5646 section 2.1).
fn language(list: &str) -> Result<String, Refusal> {
    let first = list.split([',', ';']).next().unwrap_or_default();
    let tag = first.trim().replace('_', "-");
    let fits = tag.len() <= LONGEST_TAG
        && tag.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if fits {
        Ok(tag)
    } else {
        Err(invalid(
            "preferredLanguage must be a language tag such as de or en-GB",
        ))
    }
}

/// Entra writes "True" for true.
fn active(user: &Value) -> Result<Option<bool>, Refusal> {
    match member(user, "active") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => flag(value)
            .map(Some)
            .ok_or_else(|| invalid("active must be true or false")),
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The values of a multi-valued attribute that hold something.
fn values<'a>(user: &'a Value, name: &'static str) -> Result<Vec<(&'a Value, String)>, Refusal> {
    let values = match member(user, name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(values)) => values,
        Some(_) => return Err(invalid(format!("{name} must be a list"))),
    };
    let mut texts = Vec::with_capacity(values.len());
    for value in values {
        if let Some(text) = text_of(value, "value")? {
            texts.push((value, text));
        }
    }
    Ok(texts)
}

/// Where the one lies that counts: the primary one, else the one for work, else the first.
fn primary(values: &[(&Value, String)]) -> usize {
    let is_primary = |value: &Value| member(value, "primary").and_then(flag) == Some(true);
    let is_work = |value: &Value| member(value, "type").is_some_and(|kind| kind == "work");
    let place = |is: &dyn Fn(&Value) -> bool| values.iter().position(|(value, _)| is(value));
    place(&is_primary)
        .or_else(|| place(&is_work))
        .unwrap_or_default()
}

/// Mail addresses, the primary one first, each once.
fn addresses(user: &Value) -> Result<Vec<EmailAddress>, Refusal> {
    let mut values = values(user, "emails")?;
    let first = primary(&values);
    if first < values.len() {
        let first = values.remove(first);
        values.insert(0, first);
    }
    let mut addresses: Vec<EmailAddress> = Vec::with_capacity(values.len());
    for (_, text) in values {
        let address = EmailAddress::parse(&text).map_err(unfit("emails"))?;
        let lower = address.as_str().to_lowercase();
        if !addresses
            .iter()
            .any(|known| known.as_str().to_lowercase() == lower)
        {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

/// One telephone number is kept.
fn phone(user: &Value) -> Result<String, Refusal> {
    let mut values = values(user, "phoneNumbers")?;
    let first = primary(&values);
    Ok(match values.get_mut(first) {
        Some((_, text)) => std::mem::take(text),
        None => String::new(),
    })
}

/// Whom they report to; clients send the id alone or with parts.
fn manager(enterprise: &Value) -> Result<Option<PersonId>, Refusal> {
    let id = match member(enterprise, "manager") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(id)) => Some(id.clone()),
        Some(manager) => text_of(manager, "value")?,
    };
    let Some(id) = id.filter(|id| !id.is_empty()) else {
        return Ok(None);
    };
    Uuid::parse_str(&id)
        .map(|id| Some(PersonId(id)))
        .map_err(|_| invalid("manager must be the id of a person"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_person_is_read_however_clients_write_them() {
        let wanted = read(&json!({
            "userName": "Ada@example.org", "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [
                {"value": "home@example.org"}, {"value": "work@example.org", "type": "work"},
                {"value": "HOME@example.org", "type": "other"},
            ],
            "active": "False", "preferredLanguage": "en_GB,en;q=0.8",
        }))
        .unwrap();
        assert_eq!(wanted.user_name.as_str(), "Ada@example.org");
        assert_eq!(wanted.display_name.as_str(), "Ada Lovelace");
        let addresses: Vec<&str> = wanted.addresses.iter().map(EmailAddress::as_str).collect();
        assert_eq!(addresses, ["work@example.org", "home@example.org"]);
        assert_eq!(
            (wanted.active, wanted.locale.as_deref()),
            (Some(false), Some("en-GB"))
        );
        let bare = read(&json!({"userName": "ada", "timezone": null})).unwrap();
        assert_eq!(
            (bare.active, bare.locale),
            (None, None),
            "left out, it stays"
        );
        assert_eq!(bare.zone.as_deref(), Some(""), "taken away");
        assert!(bare.addresses.is_empty());
    }

    #[test]
    fn what_does_not_do_is_refused() {
        for (name, value) in [
            ("userName", json!("")),
            ("userName", json!(7)),
            ("displayName", json!("x".repeat(121))),
            ("emails", json!("a@b.de")),
            ("emails", json!([{"value": "nobody"}])),
            ("phoneNumbers", json!([{"value": "call me"}])),
            ("active", json!(1)),
            ("timezone", json!("Mars")),
            ("preferredLanguage", json!("<b>")),
            ("externalId", json!("x".repeat(256))),
            ("name", json!({"givenName": ["Ada"]})),
            (ENTERPRISE, json!({"manager": "x"})),
        ] {
            let mut user = json!({"userName": "ada"});
            user[name] = value;
            let refusal = read(&user).unwrap_err();
            assert_eq!(refusal.kind, Some(ScimType::InvalidValue), "{user}");
        }
    }
}
