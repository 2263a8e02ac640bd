//! Taking the steps of a plan. Each is a transaction of its own, so that a run may end between any two of them; each is
//! written down and told as if an administrator had taken it, with the directory as who did.

use std::collections::HashMap;

use directory::{EntryId, MemberId};
use platform::Clock;
use platform_pg::Database;
use uuid::Uuid;

use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::name::Line;
use crate::domain::person::PersonId;
use crate::domain::provisioned::WantedGroup;
use crate::domain::source::{Directory, DirectoryId};
use crate::domain::sync::plan::{
    Deed as Kind, GroupDeed, GroupStep, MemberKind, PersonStep, Plan, Reports,
};
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::directories::access::follow;
use crate::service::people::{Change, manager_for, settle, store};
use crate::service::provisioning::{Provisioner, Provisioning, Unwanted};
use crate::service::record::Deed;
use crate::store::person::person_lock;
use crate::store::sync::links;

/// Members of a group that come or go in one transaction.
const AT_ONCE: usize = 500;

/// A run that takes its steps.
pub(super) struct Applying {
    db: Database,
    clock: Clock,
    provisioning: Provisioning,
    by: Provisioner,
    directory: DirectoryId,
    /// Everybody and everything that comes from the directory, those included who just came.
    here: HashMap<MemberId, Member>,
    /// Steps that were not taken, because somebody changed something meanwhile.
    pub(super) refused: usize,
}

impl Applying {
    pub(super) fn new(db: Database, clock: Clock, directory: &Directory, run: Uuid) -> Self {
        let mut actor = Actor::platform(directory.settings.name.as_str());
        // By it the audit trail shows what one run did.
        actor.request_id = run.to_string();
        Self {
            provisioning: Provisioning::new(db.clone(), clock.clone()),
            by: Provisioner {
                actor,
                client: directory.id.0,
            },
            directory: directory.id,
            here: HashMap::new(),
            refused: 0,
            db,
            clock,
        }
    }

    /// Takes every step of the plan, people before groups.
    ///
    /// # Errors
    /// The database. A step that is refused is counted, and the others are taken.
    pub(super) async fn take(&mut self, plan: &Plan) -> Result<(), Error> {
        for step in &plan.people {
            let taken = self.person(step).await;
            self.count(taken)?;
        }
        let client = self.db.client().await?;
        self.here = links(&client, self.directory).await?;
        drop(client);
        for step in &plan.people {
            let taken = self.manager(step).await;
            self.count(taken)?;
        }
        for step in plan
            .groups
            .iter()
            .filter(|step| step.deed == GroupDeed::Create)
        {
            let taken = self.create_group(step).await;
            self.count(taken)?;
        }
        for step in &plan.groups {
            let taken = self.fill_group(step).await;
            self.count(taken)?;
        }
        Ok(())
    }

    fn count(&mut self, taken: Result<(), Unwanted>) -> Result<(), Error> {
        match taken {
            Ok(()) => Ok(()),
            // Somebody removed them, or took the name, since it was read.
            Err(Unwanted::Failed(
                Error::PersonNotFound(_) | Error::GroupNotFound(_) | Error::GroupNameTaken,
            )) => {
                self.refused += 1;
                Ok(())
            }
            Err(Unwanted::Failed(error)) => Err(error),
            Err(_) => {
                self.refused += 1;
                Ok(())
            }
        }
    }

    async fn person(&self, step: &PersonStep) -> Result<(), Unwanted> {
        match (step.deed, step.person, &step.wanted) {
            (Kind::Create, _, Some(wanted)) => {
                if let Some(primary) = wanted.addresses.first() {
                    self.provisioning
                        .create_person(&self.by, wanted, primary)
                        .await?;
                }
                Ok(())
            }
            (Kind::Update, Some(id), Some(wanted)) => {
                let wanted = wanted.clone();
                let changing = &self.provisioning;
                changing
                    .change_person(&self.by, PersonId(id), |_| Ok(wanted))
                    .await
            }
            (Kind::Suspend, Some(id), _) => self.set_access(PersonId(id), false).await,
            (Kind::Reinstate, Some(id), _) => self.set_access(PersonId(id), true).await,
            _ => Ok(()),
        }
    }

