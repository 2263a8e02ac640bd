//! Who has to prove more than one way of signing in: what administrators ask of roles and groups.

use std::sync::Arc;

use crate::domain::factor::Requirement;
use crate::domain::subject::Role;
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::store::factor_policy::{
    Audience, factor_requirement_list, factor_requirement_put, group_list, subject_admins,
};

/// What is asked of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupRule {
    /// Its name.
    pub(crate) name: String,
    /// What is asked.
    pub(crate) requirement: Requirement,
    /// How many people are in it now.
    pub(crate) members: i64,
}

/// All that is asked. The highest demand of role and groups counts.
#[derive(Debug)]
pub(crate) struct Policy {
    /// Of every role.
    pub(crate) roles: Vec<(Role, Requirement)>,
    /// Of groups of which something is asked.
    pub(crate) groups: Vec<GroupRule>,
    /// Groups of which nothing is asked.
    pub(crate) other_groups: Vec<String>,
}

/// Use cases around the policy. Cheap to clone.
#[derive(Clone)]
pub(crate) struct FactorPolicy {
    core: Arc<Core>,
}

impl FactorPolicy {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// What is asked now.
    pub(crate) async fn show(&self) -> Result<Policy, Error> {
        let db = self.core.db.client().await?;
        let rules = factor_requirement_list(&db).await?;
        let known = group_list(&db).await?;
        drop(db);
        let of_role = |role: Role| {
            let audience = Audience::Role(role.name().to_owned());
            let rule = rules.iter().find(|(who, _)| *who == audience);
            (role, rule.map_or(Requirement::None, |(_, what)| *what))
        };
        let members = |name: &str| {
            let found = known.iter().find(|(group, _)| group == name);
            found.map_or(0, |(_, members)| *members)
        };
        let groups: Vec<GroupRule> = rules
            .iter()
            .filter_map(|(who, requirement)| match who {
                Audience::Group(name) => Some(GroupRule {
                    name: name.clone(),
                    requirement: *requirement,
                    members: members(name),
                }),
                Audience::Role(_) => None,
            })
            .collect();
        let is_ruled = |name: &String| groups.iter().any(|rule| rule.name == *name);
        let other_groups = known.iter().map(|(name, _)| name.clone());
        Ok(Policy {
            roles: [Role::Admin, Role::User, Role::Guest].map(of_role).into(),
            other_groups: other_groups.filter(|name| !is_ruled(name)).collect(),
            groups,
        })
    }

    /// Asks something from now on. Sessions of administrators are looked at anew.
    pub(crate) async fn ask(
        &self,
        rules: &[(Audience, Requirement)],
        audit: Audit,
    ) -> Result<(), Error> {
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        for (audience, requirement) in rules {
            factor_requirement_put(&tx, audience, *requirement).await?;
        }
        audit.record(&tx, self.core.clock.now()).await?;
        let admins = subject_admins(&tx).await?;
        tx.commit().await?;
        drop(db);
        self.core
            .revocations
            .reconsider(&self.core.db, &admins)
            .await;
        Ok(())
    }
}
