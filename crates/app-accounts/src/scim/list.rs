//! Lists: filtered, paged, and cut down to the attributes asked for (RFC 7644 sections 3.4.2 and 3.9).
//!
//! A filter is narrowed to what an index finds, by the equalities that all of it depends on; the rest is held against
//! each resource in turn, up to a limit.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::filter::{AttributePath, Filter, Operator, parse};
use super::matching::passes;
use super::refusal::{Refusal, ScimType};
use super::session::Session;
use super::{Kind, group, user};
use crate::domain::person::PersonId;
use crate::store::provisioning::{Narrow, Rows};

/// Resources of a page unless the client says otherwise, and most of one.
pub(super) const MOST: i64 = 200;
/// Resources read at once.
const BATCH: i64 = 1_000;
/// Most resources that one filter is held against.
const MOST_READ: i64 = 100_000;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Query {
    filter: Option<String>,
    start_index: Option<i64>,
    count: Option<i64>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
}

/// What of a resource is shown.
#[derive(Debug, Default)]
pub(super) struct Projection {
    only: Vec<String>,
    without: Vec<String>,
}

impl Query {
    /// What of each resource is shown.
    pub(super) fn projection(&self) -> Projection {
        let names = |text: &Option<String>| -> Vec<String> {
            let text = text.as_deref().unwrap_or_default();
            let names = text.split(',').map(|name| top_level(name.trim()));
            names.filter(|name| !name.is_empty()).collect()
        };
        Projection {
            only: names(&self.attributes),
            without: names(&self.excluded_attributes),
        }
    }
}

/// The attribute at the top that a name is in: parts are not cut off by themselves.
fn top_level(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    if name.starts_with(&user::ENTERPRISE.to_ascii_lowercase()) {
        return user::ENTERPRISE.to_ascii_lowercase();
    }
    let bare = if name.starts_with("urn:") {
        name.rsplit(':').next().unwrap_or_default()
    } else {
        &name
    };
    bare.split('.').next().unwrap_or_default().to_owned()
}

impl Projection {
    fn shows(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        // What is always returned (RFC 7643 section 3.1).
        if name == "id" || name == "schemas" {
            return true;
        }
        (self.only.is_empty() || self.only.contains(&name)) && !self.without.contains(&name)
    }

    /// Leaves out what is not to be shown.
    pub(super) fn of(&self, resource: Value) -> Value {
        match resource {
            Value::Object(members) => {
                let kept = members.into_iter().filter(|(name, _)| self.shows(name));
                Value::Object(kept.collect::<Map<_, _>>())
            }
            other => other,
        }
    }
}

/// Reads a filter, if there is one.
fn filter_of(text: Option<&str>) -> Result<Option<Filter>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    parse(text).map(Some).map_err(|wrong| {
        let detail = format!("filter cannot be read {wrong}");
        Refusal::new(ScimType::InvalidFilter, detail)
    })
}

/// Takes over the equalities that the whole filter depends on.
fn narrow(filter: &Filter, kind: Kind, into: &mut Narrow) {
    match filter {
        Filter::And(one, other) => {
            narrow(one, kind, into);
            narrow(other, kind, into);
        }
        Filter::Compare(path, Operator::Eq, Value::String(text)) => {
            narrow_by((kind, path), text, into);
        }
        _ => {}
    }
}

fn narrow_by((kind, path): (Kind, &AttributePath), text: &str, into: &mut Narrow) {
    if text.contains('\0') {
        return;
    }
    let text = text.to_owned();
    match (kind, path.name.as_str(), path.sub.as_deref()) {
        (Kind::Users, "username", None) => into.user_name = Some(text),
        (Kind::Users, "emails", None | Some("value")) => into.email = Some(text),
        (Kind::Groups, "displayname", None) => into.name = Some(text),
        (_, "externalid", None) => into.external_id = Some(text),
        (_, "id", None) => into.id = Some(Uuid::parse_str(&text).unwrap_or(Uuid::nil())),
        _ => {}
    }
}

/// Whether a filter says something of an attribute.
fn names(filter: &Filter, attribute: &str) -> bool {
    match filter {
        Filter::And(one, other) | Filter::Or(one, other) => {
            names(one, attribute) || names(other, attribute)
        }
        Filter::Not(inner) => names(inner, attribute),
        Filter::Present(path) | Filter::Compare(path, _, _) | Filter::Values(path, _) => {
            path.name == attribute
        }
    }
}

/// A page of what a filter finds.
struct Found {
    total: i64,
    resources: Vec<Value>,
}

