//! PATCH (RFC 7644 section 3.5.2): operations on a resource as JSON. What the result may be is decided where it is read.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::filter::{AttributePath, Filter, Operator, Target, parse_target};
use super::matching::{is_extension, member, passes};
use super::refusal::{Refusal, ScimType};

/// Most operations of one request.
const MOST: usize = 100;
/// What clients do not change. Where a value names it among others it is passed over: clients send whole resources.
const READ_ONLY: [&str; 3] = ["id", "meta", "groups"];

/// The body of a PATCH.
#[derive(Debug, Deserialize)]
pub(super) struct Patch {
    #[serde(alias = "operations")]
    #[serde(rename = "Operations")]
    operations: Vec<Operation>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    op: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    value: Option<Value>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Add,
    Replace,
    Remove,
}

impl Patch {
    /// Applies all operations in their order; one that fails fails all.
    pub(super) fn apply(self, resource: &mut Value) -> Result<(), Refusal> {
        if self.operations.len() > MOST {
            return Err(Refusal::new(
                ScimType::TooMany,
                "at most 100 operations in one request",
            ));
        }
        for operation in self.operations {
            operation.apply(resource)?;
        }
        Ok(())
    }
}

impl Operation {
    fn apply(self, resource: &mut Value) -> Result<(), Refusal> {
        let act = match self.op.to_ascii_lowercase().as_str() {
            "add" => Act::Add,
            "replace" => Act::Replace,
            "remove" => Act::Remove,
            _ => {
                let detail = "op must be add, replace or remove";
                return Err(Refusal::new(ScimType::InvalidSyntax, detail));
            }
        };
        let Some(path) = self.path.filter(|path| !path.is_empty()) else {
            return without_path(act, self.value, resource);
        };
        let target = parse_target(&path).map_err(|wrong| {
            let detail = format!("path cannot be read {wrong}");
            Refusal::new(ScimType::InvalidPath, detail)
        })?;
        if READ_ONLY.contains(&target.attribute.name.as_str()) {
            let detail = format!("{path} is not changed by clients");
            return Err(Refusal::new(ScimType::Mutability, detail));
        }
        let Some(value) = self.value else {
            return match act {
                Act::Remove => remove(&target, None, resource),
                _ => Err(no_value()),
            };
        };
        match act {
            Act::Remove => remove(&target, Some(&value), resource),
            _ => set(act, &target, value, resource),
        }
    }
}

fn no_value() -> Refusal {
    Refusal::new(ScimType::InvalidValue, "value is missing")
}

/// The value names the attributes itself.
fn without_path(act: Act, value: Option<Value>, resource: &mut Value) -> Result<(), Refusal> {
    if act == Act::Remove {
        let detail = "path must say what is removed";
        return Err(Refusal::new(ScimType::NoTarget, detail));
    }
    let Some(Value::Object(members)) = value else {
        return Err(no_value());
    };
    for (name, value) in members {
        if is_extension(&name) && value.is_object() {
            let extension = entry(object(resource)?, &name);
            merge(extension, value);
            continue;
        }
        let target = parse_target(&name).map_err(|_| {
            let detail = format!("{name} names no attribute");
            Refusal::new(ScimType::InvalidPath, detail)
        })?;
        set(act, &target, value, resource)?;
    }
    Ok(())
}

fn object(value: &mut Value) -> Result<&mut Map<String, Value>, Refusal> {
    value.as_object_mut().ok_or_else(|| {
        let detail = "the path goes through something that has no parts";
        Refusal::new(ScimType::InvalidPath, detail)
    })
}

/// A member by its name in any case, made if it is not there.
fn entry<'a>(members: &'a mut Map<String, Value>, name: &str) -> &'a mut Value {
    let known = members.keys().find(|key| key.eq_ignore_ascii_case(name));
    let key = known.cloned().unwrap_or_else(|| name.to_owned());
    members.entry(key).or_insert(Value::Null)
}

