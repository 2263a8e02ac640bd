//! Settings as fields of a form.

use std::collections::BTreeMap;

use registry::{SettingDeclaration, SettingKind};
use ui::{Choice, Shell};

use super::words;
use crate::domain::catalog::{AppSettings, Setting, Source};
use crate::domain::submission::{Refusal, Submission};

/// Fields under one heading.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) fields: Vec<Field>,
}

/// Which input a field is.
pub(super) enum Input {
    Line {
        kind: &'static str,
        mode: &'static str,
    },
    Lines {
        rows: u32,
    },
    Switch {
        on: bool,
    },
    Choice {
        options: Vec<Choice>,
    },
}

/// One setting that is no secret.
pub(super) struct Field {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) error: String,
    pub(super) input: Input,
    pub(super) value: String,
    pub(super) required: bool,
    /// Why the stored value is not in force; empty when it is.
    pub(super) misfit: String,
    /// Where the value comes from.
    pub(super) origin: String,
    /// Text of the box that brings back seed or default; empty when nothing is stored.
    pub(super) reset: String,
    pub(super) reset_checked: bool,
}

/// One secret.
pub(super) struct SecretField {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) error: String,
    pub(super) origin: String,
    pub(super) misfit: String,
    pub(super) stored: bool,
}

/// What a person sent and what is wrong with it, when a form is shown again.
#[derive(Default)]
pub(super) struct Again<'a> {
    pub(super) submission: Option<&'a Submission>,
    pub(super) refusals: BTreeMap<String, Refusal>,
}

/// Name of a setting's input.
pub(super) fn input_name(key: &str) -> String {
    format!("value.{key}")
}

/// The fields of an app by heading, in the order of declaration.
pub(super) fn groups(shell: &Shell, app: &AppSettings, again: &Again<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let open = app
        .settings
        .iter()
        .filter(|setting| !setting.declaration.is_secret());
    for setting in open {
        let title = setting.declaration.group.as_ref().map_or_else(
            || shell.t("settings-general").into_owned(),
            |group| group.get(shell.lang()).to_owned(),
        );
        let field = field(shell, setting, again);
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.fields.push(field),
            None => groups.push(Group {
                title,
                fields: vec![field],
            }),
        }
    }
    groups
}

/// The secrets of an app. `error` belongs to the secret whose key it names.
pub(super) fn secrets(
    shell: &Shell,
    app: &AppSettings,
    error: Option<(&str, &str)>,
) -> Vec<SecretField> {
    app.settings
        .iter()
        .filter(|setting| setting.declaration.is_secret())
        .map(|setting| secret(shell, setting, error))
        .collect()
}

fn field(shell: &Shell, setting: &Setting, again: &Again<'_>) -> Field {
    let declaration = &setting.declaration;
    let key = declaration.key.clone();
    let (in_force, _) = setting.in_force();
    let sent = again
        .submission
        .filter(|submission| submission.shown.contains(&key));
    let is_text = matches!(
        declaration.kind,
        SettingKind::Text { .. } | SettingKind::List | SettingKind::Boolean
    );
    Field {
        name: input_name(&key),
        label: declaration.label.get(shell.lang()).to_owned(),
        hint: hint(shell, declaration),
        error: again
            .refusals
            .get(&key)
            .map(|refusal| words::refusal(shell, declaration, refusal))
            .unwrap_or_default(),
        input: input(shell, setting, sent),
        value: sent
            .and_then(|submission| submission.texts.get(&key).cloned())
            .unwrap_or_else(|| words::input(in_force)),
        // Clearing a text or a list is a value; anything else must be filled in unless it may be absent.
        required: !declaration.is_optional() && !is_text,
        misfit: setting
            .misfit()
            .map(|misfit| words::misfit(shell, misfit))
            .unwrap_or_default(),
        origin: origin(shell, setting),
        reset: reset(shell, setting),
        reset_checked: sent.is_some_and(|submission| submission.resets.contains(&key)),
        key,
    }
}

