//! Groups as SCIM sees them (RFC 7643 section 4.2): shown as JSON, and read back from it.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::matching::member;
use super::refusal::{Refusal, ScimType};
use super::user::external_id;
use super::{text_of, version_of};
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::name::Line;
use crate::domain::person::PersonId;
use crate::domain::provisioned::{ProvisionedGroup, WantedGroup};
use crate::error::Error;

/// URN of the schema of groups.
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// The group, with its members if somebody looked who they are.
pub(super) fn shown(group: &ProvisionedGroup, base: &str) -> Value {
    let mut shown = Map::new();
    shown.insert("schemas".to_owned(), json!([GROUP]));
    shown.insert("id".to_owned(), json!(group.id.to_string()));
    if let Some(external_id) = &group.external_id {
        shown.insert("externalId".to_owned(), json!(external_id));
    }
    shown.insert("displayName".to_owned(), json!(group.name));
    let mut meta = json!({
        "resourceType": "Group",
        "created": group.created_at.to_string(),
        "location": format!("{base}/Groups/{}", group.id),
    });
    if let Some(members) = &group.members {
        let members = members.iter().map(|one| shown_member(one, base));
        shown.insert("members".to_owned(), members.collect());
        // Without its members it has no version: they are part of what changes. Who is in it counts up no number.
        let version = version_of(&Value::Object(shown.clone()), 0);
        if let Some(meta) = meta.as_object_mut() {
            meta.insert("version".to_owned(), json!(version));
        }
    }
    shown.insert("meta".to_owned(), meta);
    Value::Object(shown)
}

fn shown_member((member, name): &(Member, String), base: &str) -> Value {
    let (kind, place, id) = match member {
        Member::Person(id) => ("User", "Users", id.0),
        Member::Group(id) => ("Group", "Groups", id.0),
    };
    json!({
        "value": id.to_string(),
        "display": name,
        "type": kind,
        "$ref": format!("{base}/{place}/{id}"),
    })
}

/// Reads what a client wants. `known` are members of whom it is known what they are; others are looked at by the
/// part `type`, and are people without it.
pub(super) fn read(group: &Value, known: &[(Member, String)]) -> Result<WantedGroup, Refusal> {
    let name = text_of(group, "displayName")?.unwrap_or_default();
    let members = match member(group, "members") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(members)) => {
            let read = members.iter().map(|member| read_member(member, known));
            read.collect::<Result<Vec<_>, _>>()?
        }
        Some(_) => {
            let detail = "members must be a list";
            return Err(Refusal::new(ScimType::InvalidValue, detail));
        }
    };
    let unfit = |unfit| Refusal::from(Error::Unfit("displayName", unfit));
    Ok(WantedGroup {
        external_id: external_id(group)?,
        name: Line::required(&name).map_err(unfit)?,
        members,
    })
}

fn read_member(value: &Value, known: &[(Member, String)]) -> Result<Member, Refusal> {
    let wrong = || {
        let detail = "each of members needs the id of a person or group as its value";
        Refusal::new(ScimType::InvalidValue, detail)
    };
    let id = text_of(value, "value")?.ok_or_else(wrong)?;
    let id = Uuid::parse_str(&id).map_err(|_| wrong())?;
    let group = Member::Group(GroupId(id));
    if known.iter().any(|(member, _)| *member == group) {
        return Ok(group);
    }
    let kind = text_of(value, "type")?.unwrap_or_default();
    let place = text_of(value, "$ref")?.unwrap_or_default();
    if kind.eq_ignore_ascii_case("group") || place.contains("/Groups/") {
        Ok(group)
    } else {
        Ok(Member::Person(PersonId(id)))
    }
}
