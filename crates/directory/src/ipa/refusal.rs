//! Why FreeIPA did not do something.

use serde_json::{Map, Value};

use crate::error::Error;

/// What kind of refusal, by the name that FreeIPA gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is nobody, or nothing, of that name.
    NotFound,
    /// There is somebody, or something, of that name already.
    Taken,
    /// The account may not do this.
    NotPermitted,
    /// A value does not do.
    Unfit,
    /// It was so before.
    AsBefore,
    /// Something else.
    Other,
}

impl Kind {
    /// Its word, for catalogues and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Taken => "taken",
            Self::NotPermitted => "not-permitted",
            Self::Unfit => "unfit",
            Self::AsBefore => "as-before",
            Self::Other => "other",
        }
    }

    /// Of the classes in `ipalib/errors.py`.
    fn of(name: &str) -> Self {
        match name {
            "NotFound" => Self::NotFound,
            "DuplicateEntry" | "ManagedGroupExistsError" => Self::Taken,
            "ACIError" | "ProtectedEntryError" | "LastMemberError" => Self::NotPermitted,
            "RequirementError"
            | "ConversionError"
            | "ValidationError"
            | "ObjectclassViolation"
            | "OnlyOneValueAllowed"
            | "InvalidSyntax"
            | "Base64DecodeError" => Self::Unfit,
            "AlreadyActive" | "AlreadyInactive" | "EmptyModlist" => Self::AsBefore,
            _ => Self::Other,
        }
    }
}

/// FreeIPA says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind.
    pub kind: Kind,
    /// The attribute that it is about; empty where it says none.
    pub field: String,
    /// Its own words, at most 300 characters; may name a person.
    pub said: String,
}

impl Refusal {
    /// Most characters of [`Refusal::said`] and [`Refusal::field`].
    const MOST: usize = 300;

    pub(super) fn new(kind: Kind, field: &str, said: &str) -> Self {
        let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
        let short = |text: &str| text.chars().take(Self::MOST).map(plain).collect();
        Self {
            kind,
            field: short(field),
            said: short(said),
        }
    }

    /// What an answer has as `error`.
    pub(super) fn of(error: &Map<String, Value>) -> Self {
        let text = |from: &Map<String, Value>, name| {
            let text = from.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let data = error.get("data").and_then(Value::as_object);
        let field = data.map(|data| text(data, "name")).unwrap_or_default();
        let field = attribute(&field);
        let kind = Kind::of(&text(error, "name"));
        Self::new(kind, field, &text(error, "message"))
    }
}

/// The attribute, where a refusal has the name that the command line has for it.
fn attribute(named: &str) -> &str {
    match named {
        "login" => "uid",
        "first" => "givenname",
        "last" => "sn",
        "email" => "mail",
        "phone" => "telephonenumber",
        "orgunit" => "ou",
        named => named,
    }
}

/// Nothing was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// It cannot be asked, or does not answer as FreeIPA does. What was asked for last may have been done all the same.
    #[error(transparent)]
    Away(#[from] Error),
    /// It says no.
    #[error("FreeIPA refuses ({})", .0.kind.as_str())]
    Refused(Refusal),
}

/// Takes what was so before for done.
pub(super) fn or_before<T>(done: Result<T, NotDone>) -> Result<(), NotDone> {
    match done {
        Err(NotDone::Refused(refusal)) if refusal.kind == Kind::AsBefore => Ok(()),
        done => done.map(drop),
    }
}
