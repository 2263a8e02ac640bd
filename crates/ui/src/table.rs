//! Tables with search, filters, sorting, paging and bulk selection; all of their state is in the address.
//!
//! [`TableQuery`] reads the address, [`Table`] makes the links. Neither knows SQL: a handler maps
//! `query.sort(..)`, `offset` and `limit` onto its own statements.

mod bulk;
mod query;

pub use bulk::{BulkAction, NO_ACTIONS};
pub use query::{Sort, TableQuery};

use crate::catalogue::Args;
use crate::choice::Choice;

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the address.
    pub key: String,
    /// Its heading.
    pub label: String,
    /// Whether its heading sorts.
    pub sortable: bool,
    /// Whether it holds numbers, which are set flush right.
    pub numeric: bool,
    /// Whether phones leave it out.
    pub optional: bool,
}

impl Column {
    /// A column with its heading; an empty heading is for a column of actions.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            sortable: false,
            numeric: false,
            optional: false,
        }
    }

    /// Its heading sorts.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// It holds numbers.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Phones leave it out. Give its cells the class `only-wide`.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// One filter, offered as a select and shown as a removable chip while it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Its name in the address.
    pub key: String,
    /// What it filters by.
    pub label: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
}

impl Filter {
    /// A filter with its choices.
    pub fn new(key: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            choices,
        }
    }
}

/// A restriction in force, which a click removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What it restricts.
    pub label: String,
    /// To what.
    pub value: String,
    /// The address without it.
    pub href: String,
}

/// One item of the pager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// The page, 0 for a gap.
    pub number: u32,
    /// Its address.
    pub href: String,
    /// Whether it is the one shown.
    pub current: bool,
}

/// What stands in place of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableState {
    /// Rows, or the empty state when there are none.
    #[default]
    Ready,
    /// Rows are on their way.
    Loading,
    /// Rows could not be read.
    Failed,
}

/// A table, without its rows.
#[derive(Debug, Clone)]
pub struct Table {
    path: String,
    query: TableQuery,
    columns: Vec<Column>,
    filters: Vec<Filter>,
    total: u64,
    state: TableState,
    bulk: bool,
    searchable: bool,
    default_sort: String,
}

impl Table {
    /// A table at a path with the number of rows that match.
    pub fn new(path: impl Into<String>, query: &TableQuery, total: u64) -> Self {
        Self {
            path: path.into(),
            query: query.clone(),
            columns: Vec::new(),
            filters: Vec::new(),
            total,
            state: TableState::default(),
            bulk: false,
            searchable: false,
            default_sort: String::new(),
        }
    }

    /// Adds a column.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Adds a filter.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Adds the search box.
    #[must_use]
    pub fn searchable(mut self) -> Self {
        self.searchable = true;
        self
    }

    /// Adds a column of checkboxes; rows begin with `c::row_check`.
    #[must_use]
    pub fn bulk(mut self) -> Self {
        self.bulk = true;
        self
    }

    /// The order when the address names none: `name` or `-name`.
    #[must_use]
    pub fn sorted_by(mut self, order: impl Into<String>) -> Self {
        self.default_sort = order.into();
        self
    }

