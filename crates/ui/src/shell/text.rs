//! Words and numbers in the language of the page.

use std::borrow::Cow;

use super::{Count, Shell};
use crate::catalogue::{Args, Argument};
use crate::format;

impl Shell {
    /// The message of a key.
    pub fn t(&self, key: &str) -> Cow<'_, str> {
        self.context.messages.text(self.language(), key, None)
    }

    /// The message of a key with a `$count`.
    pub fn tn(&self, key: &str, count: impl Argument) -> String {
        self.tm(key, &Args::new().with("count", &count))
    }

    /// The message of a key with one named argument.
    pub fn t1(&self, key: &str, name: &str, value: impl Argument) -> String {
        self.tm(key, &Args::new().with(name, &value))
    }

    /// The message of a key with two named arguments.
    #[allow(
        clippy::too_many_arguments,
        reason = "templates cannot build arguments; pairs read as what they are"
    )]
    pub fn t2(
        &self,
        key: &str,
        first: &str,
        first_value: impl Argument,
        second: &str,
        second_value: impl Argument,
    ) -> String {
        let args = Args::new()
            .with(first, &first_value)
            .with(second, &second_value);
        self.tm(key, &args)
    }

    /// The message of a key with any arguments.
    pub fn tm(&self, key: &str, args: &Args<'_>) -> String {
        self.context
            .messages
            .text(self.language(), key, Some(args))
            .into_owned()
    }

    /// A whole number, grouped.
    pub fn number(&self, value: impl Count) -> String {
        format::integer(value.count(), self.language())
    }

    /// A size in bytes.
    pub fn bytes(&self, value: impl Count) -> String {
        let bytes = u64::try_from(value.count()).unwrap_or(0);
        format::bytes(bytes, self.language())
    }
}
