//! For tests: a shell without a running platform, and the check of catalogues and templates.

mod lint;
mod page;
mod registry_sample;

use jiff::Timestamp;
use platform::identity::Principal;
use platform::routes::Routes;
use registry::{AppId, Role};
use std::sync::Arc;
use uuid::Uuid;

use crate::catalogue::Catalogue;
use crate::context::Context;
use crate::cookies::Jar;
use crate::error_page;
use crate::language::Language;
use crate::preferences::Theme;
use crate::shell::{Shell, Visit};

pub use lint::check_catalogue;
pub use page::{check_references, keep_page};
pub use registry_sample::snapshot;

/// What a sample page is looked at with.
#[derive(Debug, Clone)]
pub struct Look {
    /// The path shown.
    pub path: String,
    /// The role of the person, none for a visitor.
    pub role: Option<Role>,
    /// The language.
    pub language: Language,
    /// The theme.
    pub theme: Theme,
    /// Cookies besides.
    pub cookies: String,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            path: "/".to_owned(),
            role: Some(Role::Admin),
            language: Language::English,
            theme: Theme::System,
            cookies: String::new(),
        }
    }
}

/// The page that shows an error status, as HTML.
pub fn error_page(
    app: &str,
    catalogue: &Catalogue,
    status: http::StatusCode,
    look: Look,
) -> String {
    let problem = platform::problem::Problem::from_status(status);
    error_page::html(shell(app, catalogue, look), &problem, true)
}

/// A shell of an app with a few sample apps alive, for rendering views in tests.
pub fn shell(app: &str, catalogue: &Catalogue, look: Look) -> Shell {
    let Ok(app) = AppId::new(app) else {
        unreachable!("tests name valid apps")
    };
    let context = Arc::new(Context::fixed(app, catalogue, now(), Arc::new(snapshot())));
    let mut headers = http::HeaderMap::new();
    let cookie = format!(
        "cloud_theme={}; cloud_lang={}; {}",
        look.theme,
        look.language.code(),
        look.cookies
    );
    if let Ok(cookie) = cookie.parse() {
        headers.insert(http::header::COOKIE, cookie);
    }
    Shell::build(
        context,
        Visit {
            principal: look.role.map(principal),
            headers,
            here: look.path.clone(),
            path: look.path,
            request_id: "0199c2f0-7d4e".to_owned(),
            jar: Jar::default(),
        },
    )
}

/// The routes of an app as [`crate::service`] puts them into the interface, for the walk of
/// `platform::routes::coverage`: without it no page would find its shell.
pub fn routes(app: &str, catalogue: &Catalogue, routes: Routes) -> Routes {
    let Ok(app) = AppId::new(app) else {
        unreachable!("tests name valid apps")
    };
    let context = Context::fixed(app, catalogue, now(), Arc::new(snapshot()));
    routes.layer(axum::middleware::from_fn_with_state(
        Arc::new(context),
        crate::service::around,
    ))
}

/// The moment at which sample pages are rendered.
pub fn now() -> Timestamp {
    Timestamp::from_second(1_794_400_000).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A sample person.
pub fn principal(role: Role) -> Principal {
    Principal {
        user_id: Uuid::from_u128(0x0199_c2f0_7d4e_7000_8000_0000_0000_0001),
        session_id: Uuid::from_u128(0x0199_c2f0_7d4e_7000_8000_0000_0000_0002),
        username: "ada".to_owned(),
        display_name: "Ada Lovelace".to_owned(),
        email: "ada@example.org".to_owned(),
        role,
        groups: vec!["engineering".to_owned()],
        authenticated_at: now(),
        factors: vec!["pwd".to_owned()],
        owes_factor: false,
        scopes: Vec::new(),
        is_service: false,
        locale: None,
        zone: Some("Europe/Berlin".to_owned()),
        theme: None,
        csrf_token: "sample-token-sample-token".to_owned(),
    }
}
