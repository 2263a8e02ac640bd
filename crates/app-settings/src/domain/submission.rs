//! A submitted form of one app's settings, judged as a whole: everything holds, or nothing is changed.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use registry::{SettingKind, ValueFault};
use serde_json::Value;

use super::catalog::{AppSettings, Setting};
use super::merge::{Since, Verdict, judge};

/// What a person sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Submission {
    /// Version of everything when the form was made.
    pub seen: i64,
    /// Keys the form showed; others are none of its business.
    pub shown: HashSet<String>,
    /// Text by key. A checkbox that is off is absent.
    pub texts: HashMap<String, String>,
    /// Keys to bring back to seed or default.
    pub resets: HashSet<String>,
}

/// A change to make: a new value, or none to bring back seed or default.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edit {
    /// The setting.
    pub key: String,
    /// The value.
    pub value: Option<Value>,
}

/// Why a field is not accepted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    /// The value is not one the setting admits.
    Value(ValueFault),
    /// Somebody else changed it meanwhile.
    Conflict(Rival),
}

/// Somebody else's change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rival {
    /// The value in force now.
    pub value: Value,
    /// Who set it and when; nobody when it was brought back to seed or default.
    pub by: Option<(String, Timestamp)>,
}

/// The edits a submission makes, or the fields that are not accepted. `earlier` holds, for each setting that
/// changed since the form was made, the value the form showed; `None` when that is not known.
pub(crate) fn decide(
    app: &AppSettings,
    submission: &Submission,
    earlier: &HashMap<String, Option<Value>>,
) -> Result<Vec<Edit>, BTreeMap<String, Refusal>> {
    let mut edits = Vec::new();
    let mut refusals = BTreeMap::new();
    let fields = app
        .settings
        .iter()
        .filter(|setting| !setting.declaration.is_secret())
        .filter(|setting| submission.shown.contains(&setting.declaration.key));
    for setting in fields {
        let key = &setting.declaration.key;
        let since = match earlier.get(key) {
            None => Since::Unchanged,
            Some(Some(shown)) => Since::Changed { shown },
            Some(None) => Since::Unknown,
        };
        match field(setting, submission, since) {
            Ok(None) => {}
            Ok(Some(edit)) => edits.push(edit),
            Err(refusal) => {
                refusals.insert(key.clone(), refusal);
            }
        }
    }
    if refusals.is_empty() {
        Ok(edits)
    } else {
        Err(refusals)
    }
}

fn field(
    setting: &Setting,
    submission: &Submission,
    since: Since<'_>,
) -> Result<Option<Edit>, Refusal> {
    let declaration = &setting.declaration;
    let in_force = setting.in_force().0;
    if submission.resets.contains(&declaration.key) {
        let judged = judge(declaration.unset_value(), in_force, since);
        // A stored value that equals the default is removed too: it should follow the default from now on.
        return match judged {
            Verdict::Conflict => Err(Refusal::Conflict(rival(setting))),
            Verdict::Keep | Verdict::Write => Ok(setting.stored.as_ref().map(|_| Edit {
                key: declaration.key.clone(),
                value: None,
            })),
        };
    }
    let text = match submission.texts.get(&declaration.key) {
        Some(text) => text.as_str(),
        None if matches!(declaration.kind, SettingKind::Boolean) => "false",
        None => return Ok(None),
    };
    let value = declaration.parse(text).map_err(Refusal::Value)?;
    match judge(&value, in_force, since) {
        Verdict::Keep => Ok(None),
        Verdict::Write => Ok(Some(Edit {
            key: declaration.key.clone(),
            value: Some(value),
        })),
        Verdict::Conflict => Err(Refusal::Conflict(rival(setting))),
    }
}

