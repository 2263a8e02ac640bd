//! The share dialog: who may do what with a thing, and changing that.
//!
//! Owns how it looks, its form, and its words. The app asks for the grants and changes them with `rpc::grants`; the
//! markup is the macro `panel` of `templates/share_dialog.html`. It is a page of its own, or stands in a dialog of another.

use platform::grants::{Change, Grant, Grantee, Level, Recipient, Refusal};
use serde::Deserialize;
use uuid::Uuid;

use crate::choice::Choice;
use crate::form::Errors;
use crate::shell::Shell;

/// What the pickers of all share dialogs ask: it finds whom the person may find, and nobody else.
pub const PICKER: &str = "/api/accounts/grantees/suggestions";

/// The picker has no choices of its own.
pub const NO_CHOICES: &[Choice] = &[];

/// What one of the dialog's forms sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ShareForm {
    step: String,
    kind: String,
    id: String,
    to: String,
    level: String,
    ends_at: String,
    #[serde(deserialize_with = "crate::form::checked")]
    on: bool,
    #[serde(deserialize_with = "crate::form::checked")]
    confirmed: bool,
}

impl ShareForm {
    /// A form in which somebody was typed; for samples and tests.
    pub fn sample(to: &str) -> Self {
        Self {
            step: "add".to_owned(),
            to: to.to_owned(),
            level: Level::Write.as_str().to_owned(),
            ..Self::default()
        }
    }

    /// The change that is asked for.
    ///
    /// # Errors
    /// What is wrong with what was typed or sent.
    pub fn read(&self, shell: &Shell) -> Result<Change, Errors> {
        let odd = |field: &'static str| move || Errors::one(field, shell.t("ui-share-odd"));
        if self.step == "add" {
            if self.to.trim().is_empty() {
                return Err(Errors::one("to", shell.t("ui-share-whom-missing")));
            }
            return self.set(shell, Recipient::Typed(self.to.trim().to_owned()));
        }
        let grantee = Grantee::parse(&self.kind, &self.id).map_err(|_| odd("row")())?;
        match self.step.as_str() {
            "remove" => Ok(Change::Remove(grantee)),
            "everybody" if !self.on => Ok(Change::Remove(grantee)),
            "set" | "everybody" => self.set(shell, Recipient::Known(grantee)),
            _ => Err(odd("row")()),
        }
    }

    fn set(&self, shell: &Shell, to: Recipient) -> Result<Change, Errors> {
        let level: Result<Level, _> = self.level.parse();
        let level = level
            .map_err(|_| Errors::one(self.place("level"), shell.t("ui-share-level-missing")))?;
        let ends_at = shell
            .read_moment(&self.ends_at)
            .map_err(|_| Errors::one(self.place("ends_at"), shell.t("ui-share-end-odd")))?;
        Ok(Change::Set { to, level, ends_at })
    }

    /// Where a message about a field of this form stands: rows have one place each.
    fn place(&self, field: &'static str) -> &'static str {
        if self.step == "add" { field } else { "row" }
    }

    /// Whether they would take themselves off without having been asked.
    pub fn leaves(&self, shell: &Shell) -> bool {
        self.step == "remove" && !self.confirmed && self.is_own(shell)
    }

    /// Whether it is about the person at the page.
    fn is_own(&self, shell: &Shell) -> bool {
        let own = shell.principal().map(|who| Grantee::Person(who.user_id));
        own.is_some_and(|own| Grantee::parse(&self.kind, &self.id) == Ok(own))
    }

    /// What to say beside the form when the change is refused.
    pub fn refused(&self, shell: &Shell, why: Refusal) -> Errors {
        let (field, message) = match why {
            Refusal::Unknown => ("to", "ui-share-unknown"),
            Refusal::Past => ("ends_at", "ui-share-past"),
            Refusal::TooMany => ("to", "ui-share-too-many"),
            Refusal::TooOpen => ("level", "ui-share-too-open"),
            Refusal::LastAdmin => ("level", "ui-share-last-admin"),
            Refusal::NotAdmin => ("level", "ui-share-not-admin"),
        };
        Errors::one(self.place(field), shell.t(message))
    }
}

/// Somebody a thing is shared with, as the dialog shows them.
#[derive(Debug, Clone)]
pub struct Sharer {
    /// Kind of the grantee, as the form sends it.
    pub kind: &'static str,
    /// Their id; empty for everybody.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Name of an icon.
    pub icon: &'static str,
    /// Whether it is the person at the page.
    pub is_you: bool,
    /// Level as the form sends it.
    pub level: String,
    /// The end as the field holds it.
    pub ends_at: String,
    /// Who granted it, and when: a sentence.
    pub granted: String,
    /// For everybody: whether it is on.
    pub on: bool,
    /// What is wrong with what was sent of this row.
    pub error: String,
}

/// The dialog.
#[derive(Debug, Clone)]
pub struct Share {
    /// Before the ids of its elements, so that two stand on one page.
    pub id: &'static str,
    /// Where its forms are posted.
    pub action: String,
    /// People, groups and service accounts.
    pub sharers: Vec<Sharer>,
    /// Everybody who is signed in, and everybody at all.
    pub everybody: Vec<Sharer>,
    /// What is typed into the form that adds somebody.
    pub to: String,
    /// The level chosen there.
    pub level: String,
    /// The end typed there.
    pub ends_at: String,
    /// What is wrong with it.
    pub errors: Errors,
    /// They are asked whether they want to take themselves off.
    pub leaving: Option<Uuid>,
    /// Levels of people and groups.
    pub levels: Vec<Choice>,
    /// Levels of everybody.
    pub open_levels: Vec<Choice>,
    /// In which zone ends are typed.
    pub end_hint: String,
}

impl Share {
    /// The dialog for a thing with these grants, whose forms are posted to `action`.
    pub fn new(shell: &Shell, grants: &[Grant], action: impl Into<String>) -> Self {
        let named = |grant: &Grant| sharer(shell, grant);
        let sharers = grants.iter().filter(|grant| !grant.grantee.is_everybody());
        let everybody = [Grantee::SignedIn, Grantee::Public];
        let choice = |level: Level| Choice::new(level.as_str(), shell.t(word(level)));
        let zone = shell.zone().iana_name().unwrap_or("UTC");
        Self {
            id: "share",
            action: action.into(),
            sharers: sharers.map(named).collect(),
            everybody: everybody.map(|grantee| open(shell, grantee, grants)).into(),
            to: String::new(),
            level: Level::Read.as_str().to_owned(),
            ends_at: String::new(),
            errors: Errors::none(),
            leaving: None,
            levels: Level::ALL.map(choice).into(),
            open_levels: [Level::Read, Level::Write].map(choice).into(),
            end_hint: shell.t1("ui-share-end-hint", "zone", zone),
        }
    }

