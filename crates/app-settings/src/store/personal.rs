//! What all tables keep of one person, for the archive of their data.

use platform_pg::personal::Section;

/// Each kind of record. What is in force is in the history too.
pub(crate) const SECTIONS: [Section; 1] = [Section {
    name: "changes",
    sql: include_str!("../../sql/personal_changes.sql"),
}];
