//! The declaration of an app: who it is, what it shows, and how it starts.
//!
//! Owns the builder and its translation into a registry entry. Starts nothing itself: the host does.

use std::future::Future;
use std::pin::Pin;

use registry::{AppId, Label, Link, NavItem, PrefixPolicy, SettingDeclaration, Widget};

use crate::boot::{Boot, StartError};
use crate::config::{CoreConfig, Environment, Reader};
use crate::service::Service;

pub(crate) type Starting = Pin<Box<dyn Future<Output = Result<Service, StartError>> + Send>>;
/// Second half of a start: the configuration is already inside.
pub(crate) type Start = Box<dyn FnOnce(Boot) -> Starting + Send>;
/// First half of a start: reads the configuration.
type Configure = Box<dyn FnOnce(&mut Reader<'_>) -> Start + Send>;
type Migrating = Pin<Box<dyn Future<Output = Result<(), StartError>> + Send>>;
type Migrate = Box<dyn FnOnce(Environment) -> Migrating + Send>;

/// An app as it declares itself. Building never fails; what is wrong with a declaration is told
/// when the app starts.
#[must_use = "an app does nothing until it is given to `platform::main` or to a host"]
pub struct App {
    declaration: Declaration,
    configure: Option<Configure>,
    migrations: Vec<Migrate>,
}

/// The part of an app that others may know.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// Its id as given; checked by [`Declaration::id`].
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: Label,
    /// One sentence about it.
    pub description: Label,
    /// Name of its icon.
    pub icon: String,
    /// Colour of its icon.
    pub accent: Option<String>,
    /// Route prefixes it serves, its assets' included.
    pub prefixes: Vec<String>,
    /// Entries of the main navigation.
    pub nav: Vec<NavItem>,
    /// Entries of the administration's navigation.
    pub admin_nav: Vec<NavItem>,
    /// Parts for the home page.
    pub widgets: Vec<Widget>,
    /// Settings an operator may change.
    pub settings: Vec<SettingDeclaration>,
    /// Path of its search.
    pub search: Option<String>,
    /// Path of its OpenAPI document.
    pub openapi: Option<String>,
    /// Legal pages.
    pub legal: Vec<Link>,
    /// Limits and timeouts by prefix.
    pub policy: Vec<PrefixPolicy>,
}

impl App {
    /// An app with an id (`^[a-z][a-z0-9-]{0,39}$`) and a version. Its assets' prefix
    /// `/public/<id>` is declared already.
    pub fn new(id: &str, version: &str) -> Self {
        let declaration = Declaration {
            id: id.to_owned(),
            version: version.to_owned(),
            name: Label::new(id, id),
            description: Label::default(),
            icon: "tabler-apps".to_owned(),
            accent: None,
            prefixes: vec![format!("/public/{id}")],
            nav: Vec::new(),
            admin_nav: Vec::new(),
            widgets: Vec::new(),
            settings: Vec::new(),
            search: None,
            openapi: None,
            legal: Vec::new(),
            policy: Vec::new(),
        };
        Self {
            declaration,
            configure: None,
            migrations: Vec::new(),
        }
    }

    /// The name people see.
    pub fn name(mut self, name: Label) -> Self {
        self.declaration.name = name;
        self
    }

    /// One sentence about the app.
    pub fn description(mut self, description: Label) -> Self {
        self.declaration.description = description;
        self
    }

    /// Name of the icon, such as `tabler-users`.
    pub fn icon(mut self, icon: &str) -> Self {
        icon.clone_into(&mut self.declaration.icon);
        self
    }

    /// Colour of the icon, `#rrggbb`.
    pub fn accent(mut self, accent: &str) -> Self {
        self.declaration.accent = Some(accent.to_owned());
        self
    }

