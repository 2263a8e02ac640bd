//! One row of a table, read as a person to invite.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::Date;
use platform::Role;
use uuid::Uuid;

use super::custom_field::{Field, Kind, Viewer};
use super::group::GroupId;
use super::import::{Outcome, Problem, RowResult};
use super::import_column::Column;
use super::name::{EmailAddress, Line, Unfit, Username};
use super::person::{PersonId, State};
use super::phone::Phone;
use super::sheet::{Sheet, SheetRow};

/// Somebody to add.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Mail address.
    pub email: EmailAddress,
    /// Name to sign in with, if the row says one.
    pub username: Option<Username>,
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
    /// What they may do.
    pub role: Role,
    /// Last day of the account.
    pub ends_on: Option<Date>,
    /// The groups they are in.
    pub groups: Vec<GroupId>,
    /// Whom they report to.
    pub manager: Option<PersonId>,
    /// Who answers for them.
    pub sponsor: Option<PersonId>,
    /// What declared fields hold, as it is kept; nothing that is empty.
    pub fields: Vec<(Uuid, String)>,
}

impl Candidate {
    /// The name to sign in with that stands in for one; see [`stand_in`].
    pub fn stand_in(&self, number: u32) -> Option<Username> {
        stand_in(&self.email, number)
    }
}

/// The user name that is made of an address: what stands before the at sign, without what such names do not have, and
/// with `number` after it from the second on. `None`: nothing of it is left.
pub fn stand_in(email: &EmailAddress, number: u32) -> Option<Username> {
    let local = email.as_str().split('@').next().unwrap_or_default();
    let local = local.split('+').next().unwrap_or_default().to_lowercase();
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let letters: String = local
        .chars()
        .filter(|letter| fits(*letter))
        .take(60)
        .collect();
    let letters = letters.trim_matches(['.', '_', '-']);
    let name = match (number, letters.len()) {
        (_, 0) => return None,
        (1, 1) => format!("{letters}1"),
        (1, _) => letters.to_owned(),
        (number, _) => format!("{letters}{number}"),
    };
    Username::parse(&name).ok()
}

/// What holds for rows that do not say otherwise.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// What they may do.
    pub role: Role,
    /// Last day of the account.
    pub ends_on: Option<Date>,
    /// Groups that everybody is in, besides those of their row.
    pub groups: Vec<GroupId>,
}

/// Somebody that a row names.
#[derive(Clone, Copy, Debug)]
pub struct Acquaintance {
    /// Who.
    pub id: PersonId,
    /// What they may do.
    pub role: Role,
    /// Where their account is in its life.
    pub state: State,
}

/// Reads rows.
#[derive(Debug)]
pub struct Reader<'a> {
    /// What each column holds.
    pub columns: &'a [Option<Column>],
    /// The groups that are named anywhere, by the names as they stand.
    pub groups: &'a HashMap<String, GroupId>,
    /// The people that are named anywhere, by sign-in names and addresses as they stand.
    pub people: &'a HashMap<String, Acquaintance>,
    /// The fields that administrators declared.
    pub fields: &'a [Field],
    /// What holds for everybody.
    pub defaults: &'a Defaults,
    /// The day it is, in UTC.
    pub today: Date,
}

/// What a cell says, as a form would send it: tables say yes, and write days, in more than one way.
fn spelled(kind: Kind, typed: &str) -> Cow<'_, str> {
    match (kind, typed.trim().to_lowercase().as_str()) {
        (Kind::YesNo, "yes" | "y" | "ja" | "j" | "true" | "1" | "x") => "yes".into(),
        (Kind::YesNo, "no" | "n" | "nein" | "false" | "0") => "".into(),
        (Kind::Date, typed) => {
            day(typed).map_or(typed.to_owned().into(), |day| day.to_string().into())
        }
        _ => typed.into(),
    }
}

/// A day as tables write it: `2031-12-31` or `31.12.2031`.
fn day(typed: &str) -> Option<Date> {
    let read = |form| Date::strptime(form, typed).ok();
    read("%Y-%m-%d").or_else(|| read("%d.%m.%Y"))
}