    /// What stands in place of rows.
    #[must_use]
    pub fn state(mut self, state: TableState) -> Self {
        self.state = state;
        self
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many columns there are on screen.
    pub fn width(&self) -> usize {
        self.columns.len() + usize::from(self.bulk)
    }

    /// The filters.
    pub fn filters(&self) -> &[Filter] {
        &self.filters
    }

    /// The value a filter is set to, empty when it is not.
    pub fn filter_value(&self, key: &str) -> &str {
        self.query.filter(key).unwrap_or_default()
    }

    /// What is searched for.
    pub fn search(&self) -> &str {
        &self.query.search
    }

    /// Whether there is a search box.
    pub fn has_search(&self) -> bool {
        self.searchable
    }

    /// Whether rows can be selected.
    pub fn has_bulk(&self) -> bool {
        self.bulk
    }

    /// Whether there is anything above the rows.
    pub fn has_toolbar(&self) -> bool {
        self.searchable || !self.filters.is_empty()
    }

    /// Whether rows are on their way.
    pub fn is_loading(&self) -> bool {
        self.state == TableState::Loading
    }

    /// Whether rows could not be read.
    pub fn is_failed(&self) -> bool {
        self.state == TableState::Failed
    }

    /// Whether nothing matches.
    pub fn is_empty(&self) -> bool {
        self.state == TableState::Ready && self.total == 0
    }

    /// Whether search or filters restrict the rows.
    pub fn is_restricted(&self) -> bool {
        !self.query.search.is_empty() || !self.chips().is_empty()
    }

    /// Where the form of search and filters leads.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How many rows match.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The order in force, as the address writes it.
    pub fn order(&self) -> String {
        match &self.query.sort {
            Some(sort) => sort.to_string(),
            None => self.default_sort.clone(),
        }
    }

    /// The order of the address alone, for the form of search and filters.
    pub fn asked_order(&self) -> String {
        self.query
            .sort
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// `aria-sort` of a column.
    pub fn aria_sort(&self, column: &Column) -> &'static str {
        let order = self.order();
        match order.strip_prefix('-') {
            Some(key) if key == column.key => "descending",
            None if order == column.key => "ascending",
            _ => "none",
        }
    }

    /// The address that sorts by a column, or turns its order around.
    pub fn sort_href(&self, column: &Column) -> String {
        let mut query = self.query.clone();
        query.sort = Some(Sort {
            key: column.key.clone(),
            descending: self.aria_sort(column) == "ascending",
        });
        query.page = 1;
        query.href(&self.path)
    }

    /// The restrictions in force by filters the table knows.
    pub fn chips(&self) -> Vec<Chip> {
        self.filters
            .iter()
            .filter_map(|filter| {
                let value = self.query.filter(&filter.key)?;
                let chosen = filter.choices.iter().find(|choice| choice.is(value))?;
                Some(Chip {
                    label: filter.label.clone(),
                    value: chosen.label.clone(),
                    href: self.query.without(&filter.key).href(&self.path),
                })
            })
            .collect()
    }

    /// The address without search and filters.
    pub fn clear_href(&self) -> String {
        let mut query = self.query.clone();
        query.search.clear();
        query.filters.clear();
        query.page = 1;
        query.href(&self.path)
    }

    /// The page shown, never beyond the last.
    pub fn page(&self) -> u32 {
        self.query.page.min(self.pages()).max(1)
    }

    /// How many pages there are.
    pub fn pages(&self) -> u32 {
        let pages = self.total.div_ceil(u64::from(self.query.size));
        u32::try_from(pages).unwrap_or(u32::MAX).max(1)
    }

    /// Number of the first row shown.
    pub fn first_row(&self) -> u64 {
        if self.total == 0 {
            return 0;
        }
        u64::from(self.page() - 1) * u64::from(self.query.size) + 1
    }

    /// Number of the last row shown.
    pub fn last_row(&self) -> u64 {
        (u64::from(self.page()) * u64::from(self.query.size)).min(self.total)
    }

    /// The address of the page before, empty on the first.
    pub fn previous_href(&self) -> String {
        match self.page() {
            1 => String::new(),
            page => self.page_href(page - 1),
        }
    }

    /// The address of the page after, empty on the last.
    pub fn next_href(&self) -> String {
        match self.page() {
            page if page >= self.pages() => String::new(),
            page => self.page_href(page + 1),
        }
    }

    /// The pager: first, last, the pages around the one shown, gaps between.
    pub fn page_links(&self) -> Vec<PageLink> {
        let (page, last) = (self.page(), self.pages());
        let near = page.saturating_sub(1).max(1)..=page.saturating_add(1).min(last);
        let mut numbers: Vec<u32> = std::iter::once(1).chain(near).chain([last]).collect();
        numbers.dedup();
        let mut links = Vec::with_capacity(numbers.len() + 2);
        let mut before = 0;
        for number in numbers {
            if number > before + 1 {
                // A gap of one page is that page.
                let filler = if number == before + 2 { before + 1 } else { 0 };
                links.push(self.page_link(filler));
            }
            links.push(self.page_link(number));
            before = number;
        }
        links
    }

    fn page_link(&self, number: u32) -> PageLink {
        PageLink {
            number,
            href: self.page_href(number),
            current: number == self.page(),
        }
    }

    fn page_href(&self, page: u32) -> String {
        let mut query = self.query.clone();
        query.page = page;
        query.href(&self.path)
    }
}

/// The id of a part of a table.
pub fn part_id(table: &str, part: &str) -> String {
    format!("{table}-{part}")
}

/// Arguments for "26-50 of 10,000".
pub fn row_args(table: &Table) -> Args<'static> {
    Args::new()
        .number("first", table.first_row())
        .number("last", table.last_row())
        .number("total", table.total())
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
mod tests {
    use super::{Column, Filter, Table, TableQuery};
    use crate::choice::Choice;

