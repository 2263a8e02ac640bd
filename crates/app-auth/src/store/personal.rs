//! What all tables keep of one person, for the archive of their data. Never what opens anything, nor its hash.

use platform_pg::personal::Section;

macro_rules! section {
    ($name:literal) => {
        Section {
            name: $name,
            sql: include_str!(concat!("../../sql/personal_", $name, ".sql")),
        }
    };
}

/// Each kind of record. What is on its way for minutes, such as a sign-in that was begun, is none.
pub(crate) const SECTIONS: [Section; 10] = [
    section!("account"),
    section!("sessions"),
    section!("browsers"),
    section!("sign_ins"),
    section!("factors"),
    section!("requirements"),
    section!("keys"),
    section!("links"),
    section!("tools"),
    section!("service_accounts"),
];