    /// The same under other ids.
    #[must_use]
    pub fn called(mut self, id: &'static str) -> Self {
        self.id = id;
        self
    }

    /// The same with what was typed, and what is wrong with it.
    #[must_use]
    pub fn refused(mut self, form: ShareForm, errors: Errors) -> Self {
        if form.step == "add" {
            (self.to, self.level, self.ends_at) = (form.to, form.level, form.ends_at);
            self.errors = errors;
            return self;
        }
        let rows = self.sharers.iter_mut().chain(&mut self.everybody);
        let mut rows = rows.filter(|row| row.kind == form.kind && row.id == form.id);
        if let Some(row) = rows.next() {
            errors.of("row").clone_into(&mut row.error);
            if form.step != "remove" {
                (row.level, row.ends_at, row.on) = (form.level, form.ends_at, form.on || row.on);
            }
        } else {
            // Whoever it was about is gone from the list.
            self.errors.add_general(errors.of("row"));
        }
        self
    }

    /// The same, asking whether they want to take themselves off.
    #[must_use]
    pub fn asking(mut self, shell: &Shell) -> Self {
        self.leaving = shell.principal().map(|who| who.user_id);
        self
    }
}

/// The message that names a level.
pub fn word(level: Level) -> &'static str {
    match level {
        Level::Read => "ui-share-read",
        Level::Write => "ui-share-write",
        Level::Admin => "ui-share-admin",
    }
}

fn sharer(shell: &Shell, grant: &Grant) -> Sharer {
    let own = shell.principal().map(|who| Grantee::Person(who.user_id));
    let (icon, name) = match grant.grantee {
        Grantee::Group(_) => ("users-group", grant.name.clone()),
        Grantee::Service(id) => ("robot", shell.t1("ui-share-service", "id", id.to_string())),
        Grantee::Person(_) | Grantee::SignedIn | Grantee::Public => ("user", grant.name.clone()),
    };
    let when = shell.relative(grant.granted_at);
    let granted = match &*grant.granted_by {
        "" => shell.t1("ui-share-granted", "when", &when),
        by => shell.t2("ui-share-granted-by", "name", by, "when", &when),
    };
    Sharer {
        kind: grant.grantee.kind(),
        id: id_of(grant.grantee),
        name,
        icon,
        is_you: own == Some(grant.grantee),
        level: grant.level.as_str().to_owned(),
        ends_at: shell.written_moment(grant.ends_at),
        granted,
        on: true,
        error: String::new(),
    }
}

/// Everybody of one sort, whether it is shared with them or not.
fn open(shell: &Shell, grantee: Grantee, grants: &[Grant]) -> Sharer {
    let given = grants.iter().find(|grant| grant.grantee == grantee);
    let (icon, name) = match grantee {
        Grantee::Public => ("world", "ui-share-public"),
        _ => ("building", "ui-share-signed-in"),
    };
    let level = given.map_or(Level::Read, |grant| grant.level);
    Sharer {
        kind: grantee.kind(),
        id: String::new(),
        name: shell.t(name).into_owned(),
        icon,
        is_you: false,
        level: level.as_str().to_owned(),
        ends_at: shell.written_moment(given.and_then(|grant| grant.ends_at)),
        granted: String::new(),
        on: given.is_some(),
        error: String::new(),
    }
}

fn id_of(grantee: Grantee) -> String {
    grantee.id().map(|id| id.to_string()).unwrap_or_default()
}
