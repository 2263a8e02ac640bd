//! UI lab: every component in every state, for the people who build pages. Development only.
//!
//! Owns nothing but samples: what it shows lives in `crates/ui`. Its notes, which people really share, are in memory;
//! who may do what with them is asked of accounts.

mod notes;
mod people;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod samples;
mod web;

use crate::notes::Notes;
use platform::{App, Boot, Label, Mode, NavItem, Role, Service, StartError};

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let pages = [
        (
            Label::new("Overview", "Überblick"),
            "/app/ui-lab",
            "components",
        ),
        (
            Label::new("Forms", "Formulare"),
            "/app/ui-lab/forms",
            "forms",
        ),
        (Label::new("Table", "Tabelle"), "/app/ui-lab/table", "table"),
        (
            Label::new("Feedback", "Rückmeldung"),
            "/app/ui-lab/feedback",
            "message-circle",
        ),
        (
            Label::new("Sharing", "Teilen"),
            "/app/ui-lab/sharing",
            "share",
        ),
    ];
    let app = App::new("ui-lab", env!("CARGO_PKG_VERSION"))
        .name(Label::new("UI lab", "UI-Labor"))
        .description(Label::new(
            "Every component in every state",
            "Jeder Baustein in jedem Zustand",
        ))
        .icon("components")
        .accent("#4f46e5")
        .prefix("/app/ui-lab");
    pages
        .into_iter()
        .fold(app, |app, (label, path, icon)| {
            app.nav(NavItem::new(label, path, icon, Role::Guest))
        })
        .start(|_configuration| (), start)
}

async fn start(boot: Boot, (): ()) -> Result<Service, StartError> {
    if boot.config.env == Mode::Production {
        return Err(StartError::Declaration(
            "ui-lab is for development only; set CLOUD_ENV=dev to run it".to_owned(),
        ));
    }
    let settings = rpc::settings::follow(&boot).await;
    let name = settings.organisation_name();
    let lab = web::Lab {
        grants: rpc::grants::follow(&boot),
        notes: Notes::default(),
    };
    Ok(ui::service(&boot, web::routes(lab), CATALOGUE, name))
}
