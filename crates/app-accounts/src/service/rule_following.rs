//! People come into groups and leave them by the rules of these: whoever changed at once, everybody when a rule is new,
//! and everybody once an hour, should a change have been missed.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use platform::Clock;
use platform_pg::{Database, Enqueue, Failed, GenericClient, InTransaction, Worker, jobs};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::actor::Actor;
use super::record::{Deed, groups_changed};
use crate::domain::group::GroupId;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::store::membership::nesting_lock;
use crate::store::rule::{
    Known, Memberships, RuledGroup, facts_of, members_admit, members_dismiss, memberships_of,
    people_after, rules_exist, rules_list,
};

/// Kind of the job that holds everybody against the rule of one group, or against all rules.
const FOLLOW: &str = "accounts.follow_rule";
/// Kind of the job that holds some people against all rules.
const SORT: &str = "accounts.sort_into_groups";
/// A look at everybody and all rules.
const SWEEP: &str = "accounts.sweep_rules";
/// Pause between two such looks.
const EVERY: Duration = Duration::from_hours(1);
/// People read at once.
const PAGE: i64 = 2_000;
/// People whose groups change in one transaction.
const AT_ONCE: usize = 500;

/// What [`FOLLOW`] is given.
#[derive(Debug, Serialize, Deserialize)]
struct Follow {
    /// None: all that have a rule.
    group: Option<Uuid>,
}

/// What [`SORT`] is given.
#[derive(Debug, Serialize, Deserialize)]
struct Sort {
    people: Vec<Uuid>,
}

/// Who would come into which group by its rule, and who would go.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Differences {
    pub(super) admitted: BTreeSet<(GroupId, PersonId)>,
    pub(super) dismissed: BTreeSet<(GroupId, PersonId)>,
}

impl Differences {
    /// Whom they concern, each once.
    fn people(&self) -> Vec<PersonId> {
        let pairs = self.admitted.union(&self.dismissed);
        let people: BTreeSet<PersonId> = pairs.map(|(_, person)| *person).collect();
        people.into_iter().collect()
    }
}

/// Keeps groups as their rules say.
#[derive(Clone, Debug)]
pub struct RuleFollowing {
    db: Database,
    clock: Clock,
}

