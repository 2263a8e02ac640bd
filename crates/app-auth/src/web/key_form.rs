//! The form with which somebody asks for a key, their own or a service account's.

use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, Shell};

use crate::domain::api_key::{DEFAULT_DAYS, MOST_DAYS};
use crate::domain::reach::{Reach, ReachProblem};
use crate::service::api_keys::Wish;
use crate::store::api_keys::Holder;

/// Longest name of a key.
const LONGEST_NAME: usize = 80;
/// Terms that are offered, in days.
const TERMS: [u16; 5] = [7, 30, DEFAULT_DAYS, 180, MOST_DAYS];

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct KeyForm {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) scopes: String,
    #[serde(default)]
    pub(crate) app: String,
    #[serde(default)]
    pub(crate) resource: String,
    #[serde(default)]
    pub(crate) networks: String,
    #[serde(default)]
    pub(crate) days: String,
}

impl KeyForm {
    /// As it is first shown.
    pub(super) fn fresh() -> Self {
        Self {
            days: DEFAULT_DAYS.to_string(),
            ..Self::default()
        }
    }

    /// What is asked for, or what to mend.
    pub(super) fn check(&self, holder: Holder, shell: &Shell) -> Result<Wish, Errors> {
        let mut errors = Errors::none();
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            errors.add("name", shell.t("auth-key-name-invalid"));
        }
        let days = self
            .days
            .parse()
            .ok()
            .filter(|days| (1..=MOST_DAYS).contains(days));
        if days.is_none() {
            errors.add("days", shell.t("auth-key-days-invalid"));
        }
        let reach = Reach::parse(&self.scopes, &self.app, &self.resource, &self.networks);
        if let Err(problem) = &reach {
            errors.add(problem.field(), shell.t(words(*problem)));
        }
        match (reach, days) {
            (Ok(reach), Some(days)) if errors.is_empty() => Ok(Wish {
                holder,
                name: name.to_owned(),
                reach,
                days,
            }),
            _ => Err(errors),
        }
    }
}

/// Terms to choose from.
pub(super) fn terms(shell: &Shell) -> Vec<Choice> {
    TERMS
        .map(|days| Choice::new(days.to_string(), shell.tn("auth-key-days-choice", days)))
        .into()
}

/// How long the old key goes on beside its successor, in hours.
pub(super) fn overlaps(shell: &Shell) -> Vec<Choice> {
    [
        ("0", "auth-key-overlap-none"),
        ("1", "auth-key-overlap-hour"),
        ("24", "auth-key-overlap-day"),
        ("168", "auth-key-overlap-week"),
    ]
    .map(|(hours, key)| Choice::new(hours, shell.t(key)))
    .into()
}

fn words(problem: ReachProblem) -> &'static str {
    match problem {
        ReachProblem::NoScopes => "auth-key-scopes-missing",
        ReachProblem::Scopes => "auth-key-scopes-invalid",
        ReachProblem::App => "auth-key-app-invalid",
        ReachProblem::Resource => "auth-key-resource-invalid",
        ReachProblem::Networks => "auth-key-networks-invalid",
    }
}
