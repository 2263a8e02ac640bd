//! `/admin/accounts/groups/{id}/rule`: by what people come into a group, and what would come of it.

use std::borrow::Cow;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell, Tab};
use uuid::Uuid;

use super::{Desk, tabs};
use crate::Accounts;
use crate::domain::custom_field::Field;
use crate::domain::group::{Group, GroupId};
use crate::domain::rule::{Condition, Fact, Fault, MOST_CONDITIONS, Matching, Rule, Test};
use crate::error::Error;
use crate::service::rules::{MOST_NAMED, Preview, RuleChange};
use crate::web::asking::Asking;
use crate::web::custom_fields::label;

/// Rows of an empty form.
const ROWS: usize = 3;

/// The form as it is sent. The inputs of all conditions have the same names and come in their order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RuleForm {
    /// Of the group the form was filled from.
    version: i64,
    matching: String,
    fact: Vec<String>,
    test: Vec<String>,
    value: Vec<String>,
    /// `look`, `save` or `remove`.
    step: String,
}

/// One condition as typed.
#[derive(Clone, Debug, Default)]
struct Row {
    fact: String,
    test: String,
    value: String,
    /// What is wrong with it; may be empty.
    error: String,
}

#[derive(askama::Template)]
#[template(path = "accounts/group/rule.html")]
struct RulePage {
    shell: Shell,
    tabs: Vec<Tab>,
    group: Group,
    /// Of the group the form was filled from.
    version: i64,
    /// Whether it has one.
    has_rule: bool,
    matching: String,
    rows: Vec<Row>,
    facts: Vec<Choice>,
    tests: Vec<Choice>,
    matchings: Vec<Choice>,
    preview: Option<Preview>,
    errors: Errors,
}

impl RuleForm {
    fn of(rule: Option<&Rule>, version: i64) -> Self {
        let conditions = rule.map_or(&[][..], |rule| &rule.conditions);
        Self {
            version,
            matching: rule
                .map_or(Matching::All, |rule| rule.matching)
                .as_str()
                .to_owned(),
            fact: conditions
                .iter()
                .map(|condition| condition.fact.word())
                .collect(),
            test: conditions
                .iter()
                .map(|condition| condition.test.as_str().to_owned())
                .collect(),
            value: conditions
                .iter()
                .map(|condition| condition.value.clone())
                .collect(),
            step: String::new(),
        }
    }

    /// What was typed, row by row; rows that are about nothing are left out.
    fn rows(&self) -> Vec<Row> {
        let at = |column: &[String], row: usize| column.get(row).cloned().unwrap_or_default();
        let row = |row| Row {
            fact: at(&self.fact, row),
            test: at(&self.test, row),
            value: at(&self.value, row),
            error: String::new(),
        };
        let rows = (0..self.fact.len().min(MOST_CONDITIONS)).map(row);
        rows.filter(|row| !row.fact.is_empty()).collect()
    }

    fn check(&self, shell: &Shell, fields: &[Field]) -> Result<Rule, Errors> {
        let mut errors = Errors::none();
        let mut conditions = Vec::new();
        for (place, row) in self.rows().into_iter().enumerate() {
            let (Ok(fact), Ok(test)) = (row.fact.parse(), row.test.parse()) else {
                errors.add(condition_at(place), shell.t("accounts-unfit-form"));
                continue;
            };
            let condition = Condition {
                fact,
                test,
                value: row.value,
            };
            match condition.check(fields) {
                Ok(condition) => conditions.push(condition),
                Err(fault) => errors.add(condition_at(place), told(shell, fault)),
            }
        }
        if conditions.is_empty() && errors.is_empty() {
            errors.add_general(shell.t("accounts-rule-empty"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Rule {
            matching: self.matching.parse().unwrap_or_default(),
            conditions,
        })
    }
}

/// The field that says what is wrong with a condition.
fn condition_at(place: usize) -> String {
    format!("condition-{place}")
}

fn told(shell: &Shell, fault: Fault) -> Cow<'static, str> {
    let text = match fault {
        Fault::NoField => shell.t("accounts-rule-no-field"),
        Fault::NoOrder => shell.t("accounts-rule-no-order"),
        Fault::Value(unfit) => shell.t(&format!("accounts-{}", unfit.message())),
    };
    text.into_owned().into()
}

impl RulePage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        id: GroupId,
        form: &RuleForm,
        (preview, errors): (Option<Preview>, Errors),
    ) -> Result<Self, Error> {
        let group = accounts.groups.find(id).await?;
        let fields = accounts.rules.fields().await?;
        let mut rows = form.rows();
        let wanted = (rows.len() + 1).clamp(ROWS, MOST_CONDITIONS);
        rows.resize_with(wanted, Row::default);
        for (place, row) in rows.iter_mut().enumerate() {
            errors.of(&condition_at(place)).clone_into(&mut row.error);
        }
        let groups = shell.t("accounts-groups").into_owned();
        Ok(Self {
            has_rule: accounts.rules.of(id).await?.is_some(),
            version: form.version,
            matching: form.matching.clone(),
            rows,
            facts: facts(&shell, &fields),
            tests: Test::ALL
                .iter()
                .map(|test| Choice::new(test.as_str(), shell.t(test_key(*test))))
                .collect(),
            matchings: vec![
                Choice::new("all", shell.t("accounts-rule-all")),
                Choice::new("any", shell.t("accounts-rule-any")),
            ],
            tabs: tabs(&shell, &group),
            shell: shell
                .titled(&group.name)
                .crumb(groups, Desk::Admin.groups()),
            group,
            preview,
            errors,
        })
    }
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let version = accounts.groups.find(id).await?.version;
    let form = RuleForm::of(accounts.rules.of(id).await?.as_ref(), version);
    let page = RulePage::build(&accounts, shell, id, &form, (None, Errors::none()));
    Ok(ui::page(page.await?))
}

