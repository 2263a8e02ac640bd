//! Adding somebody to the directory, who is here with it.

use directory::ipa::{Kind, NotDone};
use directory::{EntryId, Limits};
use serde_json::json;

use super::{FreeIpa, Unmade, heard, reason};
use crate::domain::membership::Member;
use crate::domain::name::{EmailAddress, Line, Username};
use crate::domain::person::PersonId;
use crate::domain::phone::Phone;
use crate::domain::provisioned::WantedPerson;
use crate::domain::source::{Directory, DirectoryId, Settings};
use crate::domain::user_name::UserName;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::memberships::described;
use crate::service::people::Change;
use crate::service::provisioning::{Provisioner, Unwanted};
use crate::service::record::Deed;
use crate::store::person::person_find_by_login;

/// Somebody who is to be added.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// What they sign in as, there and here.
    pub username: Username,
    /// First names.
    pub given_name: Line,
    /// Last names.
    pub family_name: Line,
    /// Mail address.
    pub email: EmailAddress,
    /// Job title.
    pub title: Line,
    /// Department.
    pub department: Line,
    /// Telephone number.
    pub phone: Phone,
}

/// What came of adding somebody.
#[derive(Debug)]
pub enum Arrived {
    /// They are there and here.
    Both(PersonId),
    /// They are there; here somebody or something is in the way, which the next run says.
    ThereAlone,
}

impl Newcomer {
    fn display_name(&self) -> String {
        let (given, family) = (self.given_name.as_str(), self.family_name.as_str());
        format!("{given} {family}").trim().to_owned()
    }

    /// The attributes to add them with: whatever FreeIPA needs, and what is mapped besides.
    fn attributes(&self, settings: &Settings) -> Vec<(String, String)> {
        let names = &settings.mapping;
        let mut attributes = vec![
            ("givenname".to_owned(), self.given_name.to_string()),
            ("sn".to_owned(), self.family_name.to_string()),
            ("cn".to_owned(), self.display_name()),
            ("mail".to_owned(), self.email.to_string()),
        ];
        let more = [
            (&names.display_name, self.display_name()),
            (&names.title, self.title.to_string()),
            (&names.department, self.department.to_string()),
            (&names.phone, self.phone.to_string()),
        ];
        for (attribute, value) in more {
            let attribute = attribute.to_lowercase();
            let is_there = attributes.iter().any(|(name, _)| *name == attribute);
            if !attribute.is_empty() && !value.is_empty() && !is_there {
                attributes.push((attribute, value));
            }
        }
        attributes
    }

    fn wanted(&self, entry: &str) -> Result<WantedPerson, Error> {
        let unfit = |field| move |unfit| Error::Unfit(field, unfit);
        Ok(WantedPerson {
            external_id: Some(entry.to_owned()),
            user_name: UserName::parse(self.username.as_str()).map_err(unfit("username"))?,
            addresses: vec![self.email.clone()],
            display_name: Line::required(&self.display_name()).map_err(unfit("family_name"))?,
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            title: self.title.clone(),
            department: self.department.clone(),
            phone: self.phone.clone(),
            zone: None,
            locale: None,
            manager: None,
            active: None,
        })
    }
}

impl FreeIpa {
    /// Adds somebody there, and then here as one who comes from there.
    ///
    /// # Errors
    /// Why nobody was added.
    pub async fn add(
        &self,
        actor: &Actor,
        id: DirectoryId,
        new: &Newcomer,
    ) -> Result<Arrived, Unmade> {
        let deed = Deed::new(actor, "directory.person_added", self.clock.now());
        let directory = self.directories.find(id).await?;
        if !directory.settings.writes_back() {
            return Err(Unmade::Nowhere);
        }
        // Whoever has one of the names here would be in their way.
        new.wanted("")?;
        self.expect_free(new).await?;
        let ipa = self.ipa(&directory)?;
        let attributes = new.attributes(&directory.settings);
        let attributes: Vec<(&str, &str)> = attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let limits = Limits::of_sign_in();
        let added = ipa.add(new.username.as_str(), &attributes, &limits).await;
        let added = heard(&directory, added.map_err(at_field));
        let arrived = match &added {
            Ok(added) => self.follow(actor, id, (new, &added.id)).await.map(Some),
            Err(_) => Ok(None),
        };
        // Of the trail the name goes with the person, where there is one.
        let changes = match (&added, &arrived) {
            (Err(unmade), _) => json!({ "reason": reason(unmade) }),
            (_, Ok(Some(Arrived::Both(person)))) => {
                described(Member::Person(*person), new.username.as_str(), None)
            }
            _ => json!({ "reason": "not-here" }),
        };
        self.note_arrival(deed.with_changes(changes), &directory, added.is_ok())
            .await?;
        added?;
        Ok(arrived?.unwrap_or(Arrived::ThereAlone))
    }

    /// The same person here, as one who comes from there.
    async fn follow(
        &self,
        actor: &Actor,
        id: DirectoryId,
        (new, entry): (&Newcomer, &EntryId),
    ) -> Result<Arrived, Error> {
        let by = Provisioner {
            actor: actor.clone(),
            client: id.0,
        };
        let wanted = new.wanted(&entry.0)?;
        let created = self.provisioning.create_person(&by, &wanted, &new.email);
        match created.await {
            Ok(person) => Ok(Arrived::Both(person)),
            Err(Unwanted::Failed(error @ Error::Storage(_))) => Err(error),
            Err(_) => Ok(Arrived::ThereAlone),
        }
    }

    async fn expect_free(&self, new: &Newcomer) -> Result<(), Unmade> {
        let client = self.db.client().await?;
        for (login, taken) in [
            (new.username.as_str(), Change::UsernameTaken),
            (new.email.as_str(), Change::EmailTaken),
        ] {
            if person_find_by_login(&client, login).await?.is_some() {
                return Err(Unmade::Here(taken));
            }
        }
        Ok(())
    }

    async fn note_arrival(
        &self,
        deed: Deed<'_>,
        directory: &Directory,
        is_done: bool,
    ) -> Result<(), Error> {
        let name = directory.settings.name.as_str();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        if is_done {
            deed.done_to("directory", &tx, directory.id.0, name).await?;
        } else {
            deed.refused_to("directory", &tx, directory.id.0, name)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The refusal with the field of the form in the place of FreeIPA's own name for it.
fn at_field(not_done: NotDone) -> NotDone {
    let NotDone::Refused(mut refusal) = not_done else {
        return not_done;
    };
    let field = match refusal.field.as_str() {
        "uid" => "username",
        "givenname" => "given_name",
        "sn" => "family_name",
        "mail" => "email",
        "title" => "title",
        "ou" => "department",
        "telephonenumber" => "phone",
        _ if refusal.kind == Kind::Taken => "username",
        _ => "",
    };
    field.clone_into(&mut refusal.field);
    NotDone::Refused(refusal)
}
