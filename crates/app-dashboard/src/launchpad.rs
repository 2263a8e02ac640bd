//! What a person can open: the live apps and their widgets, filtered by role. A pure function of the
//! registry's snapshot.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use platform::Role;
use registry::{Entry, Snapshot};

/// A part of the home page that an app fills.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WidgetSlot {
    /// Unique on the page.
    pub(crate) id: String,
    /// Heading.
    pub(crate) title: String,
    /// Where its HTML comes from.
    pub(crate) path: String,
}

/// The widgets a person of `role` sees, by app and in the app's own order.
pub(crate) fn widgets(snapshot: &Snapshot, role: Role, language: &str) -> Vec<WidgetSlot> {
    newest_by_app(snapshot)
        .values()
        .flat_map(|entry| entry.widgets.iter().map(move |widget| (entry, widget)))
        .filter(|(_, widget)| widget.role <= role)
        .map(|(entry, widget)| WidgetSlot {
            id: format!("{}-{}", entry.id, widget.id),
            title: widget.title.get(language).to_owned(),
            path: widget.path.clone(),
        })
        .collect()
}

/// One entry per app: the instance that started last knows the newest declaration.
pub(crate) fn newest_by_app(snapshot: &Snapshot) -> BTreeMap<&str, &Entry> {
    let mut newest: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in snapshot.live() {
        let known = newest.entry(entry.id.as_str()).or_insert(entry);
        if entry.started_at > known.started_at {
            *known = entry;
        }
    }
    newest
}

/// Changes when the apps on the launchpad do, and with nothing else: what a browser has seen.
pub(crate) fn fingerprint(snapshot: &Snapshot) -> String {
    let mut hasher = DefaultHasher::new();
    for (id, entry) in newest_by_app(snapshot) {
        (id, &entry.version, &entry.name.en, &entry.icon).hash(&mut hasher);
        for item in &entry.nav {
            (&item.path, &item.label.en).hash(&mut hasher);
        }
    }
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use platform::{Label, Role};
    use registry::{AppId, Entry, InstanceId, NavItem, Snapshot, Widget};

    use super::{fingerprint, widgets};

    fn entry(id: &str) -> Entry {
        let id = AppId::new(id).unwrap();
        let mut entry = Entry::new(
            id,
            InstanceId::random(),
            jiff::Timestamp::UNIX_EPOCH,
            "http://127.0.0.1:1".into(),
        );
        entry.nav = vec![NavItem::new(
            Label::new("A", "A"),
            "/app/a",
            "tabler-a",
            Role::User,
        )];
        entry
    }

    fn snapshot(entries: Vec<Entry>) -> Snapshot {
        Snapshot {
            entries: entries.into_iter().map(Arc::new).collect(),
            ..Snapshot::default()
        }
    }

    #[test]
    fn widgets_are_shown_by_role() {
        let mut mail = entry("mail");
        mail.widgets = vec![
            Widget::new(
                "unread",
                Label::new("Unread", "Ungelesen"),
                "/app/mail/widgets/unread",
                Role::Guest,
            ),
            Widget::new(
                "queue",
                Label::new("Queue", "Warteschlange"),
                "/app/mail/widgets/queue",
                Role::Admin,
            ),
        ];
        let snapshot = snapshot(vec![mail]);
        let titles = |role| {
            widgets(&snapshot, role, "de")
                .into_iter()
                .map(|slot| slot.title)
                .collect::<Vec<_>>()
        };
        assert_eq!(titles(Role::Guest), ["Ungelesen"]);
        assert_eq!(titles(Role::Admin), ["Ungelesen", "Warteschlange"]);
    }

    #[test]
    fn only_apps_change_the_fingerprint() {
        let one = snapshot(vec![entry("mail")]);
        let again = snapshot(vec![entry("mail"), entry("mail")]);
        let two = snapshot(vec![entry("mail"), entry("files")]);
        assert_eq!(
            fingerprint(&one),
            fingerprint(&again),
            "another instance is not another app"
        );
        assert_ne!(fingerprint(&one), fingerprint(&two));
    }
}
