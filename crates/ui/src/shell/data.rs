//! What the islands of the frame need to know, as a JSON block in the page.
//!
//! A data block is not executed, so the content security policy allows it. Nothing in it is a secret:
//! all of it is on the page as links and text as well.

use serde::Serialize;
use std::collections::BTreeMap;

use super::Shell;
use crate::icon::icon;
use crate::markup::Markup;

/// Messages the islands use. Those with variables are sent as patterns with the variable in braces.
const WORDS: [&str; 28] = [
    "ui-cancel",
    "ui-search",
    "ui-copied",
    "ui-copy-failed",
    "ui-undo",
    "ui-dismiss",
    "ui-now",
    "ui-theme-system",
    "ui-theme-light",
    "ui-theme-dark",
    "ui-show-password",
    "ui-hide-password",
    "ui-palette-placeholder",
    "ui-palette-failed",
    "ui-palette-go",
    "ui-palette-commands",
    "ui-palette-help",
    "ui-bell-empty",
    "ui-bell-empty-hint",
    "ui-bell-failed",
    "ui-bell-all",
    "ui-notifications",
    "ui-upload-failed",
    "ui-combobox-none",
    "ui-crop-zoom",
    "ui-crop-apply",
    "ui-crop-hint",
    "ui-crop-unreadable",
];

/// Messages with one text variable, and its name.
const PATTERNS: [(&str, &str); 5] = [
    ("ui-palette-empty", "query"),
    ("ui-palette-theme", "name"),
    ("ui-palette-language", "name"),
    ("ui-bell-new", "title"),
    ("ui-file-remove", "name"),
];

/// Messages with a `$count`: sent for none, one and many.
const COUNTS: [&str; 4] = [
    "ui-selected",
    "ui-palette-results",
    "ui-bell-unread",
    "ui-retrying",
];

/// A count no message means, to find its place in the text for many.
const MANY: i64 = 987;

#[derive(Serialize)]
struct Data<'a> {
    lang: &'static str,
    theme: &'static str,
    app: &'a str,
    csrf: &'a str,
    signed_in: bool,
    search: &'a [String],
    words: BTreeMap<&'static str, String>,
    counts: BTreeMap<&'static str, [String; 3]>,
    commands: Vec<Command>,
    languages: Vec<[&'static str; 2]>,
}

#[derive(Serialize)]
struct Command {
    label: String,
    group: String,
    path: String,
    icon: Markup,
}

impl Shell {
    /// The block's text, safe within a `script` element.
    pub fn data(&self) -> Markup {
        let navigation = self.navigation();
        let signed_in = self.principal().is_some();
        let data = Data {
            lang: self.lang(),
            theme: self.theme().code(),
            app: self.app(),
            // A visitor's token would cost a cookie on every page; forms bring their own.
            csrf: if signed_in { self.csrf() } else { "" },
            signed_in,
            search: &navigation.search,
            words: self.words(),
            counts: self.counts(),
            commands: self.commands(),
            languages: self.languages().map(|it| [it.code(), it.name()]).into(),
        };
        let json = serde_json::to_string(&data).unwrap_or_else(|_| "{}".to_owned());
        Markup::from_escaped(
            json.replace('<', "\\u003c")
                .replace('>', "\\u003e")
                .replace('&', "\\u0026"),
        )
    }

    fn words(&self) -> BTreeMap<&'static str, String> {
        let plain = WORDS.into_iter().map(|key| (key, self.t(key).into_owned()));
        let patterns = PATTERNS
            .into_iter()
            .map(|(key, name)| (key, self.t1(key, name, format!("{{{name}}}"))));
        plain.chain(patterns).collect()
    }

    fn counts(&self) -> BTreeMap<&'static str, [String; 3]> {
        let many = |key| self.tn(key, MANY).replace(&self.number(MANY), "{count}");
        COUNTS
            .into_iter()
            .map(|key| (key, [self.tn(key, 0), self.tn(key, 1), many(key)]))
            .collect()
    }

    /// Everywhere the person can go.
    fn commands(&self) -> Vec<Command> {
        let navigation = self.navigation();
        let mut found: Vec<Command> = Vec::new();
        let mut add = |label: &str, group: &str, path: &str, name: &str| {
            if !found.iter().any(|command| command.path == path) {
                found.push(Command {
                    label: label.to_owned(),
                    group: group.to_owned(),
                    path: path.to_owned(),
                    icon: icon(name),
                });
            }
        };
        for app in &navigation.apps {
            for link in &app.nav {
                let name = if link.icon.is_empty() {
                    &app.icon
                } else {
                    &link.icon
                };
                let group = if link.label == app.name {
                    ""
                } else {
                    &app.name
                };
                add(&link.label, group, &link.path, name);
            }
        }
        if self.principal().is_some() {
            add(&self.t("ui-profile"), "", "/app/accounts", "user");
            add(&self.t("ui-security"), "", "/auth/security", "shield-lock");
        }
        if self.is_admin() {
            let administration = self.t("ui-administration");
            add(&administration, "", "/admin", "shield-cog");
            for link in navigation.admin.iter().flat_map(|group| &group.links) {
                add(&link.label, &administration, &link.path, &link.icon);
            }
        }
        found
    }
}

impl Serialize for Markup {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
