//! Rules by which people are in a group: conditions on what is known of them.

use std::collections::HashMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::custom_field::{Field, FieldName, Kind};
use super::name::{Line, Unfit};
use super::person::Unknown;
use super::words::words;

/// Most conditions of one rule.
pub const MOST_CONDITIONS: usize = 10;
/// Most groups that have a rule.
pub const MOST_RULES: i64 = 200;
/// What stands before the name of a declared field.
const DECLARED: &str = "custom.";

/// What is known of a person that a condition may be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Fact {
    /// Department.
    Department,
    /// Job title.
    Title,
    /// `guest`, `user` or `admin`.
    Role,
    /// What stands behind the at sign of the primary mail address.
    MailDomain,
    /// Language chosen; empty for the browser's.
    Language,
    /// Sign-in name of whom they report to; empty for nobody.
    Manager,
    /// `invited`, `active`, `suspended` or `expired`.
    State,
    /// A declared field, by its name.
    Declared(String),
}

impl Fact {
    /// What there is without declared fields, in the order it is offered.
    pub const PLAIN: [Self; 7] = [
        Self::Department,
        Self::Title,
        Self::Role,
        Self::MailDomain,
        Self::Language,
        Self::Manager,
        Self::State,
    ];

    /// Its word in forms and in the API.
    pub fn word(&self) -> String {
        match self {
            Self::Department => "department".to_owned(),
            Self::Title => "title".to_owned(),
            Self::Role => "role".to_owned(),
            Self::MailDomain => "mail_domain".to_owned(),
            Self::Language => "language".to_owned(),
            Self::Manager => "manager".to_owned(),
            Self::State => "state".to_owned(),
            Self::Declared(name) => format!("{DECLARED}{name}"),
        }
    }
}

impl From<Fact> for String {
    fn from(fact: Fact) -> Self {
        fact.word()
    }
}

impl FromStr for Fact {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        if let Some(name) = word.strip_prefix(DECLARED) {
            let name = FieldName::parse(name).map_err(|_| Unknown)?;
            return Ok(Self::Declared(name.as_str().to_owned()));
        }
        Self::PLAIN
            .into_iter()
            .find(|fact| fact.word() == word)
            .ok_or(Unknown)
    }
}

impl TryFrom<String> for Fact {
    type Error = Unknown;

    fn try_from(word: String) -> Result<Self, Unknown> {
        word.parse()
    }
}

/// How a fact is held against a value. Case never matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// The same.
    Is,
    /// Not the same; holds where nothing is known, too.
    IsNot,
    /// The value is a part of it.
    Contains,
    /// It begins with the value.
    StartsWith,
    /// A number or a day that is not below the value.
    AtLeast,
    /// A number or a day that is not above the value.
    AtMost,
    /// Nothing is known.
    IsEmpty,
    /// Something is known.
    IsSet,
}

words!(Test: Is = "is", IsNot = "is_not", Contains = "contains", StartsWith = "starts_with", AtLeast = "at_least",
    AtMost = "at_most", IsEmpty = "is_empty", IsSet = "is_set");

impl Test {
    /// Whether it needs a value.
    pub fn takes_value(self) -> bool {
        !matches!(self, Self::IsEmpty | Self::IsSet)
    }

    /// Whether it compares what has an order.
    fn orders(self) -> bool {
        matches!(self, Self::AtLeast | Self::AtMost)
    }
}

/// How many of the conditions must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// Each of them.
    #[default]
    All,
    /// One of them is enough.
    Any,
}
words!(Matching: All = "all", Any = "any");

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What it is about.
    pub fact: Fact,
    /// How that is held against the value.
    pub test: Test,
    /// The value; empty where the test takes none.
    #[serde(default)]
    pub value: String,
}

/// What is wrong with a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such field, or none any more.
    NoField,
    /// The fact has no order, so nothing is at least or at most.
    NoOrder,
    /// The value does not fit.
    Value(Unfit),
}