impl RuleFollowing {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Adds the handlers of the jobs. One at a time is best: each holds off other changes of groups.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let (first, second, third) = (self.clone(), self.clone(), self.clone());
        worker
            .on(FOLLOW, move |job| {
                let following = first.clone();
                async move {
                    let Follow { group } = job.payload()?;
                    Ok::<_, Failed>(following.follow(group.map(GroupId)).await?)
                }
            })
            .on(SORT, move |job| {
                let following = second.clone();
                async move {
                    let Sort { people } = job.payload()?;
                    let people: Vec<PersonId> = people.into_iter().map(PersonId).collect();
                    Ok::<_, Failed>(following.settle(&people).await?)
                }
            })
            .every(SWEEP, EVERY, move |_| {
                let following = third.clone();
                async move { Ok::<_, Failed>(following.follow(None).await?) }
            })
    }

    /// Holds everybody against the rule of one group, or against all rules.
    async fn follow(&self, group: Option<GroupId>) -> Result<(), Error> {
        let client = self.db.client().await?;
        let mut rules = rules_list(&client).await?;
        rules.retain(|rule| group.is_none_or(|group| rule.id == group));
        if rules.is_empty() {
            return Ok(());
        }
        let mut walk = Walk::new(&rules, self.clock.now());
        while let Some((known, memberships)) = walk.next(&client).await? {
            let concerned = differences(&rules, &known, &memberships).people();
            self.settle(&concerned).await?;
        }
        Ok(())
    }

    /// Puts people into the groups whose rules take them, and out of those whose rules do not.
    async fn settle(&self, people: &[PersonId]) -> Result<(), Error> {
        for some in people.chunks(AT_ONCE) {
            let mut client = self.db.client().await?;
            let tx = client.transaction().await?;
            nesting_lock(&tx).await?;
            settle(&tx, some, self.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Sees to it that people are held against all rules, now that something about them changed.
pub(super) async fn sort_later(
    tx: &impl InTransaction,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<(), Error> {
    if !rules_exist(tx).await? {
        return Ok(());
    }
    let people: Vec<Uuid> = people.into_iter().map(|id| id.0).collect();
    // A table of ten thousand rows is no single job.
    for some in people.chunks(AT_ONCE) {
        let people = some.to_vec();
        jobs::enqueue(tx, SORT, &Sort { people }, Enqueue::default()).await?;
    }
    Ok(())
}

/// Sees to it that everybody is held against the rule of a group, or against all rules.
pub(super) async fn follow_later(
    tx: &impl InTransaction,
    group: Option<GroupId>,
) -> Result<(), Error> {
    let follow = Follow {
        group: group.map(|group| group.0),
    };
    jobs::enqueue(tx, FOLLOW, &follow, Enqueue::default()).await?;
    Ok(())
}

/// Reads everybody, some at a time, with their memberships in the groups of these rules.
pub(super) struct Walk {
    groups: Vec<GroupId>,
    at: Timestamp,
    last: PersonId,
}

impl Walk {
    pub(super) fn new(rules: &[RuledGroup], at: Timestamp) -> Self {
        Self {
            groups: rules.iter().map(|group| group.id).collect(),
            at,
            last: PersonId(Uuid::nil()),
        }
    }

    /// The next people; none behind the last.
    pub(super) async fn next(
        &mut self,
        client: &impl GenericClient,
    ) -> Result<Option<(Vec<Known>, Memberships)>, Error> {
        let page = people_after(client, self.last, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(None);
        };
        self.last = *last;
        let known = facts_of(client, &page).await?;
        let memberships = memberships_of(client, &self.groups, &page, self.at).await?;
        Ok(Some((known, memberships)))
    }
}

/// What separates memberships from what the rules say. Those that somebody gave are left alone.
pub(super) fn differences(
    rules: &[RuledGroup],
    people: &[Known],
    memberships: &Memberships,
) -> Differences {
    let mut found = Differences::default();
    for person in people {
        for group in rules {
            let pair = (group.id, person.id);
            let takes = person.counts && group.rule.takes(&person.facts);
            match (takes, memberships.get(&pair)) {
                (true, None) => found.admitted.insert(pair),
                (false, Some(true)) => found.dismissed.insert(pair),
                (true, Some(_)) | (false, None | Some(false)) => continue,
            };
        }
    }
    found
}

async fn settle(tx: &impl InTransaction, people: &[PersonId], at: Timestamp) -> Result<(), Error> {
    let rules = rules_list(tx).await?;
    let groups: Vec<GroupId> = rules.iter().map(|group| group.id).collect();
    let known = facts_of(tx, people).await?;
    let memberships = memberships_of(tx, &groups, people, at).await?;
    let found = differences(&rules, &known, &memberships);
    members_admit(tx, &found.admitted, at).await?;
    members_dismiss(tx, &found.dismissed).await?;
    let names = Names::of(&rules, &known);
    names
        .write_down(tx, "group.member_added", &found.admitted, at)
        .await?;
    names
        .write_down(tx, "group.member_removed", &found.dismissed, at)
        .await?;
    groups_changed(tx, &found.people(), at).await
}

/// Names for the audit trail.
struct Names<'a> {
    groups: HashMap<GroupId, &'a str>,
    people: HashMap<PersonId, &'a str>,
}

impl<'a> Names<'a> {
    fn of(rules: &'a [RuledGroup], known: &'a [Known]) -> Self {
        let groups = rules.iter().map(|group| (group.id, &*group.name));
        let people = known
            .iter()
            .map(|person| (person.id, &*person.display_name));
        Self {
            groups: groups.collect(),
            people: people.collect(),
        }
    }

    async fn write_down(
        &self,
        tx: &impl InTransaction,
        action: &'static str,
        pairs: &BTreeSet<(GroupId, PersonId)>,
        at: Timestamp,
    ) -> Result<(), Error> {
        if pairs.is_empty() {
            return Ok(());
        }
        let actor = Actor::platform("rule of the group");
        let entry = |(group, person): &(GroupId, PersonId)| {
            let name = self.people.get(person).copied().unwrap_or_default();
            let group_name = self.groups.get(group).copied().unwrap_or_default();
            let changes = json!({ "person": person.0, "name": name });
            (group.0, group_name.to_owned(), changes)
        };
        let deed = Deed::new(&actor, action, at);
        deed.done_to_each("group", tx, pairs.iter().map(entry).collect())
            .await
    }
}
