//! What the operator does on the command line: `cloud user create` and `cloud user promote`.

use platform_pg::Database;
use uuid::Uuid;

use super::actor::Actor;
use super::invitations::{Added, Invitation, Invitations, Link};
use super::people::People;
use crate::domain::name::{EmailAddress, Line, Unfit, Username};
use crate::domain::person::{NewPerson, PersonId};
use crate::error::Error;
use crate::store::person::person_find_by_login;

/// A person as the operator typed them.
#[derive(Debug)]
pub struct NewUser {
    /// Sign-in name.
    pub username: String,
    /// Mail address.
    pub email: String,
    /// Name to show.
    pub display_name: String,
    /// `guest`, `user` or `admin`.
    pub role: String,
}

/// Acts for the operator.
#[derive(Clone, Debug)]
pub struct Operator {
    db: Database,
    people: People,
    invitations: Invitations,
}

impl Operator {
    /// Over the use cases of this app.
    pub fn new(db: Database, people: People, invitations: Invitations) -> Self {
        Self {
            db,
            people,
            invitations,
        }
    }

    /// Adds a person and makes the link with which they set their password.
    pub async fn create(&self, new: &NewUser) -> Result<(PersonId, Invitation), Error> {
        let unfit = |field: &'static str| move |unfit: Unfit| Error::Unfit(field, unfit);
        let new = NewPerson {
            id: PersonId(Uuid::now_v7()),
            username: Username::parse(&new.username).map_err(unfit("username"))?,
            email: EmailAddress::parse(&new.email).map_err(unfit("email"))?,
            display_name: Line::required(&new.display_name).map_err(unfit("display_name"))?,
            role: new
                .role
                .parse()
                .map_err(|_| Error::Unfit("role", Unfit::Form))?,
        };
        let actor = Actor::platform("operator");
        let id = new.id;
        match self.invitations.add(&actor, &new.into()).await? {
            Added::UsernameTaken => return Err(Error::UsernameTaken),
            Added::EmailTaken => return Err(Error::EmailTaken),
            // They are given no groups and no end that could be refused.
            _ => {}
        }
        match self.invitations.link(&actor, id, None).await? {
            Link::Made(invitation) => Ok((id, invitation)),
            Link::NotInvited => Err(Error::PersonNotFound(id)),
        }
    }

    /// Makes a person an administrator.
    pub async fn promote(&self, login: &str) -> Result<PersonId, Error> {
        let client = self.db.client().await?;
        let person = person_find_by_login(&client, login.trim())
            .await?
            .ok_or(Error::LoginNotFound)?;
        drop(client);
        self.people
            .promote(&Actor::platform("operator"), person.id)
            .await?;
        Ok(person.id)
    }
}