/// Takes over the members of an object.
fn merge(into: &mut Value, value: Value) {
    match value {
        Value::Object(new) if into.is_object() => {
            for (name, value) in new {
                if let Some(members) = into.as_object_mut() {
                    *entry(members, &name) = value;
                }
            }
        }
        value => *into = value,
    }
}

/// Where the attributes of a path lie.
fn holder<'a>(path: &AttributePath, resource: &'a mut Value) -> Result<&'a mut Value, Refusal> {
    match path.schema.as_deref().filter(|schema| is_extension(schema)) {
        None => Ok(resource),
        Some(schema) => {
            let extension = entry(object(resource)?, schema);
            if extension.is_null() {
                *extension = Value::Object(Map::new());
            }
            Ok(extension)
        }
    }
}

fn set(act: Act, target: &Target, value: Value, resource: &mut Value) -> Result<(), Refusal> {
    let path = &target.attribute;
    let attribute = entry(object(holder(path, resource)?)?, &path.name);
    if let Some(filter) = &target.values {
        return set_values((act, path), filter, value, attribute);
    }
    if let Some(sub) = &path.sub {
        if attribute.is_null() {
            *attribute = Value::Object(Map::new());
        }
        *entry(object(attribute)?, sub) = value;
        return Ok(());
    }
    match attribute {
        Value::Array(have) if act == Act::Add => add_to(have, value),
        attribute => merge(attribute, value),
    }
    Ok(())
}

/// Adds values that are not there yet.
fn add_to(have: &mut Vec<Value>, value: Value) {
    let new = match value {
        Value::Array(new) => new,
        one => vec![one],
    };
    for value in new {
        match have.iter().position(|known| same(known, &value)) {
            // It may have become the primary one.
            Some(place) if is_primary(&value) => make_primary(have, place),
            Some(_) => {}
            None => {
                let (place, primary) = (have.len(), is_primary(&value));
                have.push(value);
                if primary {
                    make_primary(have, place);
                }
            }
        }
    }
}

fn is_primary(value: &Value) -> bool {
    member(value, "primary") == Some(&Value::Bool(true))
}

/// At most one value is the primary one: of the others it is taken away (RFC 7644 section 3.5.2).
fn make_primary(values: &mut [Value], place: usize) {
    for (at, value) in values.iter_mut().enumerate() {
        if let Some(members) = value.as_object_mut() {
            *entry(members, "primary") = Value::Bool(at == place);
        }
    }
}

