//! What a form is told that did not lead in.

use std::time::Duration;

use askama::Template;
use axum::response::Response;
use ui::Shell;

use super::throttled;
use crate::service::sign_in::Outcome;

/// A sentence, beside which field, and when to come back.
pub(super) struct Refusal {
    field: &'static str,
    message: String,
    wait: Wait,
}

enum Wait {
    Not,
    Limited(Duration),
    Busy(Duration),
}

impl Refusal {
    /// Of an outcome that is no session. Whoever is limited is told of mail where mail is offered: for every name, so that
    /// it says nothing about this one.
    pub(super) fn of(outcome: Outcome, shell: &Shell, offers_mail: bool) -> Self {
        let said = |field, key: &str| (field, shell.t(key).into_owned(), Wait::Not);
        let (field, message, wait) = match outcome {
            Outcome::Admitted(_) | Outcome::Refused => said("", "auth-refused"),
            Outcome::MustChange => said("", "auth-directory-change"),
            Outcome::NotTaken(refusal) => said("new_password", refusal.message_key()),
            Outcome::Unacceptable(problem) => said("new_password", problem.message_key()),
            Outcome::Expired(directory) => {
                let name = directory.as_str();
                let message = shell.t1("auth-directory-expired", "directory", name);
                ("", message, Wait::Not)
            }
            Outcome::RefusedOrAway => {
                let message = shell.t("auth-refused-or-away").into_owned();
                ("", message, Wait::Busy(throttled::AWAY_RETRY))
            }
            Outcome::Limited(wait) => {
                let mut message = shell.tn("auth-limited", throttled::minutes(wait));
                if offers_mail {
                    message = format!("{message} {}", shell.t("auth-limited-mail"));
                }
                ("", message, Wait::Limited(wait))
            }
            Outcome::Busy(wait) => ("", shell.t("auth-busy").into_owned(), Wait::Busy(wait)),
        };
        Self {
            field,
            message,
            wait,
        }
    }

    /// The page again, with that.
    pub(super) fn answer<T: Template>(
        self,
        page: impl FnOnce(&'static str, String) -> T,
    ) -> Response {
        let page = page(self.field, self.message);
        match self.wait {
            Wait::Not => ui::invalid(page),
            Wait::Limited(wait) => throttled::limited(&page, wait),
            Wait::Busy(wait) => throttled::busy(&page, wait),
        }
    }
}
