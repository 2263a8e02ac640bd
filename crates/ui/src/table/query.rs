//! The state of a table as its address holds it: `?q=ada&sort=-name&page=2&size=50&role=admin`.

use axum::extract::FromRequestParts;
use http::request::Parts;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;

/// Rows per page unless the address says otherwise.
const DEFAULT_SIZE: u32 = 25;
/// Sizes an address may ask for.
const SIZES: [u32; 4] = [10, DEFAULT_SIZE, 50, 100];
/// Longer searches are cut.
const LONGEST_SEARCH: usize = 200;
/// Deeper pages are not asked for by people.
const LAST_PAGE: u32 = 100_000;
/// More filters than any table has.
const MOST_FILTERS: usize = 16;

/// An order: a column and a direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// Key of the column.
    pub key: String,
    /// Largest first.
    pub descending: bool,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.descending { "-" } else { "" };
        write!(f, "{sign}{}", self.key)
    }
}

/// What an address asks of a table. An extractor that refuses nothing: nonsense becomes the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableQuery {
    /// What to search for (`q`), trimmed.
    pub search: String,
    /// The order asked for (`sort`); not checked, see [`TableQuery::sort`].
    pub sort: Option<Sort>,
    /// The page asked for (`page`), from 1.
    pub page: u32,
    /// Rows per page (`size`).
    pub size: u32,
    /// Everything else.
    pub filters: BTreeMap<String, String>,
}

impl Default for TableQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            sort: None,
            page: 1,
            size: DEFAULT_SIZE,
            filters: BTreeMap::new(),
        }
    }
}

impl TableQuery {
    /// Reads the query part of an address.
    pub fn parse(query: &str) -> Self {
        let mut found = Self::default();
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match key.as_ref() {
                _ if value.is_empty() => {}
                "q" => found.search = value.chars().take(LONGEST_SEARCH).collect(),
                "sort" => {
                    let key = value.strip_prefix('-').unwrap_or(value);
                    found.sort = Some(Sort {
                        key: key.to_owned(),
                        descending: key.len() < value.len(),
                    });
                }
                "page" => found.page = value.parse().unwrap_or(1).clamp(1, LAST_PAGE),
                "size" => {
                    let size = value.parse().unwrap_or(DEFAULT_SIZE);
                    found.size = if SIZES.contains(&size) {
                        size
                    } else {
                        DEFAULT_SIZE
                    };
                }
                key if found.filters.len() < MOST_FILTERS => {
                    found.filters.insert(key.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        found
    }

    /// The order asked for if it is one of the allowed columns, else the default (`name` or `-name`).
    pub fn sort(&self, allowed: &[&str], default: &str) -> Sort {
        match &self.sort {
            Some(sort) if allowed.contains(&sort.key.as_str()) => sort.clone(),
            _ => Sort {
                key: default.trim_start_matches('-').to_owned(),
                descending: default.starts_with('-'),
            },
        }
    }

    /// The value of a filter that is set.
    pub fn filter(&self, key: &str) -> Option<&str> {
        self.filters.get(key).map(String::as_str)
    }

    /// Rows to skip.
    pub fn offset(&self) -> i64 {
        i64::from(self.page - 1) * i64::from(self.size)
    }

    /// Rows to read.
    pub fn limit(&self) -> i64 {
        i64::from(self.size)
    }

    /// The same without one filter, back on the first page.
    #[must_use]
    pub fn without(&self, filter: &str) -> Self {
        let mut query = self.clone();
        query.filters.remove(filter);
        query.page = 1;
        query
    }

    /// The address of this state; what is the default is left out.
    pub fn href(&self, path: &str) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if !self.search.is_empty() {
            out.append_pair("q", &self.search);
        }
        for (key, value) in &self.filters {
            out.append_pair(key, value);
        }
        if let Some(sort) = &self.sort {
            out.append_pair("sort", &sort.to_string());
        }
        if self.size != DEFAULT_SIZE {
            out.append_pair("size", &self.size.to_string());
        }
        if self.page > 1 {
            out.append_pair("page", &self.page.to_string());
        }
        match out.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TableQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::TableQuery;

    #[test]
    fn an_address_survives_the_round_trip() {
        let address = "q=ada+l&role=admin&sort=-name&size=50&page=2";
        let query = TableQuery::parse(address);
        assert_eq!(query.href("/x"), format!("/x?{address}"));
        assert_eq!((query.offset(), query.limit()), (50, 50));
    }

    #[test]
    fn nonsense_becomes_the_default() {
        let query = TableQuery::parse("page=-3&size=1000000&sort=&q=%20");
        assert_eq!(query, TableQuery::default());
        assert_eq!(TableQuery::parse("page=4294967295").page, 100_000);
    }

    #[test]
    fn only_allowed_columns_sort() {
        let query = TableQuery::parse("sort=-password");
        let sort = query.sort(&["name", "seen"], "-seen");
        assert_eq!((sort.key.as_str(), sort.descending), ("seen", true));
        let query = TableQuery::parse("sort=name");
        assert!(!query.sort(&["name"], "-seen").descending);
    }
}
