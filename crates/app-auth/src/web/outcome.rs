//! How an attempt to sign in went, in words.

/// Key of the word for an outcome.
pub(crate) fn outcome_key(outcome: &str) -> &'static str {
    match outcome {
        "success" => "auth-outcome-success",
        "limited" => "auth-outcome-limited",
        _ => "auth-outcome-refused",
    }
}

/// Tone of its badge.
pub(crate) fn outcome_tone(outcome: &str) -> &'static str {
    match outcome {
        "success" => "success",
        "limited" => "danger",
        _ => "warning",
    }
}
