//! Values and faults in the language of the page.

use registry::{SettingDeclaration, SettingKind, ValueFault};
use serde_json::Value;
use ui::Shell;

use crate::domain::catalog::Misfit;
use crate::domain::submission::{Refusal, Rival};

/// A value as people read it.
pub(super) fn value(shell: &Shell, declaration: &SettingDeclaration, value: &Value) -> String {
    match (value, &declaration.kind) {
        (Value::Null, _) => shell.t("settings-none").into_owned(),
        (Value::Bool(true), _) => shell.t("settings-on").into_owned(),
        (Value::Bool(false), _) => shell.t("settings-off").into_owned(),
        (Value::String(chosen), SettingKind::Choice { options }) => options
            .iter()
            .find(|option| option.value == *chosen)
            .map_or(chosen.as_str(), |option| option.label.get(shell.lang()))
            .to_owned(),
        (Value::String(text), _) if text.is_empty() => shell.t("settings-empty").into_owned(),
        (Value::Array(values), _) if values.is_empty() => shell.t("settings-empty").into_owned(),
        (Value::Array(values), _) => values
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(", "),
        (other, _) => input(other),
    }
}

/// A value as its input holds it.
pub(super) fn input(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join("\n"),
        other => other.to_string(),
    }
}

/// What is wrong with a value and what to do about it.
pub(super) fn fault(shell: &Shell, fault: ValueFault) -> String {
    match fault {
        ValueFault::Type => shell.t("settings-fault-type").into_owned(),
        ValueFault::Required => shell.t("settings-fault-required").into_owned(),
        ValueFault::TooLong(max) => shell.tn("settings-fault-too-long", max),
        ValueFault::ControlCharacter => shell.t("settings-fault-control").into_owned(),
        ValueFault::Number => shell.t("settings-fault-number").into_owned(),
        ValueFault::BelowMinimum(min) => {
            shell.t1("settings-fault-below", "least", shell.number(min))
        }
        ValueFault::AboveMaximum(max) => {
            shell.t1("settings-fault-above", "most", shell.number(max))
        }
        ValueFault::Boolean => shell.t("settings-fault-boolean").into_owned(),
        ValueFault::Option => shell.t("settings-fault-option").into_owned(),
        ValueFault::Url => shell.t("settings-fault-url").into_owned(),
        ValueFault::Email => shell.t("settings-fault-email").into_owned(),
        ValueFault::Duration => shell.t("settings-fault-duration").into_owned(),
        ValueFault::TooMany(max) => shell.tn(
            "settings-fault-too-many",
            i64::try_from(max).unwrap_or(i64::MAX),
        ),
    }
}

/// Why a field was not accepted.
pub(super) fn refusal(
    shell: &Shell,
    declaration: &SettingDeclaration,
    refusal: &Refusal,
) -> String {
    match refusal {
        Refusal::Value(wrong) => fault(shell, *wrong),
        Refusal::Conflict(Rival { value: now, by }) => {
            let now = value(shell, declaration, now);
            match by {
                Some((name, _)) => shell.t2("settings-conflict", "name", name, "value", now),
                None => shell.t1("settings-conflict-reset", "value", now),
            }
        }
    }
}

/// Why a stored value is not in force.
pub(super) fn misfit(shell: &Shell, misfit: Misfit) -> String {
    match misfit {
        Misfit::Value(wrong) => {
            let reason = fault(shell, wrong);
            shell.t1("settings-misfit", "reason", reason)
        }
        Misfit::NoLongerSecret => shell.t("settings-misfit-secret").into_owned(),
        Misfit::NotYetSealed => shell.t("settings-misfit-open").into_owned(),
    }
}