    /// Serves what lies at and below this path.
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.declaration.prefixes.push(prefix.to_owned());
        self
    }

    /// An entry of the main navigation.
    pub fn nav(mut self, item: NavItem) -> Self {
        self.declaration.nav.push(item);
        self
    }

    /// An entry of the administration's navigation.
    pub fn admin_nav(mut self, item: NavItem) -> Self {
        self.declaration.admin_nav.push(item);
        self
    }

    /// A part for the home page.
    pub fn widget(mut self, widget: Widget) -> Self {
        self.declaration.widgets.push(widget);
        self
    }

    /// A setting that operators may change at run time.
    pub fn setting(mut self, setting: SettingDeclaration) -> Self {
        self.declaration.settings.push(setting);
        self
    }

    /// Path that answers searches across apps.
    pub fn search(mut self, path: &str) -> Self {
        self.declaration.search = Some(path.to_owned());
        self
    }

    /// Path of the OpenAPI document.
    pub fn openapi(mut self, path: &str) -> Self {
        self.declaration.openapi = Some(path.to_owned());
        self
    }

    /// A legal page.
    pub fn legal(mut self, link: Link) -> Self {
        self.declaration.legal.push(link);
        self
    }

    /// How the gateway treats a prefix and everything below it: limits, timeouts, methods, gRPC from outside
    /// ([`PrefixPolicy::grpc`]), HTTP/2 towards instances ([`PrefixPolicy::http2`]), requests taken in whole ([`PrefixPolicy::buffer`]). Bounds are in
    /// `docs/write-an-app.md`; what lies beyond them does not hold and is shown to administrators.
    pub fn policy(mut self, policy: PrefixPolicy) -> Self {
        self.declaration.policy.push(policy);
        self
    }

    /// How the app starts: `read` takes its configuration, `start` builds its service.
    pub fn start<C, R, S, F>(mut self, read: R, start: S) -> Self
    where
        C: Send + 'static,
        R: FnOnce(&mut Reader<'_>) -> C + Send + 'static,
        S: FnOnce(Boot, C) -> F + Send + 'static,
        F: Future<Output = Result<Service, StartError>> + Send + 'static,
    {
        self.configure = Some(Box::new(move |reader| {
            let config = read(reader);
            Box::new(move |boot| Box::pin(start(boot, config)))
        }));
        self
    }

    /// Work for the `migrate` subcommand, which brings the stores up to date without serving.
    pub fn also_migrate<M, F>(mut self, migrate: M) -> Self
    where
        M: FnOnce(Environment) -> F + Send + 'static,
        F: Future<Output = Result<(), StartError>> + Send + 'static,
    {
        self.migrations
            .push(Box::new(move |environment| Box::pin(migrate(environment))));
        self
    }

    /// What the app declares about itself.
    pub fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    /// Checks the declaration and reads the whole configuration, the core's and the app's, so that
    /// every problem is known before anything is started.
    pub(crate) fn prepare(mut self, environment: Environment) -> Result<Prepared, StartError> {
        let id = self.declaration.id()?;
        let mut reader = environment.reader();
        let config = CoreConfig::read(&mut reader);
        crate::settings::seed_all(&mut reader, &mut self.declaration.settings);
        let start = self.configure.map(|configure| configure(&mut reader));
        let config = reader.finish_with(config)?;
        let start = start.ok_or_else(|| {
            StartError::Declaration(format!("app {id} does not say how it starts"))
        })?;
        Ok(Prepared {
            id,
            declaration: self.declaration,
            config,
            environment,
            start,
        })
    }

    /// Runs the migrations one after the other; their number is returned.
    pub async fn migrate(self, environment: &Environment) -> Result<usize, StartError> {
        let count = self.migrations.len();
        for migrate in self.migrations {
            migrate(environment.clone()).await?;
        }
        Ok(count)
    }
}

/// An app whose declaration and configuration are known to be right.
pub(crate) struct Prepared {
    pub(crate) id: AppId,
    pub(crate) declaration: Declaration,
    pub(crate) config: CoreConfig,
    pub(crate) environment: Environment,
    pub(crate) start: Start,
}

impl Declaration {
    /// The app's id, when the declaration is sound: the id well-formed and every prefix its own.
    pub fn id(&self) -> Result<AppId, StartError> {
        let wrong =
            |error: registry::Error| StartError::Declaration(format!("app {:?}: {error}", self.id));
        let id = AppId::new(&self.id).map_err(wrong)?;
        for prefix in &self.prefixes {
            registry::Prefix::parse(prefix)
                .and_then(|prefix| prefix.allowed_for(&id))
                .map_err(wrong)?;
        }
        Ok(id)
    }

    /// Fills what is declared into the entry of an instance.
    pub(crate) fn fill(&self, entry: &mut registry::Entry) {
        let declaration = self.clone();
        entry.version = declaration.version;
        entry.name = declaration.name;
        entry.description = declaration.description;
        entry.icon = declaration.icon;
        entry.accent = declaration.accent;
        entry.prefixes = declaration.prefixes;
        entry.nav = declaration.nav;
        entry.admin_nav = declaration.admin_nav;
        entry.widgets = declaration.widgets;
        entry.settings = declaration.settings;
        entry.search = declaration.search;
        entry.openapi = declaration.openapi;
        entry.legal = declaration.legal;
        entry.policy = declaration.policy;
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("declaration", &self.declaration)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_declaration_with_a_foreign_prefix_or_a_bad_id_is_refused_by_name() {
        let foreign = App::new("hello", "1")
            .prefix("/app/files")
            .declaration()
            .id()
            .unwrap_err();
        assert!(foreign.to_string().contains("/app/files"), "{foreign}");
        let bad = App::new("Hello World", "1").declaration().id().unwrap_err();
        assert!(bad.to_string().contains("Hello World"), "{bad}");
    }

    #[test]
    fn assets_have_their_prefix_without_being_asked_for() {
        let app = App::new("hello", "1").prefix("/app/hello");
        assert_eq!(app.declaration().prefixes, ["/public/hello", "/app/hello"]);
        assert_eq!(app.declaration().id().unwrap().as_str(), "hello");
    }
}
