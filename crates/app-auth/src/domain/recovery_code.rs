//! Codes on paper beside one-time passwords: ten at a time, fifty random bits each.

use crate::domain::paper_code::PaperCode;

/// How many are made at once.
pub(crate) const COUNT: usize = 10;

/// A recovery code.
pub(crate) type RecoveryCode = PaperCode<10>;
