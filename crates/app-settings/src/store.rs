//! Statements. One function each, over a connection or a transaction.

pub(crate) mod catalog;
pub(crate) mod declarations;
pub(crate) mod history;
pub(crate) mod person;
pub(crate) mod personal;
pub(crate) mod revision;
pub(crate) mod values;

/// Every statement, for the test that each is valid against the schema.
#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 20] = [
    include_str!("../sql/catalog_load.sql"),
    include_str!("../sql/revision_read.sql"),
    include_str!("../sql/revision_lock.sql"),
    include_str!("../sql/revision_next.sql"),
    include_str!("../sql/app_instance.sql"),
    include_str!("../sql/app_upsert.sql"),
    include_str!("../sql/declarations_delete.sql"),
    include_str!("../sql/declaration_insert.sql"),
    include_str!("../sql/value_put.sql"),
    include_str!("../sql/value_seal.sql"),
    include_str!("../sql/value_delete.sql"),
    include_str!("../sql/value_list_plain.sql"),
    include_str!("../sql/envelope_list.sql"),
    include_str!("../sql/history_insert.sql"),
    include_str!("../sql/history_mask.sql"),
    include_str!("../sql/history_first_after.sql"),
    include_str!("../sql/history_page.sql"),
    include_str!("../sql/forget_values.sql"),
    include_str!("../sql/forget_history.sql"),
    include_str!("../sql/personal_changes.sql"),
];
