//! Fields that administrators declared: as facts, as inputs, and filled in by oneself.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Language, Shell};

use super::asking::Asking;
use super::profile::ProfilePage;
use crate::Accounts;
use crate::domain::custom_field::{Field, Kind, Viewer};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::custom_fields::Filled;

/// What a form with such fields sends, by the names of its inputs.
pub(super) type Typed = BTreeMap<String, String>;

/// One field on a page.
pub(super) struct Shown {
    /// Name of the input; apart from all others of the page.
    pub(super) input: String,
    pub(super) label: String,
    pub(super) kind: &'static str,
    pub(super) value: String,
    pub(super) choices: Vec<Choice>,
    /// Whether the viewer may change it.
    pub(super) is_changed: bool,
}

impl Shown {
    fn new(field: &Field, value: String, shell: &Shell, viewer: Viewer) -> Self {
        let mut choices = field.choices.clone();
        // Chosen when it was offered: it stays until another is chosen.
        if field.kind == Kind::Choice && !value.is_empty() && !choices.contains(&value) {
            choices.push(value.clone());
        }
        Self {
            input: input(&field.name),
            label: label(field, shell),
            kind: field.kind.as_str(),
            choices: choices
                .into_iter()
                .map(|choice| Choice::new(choice.clone(), choice))
                .collect(),
            is_changed: field.is_changed_by(viewer),
            value,
        }
    }
}

/// What `viewer` sees of a person; what was typed and refused stands instead of what is kept.
pub(super) async fn shown(
    accounts: &Accounts,
    shell: &Shell,
    (person, viewer): (PersonId, Viewer),
    typed: Option<&Typed>,
) -> Result<Vec<Shown>, Error> {
    let fields = accounts.custom_fields.of(person, viewer).await?;
    let of = |(field, kept): (Field, String)| {
        let typed = typed.filter(|_| field.is_changed_by(viewer));
        let value = typed.map_or(kept, |typed| {
            typed.get(&input(&field.name)).cloned().unwrap_or_default()
        });
        Shown::new(&field, value, shell, viewer)
    };
    Ok(fields.into_iter().map(of).collect())
}

/// Fills in what was typed; `None`: it is so now.
pub(super) async fn fill(
    accounts: &Accounts,
    shell: &Shell,
    (who, asking): (&CurrentUser, &Asking),
    (person, viewer): (PersonId, Viewer),
    typed: &Typed,
) -> Result<Option<Errors>, Error> {
    let strip = |(input, value): (&String, &String)| {
        let name = input.strip_prefix("custom-")?;
        Some((name.to_owned(), value.clone()))
    };
    let values: BTreeMap<String, String> = typed.iter().filter_map(strip).collect();
    let actor = asking.actor(who);
    let fields = &accounts.custom_fields;
    Ok(match fields.fill(&actor, person, viewer, &values).await? {
        Filled::Done => None,
        Filled::InTrash => Some(Errors::one("", shell.t("accounts-in-trash"))),
        Filled::Unfit(unfit) => {
            let mut errors = Errors::none();
            for (name, why) in unfit {
                let message = shell.t(&format!("accounts-{}", why.message()));
                errors.add(input(&name), message);
            }
            Some(errors)
        }
    })
}

/// `POST /app/accounts/fields`
pub(super) async fn change(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(typed): CsrfForm<Typed>,
) -> Result<Response, Error> {
    let id = PersonId(who.user_id);
    let whose = (id, Viewer::Oneself);
    let by = (&who, &asking);
    let Some(errors) = fill(&accounts, &shell, by, whose, &typed).await? else {
        let saved = ui::flash(Flash::success(shell.t("accounts-saved")));
        return Ok((saved, ui::see_other("/app/accounts")).into_response());
    };
    let custom = shown(&accounts, &shell, whose, Some(&typed)).await?;
    let mut page = ProfilePage::build(&accounts, shell, id, None, errors).await?;
    page.custom = custom;
    Ok(ui::invalid(page))
}

/// What people read of a field, in their language.
pub(super) fn label(field: &Field, shell: &Shell) -> String {
    match shell.language() {
        Language::German if !field.label_de.is_empty() => field.label_de.clone(),
        _ => field.label_en.clone(),
    }
}

fn input(name: &str) -> String {
    format!("custom-{name}")
}