    fn table(address: &str, total: u64) -> Table {
        Table::new("/people", &TableQuery::parse(address), total)
            .column(Column::new("name", "Name").sortable())
            .column(Column::new("seen", "Seen").sortable())
            .filter(Filter::new(
                "role",
                "Role",
                vec![Choice::new("admin", "Administrator")],
            ))
            .sorted_by("name")
            .searchable()
    }

    fn numbers(table: &Table) -> Vec<u32> {
        table.page_links().iter().map(|link| link.number).collect()
    }

    #[test]
    fn a_heading_sorts_and_turns_around() {
        let plain = table("q=a%26b&page=4", 500);
        assert_eq!(plain.aria_sort(&plain.columns()[0]), "ascending");
        assert_eq!(
            plain.sort_href(&plain.columns()[0]),
            "/people?q=a%26b&sort=-name"
        );
        assert_eq!(
            plain.sort_href(&plain.columns()[1]),
            "/people?q=a%26b&sort=seen"
        );
        let turned = table("sort=-seen", 500);
        assert_eq!(turned.aria_sort(&turned.columns()[1]), "descending");
        assert_eq!(turned.sort_href(&turned.columns()[1]), "/people?sort=seen");
    }

    #[test]
    fn the_pager_shows_both_ends_and_the_middle() {
        assert_eq!(numbers(&table("", 10)), [1]);
        assert_eq!(numbers(&table("", 60)), [1, 2, 3]);
        assert_eq!(numbers(&table("page=5", 500)), [1, 0, 4, 5, 6, 0, 20]);
        assert_eq!(numbers(&table("page=4", 500)), [1, 2, 3, 4, 5, 0, 20]);
    }

    #[test]
    fn a_page_beyond_the_end_is_the_last() {
        let beyond = table("page=99", 60);
        assert_eq!(
            (beyond.page(), beyond.first_row(), beyond.last_row()),
            (3, 51, 60)
        );
        assert!(beyond.next_href().is_empty());
        let empty = table("page=99", 0);
        assert_eq!(
            (empty.page(), empty.first_row(), empty.last_row()),
            (1, 0, 0)
        );
    }

    #[test]
    fn chips_remove_what_they_show() {
        let restricted = table("q=ada&role=admin&page=3&other=kept", 500);
        let chips = restricted.chips();
        assert_eq!(chips.len(), 1);
        assert_eq!(chips[0].value, "Administrator");
        assert_eq!(chips[0].href, "/people?q=ada&other=kept");
        assert_eq!(table("role=unknown", 1).chips().len(), 0);
    }
}
