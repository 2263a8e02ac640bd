//! Which attribute means what, and what the directories in use call them.

use serde::{Deserialize, Serialize};

use crate::filter::is_attribute;

/// A kind of directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// FreeIPA, and 389 Directory Server laid out like it.
    FreeIpa,
    /// OpenLDAP with `inetOrgPerson`, `groupOfNames` and the password policy overlay.
    OpenLdap,
    /// Active Directory, and Samba as its domain controller.
    ActiveDirectory,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::FreeIpa, Self::OpenLdap, Self::ActiveDirectory];

    /// Its word in forms and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FreeIpa => "freeipa",
            Self::OpenLdap => "openldap",
            Self::ActiveDirectory => "active-directory",
        }
    }

    /// The one of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// The filter for people.
    pub fn people(self) -> &'static str {
        match self {
            Self::FreeIpa => "(&(objectClass=posixAccount)(ipaUniqueID=*)(uid=*))",
            Self::OpenLdap => "(&(objectClass=inetOrgPerson)(uid=*))",
            Self::ActiveDirectory => {
                "(&(objectCategory=person)(objectClass=user)(sAMAccountName=*))"
            }
        }
    }

    /// The filter for groups.
    pub fn groups(self) -> &'static str {
        match self {
            Self::FreeIpa => "(&(objectClass=groupOfNames)(ipaUniqueID=*))",
            Self::OpenLdap => "(objectClass=groupOfNames)",
            Self::ActiveDirectory => "(objectCategory=group)",
        }
    }

    /// What its attributes mean.
    pub fn mapping(self) -> Mapping {
        let (id, id_form, username, locks) = match self {
            Self::FreeIpa => ("ipaUniqueID", IdForm::Text, "uid", Locks::FreeIpa),
            Self::OpenLdap => ("entryUUID", IdForm::Text, "uid", Locks::PasswordPolicy),
            Self::ActiveDirectory => (
                "objectGUID",
                IdForm::Guid,
                "sAMAccountName",
                Locks::ActiveDirectory,
            ),
        };
        let is_ad = self == Self::ActiveDirectory;
        let name = |name: &str| name.to_owned();
        Mapping {
            id: name(id),
            id_form,
            username: name(username),
            mail: name("mail"),
            display_name: name(if is_ad { "displayName" } else { "cn" }),
            given_name: name("givenName"),
            family_name: name("sn"),
            title: name("title"),
            department: name(if is_ad { "department" } else { "ou" }),
            phone: name("telephoneNumber"),
            manager: name("manager"),
            locks,
            group_name: name("cn"),
            group_description: name("description"),
            member: name("member"),
            member_form: MemberForm::Name,
        }
    }
}

/// How an id is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdForm {
    /// As text.
    Text,
    /// As 16 bytes, the first three parts with the lowest byte first (MS-DTYP section 2.3.4).
    Guid,
}

/// How members are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberForm {
    /// By distinguished name: `member`, `uniqueMember`.
    Name,
    /// By user name: `memberUid`. Groups inside groups cannot be said this way.
    Username,
}

/// How an entry says that somebody may not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Locks {
    /// `nsAccountLock` and `krbPrincipalExpiration`; `krbPasswordExpiration` for the password.
    FreeIpa,
    /// `pwdAccountLockedTime` of the password policy overlay, where it means for good.
    PasswordPolicy,
    /// `userAccountControl` and `accountExpires`.
    ActiveDirectory,
}

impl Locks {
    /// The attributes that say it.
    pub(crate) fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::FreeIpa => &[
                "nsAccountLock",
                "krbPrincipalExpiration",
                "krbPasswordExpiration",
            ],
            Self::PasswordPolicy => &["pwdAccountLockedTime"],
            Self::ActiveDirectory => &["userAccountControl", "accountExpires"],
        }
    }
}

/// Names of attributes. An empty one, where one may be empty, is not asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The id that never changes, of people and groups.
    pub id: String,
    /// How it is written.
    pub id_form: IdForm,
    /// What people sign in with.
    pub username: String,
    /// Mail addresses.
    pub mail: String,
    /// Name to show.
    pub display_name: String,
    /// First names.
    pub given_name: String,
    /// Last names.
    pub family_name: String,
    /// Job title.
    pub title: String,
    /// Department.
    pub department: String,
    /// Telephone number.
    pub phone: String,
    /// Whom somebody reports to, by distinguished name.
    pub manager: String,
    /// What locks somebody out.
    pub locks: Locks,
    /// Name of a group.
    pub group_name: String,
    /// What a group is for.
    pub group_description: String,
    /// Who is in a group.
    pub member: String,
    /// How members are written.
    pub member_form: MemberForm,
}

/// A name that is none of an attribute: of which field of the mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} must name an attribute: letters, digits, hyphens")]
pub struct NotAnAttribute(pub &'static str);

impl Mapping {
    /// Checks every name.
    ///
    /// # Errors
    /// The first field that holds none.
    pub fn check(&self) -> Result<(), NotAnAttribute> {
        let required = [
            ("id", &self.id),
            ("username", &self.username),
            ("mail", &self.mail),
            ("group_name", &self.group_name),
            ("member", &self.member),
        ];
        let optional = [
            ("display_name", &self.display_name),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("title", &self.title),
            ("department", &self.department),
            ("phone", &self.phone),
            ("manager", &self.manager),
            ("group_description", &self.group_description),
        ];
        let none = required.iter().find(|(_, name)| !is_attribute(name));
        let unfit = |(_, name): &&(&'static str, &String)| !name.is_empty() && !is_attribute(name);
        match none.or_else(|| optional.iter().find(unfit)) {
            Some((field, _)) => Err(NotAnAttribute(field)),
            None => Ok(()),
        }
    }

    /// What is asked for of a person.
    pub(crate) fn of_people(&self) -> Vec<String> {
        let own = [
            &self.id,
            &self.username,
            &self.mail,
            &self.display_name,
            &self.given_name,
            &self.family_name,
            &self.title,
            &self.department,
            &self.phone,
            &self.manager,
        ];
        let locks = self.locks.attributes().iter().map(|&name| name.to_owned());
        let own = own.into_iter().filter(|name| !name.is_empty()).cloned();
        own.chain(locks).collect()
    }

    /// What is asked for of a group.
    pub(crate) fn of_groups(&self) -> Vec<String> {
        let names = [
            &self.id,
            &self.group_name,
            &self.group_description,
            &self.member,
        ];
        let filled = names.into_iter().filter(|name| !name.is_empty());
        filled.cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;

    #[test]
    fn presets_are_sound() {
        for preset in Preset::ALL {
            assert_eq!(preset.mapping().check(), Ok(()), "{preset:?}");
            assert!(Filter::parse(preset.people()).is_ok(), "{preset:?}");
            assert!(Filter::parse(preset.groups()).is_ok(), "{preset:?}");
            assert_eq!(Preset::parse(preset.as_str()), Some(preset));
        }
    }

    #[test]
    fn what_is_no_attribute_is_named_by_its_field() {
        let mut mapping = Preset::OpenLdap.mapping();
        mapping.phone = "tele phone".to_owned();
        assert_eq!(mapping.check(), Err(NotAnAttribute("phone")));
        mapping.phone.clear();
        assert_eq!(mapping.check(), Ok(()));
        mapping.id.clear();
        assert_eq!(mapping.check(), Err(NotAnAttribute("id")));
    }
}