/// The names in a cell of groups; each once.
pub fn names_in(cell: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in cell.split(['\n', ';']).map(str::trim) {
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// All groups that a table names.
pub fn groups_named(sheet: &Sheet, columns: &[Option<Column>]) -> Vec<String> {
    let place = columns
        .iter()
        .position(|column| *column == Some(Column::Groups));
    let Some(place) = place else {
        return Vec::new();
    };
    let mut names: Vec<String> = sheet
        .rows
        .iter()
        .flat_map(|row| names_in(row.cell(place)))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// All sign-in names and addresses of managers and sponsors that a table holds.
pub fn people_named(sheet: &Sheet, columns: &[Option<Column>]) -> Vec<String> {
    let is_named =
        |column: &Option<Column>| matches!(column, Some(Column::Manager | Column::Sponsor));
    let places = columns.iter().enumerate();
    let places: Vec<usize> = places
        .filter_map(|(place, column)| is_named(column).then_some(place))
        .collect();
    let cells = |row| {
        places
            .iter()
            .map(move |place| SheetRow::cell(row, *place).trim())
    };
    let mut names: Vec<String> = sheet
        .rows
        .iter()
        .flat_map(cells)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Takes what is wrong with a row together.
struct Cells<'a> {
    reader: &'a Reader<'a>,
    row: &'a SheetRow,
    problems: Vec<Problem>,
}

impl Cells<'_> {
    fn text(&self, column: Column) -> &str {
        let columns = self.reader.columns;
        let place = columns.iter().position(|held| *held == Some(column));
        place.map_or("", |place| self.row.cell(place))
    }

    fn take<T>(
        &mut self,
        column: Column,
        read: impl FnOnce(&str) -> Result<T, Unfit>,
    ) -> Option<T> {
        let read = read(self.text(column));
        let key = |unfit: Unfit| format!("accounts-{}", unfit.message());
        read.map_err(|unfit| self.problems.push(Problem::at(column, key(unfit), "")))
            .ok()
    }

    fn refuse(&mut self, column: Column, key: &str, about: impl Into<String>) {
        self.problems.push(Problem::at(column, key, about));
    }
}

impl Reader<'_> {
    /// Reads a row: what is known of it, and the person unless something is wrong.
    pub fn read(&self, row: &SheetRow) -> (RowResult, Option<Candidate>) {
        let mut cells = Cells {
            reader: self,
            row,
            problems: Vec::new(),
        };
        let candidate = self.person(&mut cells);
        let beyond = row.cells.iter().skip(self.columns.len());
        if beyond.clone().any(|cell| !cell.is_empty()) {
            cells.problems.push(Problem {
                column: String::new(),
                key: "accounts-import-too-many-cells".to_owned(),
                about: String::new(),
            });
        }
        let candidate = candidate.filter(|_| cells.problems.is_empty());
        // What does not do is shown as far as it is short enough to be what was meant.
        let start = |text: &str| text.chars().take(Line::MOST).collect::<String>();
        let shown = |of: fn(&Candidate) -> &str, column| {
            candidate
                .as_ref()
                .map_or_else(|| start(cells.text(column)), |person| of(person).to_owned())
        };
        let result = RowResult {
            line: row.line,
            outcome: Outcome::Bad,
            person: None,
            username: start(cells.text(Column::Username)),
            email: shown(|person| person.email.as_str(), Column::Email),
            name: shown(|person| person.display_name.as_str(), Column::DisplayName),
            problems: cells.problems,
        };
        (result, candidate)
    }

    fn person(&self, cells: &mut Cells<'_>) -> Option<Candidate> {
        let email = cells.take(Column::Email, EmailAddress::parse);
        let username = match cells.text(Column::Username) {
            "" => Some(None),
            _ => cells.take(Column::Username, Username::parse).map(Some),
        };
        let given_name = cells.take(Column::GivenName, Line::parse);
        let family_name = cells.take(Column::FamilyName, Line::parse);
        let both = format!(
            "{} {}",
            cells.text(Column::GivenName),
            cells.text(Column::FamilyName)
        );
        let display_name = match cells.text(Column::DisplayName) {
            "" => cells.take(Column::DisplayName, |_| Line::required(&both)),
            _ => cells.take(Column::DisplayName, Line::required),
        };
        let title = cells.take(Column::Title, Line::parse);
        let department = cells.take(Column::Department, Line::parse);
        let phone = cells.take(Column::Phone, Phone::parse);
        let role = self.role(cells);
        let ends_on = self.ends_on(cells, role);
        let groups = self.groups(cells);
        let manager = self.acquaintance(cells, Column::Manager, |who| who.state != State::Deleted);
        let sponsor = self.acquaintance(cells, Column::Sponsor, |who| {
            who.state == State::Active && who.role != Role::Guest
        });
        if matches!(
            (role, sponsor),
            (Some(Role::User | Role::Admin), Ok(Some(_)))
        ) {
            cells.refuse(Column::Sponsor, "accounts-import-sponsor-of-guests", "");
        }
        let fields = self.declared(cells);
        Some(Candidate {
            fields,
            email: email?,
            username: username?,
            display_name: display_name?,
            given_name: given_name?,
            family_name: family_name?,
            title: title?,
            department: department?,
            phone: phone?,
            role: role?,
            ends_on: ends_on.ok()?,
            groups: groups?,
            manager: manager.ok()?,
            sponsor: sponsor.ok()?,
        })
    }

    /// What the row says of declared fields.
    fn declared(&self, cells: &mut Cells<'_>) -> Vec<(Uuid, String)> {
        let mut values = Vec::new();
        for column in self.columns.iter().flatten() {
            let Column::Field(id) = *column else {
                continue;
            };
            let mut fields = self.fields.iter();
            let field = fields.find(|field| field.id == id);
            let field = field.filter(|field| field.is_changed_by(Viewer::Administrator));
            let Some(field) = field else {
                cells.refuse(*column, "accounts-import-no-field", "");
                continue;
            };
            let read = cells.take(*column, |typed| field.read(&spelled(field.kind, typed), ""));
            values.extend(read.filter(|text| !text.is_empty()).map(|text| (id, text)));
        }
        values
    }

    /// Somebody else whom the row names; nobody is an answer, too, and an error was written down.
    fn acquaintance(
        &self,
        cells: &mut Cells<'_>,
        column: Column,
        fits: impl FnOnce(&Acquaintance) -> bool,
    ) -> Result<Option<PersonId>, ()> {
        let named = cells.text(column).trim();
        if named.is_empty() {
            return Ok(None);
        }
        if let Some(found) = self.people.get(named).filter(|found| fits(found)) {
            return Ok(Some(found.id));
        }
        let key = if column == Column::Sponsor {
            "accounts-import-no-sponsor"
        } else {
            "accounts-import-no-manager"
        };
        let about: String = named.chars().take(Line::MOST).collect();
        cells.refuse(column, key, about);
        Err(())
    }

    fn role(&self, cells: &mut Cells<'_>) -> Option<Role> {
        let role = match cells.text(Column::Role).to_lowercase().as_str() {
            "" => self.defaults.role,
            "user" | "member" | "mitglied" => Role::User,
            "guest" | "gast" => Role::Guest,
            "admin" | "administrator" | "administration" => Role::Admin,
            _ => {
                cells.refuse(Column::Role, "accounts-import-role", "");
                return None;
            }
        };
        Some(role)
    }

    /// No day at all is an answer, too; an error was written down.
    fn ends_on(&self, cells: &mut Cells<'_>, role: Option<Role>) -> Result<Option<Date>, ()> {
        let typed = cells.text(Column::EndsOn);
        let (own, day) = match typed {
            "" => (false, self.defaults.ends_on),
            typed => (true, day(typed)),
        };
        if own && day.is_none() {
            cells.refuse(Column::EndsOn, "accounts-import-day", "");
            return Err(());
        }
        if day.is_some_and(|day| day < self.today) {
            cells.refuse(Column::EndsOn, "accounts-end-passed", "");
            return Err(());
        }
        if day.is_some() && role == Some(Role::Admin) {
            cells.refuse(Column::EndsOn, "accounts-administrator-ends", "");
            return Err(());
        }
        Ok(day)
    }

    fn groups(&self, cells: &mut Cells<'_>) -> Option<Vec<GroupId>> {
        let names = names_in(cells.text(Column::Groups));
        let (known, unknown): (Vec<_>, Vec<_>) = names
            .iter()
            .partition(|name| self.groups.contains_key(*name));
        if !unknown.is_empty() {
            let unknown: Vec<&str> = unknown.into_iter().map(String::as_str).collect();
            let names = unknown
                .join(", ")
                .chars()
                .take(Line::MOST)
                .collect::<String>();
            cells.refuse(Column::Groups, "accounts-groups-unknown", names);
            return None;
        }
        let found = known.iter().filter_map(|name| self.groups.get(*name));
        let mut groups: Vec<GroupId> = found.chain(&self.defaults.groups).copied().collect();
        groups.sort_unstable();
        groups.dedup();
        Some(groups)
    }
}

#[cfg(test)]
mod tests;
