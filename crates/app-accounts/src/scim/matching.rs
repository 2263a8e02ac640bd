//! Whether a resource, as JSON, passes a filter (RFC 7644 section 3.4.2.2). Attribute names and the values of
//! attributes that are not `caseExact` are compared without regard to case.

use std::cmp::Ordering;

use serde_json::Value;

use super::filter::{AttributePath, Filter, Operator};

/// Attributes whose values are compared as they are written (RFC 7643 sections 3.1 and 4.2).
const EXACT: [&str; 3] = ["id", "externalid", "version"];

/// Whether `resource` passes.
pub(super) fn passes(filter: &Filter, resource: &Value) -> bool {
    match filter {
        Filter::And(one, other) => passes(one, resource) && passes(other, resource),
        Filter::Or(one, other) => passes(one, resource) || passes(other, resource),
        Filter::Not(inner) => !passes(inner, resource),
        Filter::Present(path) => values(path, resource).into_iter().any(is_there),
        Filter::Compare(path, operator, expected) => compares(path, *operator, expected, resource),
        Filter::Values(path, inner) => values(path, resource)
            .into_iter()
            .any(|value| passes(inner, value)),
    }
}

fn compares(path: &AttributePath, operator: Operator, expected: &Value, resource: &Value) -> bool {
    let found: Vec<&Value> = values(path, resource)
        .into_iter()
        .filter(|value| is_there(value))
        .collect();
    // What is not there equals null, and differs from everything else.
    if found.is_empty() || expected.is_null() {
        let is_same = found.is_empty() && expected.is_null();
        return match operator {
            Operator::Eq => is_same,
            Operator::Ne => !is_same,
            _ => false,
        };
    }
    let name = path.sub.as_ref().unwrap_or(&path.name);
    let exact = EXACT.contains(&name.as_str());
    let fits = |value: &Value| fits(plain(value), operator, expected, exact);
    match operator {
        Operator::Ne => found.into_iter().all(fits),
        _ => found.into_iter().any(fits),
    }
}

/// Of a value with parts, the part that stands for it.
fn plain(value: &Value) -> &Value {
    match value {
        Value::Object(_) => member(value, "value").unwrap_or(value),
        value => value,
    }
}

fn fits(value: &Value, operator: Operator, expected: &Value, exact: bool) -> bool {
    let ordering = match (value, expected) {
        (Value::String(value), Value::String(expected)) => {
            let fold = |text: &str| {
                if exact {
                    text.to_owned()
                } else {
                    text.to_lowercase()
                }
            };
            let (value, expected) = (fold(value), fold(expected));
            match operator {
                Operator::Co => return value.contains(&expected),
                Operator::Sw => return value.starts_with(&expected),
                Operator::Ew => return value.ends_with(&expected),
                _ => Some(value.cmp(&expected)),
            }
        }
        // Some clients write "True" for true.
        (Value::Bool(value), Value::String(expected)) => {
            return match operator {
                Operator::Eq => expected.eq_ignore_ascii_case(&value.to_string()),
                Operator::Ne => !expected.eq_ignore_ascii_case(&value.to_string()),
                _ => false,
            };
        }
        (Value::Bool(value), Value::Bool(expected)) => {
            return match operator {
                Operator::Eq => value == expected,
                Operator::Ne => value != expected,
                _ => false,
            };
        }
        (Value::Number(value), Value::Number(expected)) => value
            .as_f64()
            .zip(expected.as_f64())
            .and_then(|(value, expected)| value.partial_cmp(&expected)),
        _ => None,
    };
    match operator {
        Operator::Eq => ordering == Some(Ordering::Equal),
        Operator::Ne => ordering != Some(Ordering::Equal),
        Operator::Gt => ordering == Some(Ordering::Greater),
        Operator::Ge => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        Operator::Lt => ordering == Some(Ordering::Less),
        Operator::Le => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}

/// All values an attribute has, those of a multi-valued one by themselves.
fn values<'a>(path: &AttributePath, resource: &'a Value) -> Vec<&'a Value> {
    let holder = match &path.schema {
        // Extensions lie below their URN; the core lies at the top.
        Some(schema) if is_extension(schema) => match member(resource, schema) {
            Some(extension) => extension,
            None => return Vec::new(),
        },
        _ => resource,
    };
    let Some(found) = member(holder, &path.name) else {
        return Vec::new();
    };
    let each = match found {
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    };
    match &path.sub {
        None => each,
        Some(sub) => each
            .into_iter()
            .filter_map(|value| member(value, sub))
            .collect(),
    }
}

/// Whether the attributes of this schema lie below its URN.
pub(super) fn is_extension(schema: &str) -> bool {
    schema.to_ascii_lowercase().contains(":extension:")
}

/// A member of an object, whatever the case of its name.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let members = object.as_object()?;
    let found = members
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

fn is_there(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use serde_json::json;

    use super::super::filter::parse;
    use super::*;

    #[test]
    fn a_resource_passes_what_is_true_of_it() {
        let ada = json!({
            "id": "AbC", "externalId": "X1", "userName": "ada", "active": true, "title": "",
            "name": {"familyName": "Lovelace"},
            "emails": [{"value": "ada@example.org", "type": "work", "primary": true}, {"value": "a@home.example", "type": "home"}],
            "meta": {"created": "2026-01-02T03:04:05Z"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Engines"},
        });
        let department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
        for (text, expected) in [
            (r#"userName eq "ADA""#, true),
            (r#"USERNAME eq "ada""#, true),
            (r#"id eq "abc""#, false),
            (r#"id eq "AbC""#, true),
            (r#"externalId eq "x1""#, false),
            (r#"userName ne "ada""#, false),
            (r#"userName ne "eve""#, true),
            (r#"name.familyName co "lace""#, true),
            (
                r#"name.familyName sw "Love" and name.familyName ew "lace""#,
                true,
            ),
            (r#"emails.value eq "a@home.example""#, true),
            (r#"emails co "home""#, true),
            (r#"emails[type eq "work" and value co "home"]"#, false),
            (r#"emails[type eq "home" and value co "home"]"#, true),
            ("emails[primary eq true]", true),
            ("active eq true", true),
            (r#"active eq "True""#, true),
            ("active eq false", false),
            ("title pr", false),
            ("nickName pr", false),
            ("nickName eq null", true),
            ("nickName ne null", false),
            (r#"nickName ne "x""#, true),
            ("userName eq null", false),
            (r#"meta.created gt "2026-01-01T00:00:00Z""#, true),
            (r#"meta.created le "2026-01-01T00:00:00Z""#, false),
            (r#"not (userName eq "ada") or active eq true"#, true),
            ("userName gt 5", false),
        ] {
            assert_eq!(passes(&parse(text).unwrap(), &ada), expected, "{text}");
        }
        let filter = parse(&format!("{department} eq \"engines\"")).unwrap();
        assert!(passes(&filter, &ada));
    }
}
