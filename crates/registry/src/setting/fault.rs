//! What can be wrong with a value.

/// Why a declaration does not admit a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueFault {
    /// JSON of another type.
    #[error("the value has the wrong type")]
    Type,
    /// Nothing, where the declaration has a default to fall back to only by a reset.
    #[error("a value is needed")]
    Required,
    /// Text that is too long.
    #[error("the text exceeds {0} characters")]
    TooLong(u32),
    /// A line break or another control character where none belongs.
    #[error("the text holds a control character")]
    ControlCharacter,
    /// Text that is not a whole number.
    #[error("the text is not a whole number")]
    Number,
    /// A number below the least.
    #[error("the number is below {0}")]
    BelowMinimum(i64),
    /// A number above the greatest.
    #[error("the number is above {0}")]
    AboveMaximum(i64),
    /// Text that is neither on nor off.
    #[error("the text is neither true nor false")]
    Boolean,
    /// A value that is not among the options.
    #[error("the value is not one of the options")]
    Option,
    /// Text that is not an absolute http or https address.
    #[error("the text is not an http or https address")]
    Url,
    /// Text that is not a mail address.
    #[error("the text is not a mail address")]
    Email,
    /// Text that is not a length of time.
    #[error("the text is not a length of time")]
    Duration,
    /// A list that is too long.
    #[error("the list exceeds {0} values")]
    TooMany(usize),
}
