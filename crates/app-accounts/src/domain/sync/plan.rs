//! A plan: steps, what stands in the way of others, and when it is too much to be done without being asked.

use directory::{EntryId, MemberId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::domain::membership::Member;
use crate::domain::provisioned::WantedPerson;
use crate::domain::words::words;

/// Most people that lose their access in one run without being asked about.
pub const MOST_PEOPLE: usize = 10;
/// Most groups that are emptied in one run without being asked about.
pub const MOST_GROUPS: usize = 5;
/// One in so many is too many as well, from two on.
const SHARE: usize = 5;
/// Steps and obstacles of a plan that are kept to be shown, of each kind.
const MOST_SHOWN: usize = 500;

/// What is done with a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// They are added.
    Create,
    /// Some fields change.
    Update,
    /// They lose their access.
    Suspend,
    /// They get back the access that the directory took.
    Reinstate,
}

words!(Deed: Create = "create", Update = "update", Suspend = "suspend", Reinstate = "reinstate");

/// Why somebody loses their access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// The directory locked them out.
    Disabled,
    /// Their account there is over.
    Expired,
    /// The directory has them no more.
    Gone,
}

words!(Reason: Disabled = "disabled", Expired = "expired", Gone = "gone");

/// A field that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which, by its word in the audit trail.
    pub field: String,
    /// What it is.
    pub from: String,
    /// What it becomes.
    pub to: String,
}

/// One step with a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PersonStep {
    /// What is done.
    pub deed: Deed,
    /// With whom; nobody yet when they are added.
    pub person: Option<Uuid>,
    /// The directory's id for them.
    pub entry: String,
    /// Their name to show.
    pub name: String,
    /// Why they lose their access.
    pub reason: Option<Reason>,
    /// What changes, or what a new person is like.
    pub fields: Vec<FieldChange>,
    /// What they are to be like.
    #[serde(skip)]
    pub wanted: Option<WantedPerson>,
    /// Whom they are to report to.
    #[serde(skip)]
    pub reports: Reports,
}

/// Whom somebody is to report to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reports {
    /// To whom they do now.
    #[default]
    AsBefore,
    /// To nobody.
    ToNobody,
    /// To whoever comes from this entry.
    To(EntryId),
}

/// What is done with a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupDeed {
    /// It is added.
    Create,
    /// It gets another name, or other members.
    Change,
    /// The directory has it no more: who came into it by the directory leaves it. It stays, with what it may do.
    Empty,
}

words!(GroupDeed: Create = "create", Change = "change", Empty = "empty");

/// One step with a group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GroupStep {
    /// What is done.
    pub deed: GroupDeed,
    /// With which; none yet when it is added.
    pub group: Option<Uuid>,
    /// The directory's id for it.
    pub entry: String,
    /// Its name, as it will be.
    pub name: String,
    /// Its name so far, where it changes.
    pub renamed_from: Option<String>,
    /// Who comes into it: kind and the directory's id.
    pub adds: Vec<(MemberKind, String)>,
    /// Who leaves it: kind and id here.
    pub removes: Vec<(MemberKind, Uuid)>,
}

/// People or groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemberKind {
    /// A person.
    Person,
    /// A group.
    Group,
}

impl MemberKind {
    /// A member of the directory.
    pub fn of_entry(member: &MemberId) -> (Self, String) {
        match member {
            MemberId::Person(id) => (Self::Person, id.0.clone()),
            MemberId::Group(id) => (Self::Group, id.0.clone()),
        }
    }

    /// A member here.
    pub fn of_member(member: Member) -> (Self, Uuid) {
        match member {
            Member::Person(id) => (Self::Person, id.0),
            Member::Group(id) => (Self::Group, id.0),
        }
    }
}

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// Somebody who does not come from the directory goes by this user name.
    UserNameTaken,
    /// Somebody who does not come from the directory has this mail address.
    MailTaken,
    /// Another entry has the same user name.
    UserNameTwice,
    /// Another entry has the same mail address.
    MailTwice,
    /// They are in the trash here.
    InTrash,
    /// They have no mail address that is one.
    NoMail,
    /// Their user name or id is none that could be kept.
    Unfit,
    /// Administrators get mail addresses, and access back, from other administrators alone.
    Administrator,
    /// Nobody would be left to administer the platform.
    LastAdministrator,
    /// A group that does not come from the directory has this name.
    GroupNameTaken,
    /// Another entry of the directory has the same name.
    GroupNameTwice,
    /// The group would be inside itself.
    Cycle,
}

