//! What holds for all people of an import, read from what was typed.

use std::collections::HashMap;

use jiff::civil::Date;
use platform::Role;

use super::group::GroupId;
use super::import::{Options, Problem};
use super::import_row::{Defaults, names_in};
use super::invitation::{Lasts, Letter, Message};
use super::name::Unfit;

/// What holds for all people of an import.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What holds for rows that do not say otherwise.
    pub defaults: Defaults,
    /// What is said to everybody, and how.
    pub letter: Letter,
}

impl Terms {
    /// Reads them. `groups` are those of the names in the options, as they stand there.
    ///
    /// # Errors
    /// Everything that is wrong with them, each with the word of its field.
    pub fn read(
        options: &Options,
        groups: &HashMap<String, GroupId>,
        today: Date,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, key: &str, about: String| {
            problems.push(Problem {
                column: field.to_owned(),
                key: key.to_owned(),
                about,
            });
        };
        let key = |unfit: Unfit| format!("accounts-{}", unfit.message());
        let role = options.role.parse::<Role>();
        if role.is_err() {
            wrong("role", "accounts-unfit-form", String::new());
        }
        let ends_on = match options.ends_on.trim() {
            "" => Ok(None),
            text => text.parse::<Date>().map(Some),
        };
        match ends_on {
            Err(_) => wrong("ends_on", "accounts-unfit-form", String::new()),
            Ok(Some(day)) if day < today => wrong("ends_on", "accounts-end-passed", String::new()),
            Ok(Some(_)) if matches!(role, Ok(Role::Admin)) => {
                wrong("ends_on", "accounts-administrator-ends", String::new());
            }
            Ok(_) => {}
        }
        let names = names_in(&options.groups);
        let unknown = names.iter().filter(|name| !groups.contains_key(*name));
        let unknown: Vec<&str> = unknown.map(String::as_str).collect();
        if !unknown.is_empty() {
            wrong("groups", "accounts-groups-unknown", unknown.join(", "));
        }
        let message = Message::parse(&options.message);
        if let Err(unfit) = message {
            wrong("message", &key(unfit), String::new());
        }
        let lasts = Lasts::parse(&options.lasts);
        if let Err(unfit) = lasts {
            wrong("lasts", &key(unfit), String::new());
        }
        let found = names.iter().filter_map(|name| groups.get(name).copied());
        let terms = || {
            Some(Self {
                defaults: Defaults {
                    role: role.ok()?,
                    ends_on: ends_on.ok()?,
                    groups: found.collect(),
                },
                letter: Letter {
                    message: message.ok()?,
                    lasts: lasts.ok()?,
                    by_mail: options.delivery == "mail",
                },
            })
        };
        terms().filter(|_| problems.is_empty()).ok_or(problems)
    }
}
