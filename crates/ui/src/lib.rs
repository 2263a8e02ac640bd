//! The browser interface: page shell, components, message catalogues, assets and form support.
//!
//! Owns everything a page has in common: the frame around it, the look, the words of that frame,
//! the browser assets, form protection. Must not know any app: what the shell shows comes from the
//! registry's snapshot and from the principal of the request.
//!
//! # A page in five steps
//!
//! 1. `askama.toml` beside the app's `Cargo.toml`:
//!    ```toml
//!    [general]
//!    dirs = ["templates", "../ui/templates"]
//!    ```
//! 2. Messages in `locales/en.ftl` and `locales/de.ftl` (Fluent), keys prefixed with the app's id,
//!    and `pub const CATALOGUE: ui::Catalogue = ui::catalogue!();` in `lib.rs`.
//! 3. Routes are handed to [`service`], which adds the assets under `/public/<app id>/` and the error
//!    pages:
//!    ```ignore
//!    async fn start(boot: Boot, config: Config) -> Result<Service, StartError> {
//!        let routes = Routes::new().page("/app/hello", Access::SignedIn, get(home)).with_state(state);
//!        let settings = rpc::settings::follow(&boot).await;
//!        Ok(ui::service(&boot, routes, CATALOGUE, settings.organisation_name()))
//!    }
//!    ```
//! 4. A view struct beside its handler. It has a field `shell`; the components rely on that name.
//!    ```ignore
//!    #[derive(askama::Template)]
//!    #[template(path = "hello/home.html")]
//!    struct HomePage { shell: Shell, form: GreetingForm, errors: ui::form::Errors }
//!
//!    async fn show(shell: Shell) -> Response {
//!        ui::page(HomePage { shell: shell.title("hello-title"), form: GreetingForm::default(), errors: Errors::none() })
//!    }
//!
//!    async fn save(shell: Shell, who: CurrentUser, CsrfForm(form): CsrfForm<GreetingForm>) -> Response {
//!        let mut errors = Errors::none();
//!        if form.name.is_empty() { errors.add("name", shell.t("hello-name-missing")); }
//!        if !errors.is_empty() {
//!            return ui::invalid(HomePage { shell: shell.title("hello-title"), form, errors });   // 422
//!        }
//!        let done = ui::flash(Flash::success(shell.t("hello-saved")));
//!        (done, ui::see_other("/app/hello")).into_response()
//!    }
//!    ```
//!    The title is set on the shell (`title(key)` or `titled(text)`), not in a block, so that the
//!    document title, the heading and the breadcrumb agree. `crumb(text, path)` adds a parent.
//! 5. The template:
//!    ```html
//!    {% extends "shell.html" %}
//!    {% import "components.html" as c %}
//!    {% block actions %}{{ c::link_button(shell.t("hello-new"), "/app/hello/new", tone="primary", icon="plus") }}{% endblock %}
//!    {% block content %}
//!    {% call c::card(title=shell.t("hello-card")) %}
//!      <form method="post" action="/app/hello" class="stack">
//!        {{ c::csrf() }}
//!        {{ c::field("name", shell.t("hello-name"), value=form.name, error=errors.of("name"), required=true) }}
//!        {{ c::button(shell.t("hello-save"), tone="primary", kind="submit") }}
//!      </form>
//!    {% endcall %}
//!    {% endblock %}
//!    ```
//!
//! Sign-in, set-up and other pages outside the frame extend `plain.html` (same blocks, one centred
//! column). Fragments for htmx are templates of their own, answered with [`page`] as well.
//!
//! # Text
//!
//! `shell.t("key")`; `shell.tn("key", count)` for a `$count`; `shell.t1("key", "name", value)` and
//! `shell.t2("key", "a", a, "b", b)` for named arguments; in Rust also `shell.tm("key", &args)`.
//! A key not in the app's catalogue is looked up in that of this crate (`ui-*`, see
//! `crates/ui/locales`). Numbers, times and texts are passed as they are or by reference. Times: `shell.time(at)` (relative, absolute in the title),
//! `shell.date(at)`, `shell.date_time(at)`; `shell.number(n)`, `shell.bytes(n)`. Every app has
//! `#[test] fn catalogue() { ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR")) }`: it fails on keys
//! missing in one language, keys that templates or sources use and nobody defines, and on literal text in templates.
//!
//! # Style
//!
//! No inline style or script: the content security policy refuses both. Layout classes: `stack`
//! (vertical), `cluster` (horizontal, wraps), `grid` (cards), `split` (pushed apart), `prose`,
//! `muted`, `small`, `mono`, `num` (tabular), `truncate`, `visually-hidden`, `only-wide`
//! (hidden below 768 px), gaps `gap-1`, `gap-2`, `gap-4`, `gap-6`, `gap-8`.
//! Components: see `templates/components.html`, live in `/app/ui-lab`. Patterns of whole pages:
//! `web/src/styles/pages.css`.
//!
//! # Behaviour
//!
//! Everything works without JavaScript; the islands in `web/src/islands` make it pleasant. htmx is loaded on
//! pages that use its attributes, and a response header `HX-Trigger: {"toast":{"tone":"success","text":".."}}`
//! shows a toast. A link with `data-command="New person"` is a command of the palette while its page is open.
//! An app that declares `.search("/api/x/search")` is asked by the palette with `?q=..` and answers
//! `{"results":[{"title":"..","subtitle":"..","path":"/..","app":"x"}]}`; a source of a combobox answers
//! `[{"value":"..","label":"..","hint":".."}]`.
//!
//! # Sharing
//!
//! [`share`] is the dialog by which people say who else may do something with a thing; `templates/share_dialog.html`
//! has its macros, `docs/write-an-app.md` the rest.
//!
//! # Tests
//!
//! [`testing::shell`] makes a shell without a platform, [`testing::check_references`] checks what a page
//! refers to, and [`testing::keep_page`] keeps it for the accessibility run (`npm run axe` in `web`).

// Templates of this crate call functions as `ui::..`, as those of the apps do.
extern crate self as ui;

pub mod accent;
pub mod assets;
pub mod avatar;
mod brand;
pub mod catalogue;
pub mod choice;
mod context;
pub mod cookies;
pub mod csrf;
pub mod error_page;
pub mod flash;
pub mod form;
pub mod format;
pub mod icon;
pub mod language;
mod markup;
pub mod navigation;
pub mod page;
pub mod preferences;
mod service;
pub mod share;
pub mod shell;
pub mod table;
pub mod testing;

pub use accent::Accent;
pub use catalogue::{Args, Argument, Catalogue};
pub use choice::{Choice, Tab};
pub use csrf::{CsrfForm, CsrfMultipart};
pub use flash::{Flash, flash};
pub use icon::icon;
pub use language::Language;
pub use markup::Markup;
pub use page::{invalid, page, see_other};
pub use preferences::Theme;
pub use service::service;
pub use shell::Shell;
pub use table::{BulkAction, Column, Filter, Table, TableQuery};