fn rival(setting: &Setting) -> Rival {
    Rival {
        value: setting.in_force().0.clone(),
        by: setting
            .stored
            .as_ref()
            .map(|stored| (stored.changed_by.clone(), stored.changed_at)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use registry::{AppId, Label, SettingDeclaration};
    use serde_json::json;

    use super::*;
    use crate::domain::catalog::{Content, Stored};

    fn declare(key: &str, kind: SettingKind, default: Value) -> Setting {
        Setting {
            declaration: SettingDeclaration::new(key, Label::new(key, key), kind, default),
            stored: None,
        }
    }

    fn app() -> AppSettings {
        let count = SettingKind::Integer {
            min: Some(1),
            max: Some(10),
        };
        let name = SettingKind::Text {
            max_length: Some(5),
            multiline: false,
        };
        AppSettings {
            id: AppId::new("hello").unwrap(),
            name: Label::new("Hello", "Hallo"),
            icon: String::new(),
            version: "1".to_owned(),
            settings: vec![
                declare("count", count, json!(3)),
                declare("name", name, json!("Ada")),
                declare("open", SettingKind::Boolean, json!(true)),
                declare(
                    "token",
                    SettingKind::Secret { max_length: None },
                    Value::Null,
                ),
            ],
        }
    }

    fn stored(app: &mut AppSettings, key: &str, value: Value) {
        let setting = app
            .settings
            .iter_mut()
            .find(|s| s.declaration.key == key)
            .unwrap();
        setting.stored = Some(Stored {
            content: Content::Plain(value),
            revision: 9,
            changed_at: Timestamp::UNIX_EPOCH,
            changed_by: "Grace".to_owned(),
        });
    }

    fn submit(pairs: &[(&str, &str)]) -> Submission {
        Submission {
            seen: 5,
            shown: ["count", "name", "open", "token"]
                .map(str::to_owned)
                .into_iter()
                .collect(),
            texts: pairs
                .iter()
                .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
                .collect(),
            resets: HashSet::new(),
        }
    }

    fn edit(key: &str, value: Value) -> Edit {
        Edit {
            key: key.to_owned(),
            value: Some(value),
        }
    }

    #[test]
    fn only_what_differs_is_changed() {
        let submission = submit(&[("count", "7"), ("name", "Ada"), ("open", "on")]);
        let edits = decide(&app(), &submission, &HashMap::new()).unwrap();
        assert_eq!(edits, [edit("count", json!(7))]);
    }

    #[test]
    fn one_bad_field_changes_nothing_and_every_bad_field_is_named() {
        let submission = submit(&[("count", "70"), ("name", "Augusta"), ("open", "on")]);
        let refusals = decide(&app(), &submission, &HashMap::new()).unwrap_err();
        assert_eq!(
            refusals.into_iter().collect::<Vec<_>>(),
            [
                (
                    "count".to_owned(),
                    Refusal::Value(ValueFault::AboveMaximum(10))
                ),
                ("name".to_owned(), Refusal::Value(ValueFault::TooLong(5))),
            ]
        );
    }

    #[test]
    fn an_absent_checkbox_is_off_but_not_when_the_form_did_not_show_it() {
        let submission = submit(&[]);
        let edits = decide(&app(), &submission, &HashMap::new()).unwrap();
        assert_eq!(edits, [edit("open", json!(false))]);

        let mut older = submit(&[]);
        older.shown.remove("open");
        assert!(decide(&app(), &older, &HashMap::new()).unwrap().is_empty());
    }

    #[test]
    fn a_secret_is_never_changed_by_this_form() {
        let submission = submit(&[("token", "canary"), ("open", "on")]);
        assert!(
            decide(&app(), &submission, &HashMap::new())
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn a_rival_change_is_kept_where_the_field_was_not_touched_and_told_where_it_was() {
        let mut app = app();
        stored(&mut app, "count", json!(8));
        stored(&mut app, "name", json!("Grace"));
        let earlier = HashMap::from([
            ("count".to_owned(), Some(json!(3))),
            ("name".to_owned(), Some(json!("Ada"))),
        ]);
        let submission = submit(&[("count", "3"), ("name", "Eve"), ("open", "on")]);
        let refusals = decide(&app, &submission, &earlier).unwrap_err();
        assert_eq!(refusals.len(), 1);
        let Some(Refusal::Conflict(rival)) = refusals.get("name") else {
            unreachable!("{refusals:?}")
        };
        assert_eq!(rival.value, json!("Grace"));
        assert_eq!(rival.by.as_ref().unwrap().0, "Grace");
    }

    #[test]
    fn a_reset_removes_what_is_stored() {
        let mut app = app();
        stored(&mut app, "count", json!(3));
        let mut submission = submit(&[("count", "99"), ("open", "on")]);
        submission.resets.insert("count".to_owned());
        submission.resets.insert("name".to_owned());
        let edits = decide(&app, &submission, &HashMap::new()).unwrap();
        let reset = Edit {
            key: "count".to_owned(),
            value: None,
        };
        assert_eq!(edits, [reset]);
    }
}
