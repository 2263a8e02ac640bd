//! What all tables keep of one person, for the archive of their data.

use platform_pg::personal::Section;

/// Each kind of record.
pub const SECTIONS: [Section; 2] = [
    Section {
        name: "inbox",
        sql: include_str!("../../sql/personal_inbox.sql"),
    },
    Section {
        name: "mail",
        sql: include_str!("../../sql/personal_mail.sql"),
    },
];