pub(super) async fn edit(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<RuleForm>,
) -> Result<Response, Error> {
    let (id, actor) = (GroupId(id), asking.actor(&who));
    let rule = match form.step.as_str() {
        "remove" => Ok(None),
        _ => form
            .check(&shell, &accounts.rules.fields().await?)
            .map(Some),
    };
    let errors = match rule {
        Err(errors) => errors,
        Ok(Some(rule)) if form.step == "look" => {
            let preview = Some(accounts.rules.preview(id, &rule).await?);
            let page = RulePage::build(&accounts, shell, id, &form, (preview, Errors::none()));
            return Ok(ui::page(page.await?));
        }
        Ok(rule) => {
            let change = accounts
                .rules
                .set(&actor, (id, form.version), rule.as_ref());
            match change.await? {
                RuleChange::Stale => Errors::one("", shell.t("accounts-group-stale")),
                RuleChange::TooMany => Errors::one("", shell.t("accounts-rule-too-many")),
                RuleChange::Forbidden => return Err(Error::NotManager),
                RuleChange::Done | RuleChange::Unchanged => {
                    let key = if rule.is_some() {
                        "accounts-rule-saved"
                    } else {
                        "accounts-rule-removed"
                    };
                    let said = ui::flash(Flash::success(shell.t(key)));
                    let path = format!("{}/rule", Desk::Admin.group(id));
                    return Ok((said, ui::see_other(&path)).into_response());
                }
            }
        }
    };
    let page = RulePage::build(&accounts, shell, id, &form, (None, errors));
    Ok(ui::invalid(page.await?))
}

/// What conditions may be about.
fn facts(shell: &Shell, fields: &[Field]) -> Vec<Choice> {
    let plain = Fact::PLAIN.map(|fact| {
        let key = match &fact {
            Fact::Department => "accounts-department",
            Fact::Title => "accounts-title",
            Fact::Role => "accounts-role",
            Fact::MailDomain => "accounts-rule-mail-domain",
            Fact::Manager => "accounts-rule-manager",
            Fact::State => "accounts-state",
            Fact::Language | Fact::Declared(_) => "accounts-rule-language",
        };
        Choice::new(fact.word(), shell.t(key))
    });
    let declared = fields.iter().map(|field| {
        let fact = Fact::Declared(field.name.clone());
        Choice::new(fact.word(), label(field, shell))
    });
    plain.into_iter().chain(declared).collect()
}

fn test_key(test: Test) -> &'static str {
    match test {
        Test::Is => "accounts-rule-is",
        Test::IsNot => "accounts-rule-is-not",
        Test::Contains => "accounts-rule-contains",
        Test::StartsWith => "accounts-rule-starts-with",
        Test::AtLeast => "accounts-rule-at-least",
        Test::AtMost => "accounts-rule-at-most",
        Test::IsEmpty => "accounts-rule-is-empty",
        Test::IsSet => "accounts-rule-is-set",
    }
}
