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
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    /// The compose file for development comes with a secret, which must be one we refuse.
    #[test]
    fn the_sample_of_the_compose_file_is_recognised() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../compose.dev.yml");
        let file = std::fs::read_to_string(path).unwrap();
        let samples: Vec<&str> = file
            .lines()
            .filter_map(|line| line.trim().strip_prefix("APP_SECRET: "))
            .collect();
        assert!(!samples.is_empty());
        for sample in samples {
            assert!(is_sample(sample), "{sample}");
        }
    }

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
