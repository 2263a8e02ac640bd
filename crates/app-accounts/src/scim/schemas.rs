//! How resources look, as clients read it (RFC 7643 section 7).

use serde_json::{Value, json};

use super::group::GROUP;
use super::user::{ENTERPRISE, USER};

/// An attribute; unless it is said otherwise a text that clients may leave out and change.
struct Attribute(Value);

impl Attribute {
    fn new(name: &str, kind: &str, description: &str) -> Self {
        Self(json!({
            "name": name,
            "type": kind,
            "description": description,
            "multiValued": false,
            "required": false,
            "caseExact": false,
            "mutability": "readWrite",
            "returned": "default",
            "uniqueness": "none",
        }))
    }

    fn text(name: &str, description: &str) -> Self {
        Self::new(name, "string", description)
    }

    fn flag(name: &str, description: &str) -> Self {
        Self::new(name, "boolean", description)
    }

    fn complex(name: &str, description: &str, parts: Vec<Self>) -> Self {
        let parts: Vec<Value> = parts.into_iter().map(|part| part.0).collect();
        Self::new(name, "complex", description).with("subAttributes", json!(parts))
    }

    fn reference(name: &str, description: &str, to: &[&str]) -> Self {
        Self::new(name, "reference", description)
            .with("referenceTypes", json!(to))
            .with("caseExact", json!(true))
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        if let Some(members) = self.0.as_object_mut() {
            members.insert(name.to_owned(), value);
        }
        self
    }

    fn many(self) -> Self {
        self.with("multiValued", json!(true))
    }

    fn required(self) -> Self {
        self.with("required", json!(true))
    }

    fn unique(self) -> Self {
        self.with("uniqueness", json!("server"))
    }

    fn exact(self) -> Self {
        self.with("caseExact", json!(true))
    }

    fn read_only(self) -> Self {
        self.with("mutability", json!("readOnly"))
    }

    fn immutable(self) -> Self {
        self.with("mutability", json!("immutable"))
    }
}

/// The schemas of people and groups; `base` is where SCIM is served.
pub(super) fn all(base: &str) -> Vec<Value> {
    let schema = |id: &str, name: &str, description: &str, attributes: Vec<Attribute>| {
        let attributes: Vec<Value> = attributes.into_iter().map(|one| one.0).collect();
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": id,
            "name": name,
            "description": description,
            "attributes": attributes,
            "meta": {"resourceType": "Schema", "location": format!("{base}/Schemas/{id}")},
        })
    };
    vec![
        schema(USER, "User", "A person.", user()),
        schema(
            ENTERPRISE,
            "EnterpriseUser",
            "What an organisation says of a person besides.",
            enterprise(),
        ),
        schema(GROUP, "Group", "A group.", group()),
    ]
}

fn user() -> Vec<Attribute> {
    let user_name = "What the client calls the person, often a mail address. The name to sign in with is made of it once.";
    let name = vec![
        Attribute::text("formatted", "Name to show, as displayName has it.").read_only(),
        Attribute::text("givenName", "First names."),
        Attribute::text("familyName", "Last names."),
    ];
    let groups = vec![
        Attribute::text("value", "Id of the group.")
            .exact()
            .read_only(),
        Attribute::text("display", "Its name.").read_only(),
        Attribute::reference("$ref", "Where it is.", &["Group"]).read_only(),
    ];
    vec![
        Attribute::text("userName", user_name).required().unique(),
        Attribute::complex("name", "Parts of the name.", name),
        Attribute::text("displayName", "Name to show."),
        Attribute::text("title", "Job title."),
        Attribute::text("preferredLanguage", "Language tag (RFC 5646)."),
        Attribute::text("timezone", "IANA time zone."),
        Attribute::flag("active", "False takes access away, true gives it back."),
        Attribute::complex(
            "emails",
            "Mail addresses; mail goes to the primary one.",
            values("work and primary, or other"),
        )
        .many(),
        Attribute::complex(
            "phoneNumbers",
            "Telephone number; the primary one of several is kept.",
            values("work"),
        )
        .many(),
        Attribute::complex(
            "groups",
            "Groups the person is in, nested ones included.",
            groups,
        )
        .many()
        .read_only(),
    ]
}

fn values(kinds: &str) -> Vec<Attribute> {
    vec![
        Attribute::text("value", "The value itself."),
        Attribute::text(
            "type",
            &format!("Shown as {kinds}; what else is sent is not kept."),
        ),
        Attribute::flag("primary", "Whether it is the one that counts."),
    ]
}

fn enterprise() -> Vec<Attribute> {
    let manager = vec![
        Attribute::text("value", "Id of the manager.").exact(),
        Attribute::reference("$ref", "Where they are.", &["User"]).read_only(),
        Attribute::text("displayName", "Their name.").read_only(),
    ];
    vec![
        Attribute::text("department", "Department."),
        Attribute::complex("manager", "Whom the person reports to.", manager),
    ]
}

fn group() -> Vec<Attribute> {
    let members = vec![
        Attribute::text("value", "Id of the person or group.")
            .exact()
            .immutable(),
        Attribute::reference("$ref", "Where they are.", &["User", "Group"]).immutable(),
        Attribute::text("type", "User or Group.")
            .with("canonicalValues", json!(["User", "Group"]))
            .immutable(),
        Attribute::text("display", "Their name.").read_only(),
    ];
    vec![
        Attribute::text("displayName", "Its name.")
            .required()
            .unique(),
        Attribute::complex("members", "Who is directly in it.", members).many(),
    ]
}
