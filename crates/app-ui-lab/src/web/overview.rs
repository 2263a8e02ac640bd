//! What is looked at: buttons, badges, cards, figures, facts, code.

use axum::response::Response;
use ui::{Accent, Shell, Tab};

#[derive(askama::Template)]
#[template(path = "ui-lab/overview.html")]
pub(crate) struct OverviewPage {
    pub(crate) shell: Shell,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) accents: [Accent; 12],
    pub(crate) now: jiff::Timestamp,
}

impl OverviewPage {
    pub(crate) fn new(shell: Shell) -> Self {
        let tabs = vec![
            Tab::new(shell.t("lab-tab-all"), "/app/ui-lab", shell.path())
                .icon("components")
                .count(1234),
            Tab::new(shell.t("lab-tab-mine"), "/app/ui-lab?mine", shell.path()).count(3),
            Tab::new(
                shell.t("lab-tab-archive"),
                "/app/ui-lab?archive",
                shell.path(),
            ),
        ];
        Self {
            now: shell.now(),
            shell: shell
                .title("lab-overview")
                .subtitled_by("lab-overview-hint"),
            tabs,
            accents: Accent::ALL,
        }
    }
}

#[derive(askama::Template)]
#[template(path = "ui-lab/outside.html")]
pub(crate) struct PlainPage {
    pub(crate) shell: Shell,
}

impl PlainPage {
    pub(crate) fn new(shell: Shell) -> Self {
        Self {
            shell: shell.title("lab-plain").subtitled_by("lab-plain-hint"),
        }
    }
}

pub(crate) async fn show(shell: Shell) -> Response {
    ui::page(OverviewPage::new(shell))
}

pub(crate) async fn plain(shell: Shell) -> Response {
    ui::page(PlainPage::new(shell))
}
