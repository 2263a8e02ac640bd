//! What the frame links to: the live apps, filtered by role, with the page shown marked.
//!
//! A pure function of the registry's snapshot and the request. Knows no app by heart except where the
//! platform fixes the place: `/` is home and comes first.

use registry::{Entry, NavItem, Role, Snapshot};
use std::collections::BTreeMap;

use crate::accent::Accent;
use crate::language::Language;

/// One link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Name in the language of the page.
    pub label: String,
    /// Where it leads.
    pub path: String,
    /// Name of its icon, may be empty.
    pub icon: String,
    /// Whether the page shown is at or below it.
    pub current: bool,
}

/// One live app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppLink {
    /// Its id.
    pub id: String,
    /// Name in the language of the page.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// Name of its icon.
    pub icon: String,
    /// Its accent.
    pub accent: Accent,
    /// Its first page.
    pub path: String,
    /// Whether the page shown belongs to it.
    pub current: bool,
    /// Its pages the person may see.
    pub nav: Vec<Link>,
}

/// Pages of the administration, app by app. Those of the app that answers `/` belong to the platform itself and have no
/// name of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminGroup {
    /// Name of the app.
    pub name: String,
    /// Its pages.
    pub links: Vec<Link>,
}

/// Everything the frame links to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Navigation {
    /// Live apps with at least one page for this person, home first, then by name.
    pub apps: Vec<AppLink>,
    /// The administration, for administrators.
    pub admin: Vec<AdminGroup>,
    /// Whether the page shown belongs to the administration.
    pub in_admin: bool,
    /// Legal pages.
    pub legal: Vec<Link>,
    /// Whether there is an app that takes notifications.
    pub has_bell: bool,
    /// Whether there is an app that has pictures of people.
    pub has_pictures: bool,
    /// Where to search: one path per live app that offers it.
    pub search: Vec<String>,
    /// The accent of the app shown.
    pub accent: Accent,
}

/// The app that answers `/`.
const HOME: &str = "dashboard";
/// The app with the inbox.
const INBOX: &str = "notifications";
/// The app with the people.
const PEOPLE: &str = "accounts";
/// Below this lies the administration.
const ADMIN: &str = "/admin";

/// Who looks at what.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The app that renders the page.
    pub app: &'a str,
    /// The role of the person, none for a visitor.
    pub role: Option<Role>,
    /// The language of the page.
    pub language: Language,
    /// The path of the page.
    pub path: &'a str,
}

impl Navigation {
    /// Builds it for a person of a role, or for nobody.
    pub fn build(snapshot: &Snapshot, view: View<'_>) -> Self {
        let View {
            app,
            role,
            language,
            path,
        } = view;
        let entries = newest_by_app(snapshot);
        let here = entries.get(app).copied();
        let accent = here.map(accent_of).unwrap_or_default();
        let legal = legal_links(&entries, language);
        let Some(role) = role else {
            return Self {
                legal,
                accent,
                ..Self::default()
            };
        };
        let in_admin = is_below(path, ADMIN);
        let mut apps: Vec<AppLink> = entries
            .values()
            .filter_map(|entry| app_link(entry, role, view))
            .collect();
        for link in &mut apps {
            link.current = link.id == app && !in_admin;
        }
        apps.sort_by_key(|link| (link.id != HOME, link.name.to_lowercase()));
        Self {
            apps,
            admin: admin_groups(&entries, role, language, path),
            in_admin,
            legal,
            has_bell: entries.contains_key(INBOX),
            has_pictures: entries.contains_key(PEOPLE),
            search: entries
                .values()
                .filter_map(|entry| entry.search.clone())
                .collect(),
            accent,
        }
    }

    /// The app shown, if it is among the links.
    pub fn current(&self) -> Option<&AppLink> {
        self.apps.iter().find(|app| app.current)
    }

    /// The apps that fit into the bar of a phone.
    pub fn bar(&self) -> impl Iterator<Item = &AppLink> {
        self.apps.iter().take(3)
    }

    /// The name of the administration's page shown.
    pub fn admin_current(&self) -> Option<&Link> {
        self.admin
            .iter()
            .flat_map(|group| &group.links)
            .find(|link| link.current)
    }
}

/// One entry per app: that of the instance started last, which knows the newest declaration.
fn newest_by_app(snapshot: &Snapshot) -> BTreeMap<&str, &Entry> {
    let mut found: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in snapshot.live() {
        let slot = found.entry(entry.id.as_str()).or_insert(entry);
        if entry.started_at > slot.started_at {
            *slot = entry;
        }
    }
    found
}

fn accent_of(entry: &Entry) -> Accent {
    entry
        .accent
        .as_deref()
        .map(Accent::from_declared)
        .unwrap_or_default()
}

