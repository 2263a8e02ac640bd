//! Rules of groups: what they say, what a new one would do, and giving a group one.

use platform::Clock;
use platform_pg::Database;
use serde_json::{Value, json};

use super::actor::Actor;
use super::managers::may_administer;
use super::record::Deed;
use super::rule_following::{Differences, Walk, differences, follow_later};
use crate::domain::custom_field::Field;
use crate::domain::group::GroupId;
use crate::domain::person::PersonId;
use crate::domain::rule::{MOST_RULES, Rule};
use crate::error::Error;
use crate::store::custom_field::field_list;
use crate::store::group::group_lock;
use crate::store::membership::nesting_lock;
use crate::store::rule::{
    Known, RuledGroup, rule_find, rule_members_keep, rule_put, rules_count_others,
};

/// People a preview names, of those who would come in and of those who would go.
pub const MOST_NAMED: usize = 50;

/// What came of giving a group a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleChange {
    /// It is so now; its people follow within seconds.
    Done,
    /// It was so before.
    Unchanged,
    /// Somebody else changed the group since the form was opened.
    Stale,
    /// As many groups as may have a rule.
    TooMany,
    /// The group is not theirs to change.
    Forbidden,
}

/// What a rule would do.
#[derive(Debug, Default)]
pub struct Preview {
    /// Who would come in, by no order; the first [`MOST_NAMED`].
    pub joins: Vec<(PersonId, String)>,
    /// How many would come in.
    pub joining: usize,
    /// Who would go; the first [`MOST_NAMED`].
    pub leaves: Vec<(PersonId, String)>,
    /// How many would go.
    pub leaving: usize,
    /// How many the rule takes, those who are in the group already included.
    pub taken: usize,
}

impl Preview {
    fn count(&mut self, differences: &Differences, (group, person): (GroupId, Known), rule: &Rule) {
        self.taken += usize::from(person.counts && rule.takes(&person.facts));
        let pair = (group, person.id);
        let (count, names) = if differences.admitted.contains(&pair) {
            (&mut self.joining, &mut self.joins)
        } else if differences.dismissed.contains(&pair) {
            (&mut self.leaving, &mut self.leaves)
        } else {
            return;
        };
        *count += 1;
        if names.len() < MOST_NAMED {
            names.push((person.id, person.display_name));
        }
    }
}

/// Looks at and changes rules.
#[derive(Clone, Debug)]
pub struct Rules {
    db: Database,
    clock: Clock,
}

impl Rules {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// The rule of a group, if it has one.
    pub async fn of(&self, id: GroupId) -> Result<Option<Rule>, Error> {
        let client = self.db.client().await?;
        Ok(rule_find(&client, id).await?)
    }

    /// The fields that conditions may be about.
    pub async fn fields(&self) -> Result<Vec<Field>, Error> {
        let client = self.db.client().await?;
        let mut fields = field_list(&client).await?;
        fields.retain(|field| field.retired_at.is_none());
        Ok(fields)
    }

    /// What would come of giving a group this rule. Nothing is changed.
    pub async fn preview(&self, id: GroupId, rule: &Rule) -> Result<Preview, Error> {
        let client = self.db.client().await?;
        let group = [RuledGroup {
            id,
            name: String::new(),
            rule: rule.clone(),
        }];
        let mut preview = Preview::default();
        let mut walk = Walk::new(&group, self.clock.now());
        while let Some((known, memberships)) = walk.next(&client).await? {
            let differences = differences(&group, &known, &memberships);
            for person in known {
                preview.count(&differences, (id, person), rule);
            }
        }
        Ok(preview)
    }

    /// Gives a group a rule, or none, unless somebody changed the group since `version`. Without a rule, whoever it had
    /// brought in stays.
    pub async fn set(
        &self,
        actor: &Actor,
        (id, version): (GroupId, i64),
        rule: Option<&Rule>,
    ) -> Result<RuleChange, Error> {
        let deed = Deed::new(actor, "group.rule_changed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_lock(&tx).await?;
        let group = group_lock(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        if !may_administer(&tx, &deed, (id, &group.name)).await? {
            tx.commit().await?;
            return Ok(RuleChange::Forbidden);
        }
        let before = rule_find(&tx, id).await?;
        if before.as_ref() == rule {
            return Ok(RuleChange::Unchanged);
        }
        if group.version != version {
            return Ok(RuleChange::Stale);
        }
        if rule.is_some() && rules_count_others(&tx, id).await? >= MOST_RULES {
            return Ok(RuleChange::TooMany);
        }
        rule_put(&tx, id, rule, deed.at).await?;
        match rule {
            Some(_) => follow_later(&tx, Some(id)).await?,
            None => rule_members_keep(&tx, id).await?,
        }
        let changes = json!({ "rule": [told(before.as_ref()), told(rule)] });
        let deed = deed.with_changes(changes);
        deed.done_to_group(&tx, id, &group.name).await?;
        tx.commit().await?;
        Ok(RuleChange::Done)
    }
}

/// A rule for the audit trail: `all of: department is Sales; role is user`.
fn told(rule: Option<&Rule>) -> Value {
    let Some(rule) = rule else {
        return json!("");
    };
    let conditions: Vec<String> = rule
        .conditions
        .iter()
        .map(|condition| {
            let words = [
                &condition.fact.word(),
                condition.test.as_str(),
                &condition.value,
            ];
            words.join(" ").trim_end().to_owned()
        })
        .collect();
    json!(format!(
        "{} of: {}",
        rule.matching.as_str(),
        conditions.join("; ")
    ))
}
