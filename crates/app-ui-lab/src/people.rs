//! Sample people for the table: made up, always the same.

use jiff::{SignedDuration, Timestamp};
use ui::TableQuery;

const FIRST: [&str; 16] = [
    "Ada",
    "Grace",
    "Alan",
    "Edsger",
    "Barbara",
    "Donald",
    "Katherine",
    "Tim",
    "Radia",
    "Ken",
    "Margaret",
    "Dennis",
    "Frances",
    "Linus",
    "Hedy",
    "Niklaus",
];
const LAST: [&str; 15] = [
    "Lovelace",
    "Hopper",
    "Turing",
    "Dijkstra",
    "Liskov",
    "Knuth",
    "Johnson",
    "Berners-Lee",
    "Perlman",
    "Thompson",
    "Hamilton",
    "Ritchie",
    "Allen",
    "Torvalds",
    "Lamarr",
];
const ROLES: [&str; 3] = ["admin", "user", "guest"];

/// One sample person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: usize,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: &'static str,
    pub(crate) active: bool,
    pub(crate) sign_ins: u64,
    pub(crate) seen_at: Timestamp,
}

impl Person {
    /// The id of the row's menu.
    pub(crate) fn menu_id(&self) -> String {
        format!("person-{}", self.id)
    }
}

/// All of them, seen at various times before `now`.
pub(crate) fn all(now: Timestamp) -> Vec<Person> {
    let names = LAST
        .iter()
        .flat_map(|last| FIRST.iter().map(move |first| (first, last)));
    names
        .enumerate()
        .map(|(id, (first, last))| {
            let number = u64::try_from(id).unwrap_or(0);
            // A stride that is prime to everything spreads the values without a random generator.
            let scattered = number * 7919 % 4001;
            let minutes = i64::try_from(scattered * scattered / 17).unwrap_or(0);
            Person {
                id,
                name: format!("{first} {last}"),
                email: format!("{first}.{last}@example.org").to_lowercase(),
                role: if id.is_multiple_of(24) {
                    "admin"
                } else if id.is_multiple_of(7) {
                    "guest"
                } else {
                    "user"
                },
                active: !id.is_multiple_of(11),
                sign_ins: scattered,
                seen_at: now - SignedDuration::from_mins(minutes),
            }
        })
        .collect()
}

/// The rows of a page and how many match in all.
pub(crate) fn find(people: Vec<Person>, query: &TableQuery) -> (Vec<Person>, u64) {
    let search = query.search.to_lowercase();
    let mut found: Vec<Person> = people
        .into_iter()
        .filter(|person| {
            person.name.to_lowercase().contains(&search) || person.email.contains(&search)
        })
        .filter(|person| query.filter("role").is_none_or(|role| person.role == role))
        .filter(|person| {
            query
                .filter("active")
                .is_none_or(|active| person.active == (active == "yes"))
        })
        .collect();
    let sort = query.sort(&["name", "sign_ins", "seen"], "name");
    match sort.key.as_str() {
        "sign_ins" => found.sort_by_key(|person| person.sign_ins),
        "seen" => found.sort_by_key(|person| person.seen_at),
        _ => found.sort_by(|a, b| a.name.cmp(&b.name)),
    }
    if sort.descending {
        found.reverse();
    }
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let skip = usize::try_from(query.offset()).unwrap_or(0);
    let take = usize::try_from(query.limit()).unwrap_or(0);
    (found.into_iter().skip(skip).take(take).collect(), total)
}

/// The roles, for the filter.
pub(crate) fn roles() -> [&'static str; 3] {
    ROLES
}
