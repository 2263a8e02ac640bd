//! A registry in which a few apps are alive, for pages rendered without a platform.

use registry::{AppId, Entry, InstanceId, Label, Link, NavItem, Role, Snapshot};
use std::sync::Arc;

use super::now;

/// English name, German name, path or id, icon.
type Item = (&'static str, &'static str, &'static str, &'static str);

struct Sample {
    id: &'static str,
    name: (&'static str, &'static str),
    icon: &'static str,
    accent: &'static str,
    nav: &'static [Item],
    admin: &'static [Item],
}

const SAMPLES: [Sample; 7] = [
    Sample {
        id: "dashboard",
        name: ("Home", "Start"),
        icon: "home",
        accent: "#2563eb",
        nav: &[("Home", "Start", "/", "home")],
        admin: &[],
    },
    Sample {
        id: "accounts",
        name: ("People", "Personen"),
        icon: "tabler-users",
        accent: "#0d9488",
        nav: &[
            ("Directory", "Verzeichnis", "/app/accounts", "address-book"),
            ("Groups", "Gruppen", "/app/accounts/groups", "users-group"),
        ],
        admin: &[
            ("People", "Personen", "/admin/accounts", "users"),
            ("Groups", "Gruppen", "/admin/accounts/groups", "users-group"),
        ],
    },
    Sample {
        id: "notifications",
        name: ("Inbox", "Posteingang"),
        icon: "inbox",
        accent: "#ea580c",
        nav: &[("Inbox", "Posteingang", "/app/notifications", "inbox")],
        admin: &[],
    },
    Sample {
        id: "hello",
        name: ("Hello", "Hallo"),
        icon: "hand-stop",
        accent: "#7c3aed",
        nav: &[("Hello", "Hallo", "/app/hello", "hand-stop")],
        admin: &[],
    },
    Sample {
        id: "ui-lab",
        name: ("UI lab", "UI-Labor"),
        icon: "components",
        accent: "#4f46e5",
        nav: &[
            ("Overview", "\u{dc}berblick", "/app/ui-lab", "components"),
            ("Forms", "Formulare", "/app/ui-lab/forms", "forms"),
            ("Table", "Tabelle", "/app/ui-lab/table", "table"),
            (
                "Feedback",
                "R\u{fc}ckmeldung",
                "/app/ui-lab/feedback",
                "message-circle",
            ),
        ],
        admin: &[],
    },
    Sample {
        id: "logging",
        name: ("Logs", "Protokolle"),
        icon: "list-search",
        accent: "#64748b",
        nav: &[],
        admin: &[("Logs", "Protokolle", "/admin/logging", "list-search")],
    },
    Sample {
        id: "settings",
        name: ("Settings", "Einstellungen"),
        icon: "settings",
        accent: "#4f46e5",
        nav: &[],
        admin: &[("Settings", "Einstellungen", "/admin/settings", "settings")],
    },
];

/// A registry in which a few apps are alive.
pub fn snapshot() -> Snapshot {
    Snapshot {
        version: 1,
        entries: SAMPLES.iter().map(entry).map(Arc::new).collect(),
        ..Snapshot::default()
    }
}

fn entry(sample: &Sample) -> Entry {
    let Ok(app) = AppId::new(sample.id) else {
        unreachable!("sample ids are valid")
    };
    let http = "http://127.0.0.1:1".to_owned();
    let mut entry = Entry::new(app, InstanceId::random(), now(), http);
    entry.name = Label::new(sample.name.0, sample.name.1);
    entry.description = Label::new("A sample app", "Eine Beispiel-App");
    sample.icon.clone_into(&mut entry.icon);
    entry.search = (sample.id == "accounts").then(|| "/api/accounts/search".to_owned());
    entry.accent = Some(sample.accent.to_owned());
    entry.nav = items(sample.nav, Role::Guest);
    entry.admin_nav = items(sample.admin, Role::Admin);
    if sample.id == "settings" {
        entry.legal = vec![Link {
            label: Label::new("Imprint", "Impressum"),
            path: "/app/settings/imprint".to_owned(),
        }];
    }
    entry
}

fn items(items: &[Item], role: Role) -> Vec<NavItem> {
    items
        .iter()
        .map(|(en, de, path, icon)| NavItem {
            label: Label::new(*en, *de),
            path: (*path).to_owned(),
            icon: (*icon).to_owned(),
            role,
        })
        .collect()
}