impl Condition {
    /// Tidies the value and checks that the condition can be answered.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(mut self, fields: &[Field]) -> Result<Self, Fault> {
        let field = match &self.fact {
            Fact::Declared(name) => {
                let field = fields.iter().find(|field| field.name == *name);
                let field = field.filter(|field| field.retired_at.is_none());
                Some(field.ok_or(Fault::NoField)?)
            }
            _ => None,
        };
        let kind = field.map_or(Kind::Text, |field| field.kind);
        if self.test.orders() && !matches!(kind, Kind::Number | Kind::Date) {
            return Err(Fault::NoOrder);
        }
        if !self.test.takes_value() {
            self.value.clear();
            return Ok(self);
        }
        let is_whole = !matches!(self.test, Test::Contains | Test::StartsWith);
        self.value = match field {
            // A part of a day or of an answer is none of them.
            Some(field) if is_whole => field.read(&self.value, "").map_err(Fault::Value)?,
            _ => Line::parse(&self.value).map_err(Fault::Value)?.to_string(),
        };
        if self.value.is_empty() {
            return Err(Fault::Value(Unfit::Empty));
        }
        Ok(self)
    }

    fn holds(&self, facts: &Facts) -> bool {
        let known = facts.of(&self.fact).to_lowercase();
        let value = self.value.to_lowercase();
        match self.test {
            Test::Is => known == value,
            Test::IsNot => known != value,
            Test::Contains => known.contains(&value),
            Test::StartsWith => known.starts_with(&value),
            Test::AtLeast => !known.is_empty() && ordered(&known) >= ordered(&value),
            Test::AtMost => !known.is_empty() && ordered(&known) <= ordered(&value),
            Test::IsEmpty => known.is_empty(),
            Test::IsSet => !known.is_empty(),
        }
    }
}

/// What sorts as the number or day does: millionths of a number, and a day as it is written.
fn ordered(text: &str) -> (i128, &str) {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    match format!("{whole}{rest:0<6}").parse::<i128>() {
        Ok(millionths) if text.starts_with('-') => (-millionths, ""),
        Ok(millionths) => (millionths, ""),
        Err(_) => (0, text),
    }
}

/// By what people are in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// How many of the conditions must hold.
    pub matching: Matching,
    /// At least one, at most [`MOST_CONDITIONS`].
    pub conditions: Vec<Condition>,
}

impl Rule {
    /// Whether somebody of whom this is known is in the group.
    pub fn takes(&self, facts: &Facts) -> bool {
        let mut conditions = self.conditions.iter();
        match self.matching {
            // A rule without conditions takes nobody in, rather than everybody.
            Matching::All => {
                !self.conditions.is_empty() && conditions.all(|condition| condition.holds(facts))
            }
            Matching::Any => conditions.any(|condition| condition.holds(facts)),
        }
    }
}

/// What is known of one person.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Department; may be empty.
    pub department: String,
    /// Job title; may be empty.
    pub title: String,
    /// `guest`, `user` or `admin`.
    pub role: String,
    /// Primary mail address.
    pub email: String,
    /// Language chosen, or empty.
    pub locale: String,
    /// Sign-in name of whom they report to, or empty.
    pub manager: String,
    /// Where the account is in its life.
    pub state: String,
    /// Values of declared fields that are not retired, by name of the field.
    pub declared: HashMap<String, String>,
}

