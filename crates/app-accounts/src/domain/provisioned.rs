//! What another identity system knows of people and groups, and what it wants them to be like.

use jiff::Timestamp;
use platform::Role;
use uuid::Uuid;

use super::group::GroupId;
use super::membership::Member;
use super::name::{EmailAddress, Line, Username};
use super::person::{NewPerson, Person, PersonId};
use super::phone::Phone;
use super::user_name::UserName;

/// A person as a client sees them.
#[derive(Debug, Clone)]
pub struct ProvisionedPerson {
    /// The person.
    pub person: Person,
    /// What a client called them; the name to sign in with if none did.
    pub user_name: String,
    /// The client's own id for them.
    pub external_id: Option<String>,
    /// Their mail addresses, the primary one first.
    pub addresses: Vec<String>,
    /// When they were changed last.
    pub updated_at: Timestamp,
}

/// What a client wants a person to be like.
#[derive(Debug, Clone)]
pub struct WantedPerson {
    /// The client's own id for them.
    pub external_id: Option<String>,
    /// What the client calls them.
    pub user_name: UserName,
    /// Mail addresses, the primary one first; none leaves what is there.
    pub addresses: Vec<EmailAddress>,
    /// Name to show.
    pub display_name: Line,
    /// First names.
    pub given_name: Line,
    /// Last names.
    pub family_name: Line,
    /// Job title.
    pub title: Line,
    /// Department.
    pub department: Line,
    /// Telephone number.
    pub phone: Phone,
    /// IANA time zone, or empty for the browser's; `None` leaves what is there.
    pub zone: Option<String>,
    /// Language tag, or empty for the browser's; `None` leaves what is there.
    pub locale: Option<String>,
    /// Whom they report to.
    pub manager: Option<PersonId>,
    /// Whether they have access, or get it by accepting an invitation; `None` leaves it as it is.
    pub active: Option<bool>,
}

impl WantedPerson {
    /// The person as one who is added: never an administrator.
    pub fn new_person(&self, id: Uuid, username: Username, email: EmailAddress) -> NewPerson {
        NewPerson {
            id: PersonId(id),
            username,
            email,
            display_name: self.display_name.clone(),
            role: Role::User,
        }
    }

    /// Makes the person like this, but for user name, manager and access.
    pub fn describe(&self, person: &mut Person) {
        person.display_name = self.display_name.to_string();
        person.given_name = self.given_name.to_string();
        person.family_name = self.family_name.to_string();
        person.title = self.title.to_string();
        person.department = self.department.to_string();
        person.phone = self.phone.to_string();
        if let Some(primary) = self.addresses.first() {
            person.email = primary.to_string();
        }
        if let Some(zone) = &self.zone {
            person.zone.clone_from(zone);
        }
        if let Some(locale) = &self.locale {
            person.locale.clone_from(locale);
        }
    }
}

/// What a client wants a group to be like.
#[derive(Debug, Clone)]
pub struct WantedGroup {
    /// The client's own id for it.
    pub external_id: Option<String>,
    /// Its name.
    pub name: Line,
    /// Who is directly in it.
    pub members: Vec<Member>,
}

/// A group as a client sees it.
#[derive(Debug, Clone)]
pub struct ProvisionedGroup {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The client's own id for it.
    pub external_id: Option<String>,
    /// Who is directly in it, nobody from the trash, with their names; `None` when nobody looked.
    pub members: Option<Vec<(Member, String)>>,
    /// When it was made.
    pub created_at: Timestamp,
}