/// Whether two values of an attribute are one: what counts is the part `value`, where there is one.
fn same(one: &Value, other: &Value) -> bool {
    match (one.get("value"), other.get("value")) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

fn set_values(
    (act, path): (Act, &AttributePath),
    filter: &Filter,
    value: Value,
    attribute: &mut Value,
) -> Result<(), Refusal> {
    if attribute.is_null() {
        *attribute = Value::Array(Vec::new());
    }
    let Value::Array(have) = attribute else {
        let detail = "only attributes with several values are chosen from";
        return Err(Refusal::new(ScimType::InvalidPath, detail));
    };
    let mut found = None;
    for (place, one) in have.iter_mut().enumerate() {
        if !passes(filter, one) {
            continue;
        }
        found = Some(place);
        match &path.sub {
            Some(sub) => *entry(object(one)?, sub) = value.clone(),
            None => merge(one, value.clone()),
        }
    }
    if let Some(place) = found {
        let says_primary = path.sub.as_deref() == Some("primary") || is_primary(&value);
        if says_primary && have.get(place).is_some_and(is_primary) {
            make_primary(have, place);
        }
        return Ok(());
    }
    // Clients set `emails[type eq "work"].value` of people who have none yet.
    let made = described(filter).filter(|_| act == Act::Add || path.sub.is_some());
    let Some(mut made) = made else {
        let detail = "no value is like the filter of the path";
        return Err(Refusal::new(ScimType::NoTarget, detail));
    };
    match &path.sub {
        Some(sub) => *entry(object(&mut made)?, sub) = value,
        None => merge(&mut made, value),
    }
    have.push(made);
    Ok(())
}

/// The value that a filter of equalities describes.
fn described(filter: &Filter) -> Option<Value> {
    match filter {
        Filter::Compare(path, Operator::Eq, value) if path.sub.is_none() => {
            let members = [(path.name.clone(), value.clone())];
            Some(Value::Object(members.into_iter().collect()))
        }
        Filter::And(one, other) => {
            let mut whole = described(one)?;
            merge(&mut whole, described(other)?);
            Some(whole)
        }
        _ => None,
    }
}

fn remove(target: &Target, value: Option<&Value>, resource: &mut Value) -> Result<(), Refusal> {
    let path = &target.attribute;
    let attribute = entry(object(holder(path, resource)?)?, &path.name);
    let chosen = |one: &Value| match (&target.values, value) {
        (Some(filter), _) => passes(filter, one),
        // Entra names the members to remove in the value.
        (None, Some(Value::Array(gone))) => gone.iter().any(|gone| same(one, gone)),
        (None, Some(gone)) => same(one, gone),
        (None, None) => true,
    };
    match (attribute, &path.sub) {
        (Value::Array(have), None) => have.retain(|one| !chosen(one)),
        (Value::Array(have), Some(sub)) => {
            for one in have.iter_mut().filter(|one| chosen(one)) {
                *entry(object(one)?, sub) = Value::Null;
            }
        }
        (Value::Object(members), Some(sub)) => *entry(members, sub) = Value::Null,
        (attribute, _) => *attribute = Value::Null,
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    fn patched(before: &Value, operations: Value) -> Result<Value, Refusal> {
        let patch = Patch {
            operations: serde_json::from_value(operations).unwrap(),
        };
        let mut resource = before.clone();
        patch.apply(&mut resource).map(|()| resource)
    }

    fn ada() -> Value {
        json!({
            "userName": "ada", "title": "Poet",
            "name": {"givenName": "Ada", "familyName": "King"},
            "emails": [{"value": "ada@example.org", "type": "work"}],
        })
    }

    #[test]
    fn values_are_added_replaced_and_removed() {
        let mut expected = ada();
        expected["name"]["familyName"] = json!("Lovelace");
        let replaced = patched(
            &ada(),
            json!([{"op": "Replace", "path": "name.familyName", "value": "Lovelace"}]),
        );
        assert_eq!(replaced.unwrap(), expected);
        let replaced = patched(
            &ada(),
            json!([{"op": "replace", "value": {"name": {"familyName": "Lovelace"}}}]),
        );
        assert_eq!(replaced.unwrap(), expected, "without a path");
        let dotted = patched(
            &ada(),
            json!([{"op": "replace", "value": {"name.familyName": "Lovelace"}}]),
        );
        assert_eq!(dotted.unwrap(), expected, "as Entra writes it");
        let removed = patched(&ada(), json!([{"op": "remove", "path": "title"}])).unwrap();
        assert_eq!(removed["title"], Value::Null);
        let mail = patched(
            &ada(),
            json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@example.org"}]),
        );
        assert_eq!(mail.unwrap()["emails"][0]["value"], "a@example.org");
        let phone = patched(
            &ada(),
            json!([{"op": "add", "path": "phoneNumbers[type eq \"work\"].value", "value": "+4930"}]),
        );
        assert_eq!(
            member(&phone.unwrap(), "phoneNumbers"),
            Some(&json!([{"type": "work", "value": "+4930"}]))
        );
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let path = format!("{urn}:department");
        let moved = patched(
            &ada(),
            json!([{"op": "add", "path": path, "value": "Engines"}]),
        )
        .unwrap();
        assert_eq!(member(&moved, urn).unwrap()["department"], "Engines");
    }

    #[test]
    fn at_most_one_value_is_the_primary_one() {
        let before = json!({"emails": [
            {"value": "a@x.org", "primary": true}, {"value": "b@x.org", "type": "home", "primary": false},
        ]});
        let primaries = |operation: Value| -> Vec<String> {
            let after = patched(&before, json!([operation])).unwrap();
            let emails = after["emails"].as_array().unwrap().clone();
            let primary = emails.iter().filter(|one| one["primary"] == true);
            primary
                .map(|one| one["value"].as_str().unwrap().to_owned())
                .collect()
        };
        let add = |value: Value| json!({"op": "add", "path": "emails", "value": value});
        assert_eq!(
            primaries(add(json!([{"value": "c@x.org", "primary": true}]))),
            ["c@x.org"]
        );
        assert_eq!(
            primaries(add(json!({"value": "b@x.org", "primary": true}))),
            ["b@x.org"]
        );
        assert_eq!(primaries(add(json!({"value": "c@x.org"}))), ["a@x.org"]);
        let path = "emails[type eq \"home\"].primary";
        assert_eq!(
            primaries(json!({"op": "replace", "path": path, "value": true})),
            ["b@x.org"]
        );
    }

    #[test]
    fn members_come_and_go() {
        let group = json!({"members": [{"value": "1"}, {"value": "2"}]});
        let values = |group: &Value| -> Vec<String> {
            let members = group["members"].as_array().unwrap();
            members
                .iter()
                .map(|one| one["value"].as_str().unwrap().to_owned())
                .collect()
        };
        let added = patched(
            &group,
            json!([{"op": "add", "path": "members", "value": [{"value": "2"}, {"value": "3"}]}]),
        );
        assert_eq!(values(&added.unwrap()), ["1", "2", "3"]);
        let removed = patched(
            &group,
            json!([{"op": "remove", "path": "members[value eq \"1\"]"}]),
        );
        assert_eq!(values(&removed.unwrap()), ["2"]);
        let removed = patched(
            &group,
            json!([{"op": "remove", "path": "members", "value": [{"value": "2"}]}]),
        );
        assert_eq!(values(&removed.unwrap()), ["1"]);
        let cleared = patched(&group, json!([{"op": "remove", "path": "members"}]));
        assert_eq!(cleared.unwrap()["members"], json!([]));
        let replaced = patched(
            &group,
            json!([{"op": "replace", "path": "members", "value": [{"value": "9"}]}]),
        );
        assert_eq!(values(&replaced.unwrap()), ["9"]);
    }

    #[test]
    fn what_cannot_be_is_refused_and_named() {
        for (operations, expected) in [
            (
                json!([{"op": "move", "path": "title", "value": "x"}]),
                ScimType::InvalidSyntax,
            ),
            (json!([{"op": "remove"}]), ScimType::NoTarget),
            (
                json!([{"op": "add", "path": "title"}]),
                ScimType::InvalidValue,
            ),
            (
                json!([{"op": "add", "path": "a b", "value": 1}]),
                ScimType::InvalidPath,
            ),
            (
                json!([{"op": "add", "path": "title.x", "value": 1}]),
                ScimType::InvalidPath,
            ),
            (
                json!([{"op": "replace", "path": "emails[type eq \"home\"]", "value": {"value": "x"}}]),
                ScimType::NoTarget,
            ),
            (json!([{"op": "add", "value": "x"}]), ScimType::InvalidValue),
            (
                json!([{"op": "replace", "path": "id", "value": "x"}]),
                ScimType::Mutability,
            ),
        ] {
            let refusal = patched(&ada(), operations.clone()).unwrap_err();
            assert_eq!(refusal.kind, Some(expected), "{operations}");
        }
        let many: Vec<Value> = (0..101)
            .map(|_| json!({"op": "add", "path": "title", "value": "x"}))
            .collect();
        assert!(patched(&ada(), json!(many)).is_err());
    }
}
