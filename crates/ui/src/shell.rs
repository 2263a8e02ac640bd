//! The frame of a page, and everything a template asks it for.
//!
//! A [`Shell`] is an extractor: taking it in a handler is all that a page needs. It is read-only for
//! templates; handlers add title and breadcrumbs before they render.

mod arguments;
mod data;
mod extract;
mod text;
mod time;

pub use arguments::{Count, Moment};

use platform::identity::Principal;
use registry::Role;
use std::sync::Arc;

use crate::accent::Accent;
use crate::assets::Entry;
use crate::context::Context;
use crate::cookies::Jar;
use crate::csrf::Token;
use crate::flash::Flash;
use crate::language::Language;
use crate::navigation::Navigation;
use crate::preferences::{Preferences, Theme};

/// One parent of the page in the breadcrumb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its name.
    pub text: String,
    /// Its path.
    pub path: String,
}

/// How much of the width the content takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// Forms and reading.
    Narrow,
    /// Most pages.
    #[default]
    Normal,
    /// Tables and boards.
    Wide,
}

impl Width {
    /// The word in `data-width`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Narrow => "narrow",
            Self::Normal => "normal",
            Self::Wide => "wide",
        }
    }
}

/// The frame of one page for one visitor.
#[derive(Clone)]
pub struct Shell {
    context: Arc<Context>,
    principal: Option<Principal>,
    preferences: Preferences,
    navigation: Arc<Navigation>,
    brand: String,
    now: jiff::Timestamp,
    /// Path of the request, without its query.
    path: String,
    /// Path and query, to come back to.
    here: String,
    token: Token,
    flash: Option<Flash>,
    entry: Entry,
    request_id: String,
    heading: String,
    subtitle: String,
    crumbs: Vec<Crumb>,
    width: Width,
}

impl Shell {
    /// The same shell with a title from the catalogue.
    #[must_use]
    pub fn title(self, key: &str) -> Self {
        let text = self.t(key).into_owned();
        self.titled(text)
    }

    /// The same shell with a title, for pages named after what they show.
    #[must_use]
    pub fn titled(mut self, text: impl Into<String>) -> Self {
        self.heading = text.into();
        self
    }

    /// The same shell with a sentence below the title.
    #[must_use]
    pub fn subtitled(mut self, text: impl Into<String>) -> Self {
        self.subtitle = text.into();
        self
    }

    /// The same shell with a sentence from the catalogue below the title.
    #[must_use]
    pub fn subtitled_by(self, key: &str) -> Self {
        let text = self.t(key).into_owned();
        self.subtitled(text)
    }

    /// The same shell with one more parent in the breadcrumb; the app itself is there already.
    #[must_use]
    pub fn crumb(mut self, text: impl Into<String>, path: impl Into<String>) -> Self {
        self.crumbs.push(Crumb {
            text: text.into(),
            path: path.into(),
        });
        self
    }

    /// The same shell for forms and reading.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.width = Width::Narrow;
        self
    }

    /// The same shell for wide tables and boards.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.width = Width::Wide;
        self
    }

    /// The title, empty when none was set.
    pub fn heading(&self) -> &str {
        &self.heading
    }

    /// The sentence below the title.
    pub fn subtitle(&self) -> &str {
        &self.subtitle
    }

    /// What the browser's tab says.
    pub fn document_title(&self) -> String {
        let brand = self.brand();
        match self.heading.as_str() {
            "" => brand.to_owned(),
            heading => format!("{heading} \u{b7} {brand}"),
        }
    }

    /// The parents of the page: the app or the administration, then those the handler added.
    pub fn crumbs(&self) -> Vec<Crumb> {
        let root = if self.navigation.in_admin {
            Some(Crumb {
                text: self.t("ui-administration").into_owned(),
                path: "/admin".to_owned(),
            })
        } else {
            self.navigation.current().map(|app| Crumb {
                text: app.name.clone(),
                path: app.path.clone(),
            })
        };
        root.into_iter()
            .chain(self.crumbs.iter().cloned())
            .collect()
    }

    /// The name of the organisation, or of the product while the organisation has given none.
    pub fn brand(&self) -> &str {
        &self.brand
    }

    /// The id of the app that renders the page.
    pub fn app(&self) -> &str {
        self.context.app.as_str()
    }

    /// The person, if one is signed in.
    pub fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// Where the picture of the person is. It changes under the same address, and shows nothing for a person
    /// who has none: their initials lie below. Empty while no app has pictures.
    pub fn picture(&self) -> String {
        match &self.principal {
            Some(who) if self.navigation.has_pictures => {
                format!("/app/accounts/people/{}/avatar", who.user_id)
            }
            _ => String::new(),
        }
    }

    /// Whether an administrator is looking.
    pub fn is_admin(&self) -> bool {
        self.principal
            .as_ref()
            .is_some_and(|who| who.role >= Role::Admin)
    }

    /// The language of the page.
    pub fn language(&self) -> Language {
        self.preferences.language
    }

    /// The code of the language of the page.
    pub fn lang(&self) -> &'static str {
        self.preferences.language.code()
    }

    /// The languages to choose from.
    #[allow(
        clippy::unused_self,
        reason = "called from templates, where only the shell is in reach"
    )]
    pub fn languages(&self) -> [Language; 2] {
        Language::ALL
    }

    /// The theme of the page.
    pub fn theme(&self) -> Theme {
        self.preferences.theme
    }

    /// The themes to choose from.
    #[allow(
        clippy::unused_self,
        reason = "called from templates, where only the shell is in reach"
    )]
    pub fn themes(&self) -> [Theme; 3] {
        Theme::ALL
    }

    /// The accent of the app shown.
    pub fn accent(&self) -> Accent {
        self.navigation.accent
    }

    /// What the frame links to.
    pub fn navigation(&self) -> &Navigation {
        &self.navigation
    }

    /// How much of the width the content takes.
    pub fn width(&self) -> &'static str {
        self.width.code()
    }

    /// Path of the request, without its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Path and query of the request: where to return to after a detour.
    pub fn here(&self) -> &str {
        &self.here
    }

    /// The anti-forgery token of forms on this page.
    pub fn csrf(&self) -> &str {
        self.token.issue()
    }

    /// The message brought along by a redirect.
    pub fn flash(&self) -> Option<&Flash> {
        self.flash.as_ref()
    }

    /// The moment of the request, from the platform's clock.
    pub fn now(&self) -> jiff::Timestamp {
        self.now
    }

    /// The colour schemes the browser may use for its own parts of the page.
    pub fn color_scheme(&self) -> &'static str {
        match self.preferences.theme {
            Theme::System => "light dark",
            theme => theme.code(),
        }
    }

    /// The id of the request, for error pages.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Path of the style sheet.
    pub fn style(&self) -> String {
        self.asset(&self.entry.style)
    }

    /// Path of the module.
    pub fn script(&self) -> String {
        self.asset(&self.entry.script)
    }

    /// Path of the browser's icon.
    pub fn favicon(&self) -> String {
        self.asset(&self.entry.favicon)
    }

    fn asset(&self, file: &str) -> String {
        format!("/public/{}/ui/{file}", self.context.app)
    }
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell")
            .field("path", &self.path)
            .field("heading", &self.heading)
            .finish_non_exhaustive()
    }
}

/// What a shell is made of, apart from the context.
pub(crate) struct Visit {
    pub(crate) principal: Option<Principal>,
    pub(crate) headers: http::HeaderMap,
    pub(crate) path: String,
    pub(crate) here: String,
    pub(crate) request_id: String,
    pub(crate) jar: Jar,
}