    /// Takes somebody's access, or gives back what the directory took.
    async fn set_access(&self, id: PersonId, access: bool) -> Result<(), Unwanted> {
        let action = if access {
            "person.enabled"
        } else {
            "person.disabled"
        };
        let deed = Deed::new(&self.by.actor, action, self.clock.now());
        match follow(&self.db, deed, (self.directory, id), access).await? {
            Change::Done | Change::Unchanged => Ok(()),
            refused => Err(Unwanted::Person(refused)),
        }
    }

    /// Sets whom somebody reports to, once everybody is here.
    async fn manager(&self, step: &PersonStep) -> Result<(), Unwanted> {
        let of_entry = |entry: &EntryId| {
            let member = self.here.get(&MemberId::Person(entry.clone()));
            member.and_then(|member| match member {
                Member::Person(id) => Some(*id),
                Member::Group(_) => None,
            })
        };
        let manager = match &step.reports {
            Reports::AsBefore => return Ok(()),
            Reports::ToNobody => None,
            Reports::To(entry) => match of_entry(entry) {
                Some(manager) => Some(manager),
                // They are not here: left out, or not let in.
                None => return Ok(()),
            },
        };
        let Some(id) = of_entry(&EntryId(step.entry.clone())) else {
            return Ok(());
        };
        let deed = Deed::new(&self.by.actor, "person.provisioned", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let before = person_lock(&tx, id).await?;
        let before = before.ok_or(Error::PersonNotFound(id))?;
        let mut after = before.clone();
        after.manager = manager_for(&tx, &before, manager)
            .await?
            .map_err(Unwanted::Person)?;
        let done = store(&tx, deed, &before, after).await?;
        match settle(tx, done).await? {
            Change::Done | Change::Unchanged => Ok(()),
            refused => Err(Unwanted::Person(refused)),
        }
    }

    async fn create_group(&mut self, step: &GroupStep) -> Result<(), Unwanted> {
        let wanted = WantedGroup {
            external_id: Some(step.entry.clone()),
            name: named(&step.name)?,
            members: Vec::new(),
        };
        let id = self.provisioning.create_group(&self.by, &wanted).await?;
        let entry = MemberId::Group(EntryId(step.entry.clone()));
        self.here.insert(entry, Member::Group(id));
        Ok(())
    }

    /// Renames a group, and puts people in and takes them out, some at a time.
    async fn fill_group(&self, step: &GroupStep) -> Result<(), Unwanted> {
        let entry = MemberId::Group(EntryId(step.entry.clone()));
        let Some(Member::Group(id)) = self.here.get(&entry).copied() else {
            return Ok(());
        };
        let name = named(&step.name)?;
        let adds = step.adds.iter().filter_map(|(kind, entry)| {
            let entry = EntryId(entry.clone());
            let entry = match kind {
                MemberKind::Person => MemberId::Person(entry),
                MemberKind::Group => MemberId::Group(entry),
            };
            Some((*self.here.get(&entry)?, true))
        });
        let removes = step.removes.iter().map(|(kind, id)| match kind {
            MemberKind::Person => (Member::Person(PersonId(*id)), false),
            MemberKind::Group => (Member::Group(GroupId(*id)), false),
        });
        let changes: Vec<(Member, bool)> = adds.chain(removes).collect();
        if changes.is_empty() && step.renamed_from.is_some() {
            return self.change_group(id, (&name, &step.entry), &[]).await;
        }
        for some in changes.chunks(AT_ONCE) {
            self.change_group(id, (&name, &step.entry), some).await?;
        }
        Ok(())
    }

    async fn change_group(
        &self,
        id: GroupId,
        (name, entry): (&Line, &str),
        changes: &[(Member, bool)],
    ) -> Result<(), Unwanted> {
        let change = |before: &crate::domain::provisioned::ProvisionedGroup| {
            let have = before.members.iter().flatten().map(|(member, _)| *member);
            let stays = |member: &Member| !changes.contains(&(*member, false));
            let comes = changes.iter().filter(|(_, comes)| *comes);
            Ok(WantedGroup {
                external_id: Some(entry.to_owned()),
                name: name.clone(),
                members: have
                    .filter(stays)
                    .chain(comes.map(|(member, _)| *member))
                    .collect(),
            })
        };
        self.provisioning.change_group(&self.by, id, change).await
    }
}

fn named(name: &str) -> Result<Line, Unwanted> {
    Ok(Line::required(name).map_err(|unfit| Error::Unfit("name", unfit))?)
}
