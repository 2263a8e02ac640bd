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
mod tests {
    use std::collections::HashMap;

    use jiff::civil::date;
    use platform::Role;
    use uuid::Uuid;

    use super::{Acquaintance, Candidate, Defaults, Reader, names_in, people_named};
    use crate::domain::custom_field::{Editor, Field, Kind, Visibility};
    use crate::domain::group::GroupId;
    use crate::domain::import::RowResult;
    use crate::domain::import_column::Column;
    use crate::domain::person::{PersonId, State};
    use crate::domain::sheet::Sheet;

    fn read(text: &str) -> (RowResult, Option<Candidate>) {
        let sheet = Sheet::read(text).unwrap();
        let fields = [field(8, "badge", Kind::YesNo), field(9, "born", Kind::Date)];
        let columns = Column::guess(&sheet.headings, &fields);
        let choir = GroupId(Uuid::from_u128(1));
        let groups = HashMap::from([("Choir".to_owned(), choir), ("choir".to_owned(), choir)]);
        let somebody = |number, role, state| Acquaintance {
            id: PersonId(Uuid::from_u128(number)),
            role,
            state,
        };
        let people = HashMap::from([
            ("boss".to_owned(), somebody(2, Role::User, State::Active)),
            (
                "gone@b.c".to_owned(),
                somebody(3, Role::User, State::Deleted),
            ),
            (
                "visitor".to_owned(),
                somebody(4, Role::Guest, State::Active),
            ),
        ]);
        let defaults = Defaults {
            role: Role::User,
            ends_on: None,
            groups: Vec::new(),
        };
        let reader = Reader {
            columns: &columns,
            groups: &groups,
            people: &people,
            fields: &fields,
            defaults: &defaults,
            today: date(2030, 1, 1),
        };
        reader.read(&sheet.rows[0])
    }

    fn field(number: u128, name: &str, kind: Kind) -> Field {
        Field {
            id: Uuid::from_u128(number),
            name: name.to_owned(),
            label_en: format!("Its {name}"),
            label_de: String::new(),
            kind,
            choices: Vec::new(),
            visible_to: Visibility::Everyone,
            edited_by: Editor::Administrators,
            position: 0,
            retired_at: None,
        }
    }

    fn wrong(text: &str) -> Vec<(String, String)> {
        let (row, person) = read(text);
        assert!(person.is_none(), "{text}");
        let problem = |problem: super::Problem| (problem.column, problem.key);
        row.problems.into_iter().map(problem).collect()
    }

    #[test]
    fn a_row_says_what_declared_fields_hold() {
        let (_, person) = read("email;name;ITS BADGE;born\na@b.c;Ada;Ja;31.12.1999\n");
        let value = |number, text: &str| (Uuid::from_u128(number), text.to_owned());
        let values = person.unwrap().fields;
        assert_eq!(values, [value(8, "yes"), value(9, "1999-12-31")]);
        let (_, person) = read("email;name;badge;born\na@b.c;Ada;no;\n");
        assert!(person.unwrap().fields.is_empty());
        let born = format!("field:{}", Uuid::from_u128(9));
        assert_eq!(
            wrong("email;name;born\na@b.c;Ada;yesterday\n"),
            [(born, "accounts-unfit-form".to_owned())]
        );
    }

    #[test]
    fn a_row_says_who_somebody_is() {
        let (row, person) = read(
            "email;first name;last name;role;groups;last day\nA@X.org;Ada;Byron;Gast;Choir; 31.12.2031\n",
        );
        let person = person.unwrap();
        assert_eq!(
            (row.email.as_str(), row.name.as_str()),
            ("A@x.org", "Ada Byron")
        );
        assert_eq!(person.role, Role::Guest);
        assert_eq!(person.ends_on, Some(date(2031, 12, 31)));
        assert_eq!(person.groups.len(), 1);
        assert!(person.username.is_none());
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_and_where() {
        let problems = wrong(
            "email,name,user,role,groups,last day\nnobody,,a b,king,Choir;Nobodies,2029-12-31\n",
        );
        let expected = [
            ("email", "accounts-unfit-form"),
            ("username", "accounts-unfit-character"),
            ("display_name", "accounts-unfit-empty"),
            ("role", "accounts-import-role"),
            ("ends_on", "accounts-end-passed"),
            ("groups", "accounts-groups-unknown"),
        ];
        let expected = expected.map(|(column, key)| (column.to_owned(), key.to_owned()));
        assert_eq!(problems, expected);
        let problems = wrong("email,name,last day\na@b.c,A,tomorrow\n");
        assert_eq!(
            problems,
            [("ends_on".to_owned(), "accounts-import-day".to_owned())]
        );
        let problems = wrong("email,name,role,last day\na@b.c,A,admin,2031-01-01\n");
        assert_eq!(problems[0].1, "accounts-administrator-ends");
        let problems = wrong("email,name\na@b.c,Doe, Jane\n");
        assert_eq!(problems[0].1, "accounts-import-too-many-cells");
    }

    #[test]
    fn managers_and_sponsors_are_people_who_are_here() {
        let (_, person) = read("email;name;role;manager;sponsor\na@b.c;A;guest; boss ;boss\n");
        let (person, boss) = (person.unwrap(), Some(PersonId(Uuid::from_u128(2))));
        assert_eq!((person.manager, person.sponsor), (boss, boss));
        let (_, person) = read("email;name;manager;sponsor\na@b.c;A;;\n");
        assert!(person.is_some_and(|person| person.manager.or(person.sponsor).is_none()));
        let problem = |cells: &str| {
            let problems = wrong(&format!(
                "email;name;role;manager;sponsor\na@b.c;A;{cells}\n"
            ));
            assert_eq!(problems.len(), 1, "{problems:?}");
            problems[0].1.clone()
        };
        assert_eq!(problem("guest;nobody;"), "accounts-import-no-manager");
        assert_eq!(problem("guest;gone@b.c;"), "accounts-import-no-manager");
        assert_eq!(problem("guest;;visitor"), "accounts-import-no-sponsor");
        assert_eq!(problem("user;;boss"), "accounts-import-sponsor-of-guests");
        let sheet = Sheet::read("email;manager;sponsor\na@b.c; boss ;x\nd@e.f;boss;\n").unwrap();
        let named = people_named(&sheet, &Column::guess(&sheet.headings, &[]));
        assert_eq!(named, ["boss", "x"]);
    }

    #[test]
    fn user_names_are_made_of_addresses() {
        let made = |address: &str, number| {
            let (_, person) = read(&format!("email,name\n{address},X\n"));
            person
                .unwrap()
                .stand_in(number)
                .map(|name| name.to_string())
        };
        assert_eq!(
            made("Erika.Muster+x@b.c", 1).as_deref(),
            Some("erika.muster")
        );
        assert_eq!(made("_o'neil-@b.c", 2).as_deref(), Some("oneil2"));
        assert_eq!(made("j@b.c", 1).as_deref(), Some("j1"));
        assert_eq!(made("\u{e4}\u{f6}@b.c", 1), None);
    }

    #[test]
    fn groups_are_named_one_a_line_or_by_semicolons_and_once() {
        assert_eq!(names_in(" Staff ; Choir\r\n\nStaff\n"), ["Staff", "Choir"]);
        assert!(names_in(" ;\n").is_empty());
    }
}