fn input(shell: &Shell, setting: &Setting, sent: Option<&Submission>) -> Input {
    let declaration = &setting.declaration;
    let line = |kind, mode| Input::Line { kind, mode };
    match &declaration.kind {
        SettingKind::Text {
            multiline: true, ..
        } => Input::Lines { rows: 5 },
        SettingKind::List => Input::Lines { rows: 4 },
        SettingKind::Boolean => Input::Switch {
            on: sent.map_or_else(
                || setting.in_force().0.as_bool().unwrap_or_default(),
                |submission| submission.texts.contains_key(&declaration.key),
            ),
        },
        SettingKind::Choice { options } => Input::Choice {
            options: options
                .iter()
                .map(|option| Choice::new(&option.value, option.label.get(shell.lang())))
                .collect(),
        },
        // No number input: it would throw away what cannot be read as a number instead of showing it again.
        SettingKind::Integer { .. } => line("text", "numeric"),
        SettingKind::Url => line("text", "url"),
        SettingKind::Email => line("text", "email"),
        SettingKind::Text { .. } | SettingKind::Duration | SettingKind::Secret { .. } => {
            line("text", "")
        }
    }
}

/// The declared explanation, and what the kind expects.
fn hint(shell: &Shell, declaration: &SettingDeclaration) -> String {
    let expected = match &declaration.kind {
        SettingKind::Integer {
            min: Some(min),
            max: Some(max),
        } => shell.t2(
            "settings-hint-between",
            "least",
            shell.number(*min),
            "most",
            shell.number(*max),
        ),
        SettingKind::Integer { min: Some(min), .. } => {
            shell.t1("settings-hint-at-least", "least", shell.number(*min))
        }
        SettingKind::Integer { max: Some(max), .. } => {
            shell.t1("settings-hint-at-most", "most", shell.number(*max))
        }
        SettingKind::Duration => shell.t("settings-hint-duration").into_owned(),
        SettingKind::List => shell.t("settings-hint-list").into_owned(),
        _ => String::new(),
    };
    [declaration.hint.get(shell.lang()), expected.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Who set the value, or where it comes from otherwise.
fn origin(shell: &Shell, setting: &Setting) -> String {
    let variable = setting.declaration.env.as_deref().unwrap_or_default();
    match (setting.in_force().1, &setting.stored) {
        (Source::Stored, Some(stored)) => shell.t2(
            "settings-changed-by",
            "name",
            &stored.changed_by,
            "when",
            shell.relative(stored.changed_at),
        ),
        (Source::Environment, _) => shell.t1("settings-from-environment", "variable", variable),
        _ if setting.declaration.is_secret() && !variable.is_empty() => {
            shell.t1("settings-secret-unset-variable", "variable", variable)
        }
        _ if setting.declaration.is_secret() => shell.t("settings-secret-unset").into_owned(),
        _ => shell.t("settings-default").into_owned(),
    }
}

fn reset(shell: &Shell, setting: &Setting) -> String {
    if setting.stored.is_none() {
        return String::new();
    }
    let declaration = &setting.declaration;
    let unset = words::value(shell, declaration, declaration.unset_value());
    if declaration.seed.is_some() {
        shell.t1("settings-reset-environment", "value", unset)
    } else {
        shell.t1("settings-reset", "value", unset)
    }
}

fn secret(shell: &Shell, setting: &Setting, error: Option<(&str, &str)>) -> SecretField {
    let declaration = &setting.declaration;
    SecretField {
        key: declaration.key.clone(),
        label: declaration.label.get(shell.lang()).to_owned(),
        hint: declaration.hint.get(shell.lang()).to_owned(),
        error: error
            .filter(|(key, _)| *key == declaration.key)
            .map(|(_, text)| text.to_owned())
            .unwrap_or_default(),
        origin: origin(shell, setting),
        misfit: setting
            .misfit()
            .map(|misfit| words::misfit(shell, misfit))
            .unwrap_or_default(),
        stored: setting.stored.is_some(),
    }
}

impl Field {
    /// Text of a choice's first option without a value; empty when there must be one.
    pub(super) fn empty_choice(&self, shell: &Shell) -> String {
        if self.required {
            String::new()
        } else {
            shell.t("settings-none").into_owned()
        }
    }
}

impl SecretField {
    pub(super) fn new_label(&self, shell: &Shell) -> String {
        if self.stored {
            shell.t("settings-secret-new").into_owned()
        } else {
            self.label.clone()
        }
    }

    pub(super) fn set_label(&self, shell: &Shell) -> String {
        if self.stored {
            shell.t("settings-secret-replace").into_owned()
        } else {
            shell.t("settings-secret-set").into_owned()
        }
    }
}
