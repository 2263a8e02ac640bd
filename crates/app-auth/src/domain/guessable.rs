//! What somebody who guesses tries first: words of lists, sequences, repetitions, names.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::zxcvbn;

/// Words everybody here might think of.
const PRODUCT_WORDS: &[&str] = &["cloud"];
/// Digits and signs around a word that make nobody's guess harder.
const PADDING: usize = 6;
/// Longer words are in no list.
const LONGEST_WORD: usize = 24;

/// What the lists of `zxcvbn` lack, German above all, folded.
static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("first_guesses.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// The form in which guesses are compared.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// Whether a folded password is a word of a list, with or without digits and signs around it, a repetition or a
/// sequence.
pub(crate) fn is_among_the_first(folded: &str) -> bool {
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    let padding = folded.chars().count() - core.chars().count();
    is_listed(folded)
        || (padding <= PADDING && is_listed(core))
        || is_repetition(folded)
        || is_sequence(folded)
}

fn is_listed(word: &str) -> bool {
    WORDS.contains(word) || is_in_a_dictionary(&spelled_out(word))
}

/// Signs that stand for a letter, as that letter.
fn spelled_out(word: &str) -> Zeroizing<String> {
    let letter = |c| match c {
        '@' => 'a',
        '$' => 's',
        '!' | '|' => 'i',
        '+' => 't',
        '(' | '<' => 'c',
        other => other,
    };
    Zeroizing::new(word.chars().map(letter).collect())
}

/// Whether all of it is one word, also backwards or with digits for letters: of thirty thousand passwords found in
/// leaks, of names, of English. The lists come with the crate `zxcvbn`. Letters and digits only, and not many: with
/// them what it costs has a bound.
fn is_in_a_dictionary(word: &str) -> bool {
    if word.len() > LONGEST_WORD || !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let found = zxcvbn(word, &[]);
    matches!(found.sequence(), [only] if matches!(only.pattern, MatchPattern::Dictionary(_)))
}

/// One listed word or one or two characters over and over.
fn is_repetition(folded: &str) -> bool {
    let distinct: HashSet<char> = folded.chars().collect();
    if distinct.len() <= 2 {
        return true;
    }
    (3..=folded.len() / 2).any(|size| {
        folded
            .get(..size)
            .is_some_and(|word| folded.replace(word, "").is_empty() && is_listed(word))
    })
}

/// Every character the successor (or every one the predecessor) of the one before.
fn is_sequence(folded: &str) -> bool {
    let points: Vec<i64> = folded.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: HashSet<i64> = points
        .iter()
        .zip(points.iter().skip(1))
        .map(|(a, b)| b - a)
        .collect();
    steps.len() == 1 && steps.iter().all(|step| step.abs() == 1)
}

/// Whether too little is left of a folded password once these names and the product's are taken out.
pub(crate) fn is_made_of(folded: &str, names: &[String]) -> bool {
    let mut words: Vec<String> = PRODUCT_WORDS
        .iter()
        .map(|word| (*word).to_owned())
        .collect();
    for text in names {
        let text = fold(text);
        words.extend(
            text.split(|c: char| !c.is_alphanumeric())
                .map(str::to_owned),
        );
        words.push(text);
    }
    words.retain(|word| word.chars().count() >= 3);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = Zeroizing::new(folded.to_owned());
    for word in &words {
        rest = Zeroizing::new(rest.replace(word.as_str(), ""));
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    rest.len() < folded.len() && letters < 4 && rest.chars().count() < super::password::SHORTEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_folded_and_holds_only_what_the_others_lack() {
        assert!(WORDS.len() >= 100, "{}", WORDS.len());
        for word in WORDS.iter() {
            assert_eq!(fold(word), *word, "the list holds folded words only");
            assert!(
                !is_in_a_dictionary(&spelled_out(word)),
                "{word} is known already"
            );
        }
    }

    #[test]
    fn only_whole_words_count() {
        for text in [
            "wet gravel under nine lamps",
            "dragonflyharbour",
            "xkqjvzwm",
        ] {
            assert!(!is_among_the_first(text), "{text:?}");
        }
    }
}
