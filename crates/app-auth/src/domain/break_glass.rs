//! Codes on paper for the day nothing else works: eight for an administrator, eighty random bits each, so that one
//! alone may open what a password and a second factor open together.

use crate::domain::paper_code::PaperCode;

/// How many are made at once.
pub(crate) const COUNT: usize = 8;

/// A break-glass code.
pub(crate) type BreakGlassCode = PaperCode<16>;