impl Obstacle {
    /// All of them, for catalogues.
    pub const ALL: [Self; 12] = [
        Self::UserNameTaken,
        Self::MailTaken,
        Self::UserNameTwice,
        Self::MailTwice,
        Self::InTrash,
        Self::NoMail,
        Self::Unfit,
        Self::Administrator,
        Self::LastAdministrator,
        Self::GroupNameTaken,
        Self::GroupNameTwice,
        Self::Cycle,
    ];

    /// Its word, for catalogues.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserNameTaken => "user-name-taken",
            Self::MailTaken => "mail-taken",
            Self::UserNameTwice => "user-name-twice",
            Self::MailTwice => "mail-twice",
            Self::InTrash => "in-trash",
            Self::NoMail => "no-mail",
            Self::Unfit => "unfit",
            Self::Administrator => "administrator",
            Self::LastAdministrator => "last-administrator",
            Self::GroupNameTaken => "group-name-taken",
            Self::GroupNameTwice => "group-name-twice",
            Self::Cycle => "cycle",
        }
    }
}

/// An entry that is left out, or not followed in everything, until somebody decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What stands in the way.
    pub obstacle: Obstacle,
    /// The directory's id for them.
    pub entry: String,
    /// Their name there.
    pub name: String,
    /// Who stands in the way: id here, and name.
    pub holder: Option<(Uuid, String)>,
}

/// Everything that one run would do.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// With people.
    pub people: Vec<PersonStep>,
    /// With groups.
    pub groups: Vec<GroupStep>,
    /// What it leaves out.
    pub conflicts: Vec<Conflict>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// People added.
    pub created: usize,
    /// People changed.
    pub updated: usize,
    /// People who lost their access.
    pub suspended: usize,
    /// People who got it back.
    pub reinstated: usize,
    /// Groups added.
    pub groups_created: usize,
    /// Groups changed.
    pub groups_changed: usize,
    /// Groups emptied.
    pub groups_emptied: usize,
    /// What was left out.
    pub conflicts: usize,
    /// Steps that were refused while they were taken.
    pub refused: usize,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.groups.is_empty()
    }

    /// How many steps of each kind.
    pub fn counts(&self) -> Counts {
        let people = |deed| self.people.iter().filter(|step| step.deed == deed).count();
        let groups = |deed| self.groups.iter().filter(|step| step.deed == deed).count();
        Counts {
            created: people(Deed::Create),
            updated: people(Deed::Update),
            suspended: people(Deed::Suspend),
            reinstated: people(Deed::Reinstate),
            groups_created: groups(GroupDeed::Create),
            groups_changed: groups(GroupDeed::Change),
            groups_emptied: groups(GroupDeed::Empty),
            conflicts: self.conflicts.len(),
            refused: 0,
        }
    }

    /// Whether it takes so much away that somebody has to be asked: more than ten people or a fifth of those who come
    /// from the directory, more than five groups or a fifth of them. One alone never asks.
    pub fn asks(&self, people: usize, groups: usize) -> bool {
        let counts = self.counts();
        let too_many = |gone: usize, most: usize, of: usize| {
            gone > most || (gone > 1 && gone.saturating_mul(SHARE) > of)
        };
        too_many(counts.suspended, MOST_PEOPLE, people)
            || too_many(counts.groups_emptied, MOST_GROUPS, groups)
    }

    /// What tells this plan from every other: who approves it approves exactly these steps.
    ///
    /// # Errors
    /// Never: everything in it can be written.
    pub fn digest(&self) -> Result<[u8; 32], serde_json::Error> {
        let steps = serde_json::to_vec(&(&self.people, &self.groups))?;
        Ok(Sha256::digest(steps).into())
    }

    /// As much of it as is kept to be shown.
    #[must_use]
    pub fn shown(&self) -> Self {
        let mut shown = Self::default();
        for deed in [Deed::Suspend, Deed::Reinstate, Deed::Create, Deed::Update] {
            let steps = self.people.iter().filter(|step| step.deed == deed);
            shown.people.extend(steps.take(MOST_SHOWN).cloned());
        }
        let groups = self.groups.iter().take(MOST_SHOWN).cloned();
        shown.groups = groups
            .map(|mut step| {
                step.adds.truncate(MOST_SHOWN);
                step.removes.truncate(MOST_SHOWN);
                step
            })
            .collect();
        shown.conflicts = self.conflicts.iter().take(MOST_SHOWN).cloned().collect();
        shown
    }
}
