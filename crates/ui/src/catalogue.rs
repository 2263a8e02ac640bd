//! Message catalogues: Fluent, English and German.
//!
//! A [`Catalogue`] is the text of an app's two files; [`Messages`] is it parsed, with this crate's
//! own catalogue behind it. A missing key never fails a page: it shows the key and is logged, and
//! [`crate::testing::check_catalogue`] makes sure that does not happen.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;

use crate::format;
use crate::language::Language;

/// The two message files of an app, as embedded by [`crate::catalogue!`].
#[derive(Debug, Clone, Copy)]
pub struct Catalogue {
    en: &'static str,
    de: &'static str,
}

/// Embeds `locales/en.ftl` and `locales/de.ftl` of the calling crate.
#[macro_export]
macro_rules! catalogue {
    () => {
        $crate::Catalogue::new(
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en.ftl")),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/de.ftl")),
        )
    };
}

/// The words of the shell, the components and the error pages.
pub const OWN: Catalogue = crate::catalogue!();

impl Catalogue {
    /// A catalogue from the text of two files.
    pub const fn new(en: &'static str, de: &'static str) -> Self {
        Self { en, de }
    }

    /// The text of one file.
    pub const fn source(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::German => self.de,
        }
    }
}

/// Something a message can show.
pub trait Argument {
    /// The value Fluent sees: text as it is, numbers with plural rules.
    fn value(&self) -> FluentValue<'_>;
}

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

impl Argument for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl Argument for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_ref())
    }
}

macro_rules! number_argument {
    ($($kind:ty),*) => {$(
        impl Argument for $kind {
            fn value(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        }
    )*};
}
number_argument!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64);

/// Named arguments put together in Rust, for messages with more than two.
#[derive(Debug, Default)]
pub struct Args<'a>(FluentArgs<'a>);

impl<'a> Args<'a> {
    /// No arguments yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a number, by value.
    #[must_use]
    pub fn number(mut self, name: &'a str, value: u64) -> Self {
        self.0.set(name, value);
        self
    }

    /// Adds one.
    #[must_use]
    pub fn with(mut self, name: &'a str, value: &'a (impl Argument + ?Sized)) -> Self {
        self.0.set(name, value.value());
        self
    }
}

/// Both catalogues parsed, for both languages.
pub struct Messages {
    english: Bundles,
    german: Bundles,
}

struct Bundles {
    app: FluentBundle<FluentResource>,
    own: FluentBundle<FluentResource>,
}

impl Messages {
    /// Parses an app's catalogue and this crate's. Junk in a file is skipped and logged; the tests refuse it.
    pub fn new(app: &Catalogue) -> Self {
        let bundles = |language| Bundles {
            app: bundle(app.source(language), language),
            own: bundle(OWN.source(language), language),
        };
        Self {
            english: bundles(Language::English),
            german: bundles(Language::German),
        }
    }

    /// The message in a language, else in English, else its key.
    pub fn text<'a>(
        &'a self,
        language: Language,
        key: &str,
        args: Option<&'a Args<'a>>,
    ) -> Cow<'a, str> {
        let chosen = match language {
            Language::English => &self.english,
            Language::German => &self.german,
        };
        [
            &chosen.app,
            &chosen.own,
            &self.english.app,
            &self.english.own,
        ]
        .into_iter()
        .find_map(|bundle| message(bundle, key, args))
        .unwrap_or_else(|| {
            tracing::warn!(key, language = language.code(), "message is missing");
            Cow::Owned(key.to_owned())
        })
    }
}

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Messages").finish_non_exhaustive()
    }
}

fn bundle(source: &str, language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
    // Isolation marks would show up in copied text; the interface is left to right in both languages.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| number(value, Language::English),
        Language::German => |value, _| number(value, Language::German),
    }));
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            tracing::error!(language = language.code(), ?errors, "catalogue has errors");
            resource
        }
    };
    bundle.add_resource_overriding(resource);
    bundle
}

/// Numbers in messages are grouped as the language does.
fn number(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(FluentNumber { value, options }) => Some(format::decimal(
            *value,
            options.minimum_fraction_digits.unwrap_or(0),
            options.maximum_fraction_digits.unwrap_or(2),
            language,
        )),
        _ => None,
    }
}

fn message<'a>(
    bundle: &'a FluentBundle<FluentResource>,
    key: &str,
    args: Option<&'a Args<'a>>,
) -> Option<Cow<'a, str>> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args.map(|args| &args.0), &mut errors);
    if !errors.is_empty() {
        tracing::warn!(key, ?errors, "message could not be completed");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{Args, Catalogue, Messages};
    use crate::language::Language;

    const SAMPLE: Catalogue = Catalogue::new(
        "people = { $count ->\n    [one] one person\n   *[other] { $count } people\n}\nhello = Hello { $name }\nonly = English only\n",
        "people = { $count ->\n    [one] eine Person\n   *[other] { $count } Personen\n}\nhello = Hallo { $name }\n",
    );

    #[test]
    fn plurals_and_numbers_follow_the_language() {
        let messages = Messages::new(&SAMPLE);
        let count = |n: &u64, language| {
            messages
                .text(language, "people", Some(&Args::new().with("count", n)))
                .into_owned()
        };
        assert_eq!(count(&1, Language::English), "one person");
        assert_eq!(count(&12345, Language::English), "12,345 people");
        assert_eq!(count(&1, Language::German), "eine Person");
        assert_eq!(count(&12345, Language::German), "12.345 Personen");
    }

    #[test]
    fn falls_back_to_english_then_to_the_key() {
        let messages = Messages::new(&SAMPLE);
        assert_eq!(
            messages.text(Language::German, "only", None),
            "English only"
        );
        assert_eq!(messages.text(Language::German, "absent", None), "absent");
        assert_eq!(
            messages.text(Language::German, "ui-save", None),
            "Speichern"
        );
    }
}
