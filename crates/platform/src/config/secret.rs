//! When a secret is no secret: samples from documents and values that can be guessed.

/// Words that the samples in this repository and in most others carry. The samples in the compose
/// files and in the documentation contain one of them on purpose.
const SAMPLE_WORDS: [&str; 10] = [
    "change-me",
    "changeme",
    "change_me",
    "change-this",
    "dev-only",
    "do-not-use",
    "example",
    "insecure",
    "placeholder",
    "sample",
];

/// Fewer different characters than this, in 32 or more, were not drawn at random.
const LEAST_DISTINCT: usize = 8;

/// Whether `secret` is a published sample or can be guessed, and so must not guard anything real.
pub(super) fn is_sample(secret: &str) -> bool {
    let lower = secret.to_ascii_lowercase();
    if SAMPLE_WORDS.iter().any(|word| lower.contains(word)) {
        return true;
    }
    let mut bytes: Vec<u8> = lower.into_bytes();
    bytes.sort_unstable();
    bytes.dedup();
    bytes.len() < LEAST_DISTINCT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_and_repetitions_are_recognised() {
        assert!(is_sample("Change-Me-in-production-0123456789abcdef"));
        assert!(is_sample("dev-only-0123456789abcdef0123456789abcdef"));
        assert!(is_sample(&"a".repeat(64)));
        assert!(is_sample(&"0123".repeat(16)));
        assert!(!is_sample(
            "8f3b1c90d27e46a5b8c1f0e9d7a6354221fe0987bcda6543"
        ));
        assert!(!is_sample("mN4pQz8vT1xL6kRj0wYbUe3hSgCfAo9D"));
    }
}
