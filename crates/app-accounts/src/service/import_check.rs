//! Looking at every row of a table at once: what would come of it as the directory is now. Writes nothing.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use platform_pg::GenericClient;

use crate::domain::import::{Outcome, Problem, RowResult};
use crate::domain::import_column::Column;
use crate::domain::import_row::{Candidate, Reader, groups_named, people_named};
use crate::domain::import_terms::Terms;
use crate::domain::name::Username;
use crate::domain::person::State;
use crate::domain::sheet::Sheet;
use crate::error::Error;
use crate::store::custom_field::field_list;
use crate::store::group::groups_by_names;
use crate::store::login::people_by_logins;
use crate::store::person::{person_by_addresses, person_usernames_taken};

/// Names that are tried for somebody whose row says none: the plain one, then with a number up to this.
const NUMBERS_TRIED: u32 = 99;

/// A row that does, as the person to add.
pub(super) struct Ready {
    /// Its place among the rows.
    pub(super) row: usize,
    pub(super) username: Username,
    pub(super) candidate: Candidate,
}

/// All rows, and the people whom those add that do.
pub(super) struct Checked {
    pub(super) rows: Vec<RowResult>,
    pub(super) ready: Vec<Ready>,
}

/// A row that was read as a person, with its place.
type Read = (usize, Candidate);

/// Looks at every row.
pub(super) async fn check(
    client: &impl GenericClient,
    sheet: &Sheet,
    columns: &[Option<Column>],
    terms: &Terms,
    today: Date,
) -> Result<Checked, Error> {
    let groups = match groups_named(sheet, columns) {
        names if names.is_empty() => HashMap::new(),
        names => groups_by_names(client, &names).await?,
    };
    let people = match people_named(sheet, columns) {
        names if names.is_empty() => HashMap::new(),
        names => people_by_logins(client, &names).await?,
    };
    let is_declared = |column: &Option<Column>| matches!(column, Some(Column::Field(_)));
    let fields = if columns.iter().any(is_declared) {
        field_list(client).await?
    } else {
        Vec::new()
    };
    let reader = Reader {
        fields: &fields,
        columns,
        groups: &groups,
        people: &people,
        defaults: &terms.defaults,
        today,
    };
    let (mut rows, mut read): (Vec<RowResult>, Vec<Read>) = (Vec::new(), Vec::new());
    for (place, row) in sheet.rows.iter().enumerate() {
        let (result, candidate) = reader.read(row);
        rows.push(result);
        read.extend(candidate.map(|candidate| (place, candidate)));
    }
    let read = once_each(&mut rows, read, Column::Email, |person| {
        Some(person.email.as_str().to_lowercase())
    });
    let read = strangers(client, &mut rows, read).await?;
    let read = once_each(&mut rows, read, Column::Username, |person| {
        person.username.as_ref().map(ToString::to_string)
    });
    let ready = named(client, &mut rows, read).await?;
    for ready in &ready {
        if let Some(row) = rows.get_mut(ready.row) {
            row.outcome = Outcome::Ready;
            row.username = ready.username.to_string();
        }
    }
    Ok(Checked { rows, ready })
}

fn refuse(rows: &mut [RowResult], place: usize, problem: Problem) {
    if let Some(row) = rows.get_mut(place) {
        row.outcome = Outcome::Bad;
        row.problems.push(problem);
    }
}

/// Those whose value no row before has.
fn once_each(
    rows: &mut [RowResult],
    read: Vec<Read>,
    column: Column,
    value: impl Fn(&Candidate) -> Option<String>,
) -> Vec<Read> {
    let mut lines: HashMap<String, u32> = HashMap::new();
    let mut kept = Vec::with_capacity(read.len());
    for (place, person) in read {
        let line = rows.get(place).map_or(0, |row| row.line);
        let before = value(&person).and_then(|value| {
            let before = lines.get(&value).copied();
            lines.entry(value).or_insert(line);
            before
        });
        match before {
            None => kept.push((place, person)),
            Some(line) => {
                let twice = Problem::at(column, "accounts-import-twice", line.to_string());
                refuse(rows, place, twice);
            }
        }
    }
    kept
}

/// Those whose addresses nobody has. Whoever has one is there already.
async fn strangers(
    client: &impl GenericClient,
    rows: &mut [RowResult],
    read: Vec<Read>,
) -> Result<Vec<Read>, Error> {
    let addresses: Vec<&str> = read
        .iter()
        .map(|(_, person)| person.email.as_str())
        .collect();
    let known = person_by_addresses(client, &addresses).await?;
    let mut left = Vec::with_capacity(read.len());
    for (place, person) in read {
        match known.get(person.email.as_str()) {
            None => left.push((place, person)),
            Some((_, State::Deleted)) => {
                let trash = Problem::at(Column::Email, "accounts-import-in-trash", "");
                refuse(rows, place, trash);
            }
            Some((id, _)) => {
                if let Some(row) = rows.get_mut(place) {
                    row.outcome = Outcome::Known;
                    row.person = Some(*id);
                }
            }
        }
    }
    Ok(left)
}

/// Gives everybody a user name that nobody has: the one of the row, or one made of the address.
async fn named(
    client: &impl GenericClient,
    rows: &mut [RowResult],
    read: Vec<Read>,
) -> Result<Vec<Ready>, Error> {
    let (own, mut nameless): (Vec<_>, Vec<_>) = read
        .into_iter()
        .partition(|(_, person)| person.username.is_some());
    let name = |(_, person): &Read| person.username.as_ref().map(ToString::to_string);
    let names: Vec<String> = own.iter().filter_map(name).collect();
    let taken = person_usernames_taken(client, &names).await?;
    let mut used: HashSet<String> = names.into_iter().collect();
    let mut ready = Vec::new();
    for (row, candidate) in own {
        match candidate.username.clone() {
            Some(username) if !taken.contains(username.as_str()) => ready.push(Ready {
                row,
                username,
                candidate,
            }),
            _ => refuse(
                rows,
                row,
                Problem::at(Column::Username, "accounts-username-taken", ""),
            ),
        }
    }
    for number in 1..=NUMBERS_TRIED {
        if nameless.is_empty() {
            break;
        }
        let wanted = nameless
            .iter()
            .filter_map(|(_, person)| person.stand_in(number));
        let wanted: Vec<String> = wanted.map(|name| name.to_string()).collect();
        used.extend(person_usernames_taken(client, &wanted).await?);
        let mut left = Vec::new();
        for (row, candidate) in nameless {
            match candidate.stand_in(number) {
                Some(username) if used.insert(username.to_string()) => ready.push(Ready {
                    row,
                    username,
                    candidate,
                }),
                _ => left.push((row, candidate)),
            }
        }
        nameless = left;
    }
    for (row, _) in nameless {
        refuse(
            rows,
            row,
            Problem::at(Column::Username, "accounts-import-no-username", ""),
        );
    }
    ready.sort_by_key(|ready| ready.row);
    Ok(ready)
}
