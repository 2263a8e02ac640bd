//! Searches and filters of the list of people that administrators keep under a name.

use std::fmt;

use jiff::Timestamp;
use platform::Role;
use url::form_urlencoded::{Serializer, parse};
use uuid::Uuid;

use super::dormancy;
use super::name::Line;
use super::person::{PersonId, State};

/// Filters that one person keeps.
pub const MOST_FILTERS: i64 = 50;
/// Longer searches are cut, as the list does.
const LONGEST_SEARCH: usize = 200;
/// Orders of the list.
const ORDERS: [&str; 4] = ["name", "-name", "created", "-created"];

/// Identifies a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FilterId(pub Uuid);

impl fmt::Display for FilterId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A filter that is kept.
#[derive(Clone, Debug)]
pub struct SavedFilter {
    /// Which.
    pub id: FilterId,
    /// Whose: nobody else changes it.
    pub owner: PersonId,
    /// Their name.
    pub owner_name: String,
    /// What its owner calls it.
    pub name: String,
    /// What it lets through.
    pub criteria: Criteria,
    /// Whether other administrators see it.
    pub is_shared: bool,
    /// Since when it is kept.
    pub created_at: Timestamp,
}

/// A filter to keep.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What its owner calls it; no other of theirs has this name.
    pub name: Line,
    /// What it lets through.
    pub criteria: Criteria,
    /// Whether other administrators see it.
    pub is_shared: bool,
}

/// What a filter lets through: the address of the list says the same in the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criteria(String);

impl Criteria {
    /// Reads the query part of an address of the list. What the list does not know, or where it stands, is left out; none
    /// where nothing is left.
    pub fn parse(query: &str) -> Option<Self> {
        let query = query.strip_prefix('?').unwrap_or(query);
        let mut found: [Option<String>; KEYS.len()] = Default::default();
        for (key, value) in parse(query.as_bytes()) {
            let place = KEYS.iter().position(|known| *known == key);
            if let Some(slot) = place.and_then(|place| found.get_mut(place)) {
                *slot = understood(&key, value.trim());
            }
        }
        let mut kept = Serializer::new(String::new());
        for (key, value) in KEYS.iter().zip(found) {
            if let Some(value) = value {
                kept.append_pair(key, &value);
            }
        }
        Some(Self(kept.finish())).filter(|criteria| !criteria.0.is_empty())
    }

    /// What was kept before, as it is in the table.
    pub fn kept(query: String) -> Self {
        Self(query)
    }

    /// As in an address, without the question mark.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What addresses of the list say, in one order, so that the same is kept the same.
const KEYS: [&str; 5] = ["q", "role", "state", "dormant", "sort"];

fn understood(key: &str, value: &str) -> Option<String> {
    match key {
        "q" => Some(value.chars().take(LONGEST_SEARCH).collect()),
        "role" => value
            .parse::<Role>()
            .ok()
            .map(|role| role.as_str().to_owned()),
        "state" => value
            .parse::<State>()
            .ok()
            .map(|state| state.as_str().to_owned()),
        "dormant" => dormancy::days(value).map(|days| days.to_string()),
        _ => ORDERS.contains(&value).then(|| value.to_owned()),
    }
    .filter(|value| !value.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_the_list_knows_is_kept_in_one_order() {
        for (typed, kept) in [
            ("role=guest&q=ada", "q=ada&role=guest"),
            ("?q=+J%C3%BCrgen+%26+co+&page=3", "q=J%C3%BCrgen+%26+co"),
            ("state=active&state=expired&size=100", "state=expired"),
            ("dormant=090&sort=-created", "dormant=90&sort=-created"),
            ("role=king&state=&sort=phone&dormant=0&q=x&evil=1", "q=x"),
        ] {
            let criteria = Criteria::parse(typed).unwrap();
            assert_eq!(criteria.as_str(), kept, "{typed}");
            assert_eq!(Criteria::parse(kept), Some(criteria), "once more");
        }
    }

    #[test]
    fn nothing_is_no_filter() {
        for typed in ["", "?", "page=2&size=50", "q=+", "role=king"] {
            assert_eq!(Criteria::parse(typed), None, "{typed}");
        }
        let long = format!("q={}", "%F0%9F%8C%B1".repeat(10_000));
        assert!(Criteria::parse(&long).unwrap().as_str().len() <= 4_000);
    }
}