impl Facts {
    fn of(&self, fact: &Fact) -> &str {
        match fact {
            Fact::Department => &self.department,
            Fact::Title => &self.title,
            Fact::Role => &self.role,
            Fact::MailDomain => self.email.rsplit_once('@').map_or("", |(_, domain)| domain),
            Fact::Language => &self.locale,
            Fact::Manager => &self.manager,
            Fact::State => &self.state,
            Fact::Declared(name) => self.declared.get(name).map_or("", String::as_str),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::custom_field::{Editor, Visibility};

    fn facts() -> Facts {
        Facts {
            department: "Field Sales".to_owned(),
            role: "user".to_owned(),
            email: "a@b@Example.org".to_owned(),
            manager: "grace".to_owned(),
            state: "active".to_owned(),
            declared: HashMap::from([
                ("size".to_owned(), "10.5".to_owned()),
                ("since".to_owned(), "2026-02-03".to_owned()),
                ("below".to_owned(), "-3".to_owned()),
            ]),
            ..Facts::default()
        }
    }

    fn condition(fact: &str, test: &str, value: &str) -> Condition {
        Condition {
            fact: fact.parse().unwrap(),
            test: test.parse().unwrap(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn conditions_hold_by_what_is_known() {
        for (fact, test, value, holds) in [
            ("department", "is", "field SALES", true),
            ("department", "is", "sales", false),
            ("department", "is_not", "sales", true),
            ("department", "contains", "sales", true),
            ("department", "starts_with", "sales", false),
            ("department", "starts_with", "field", true),
            ("title", "is_empty", "", true),
            ("title", "is_set", "", false),
            ("title", "is_not", "boss", true),
            ("title", "contains", "x", false),
            ("role", "is", "user", true),
            ("manager", "is", "GRACE", true),
            ("manager", "is_empty", "", false),
            ("state", "is_not", "active", false),
            ("mail_domain", "is", "example.ORG", true),
            ("mail_domain", "is", "b@example.org", false),
            ("custom.size", "at_least", "9", true),
            ("custom.size", "at_least", "10.500001", false),
            ("custom.size", "at_most", "10.5", true),
            ("custom.below", "at_most", "-2.9", true),
            ("custom.below", "at_least", "-2.9", false),
            ("custom.since", "at_least", "2026-02-03", true),
            ("custom.since", "at_least", "2026-10-01", false),
            ("custom.unknown", "at_most", "5", false),
            ("custom.unknown", "is_empty", "", true),
        ] {
            let condition = condition(fact, test, value);
            assert_eq!(condition.holds(&facts()), holds, "{fact} {test} {value}");
        }
    }

    #[test]
    fn all_or_one_and_never_everybody_by_mistake() {
        let (yes, no) = (
            condition("role", "is", "user"),
            condition("role", "is", "guest"),
        );
        let takes = |matching, conditions: &[&Condition]| {
            let conditions = conditions.iter().copied().cloned().collect();
            Rule {
                matching,
                conditions,
            }
            .takes(&facts())
        };
        assert!(takes(Matching::All, &[&yes, &yes]));
        assert!(!takes(Matching::All, &[&yes, &no]));
        assert!(takes(Matching::Any, &[&no, &yes]));
        assert!(!takes(Matching::Any, &[&no, &no]));
        assert!(!takes(Matching::All, &[]));
        assert!(!takes(Matching::Any, &[]));
    }

    #[test]
    fn what_cannot_be_answered_is_refused() {
        let field = |name: &str, kind| Field {
            id: uuid::Uuid::nil(),
            name: name.to_owned(),
            label_en: name.to_owned(),
            label_de: String::new(),
            kind,
            choices: vec!["S".to_owned()],
            visible_to: Visibility::Everyone,
            edited_by: Editor::Person,
            position: 0,
            retired_at: (name == "gone").then_some(jiff::Timestamp::UNIX_EPOCH),
        };
        let fields = [
            field("size", Kind::Number),
            field("shirt", Kind::Choice),
            field("gone", Kind::Text),
        ];
        let check = |fact: &str, test: &str, value: &str| {
            let checked = condition(fact, test, value).check(&fields);
            checked.map(|condition| condition.value)
        };
        assert_eq!(check("department", "is", "  a  b "), Ok("a b".to_owned()));
        assert_eq!(
            check("department", "is", " "),
            Err(Fault::Value(Unfit::Empty))
        );
        assert_eq!(check("department", "at_least", "a"), Err(Fault::NoOrder));
        assert_eq!(
            check("department", "is_set", "left over"),
            Ok(String::new())
        );
        assert_eq!(
            check("custom.size", "at_least", "1,5"),
            Ok("1.5".to_owned())
        );
        assert_eq!(
            check("custom.size", "is", "ten"),
            Err(Fault::Value(Unfit::Character))
        );
        assert_eq!(
            check("custom.shirt", "is", "XL"),
            Err(Fault::Value(Unfit::Form))
        );
        assert_eq!(check("custom.gone", "is", "x"), Err(Fault::NoField));
        assert_eq!(check("custom.never", "is", "x"), Err(Fault::NoField));
        assert!("custom.".parse::<Fact>().is_err());
        assert!("password".parse::<Fact>().is_err());
    }
}