fn app_link(entry: &Entry, role: Role, view: View<'_>) -> Option<AppLink> {
    let language = view.language;
    let nav = links(&entry.nav, role, language, view.path);
    let first = nav.first()?.path.clone();
    let id = entry.id.as_str();
    Some(AppLink {
        id: id.to_owned(),
        name: text(&entry.name, id, language),
        description: entry.description.get(language.code()).to_owned(),
        icon: entry.icon.clone(),
        accent: accent_of(entry),
        path: first,
        current: false,
        nav,
    })
}

fn admin_groups(
    entries: &BTreeMap<&str, &Entry>,
    role: Role,
    language: Language,
    path: &str,
) -> Vec<AdminGroup> {
    if role < Role::Admin {
        return Vec::new();
    }
    let mut groups: Vec<AdminGroup> = entries
        .values()
        .map(|entry| AdminGroup {
            name: match entry.id.as_str() {
                HOME => String::new(),
                id => text(&entry.name, id, language),
            },
            links: links(&entry.admin_nav, role, language, path),
        })
        .filter(|group| !group.links.is_empty())
        .collect();
    groups.sort_by_key(|group| group.name.to_lowercase());
    groups
}

fn legal_links(entries: &BTreeMap<&str, &Entry>, language: Language) -> Vec<Link> {
    entries
        .values()
        .flat_map(|entry| &entry.legal)
        .map(|link| Link {
            label: text(&link.label, &link.path, language),
            path: link.path.clone(),
            icon: String::new(),
            current: false,
        })
        .collect()
}

/// The items a role sees; of those the page is at or below, the one that names it most exactly is current.
fn links(items: &[NavItem], role: Role, language: Language, path: &str) -> Vec<Link> {
    let visible = || items.iter().filter(|item| role >= item.role);
    let current = visible()
        .filter(|item| is_below(path, &item.path))
        .max_by_key(|item| item.path.len());
    visible()
        .map(|item| Link {
            label: text(&item.label, &item.path, language),
            path: item.path.clone(),
            icon: item.icon.clone(),
            current: current.is_some_and(|found| found.path == item.path),
        })
        .collect()
}

fn text(label: &registry::Label, instead: &str, language: Language) -> String {
    match label.get(language.code()) {
        "" => instead.to_owned(),
        text => text.to_owned(),
    }
}

/// Whether a path is another or lies below it, by whole segments.
fn is_below(path: &str, other: &str) -> bool {
    let base = other.split(['?', '#']).next().unwrap_or(other);
    match path.strip_prefix(base) {
        Some(rest) => {
            rest.is_empty() || rest.starts_with('/') || base.ends_with('/') && base != "/"
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Navigation, View, is_below};
    use crate::language::Language;
    use crate::testing::snapshot;
    use registry::Role;

    #[test]
    fn segments_are_whole() {
        assert!(is_below("/app/files", "/app/files"));
        assert!(is_below("/app/files/a", "/app/files"));
        assert!(!is_below("/app/filesystem", "/app/files"));
        assert!(is_below("/", "/"));
        assert!(!is_below("/app", "/"));
        assert!(is_below("/app/files", "/app/files?tab=a"));
    }

    #[test]
    fn nobody_sees_apps() {
        let found = Navigation::build(
            &snapshot(),
            View {
                app: "accounts",
                role: None,
                language: Language::English,
                path: "/x",
            },
        );
        assert!(found.apps.is_empty() && found.admin.is_empty());
    }

    #[test]
    fn a_person_sees_home_first_and_no_administration() {
        let found = Navigation::build(
            &snapshot(),
            View {
                app: "accounts",
                role: Some(Role::User),
                language: Language::German,
                path: "/app/accounts/groups/7",
            },
        );
        let names: Vec<_> = found.apps.iter().map(|app| app.name.as_str()).collect();
        assert_eq!(names.first(), Some(&"Start"));
        assert!(found.admin.is_empty());
        let current = found.current().map(|app| app.id.as_str());
        assert_eq!(current, Some("accounts"));
        let marked: Vec<_> = found
            .current()
            .into_iter()
            .flat_map(|app| &app.nav)
            .filter(|link| link.current)
            .map(|link| link.path.as_str())
            .collect();
        assert_eq!(marked, ["/app/accounts/groups"]);
    }

    #[test]
    fn an_administrator_in_the_administration_has_its_page_marked() {
        let found = Navigation::build(
            &snapshot(),
            View {
                app: "accounts",
                role: Some(Role::Admin),
                language: Language::English,
                path: "/admin/accounts",
            },
        );
        assert!(found.in_admin);
        assert_eq!(found.current(), None);
        assert_eq!(
            found.admin_current().map(|l| l.path.as_str()),
            Some("/admin/accounts")
        );
    }
}
