//! Rules of groups, and what they are held against.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::group::GroupId;
use crate::domain::person::PersonId;
use crate::domain::rule::{Facts, Rule};

/// A group with its rule.
#[derive(Clone, Debug)]
pub struct RuledGroup {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// By what people are in it.
    pub rule: Rule,
}

/// A person as rules see them.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who.
    pub id: PersonId,
    /// Name to show.
    pub display_name: String,
    /// What is known of them.
    pub facts: Facts,
    /// Whether they can be in a group by a rule: not from the trash.
    pub counts: bool,
}

/// One membership, and whether it is there by the rule.
pub type Memberships = HashMap<(GroupId, PersonId), bool>;

/// All groups that have a rule.
pub async fn rules_list(client: &impl GenericClient) -> Result<Vec<RuledGroup>, Error> {
    let sql = include_str!("../../sql/rules/list.sql");
    let rows = client.query(sql, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(RuledGroup {
                id: GroupId(row.try_get("id")?),
                name: row.try_get("name")?,
                rule: rule(row)?.ok_or_else(undecodable)?,
            })
        })
        .collect()
}

/// Whether any group has a rule.
pub async fn rules_exist(client: &impl GenericClient) -> Result<bool, Error> {
    let sql = include_str!("../../sql/rules/exist.sql");
    let row = client.query_one(sql, &[]).await?;
    Ok(row.try_get("rules")?)
}

/// The rule of a group, if it has one.
pub async fn rule_find(client: &impl GenericClient, id: GroupId) -> Result<Option<Rule>, Error> {
    let sql = include_str!("../../sql/rules/find.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map_or(Ok(None), rule)
}

/// Gives a group a rule, or none, and counts up its version.
pub async fn rule_put(
    client: &impl GenericClient,
    id: GroupId,
    rule: Option<&Rule>,
    at: Timestamp,
) -> Result<(), Error> {
    let rule = rule.map(serde_json::to_value).transpose();
    let rule = rule.map_err(|_| undecodable())?;
    let sql = include_str!("../../sql/rules/put.sql");
    client.execute(sql, &[&id.0, &rule, &at]).await?;
    Ok(())
}

/// How many other groups have a rule.
pub async fn rules_count_others(client: &impl GenericClient, id: GroupId) -> Result<i64, Error> {
    let sql = include_str!("../../sql/rules/count_others.sql");
    let row = client.query_one(sql, &[&id.0]).await?;
    Ok(row.try_get("groups")?)
}

/// Lets those who were in a group by its rule be in it by themselves.
pub async fn rule_members_keep(client: &impl GenericClient, id: GroupId) -> Result<(), Error> {
    let sql = include_str!("../../sql/rules/keep_members.sql");
    client.execute(sql, &[&id.0]).await?;
    Ok(())
}

/// Ids of people, in their order, those after `last`.
pub async fn people_after(
    client: &impl GenericClient,
    last: PersonId,
    limit: i64,
) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/rules/people_after.sql");
    let rows = client.query(sql, &[&last.0, &limit]).await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("id")?)))
        .collect()
}

/// What rules see of those who exist among `people`.
pub async fn facts_of(
    client: &impl GenericClient,
    people: &[PersonId],
) -> Result<Vec<Known>, Error> {
    let ids: Vec<Uuid> = people.iter().map(|id| id.0).collect();
    let sql = include_str!("../../sql/rules/facts.sql");
    let rows = client.query(sql, &[&ids]).await?;
    rows.iter().map(known).collect()
}

/// Which of `people` are in which of `groups` at that time.
pub async fn memberships_of(
    client: &impl GenericClient,
    groups: &[GroupId],
    people: &[PersonId],
    at: Timestamp,
) -> Result<Memberships, Error> {
    let groups: Vec<Uuid> = groups.iter().map(|id| id.0).collect();
    let people: Vec<Uuid> = people.iter().map(|id| id.0).collect();
    let sql = include_str!("../../sql/rules/memberships.sql");
    let rows = client.query(sql, &[&groups, &people, &at]).await?;
    rows.iter()
        .map(|row| {
            let group = GroupId(row.try_get("group_id")?);
            let person = PersonId(row.try_get("person_id")?);
            Ok(((group, person), row.try_get("by_rule")?))
        })
        .collect()
}

/// Puts people into groups by their rules. Who is in one already stays in it as they are.
pub async fn members_admit(
    client: &impl GenericClient,
    pairs: &BTreeSet<(GroupId, PersonId)>,
    at: Timestamp,
) -> Result<(), Error> {
    let (groups, people) = columns(pairs);
    let sql = include_str!("../../sql/rules/admit.sql");
    client.execute(sql, &[&groups, &people, &at]).await?;
    Ok(())
}

/// Takes people out of groups they are in by the rule.
pub async fn members_dismiss(
    client: &impl GenericClient,
    pairs: &BTreeSet<(GroupId, PersonId)>,
) -> Result<(), Error> {
    let (groups, people) = columns(pairs);
    let sql = include_str!("../../sql/rules/dismiss.sql");
    client.execute(sql, &[&groups, &people]).await?;
    Ok(())
}

fn columns(pairs: &BTreeSet<(GroupId, PersonId)>) -> (Vec<Uuid>, Vec<Uuid>) {
    pairs
        .iter()
        .map(|(group, person)| (group.0, person.0))
        .unzip()
}

fn known(row: &Row) -> Result<Known, Error> {
    let declared: Value = row.try_get("declared")?;
    Ok(Known {
        id: PersonId(row.try_get("id")?),
        display_name: row.try_get("display_name")?,
        facts: Facts {
            department: row.try_get("department")?,
            title: row.try_get("title")?,
            role: row.try_get("role")?,
            email: row.try_get("email")?,
            locale: row.try_get("locale")?,
            manager: row.try_get("manager")?,
            state: row.try_get("life_state")?,
            declared: serde_json::from_value(declared)
                .map_err(|_| Error::Decode("custom_values.value".to_owned()))?,
        },
        counts: row.try_get("counts")?,
    })
}

fn rule(row: &Row) -> Result<Option<Rule>, Error> {
    let rule: Option<Value> = row.try_get("rule")?;
    let rule = rule.map(serde_json::from_value).transpose();
    rule.map_err(|_| undecodable())
}

fn undecodable() -> Error {
    Error::Decode("groups.rule".to_owned())
}
