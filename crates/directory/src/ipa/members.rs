//! Who is in a group. What cannot be done is said inside an answer that is no refusal.

use serde_json::Map;

use super::Ipa;
use super::refusal::{Kind, NotDone, Refusal};
use super::session::Command;
use crate::connection::Pace;
use crate::error::Step;
use crate::limits::Limits;

/// Somebody, or a group, in a group; by their names.
#[derive(Clone, Copy, Debug)]
pub struct Membership<'a> {
    /// In which.
    pub group: &'a str,
    /// Who.
    pub member: &'a str,
    /// Whether that is a group.
    pub is_group: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It is so now.
    Done,
    /// It was so before.
    Unchanged,
}

impl Ipa {
    /// Puts somebody into a group, or takes them out.
    ///
    /// # Errors
    /// Why it stays as it is.
    pub async fn set_member(
        &self,
        membership: Membership<'_>,
        is_member: bool,
        limits: &Limits,
    ) -> Result<Moved, NotDone> {
        let (method, as_before) = if is_member {
            ("group_add_member", "already a member")
        } else {
            ("group_remove_member", "not a member")
        };
        let kind = if membership.is_group { "group" } else { "user" };
        let mut options = Map::new();
        options.insert(kind.to_owned(), vec![membership.member].into());
        let command = Command {
            step: Step::Groups,
            method,
            args: vec![membership.group.to_owned()],
            options,
        };
        let said = self.call(Pace::new(limits), command).await?;
        if said.completed() > 0 {
            return Ok(Moved::Done);
        }
        match said.failed(kind) {
            Some(why) if why.contains(as_before) => Ok(Moved::Unchanged),
            why => {
                let why = why.unwrap_or_default();
                let kind = match why {
                    "no such entry" => Kind::NotFound,
                    _ => Kind::Other,
                };
                Err(NotDone::Refused(Refusal::new(kind, "", why)))
            }
        }
    }
}
