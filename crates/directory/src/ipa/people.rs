//! Adding and changing people.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::Ipa;
use super::answer::Said;
use super::refusal::{NotDone, or_before};
use super::session::{Command, asking};
use crate::connection::Pace;
use crate::error::{Error, Step, Why};
use crate::limits::Limits;
use crate::snapshot::EntryId;

/// Attributes that are options of their own; every other is set as what it is called.
const OPTIONS: [&str; 20] = [
    "cn",
    "departmentnumber",
    "displayname",
    "employeenumber",
    "employeetype",
    "facsimiletelephonenumber",
    "givenname",
    "initials",
    "l",
    "mail",
    "manager",
    "mobile",
    "ou",
    "pager",
    "postalcode",
    "sn",
    "st",
    "street",
    "telephonenumber",
    "title",
];

/// Somebody who was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The id that never changes.
    pub id: EntryId,
    /// What they are called.
    pub login: String,
}

impl Ipa {
    /// Adds somebody of that name, without a password, with these attributes.
    ///
    /// # Errors
    /// Why nobody was added.
    pub async fn add(
        &self,
        login: &str,
        attributes: &[(&str, &str)],
        limits: &Limits,
    ) -> Result<Added, NotDone> {
        let mut options = options(attributes);
        options.insert("all".to_owned(), true.into());
        let added = self.ask_with("user_add", login, options, limits).await?;
        let entry = added.entry(Step::People)?;
        let missing = |name| Error::new(Step::People, Why::Missing, name);
        let id = entry.text("ipauniqueid").filter(|id| !id.is_empty());
        Ok(Added {
            id: EntryId(id.ok_or_else(|| missing("ipauniqueid"))?.to_lowercase()),
            login: entry.text("uid").ok_or_else(|| missing("uid"))?,
        })
    }

    /// Gives somebody these attributes; an empty one is taken away.
    ///
    /// # Errors
    /// Why they stay as they are.
    pub async fn change(
        &self,
        login: &str,
        attributes: &[(&str, &str)],
        limits: &Limits,
    ) -> Result<(), NotDone> {
        let options = options(attributes);
        or_before(self.ask_with("user_mod", login, options, limits).await)
    }

    /// Lets somebody in again whom wrong passwords locked out.
    ///
    /// # Errors
    /// Why they stay locked.
    pub async fn unlock(&self, login: &str, limits: &Limits) -> Result<(), NotDone> {
        let command = asking("user_unlock", &[login], &[]);
        self.call(Pace::new(limits), command).await.map(drop)
    }

    /// Switches somebody's account on or off.
    ///
    /// # Errors
    /// Why it stays as it is.
    pub async fn set_enabled(
        &self,
        login: &str,
        enabled: bool,
        limits: &Limits,
    ) -> Result<(), NotDone> {
        let method = if enabled {
            "user_enable"
        } else {
            "user_disable"
        };
        let command = asking(method, &[login], &[]);
        or_before(self.call(Pace::new(limits), command).await)
    }

    /// Gives somebody a password that FreeIPA makes up, and that they have to change before it opens anything.
    ///
    /// # Errors
    /// Why they keep the one they have.
    pub async fn set_random_password(
        &self,
        login: &str,
        limits: &Limits,
    ) -> Result<SecretString, NotDone> {
        let mut options = Map::new();
        options.insert("random".to_owned(), true.into());
        let changed = self.ask_with("user_mod", login, options, limits).await?;
        let entry = changed.entry(Step::People)?;
        let password = entry.text("randompassword").filter(|text| !text.is_empty());
        let missing = || Error::new(Step::People, Why::Missing, "randompassword");
        Ok(SecretString::from(password.ok_or_else(missing)?))
    }

    async fn ask_with(
        &self,
        method: &'static str,
        login: &str,
        options: Map<String, Value>,
        limits: &Limits,
    ) -> Result<Said, NotDone> {
        let command = Command {
            step: Step::People,
            method,
            args: vec![login.to_owned()],
            options,
        };
        self.call(Pace::new(limits), command).await
    }
}

fn options(attributes: &[(&str, &str)]) -> Map<String, Value> {
    let mut options = Map::new();
    let mut others = Vec::new();
    for (name, value) in attributes {
        let name = name.to_ascii_lowercase();
        if OPTIONS.contains(&name.as_str()) {
            options.insert(name, Value::from(*value));
        } else {
            others.push(Value::from(format!("{name}={value}")));
        }
    }
    if !others.is_empty() {
        options.insert("setattr".to_owned(), Value::from(others));
    }
    options
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_without_an_option_are_set_by_name() {
        let given = [("givenName", "Ada"), ("ou", ""), ("carLicense", "L-ADA 1")];
        let expected = json!({ "givenname": "Ada", "ou": "", "setattr": ["carlicense=L-ADA 1"] });
        assert_eq!(Value::Object(options(&given)), expected);
    }
}