impl Session {
    /// A page of resources.
    pub(super) async fn list(&self, kind: Kind, query: &Query) -> Result<Value, Refusal> {
        let start = query.start_index.unwrap_or(1).max(1);
        let count = query.count.unwrap_or(MOST).clamp(0, MOST);
        let projection = query.projection();
        let found = match filter_of(query.filter.as_deref())? {
            None => self.page(kind, (start - 1, count), &projection).await?,
            Some(filter) => {
                self.search(kind, &filter, (start - 1, count), &projection)
                    .await?
            }
        };
        let shown = found.resources.into_iter().map(|one| projection.of(one));
        let shown: Vec<Value> = shown.collect();
        Ok(json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": found.total,
            "startIndex": start,
            "itemsPerPage": shown.len(),
            "Resources": shown,
        }))
    }

    async fn page(
        &self,
        kind: Kind,
        (offset, limit): (i64, i64),
        projection: &Projection,
    ) -> Result<Found, Refusal> {
        let (people, groups) = self.accounts.provisioning.totals().await?;
        let rows = Rows {
            after: Uuid::nil(),
            limit,
            offset,
        };
        let with_members = projection.shows("members");
        let mut resources = self
            .read(kind, &Narrow::default(), rows, with_members)
            .await?;
        self.add_groups(kind, &mut resources, projection).await?;
        Ok(Found {
            total: if kind == Kind::Users { people } else { groups },
            resources,
        })
    }

    /// Holds a filter against everything that the narrowed list has.
    async fn search(
        &self,
        kind: Kind,
        filter: &Filter,
        (skip, count): (i64, i64),
        projection: &Projection,
    ) -> Result<Found, Refusal> {
        let mut narrowed = Narrow::default();
        narrow(filter, kind, &mut narrowed);
        let by_members = names(filter, "members");
        let is_narrow = narrowed.id.is_some() || narrowed.name.is_some();
        if names(filter, "groups") || by_members && kind == Kind::Groups && !is_narrow {
            let detail = "ask for the members of groups named by id or displayName; people are not found by groups";
            return Err(Refusal::new(ScimType::InvalidFilter, detail));
        }
        let with_members = by_members || (is_narrow && projection.shows("members"));
        let mut found = Found {
            total: 0,
            resources: Vec::new(),
        };
        let (mut after, mut read) = (Uuid::nil(), 0);
        loop {
            let rows = Rows {
                after,
                limit: BATCH,
                offset: 0,
            };
            let batch = self.read(kind, &narrowed, rows, with_members).await?;
            let size = i64::try_from(batch.len()).unwrap_or(BATCH);
            after = batch.last().and_then(id_of).unwrap_or(Uuid::max());
            for resource in batch.into_iter().filter(|one| passes(filter, one)) {
                if found.total >= skip && found.total < skip + count {
                    found.resources.push(resource);
                }
                found.total += 1;
            }
            read += size;
            if size < BATCH {
                break;
            }
            if read >= MOST_READ {
                let detail = "the filter is held against too many resources; name one by id, userName, emails, displayName or externalId";
                return Err(Refusal::new(ScimType::TooMany, detail));
            }
        }
        if kind == Kind::Groups && !with_members && projection.shows("members") {
            found.resources = self.with_members(&found.resources).await?;
        }
        self.add_groups(kind, &mut found.resources, projection)
            .await?;
        Ok(found)
    }

    async fn read(
        &self,
        kind: Kind,
        narrowed: &Narrow,
        rows: Rows,
        with_members: bool,
    ) -> Result<Vec<Value>, Refusal> {
        let provisioning = &self.accounts.provisioning;
        let client = self.by.client;
        Ok(match kind {
            Kind::Users => {
                let people = provisioning.people(client, narrowed, rows).await?;
                let shown = people.iter().map(|one| user::shown(one, &self.base));
                shown.collect()
            }
            Kind::Groups => {
                let groups = provisioning
                    .groups(client, narrowed, rows, with_members)
                    .await?;
                let shown = groups.iter().map(|one| group::shown(one, &self.base));
                shown.collect()
            }
        })
    }

    async fn with_members(&self, groups: &[Value]) -> Result<Vec<Value>, Refusal> {
        let mut whole = Vec::with_capacity(groups.len());
        for id in groups.iter().filter_map(id_of) {
            whole.push(self.get(Kind::Groups, id).await?);
        }
        Ok(whole)
    }

    /// Adds to people which groups they are in.
    async fn add_groups(
        &self,
        kind: Kind,
        resources: &mut [Value],
        projection: &Projection,
    ) -> Result<(), Refusal> {
        if kind != Kind::Users || !projection.shows("groups") {
            return Ok(());
        }
        let ids: Vec<PersonId> = resources.iter().filter_map(id_of).map(PersonId).collect();
        let groups = self.accounts.directory.groups_of(&ids).await?;
        for resource in resources {
            let id = id_of(resource).map(PersonId);
            if let Some(groups) = id.and_then(|id| groups.get(&id)) {
                user::with_groups(resource, groups, &self.base);
            }
        }
        Ok(())
    }
}

fn id_of(resource: &Value) -> Option<Uuid> {
    Uuid::parse_str(resource.get("id")?.as_str()?).ok()
}
