//! Rows as people write them.

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
    let problems =
        wrong("email,name,user,role,groups,last day\nnobody,,a b,king,Choir;Nobodies,2029-12-31\n");
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
