//! Whether a submitted value is a change, and whether it meets somebody else's.
//!
//! A form shows all settings of an app as they stood at one version and submits all of them. Somebody else
//! may have changed some since. A field the person did not touch must not undo that; a field they did touch
//! must not silently win.

use serde_json::Value;

/// What is known of a setting's value since the version the form was made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Since<'a> {
    /// Nobody changed it.
    Unchanged,
    /// Somebody changed it; this is what the form showed.
    Changed {
        /// The value at the form's version.
        shown: &'a Value,
    },
    /// Somebody changed it and what the form showed is not known, or must not be: a secret.
    Unknown,
}

/// What a submitted value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing to do.
    Keep,
    /// A change to make.
    Write,
    /// Two people changed it to different values.
    Conflict,
}

/// Judges one submitted value against the value in force now.
pub(crate) fn judge(submitted: &Value, in_force: &Value, since: Since<'_>) -> Verdict {
    match since {
        _ if submitted == in_force => Verdict::Keep,
        Since::Unchanged => Verdict::Write,
        Since::Changed { shown } if submitted == shown => Verdict::Keep,
        Since::Changed { .. } | Since::Unknown => Verdict::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_untouched_field_does_not_undo_somebody_elses_change() {
        let (shown, now) = (json!("old"), json!("theirs"));
        let since = Since::Changed { shown: &shown };
        assert_eq!(judge(&json!("old"), &now, since), Verdict::Keep);
        assert_eq!(judge(&json!("mine"), &now, since), Verdict::Conflict);
        assert_eq!(judge(&json!("theirs"), &now, since), Verdict::Keep);
    }

    #[test]
    fn without_others_every_difference_is_a_change() {
        let now = json!("old");
        assert_eq!(judge(&json!("new"), &now, Since::Unchanged), Verdict::Write);
        assert_eq!(judge(&json!("old"), &now, Since::Unchanged), Verdict::Keep);
    }

    #[test]
    fn what_is_not_known_is_a_conflict_and_not_a_guess() {
        assert_eq!(
            judge(&json!(1), &json!(2), Since::Unknown),
            Verdict::Conflict
        );
    }
}
