//! Hello: the smallest app, and the example in the documentation.
//!
//! It greets the person who is signed in, with words an administrator can change while it runs, and can
//! leave a greeting in their inbox. It has no database and knows no other app's crate.

mod error;
mod greeting;
mod web;

use platform::{
    App, Boot, Label, NavItem, Role, Service, SettingDeclaration, SettingKind, StartError, Widget,
};
use serde_json::json;

use crate::greeting::Greeter;

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let name = Label::new("Hello", "Hallo");
    let greeting = SettingKind::Text {
        max_length: Some(80),
        multiline: false,
    };
    App::new("hello", env!("CARGO_PKG_VERSION"))
        .name(name.clone())
        .description(Label::new(
            "The smallest app there can be",
            "Die kleinste App, die es gibt",
        ))
        .icon("tabler-hand-stop")
        .accent("#0d9488")
        .prefix("/app/hello")
        .nav(NavItem::new(
            name.clone(),
            "/app/hello",
            "tabler-hand-stop",
            Role::Guest,
        ))
        .widget(Widget::new(
            "greeting",
            name,
            "/app/hello/widgets/greeting",
            Role::Guest,
        ))
        .setting(
            SettingDeclaration::new(
                greeting::SETTING,
                Label::new("Greeting", "Begrüßung"),
                greeting,
                json!("Hello"),
            )
            .hint(Label::new(
                "What people are greeted with.",
                "Womit Personen begrüßt werden.",
            )),
        )
        .start(|_configuration| (), start)
}

async fn start(boot: Boot, (): ()) -> Result<Service, StartError> {
    let settings = rpc::settings::follow(&boot).await;
    let organisation = settings.organisation_name();
    let greeter = Greeter::new(settings, rpc::notifications::client(&boot));
    let routes = web::routes(greeter);
    Ok(ui::service(&boot, routes, CATALOGUE, organisation))
}
