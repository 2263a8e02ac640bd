//! What administrators declare that people have besides what everybody has.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::Date;
use url::Url;
use uuid::Uuid;

use super::name::{Line, Unfit};
use super::words::words;

/// Most fields, retired ones included.
pub const MOST_FIELDS: usize = 40;
/// Most answers to choose from.
pub const MOST_CHOICES: usize = 50;
/// Where a field may stand among the others.
pub const PLACES: RangeInclusive<i32> = 0..=9_999;
/// Longest name, in letters.
const LONGEST_NAME: usize = 32;
/// Longest link, in bytes.
const LONGEST_LINK: usize = 500;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Text,
    /// A decimal number.
    Number,
    /// A day.
    Date,
    /// One of the answers declared.
    Choice,
    /// Whether or not.
    YesNo,
    /// An address of the web.
    Link,
}
words!(Kind: Text = "text", Number = "number", Date = "date", Choice = "choice", YesNo = "yes_no", Link = "link");

/// Who sees the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Every member.
    Everyone,
    /// The person and administrators.
    Person,
    /// Administrators alone.
    Administrators,
}
words!(Visibility: Everyone = "everyone", Person = "person", Administrators = "administrators");

/// Who changes the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Editor {
    /// The person and administrators.
    Person,
    /// Administrators alone.
    Administrators,
}
words!(Editor: Person = "person", Administrators = "administrators");

/// Who looks at a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Any member.
    Member,
    /// The person.
    Oneself,
    /// An administrator, in the administration.
    Administrator,
}

/// Names a field for programs: 1 to 32 of `a-z 0-9 _`, a letter first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName(String);

impl FieldName {
    /// Checks and folds what was typed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let name = typed.trim().to_lowercase();
        let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        match name.chars().next() {
            None => Err(Unfit::Empty),
            _ if name.chars().count() > LONGEST_NAME => Err(Unfit::TooLong),
            _ if !name.chars().all(fits) => Err(Unfit::Character),
            Some(first) if first.is_ascii_lowercase() => Ok(Self(name)),
            Some(_) => Err(Unfit::Form),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What can be said anew of a field.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// What people read, in English.
    pub label_en: Line,
    /// The same in German; empty for the English one.
    pub label_de: Line,
    /// Answers to choose from.
    pub choices: Vec<Line>,
    /// Who sees the values.
    pub visible_to: Visibility,
    /// Who changes them.
    pub edited_by: Editor,
    /// Where it stands among the others, lowest first.
    pub position: i32,
}

/// The answers to choose from, each once; only fields to choose in have some, and need them.
///
/// # Errors
/// There are none or too many, or one does not do.
pub fn choices<'a>(typed: impl Iterator<Item = &'a str>, kind: Kind) -> Result<Vec<Line>, Unfit> {
    if kind != Kind::Choice {
        return Ok(Vec::new());
    }
    let mut choices: Vec<Line> = Vec::new();
    for answer in typed.filter(|answer| !answer.trim().is_empty()) {
        let answer = Line::parse(answer)?;
        if !choices.contains(&answer) {
            choices.push(answer);
        }
    }
    match choices.len() {
        0 => Err(Unfit::Empty),
        count if count > MOST_CHOICES => Err(Unfit::TooLong),
        _ => Ok(choices),
    }
}

/// Whether people would have to change what they do not see.
pub fn is_blind((visible_to, edited_by): (Visibility, Editor)) -> bool {
    visible_to == Visibility::Administrators && edited_by == Editor::Person
}

/// A field as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub id: Uuid,
    /// For programs and exports.
    pub name: String,
    /// What people read, in English.
    pub label_en: String,
    /// The same in German; empty for the English one.
    pub label_de: String,
    /// What it holds.
    pub kind: Kind,
    /// Answers to choose from.
    pub choices: Vec<String>,
    /// Who sees the values.
    pub visible_to: Visibility,
    /// Who changes them.
    pub edited_by: Editor,
    /// Where it stands among the others, lowest first.
    pub position: i32,
    /// Since when nobody sees it.
    pub retired_at: Option<Timestamp>,
}

impl Field {
    /// Whether `viewer` sees the values.
    pub fn is_seen_by(&self, viewer: Viewer) -> bool {
        let sees = match self.visible_to {
            Visibility::Everyone => true,
            Visibility::Person => viewer != Viewer::Member,
            Visibility::Administrators => viewer == Viewer::Administrator,
        };
        sees && self.retired_at.is_none()
    }

    /// Whether `viewer` changes the values.
    pub fn is_changed_by(&self, viewer: Viewer) -> bool {
        let changes = match viewer {
            Viewer::Member => false,
            Viewer::Oneself => self.edited_by == Editor::Person,
            Viewer::Administrator => true,
        };
        changes && self.is_seen_by(viewer)
    }

    /// Tidies what was typed; nothing is fine. A choice that was there before may stay after it is offered no more.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, typed: &str, before: &str) -> Result<String, Unfit> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(String::new());
        }
        match self.kind {
            Kind::Text => Line::parse(typed).map(|line| line.to_string()),
            Kind::Number => number(typed),
            Kind::Date => typed
                .parse::<Date>()
                .map(|day| day.to_string())
                .map_err(|_| Unfit::Form),
            Kind::Choice => {
                let is_known = typed == before || self.choices.iter().any(|known| known == typed);
                one_of(is_known, typed)
            }
            Kind::YesNo => one_of(typed == "yes", typed),
            Kind::Link => link(typed),
        }
    }
}

