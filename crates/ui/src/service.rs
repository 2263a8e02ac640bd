//! Puts an app's routes into the interface: context for its pages, assets, error pages.

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use platform::routes::Routes;
use platform::{Boot, Service};
use std::sync::Arc;

use crate::assets;
use crate::brand::Brand;
use crate::catalogue::Catalogue;
use crate::context::Context;
use crate::cookies::Jar;
use crate::error_page;
use crate::flash;

/// Builds the service of an app with pages.
///
/// `name` is asked for the organisation's name on each page: `rpc::settings::Settings::organisation_name`.
///
/// Adds the browser assets under `/public/<app id>/ui/`, gives [`crate::Shell`] what it needs and shows
/// errors of page routes as pages. Ends the process with a clear message when the browser assets were not
/// built. The security headers of pages are the platform's.
pub fn service(
    boot: &Boot,
    routes: Routes,
    catalogue: Catalogue,
    name: impl Fn() -> String + Send + Sync + 'static,
) -> Service {
    if assets::entry().is_none() {
        boot.spawn("browser assets", async { Err(assets::MISSING) });
    }
    let context = Arc::new(Context::new(&catalogue, Brand::live(name), boot));
    let routes = routes.asset(
        &format!("/public/{}/ui/{{*file}}", boot.app),
        get(assets::serve),
    );
    let errors = Arc::clone(&context);
    Service::new(routes)
        .layer(middleware::from_fn_with_state(context, around))
        .pages(Arc::new(move |problem, parts| {
            error_page::respond(&errors, problem, parts)
        }))
}

/// Hands the context to the page and finishes its response.
pub(crate) async fn around(
    State(context): State<Arc<Context>>,
    mut request: Request,
    next: Next,
) -> Response {
    let jar = Jar::default();
    let secure = context.secure;
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(jar.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if secure {
        flash::bind_to_host(headers);
    }
    jar.pour(headers);
    response
}
