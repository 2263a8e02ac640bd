//! Home: the launchpad of live apps, their widgets, and the first page of the administration.
//!
//! Everything it shows comes from the registry and from what gateways report in Redis; it has no tables and calls no other service. Widgets are
//! fetched by the browser from the apps themselves, all at once and each with its own time limit, so that no
//! app can delay the page.

mod gateways;
mod launchpad;
mod overview;
mod web;

use platform::{App, Boot, Label, NavItem, Role, Service, StartError};

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let home = Label::new("Home", "Start");
    App::new("dashboard", env!("CARGO_PKG_VERSION"))
        .name(home.clone())
        .description(Label::new(
            "Your apps and what is new in them",
            "Ihre Apps und was es in ihnen Neues gibt",
        ))
        .icon("tabler-home")
        .prefix("/")
        .prefix("/admin")
        .prefix("/app/dashboard")
        .nav(NavItem::new(home, "/", "tabler-home", Role::Guest))
        .admin_nav(NavItem::new(
            Label::new("Gateway", "Gateway"),
            "/admin/gateway",
            "tabler-route",
            Role::Admin,
        ))
        .start(|_configuration| (), start)
}

async fn start(boot: Boot, (): ()) -> Result<Service, StartError> {
    let settings = rpc::settings::follow(&boot).await;
    let routes = web::routes(sources(&boot));
    Ok(ui::service(
        &boot,
        routes,
        CATALOGUE,
        settings.organisation_name(),
    ))
}

fn sources(boot: &Boot) -> web::Sources {
    web::Sources {
        registry: boot.registry.clone(),
        gateways: gateways::Gateways::new(boot),
    }
}

#[cfg(test)]
mod tests {
    use platform::routes::coverage;

    use super::*;

    #[tokio::test]
    async fn every_route_has_the_access_it_declares() {
        let world = testkit::Setup::new().start().await;
        let routes = web::routes(sources(&world.boot("dashboard")));
        let routes = ui::testing::routes("dashboard", &CATALOGUE, routes);
        let gaps = coverage::check(routes).await.unwrap();
        assert!(gaps.is_empty(), "{gaps:#?}");
    }
}