fn one_of(is_known: bool, typed: &str) -> Result<String, Unfit> {
    is_known.then(|| typed.to_owned()).ok_or(Unfit::Form)
}

/// A decimal number of at most 15 digits before and 6 after the point; a comma is a point, too.
fn number(typed: &str) -> Result<String, Unfit> {
    let text = typed.replace(',', ".");
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |part: &str| part.chars().all(|letter| letter.is_ascii_digit());
    if !are_digits(whole) || !are_digits(rest) {
        return Err(Unfit::Character);
    }
    if whole.is_empty() || rest.is_empty() {
        return Err(Unfit::Form);
    }
    if whole.len() > 15 || rest.len() > 6 {
        return Err(Unfit::TooLong);
    }
    Ok(text)
}

/// Only what a browser opens without harm: no `javascript:`.
fn link(typed: &str) -> Result<String, Unfit> {
    if typed.len() > LONGEST_LINK {
        return Err(Unfit::TooLong);
    }
    let url = Url::parse(typed).map_err(|_| Unfit::Form)?;
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
        return Err(Unfit::Form);
    }
    Ok(url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: Kind) -> Field {
        Field {
            id: Uuid::nil(),
            name: "size".to_owned(),
            label_en: "Size".to_owned(),
            label_de: String::new(),
            kind,
            choices: vec!["S".to_owned(), "M".to_owned()],
            visible_to: Visibility::Everyone,
            edited_by: Editor::Person,
            position: 0,
            retired_at: None,
        }
    }

    #[test]
    fn values_have_the_form_of_their_kind() {
        for (kind, typed, kept) in [
            (Kind::Text, " a  b ", Ok("a b")),
            (Kind::Text, "a\u{202e}b", Err(Unfit::Character)),
            (Kind::Number, "-1,5", Ok("-1.5")),
            (Kind::Number, "1e9", Err(Unfit::Character)),
            (Kind::Number, "1.", Err(Unfit::Form)),
            (Kind::Number, "1234567890123456", Err(Unfit::TooLong)),
            (Kind::Date, "2026-11-21", Ok("2026-11-21")),
            (Kind::Date, "2026-13-01", Err(Unfit::Form)),
            (Kind::Choice, "M", Ok("M")),
            (Kind::Choice, "XL", Err(Unfit::Form)),
            (Kind::YesNo, "yes", Ok("yes")),
            (Kind::YesNo, "on", Err(Unfit::Form)),
            (
                Kind::Link,
                "https://example.org",
                Ok("https://example.org/"),
            ),
            (Kind::Link, "javascript:alert(1)", Err(Unfit::Form)),
            (Kind::Link, "data:text/html,x", Err(Unfit::Form)),
            (Kind::Link, "  ", Ok("")),
        ] {
            let read = field(kind).read(typed, "");
            assert_eq!(read.as_deref().map_err(|unfit| *unfit), kept, "{typed}");
        }
        assert_eq!(field(Kind::Choice).read("L", "L").as_deref(), Ok("L"));
    }

    #[test]
    fn who_sees_and_who_changes() {
        use Viewer::{Administrator, Member, Oneself};
        let table = [
            (
                Visibility::Everyone,
                Editor::Person,
                [true, true, true],
                [false, true, true],
            ),
            (
                Visibility::Everyone,
                Editor::Administrators,
                [true, true, true],
                [false, false, true],
            ),
            (
                Visibility::Person,
                Editor::Person,
                [false, true, true],
                [false, true, true],
            ),
            (
                Visibility::Administrators,
                Editor::Administrators,
                [false, false, true],
                [false, false, true],
            ),
            (
                Visibility::Administrators,
                Editor::Person,
                [false, false, true],
                [false, false, true],
            ),
        ];
        for (visible_to, edited_by, seen, changed) in table {
            let field = Field {
                visible_to,
                edited_by,
                ..field(Kind::Text)
            };
            let viewers = [Member, Oneself, Administrator];
            assert_eq!(viewers.map(|viewer| field.is_seen_by(viewer)), seen);
            assert_eq!(viewers.map(|viewer| field.is_changed_by(viewer)), changed);
            let retired = Field {
                retired_at: Some(Timestamp::UNIX_EPOCH),
                ..field
            };
            assert_eq!(viewers.map(|viewer| retired.is_seen_by(viewer)), [false; 3]);
        }
    }

    #[test]
    fn names_are_for_programs() {
        assert_eq!(
            FieldName::parse(" Shirt_Size ").unwrap().as_str(),
            "shirt_size"
        );
        assert_eq!(FieldName::parse(""), Err(Unfit::Empty));
        assert_eq!(FieldName::parse("1st"), Err(Unfit::Form));
        assert_eq!(FieldName::parse("größe"), Err(Unfit::Character));
        assert_eq!(FieldName::parse(&"a".repeat(33)), Err(Unfit::TooLong));
    }
}
