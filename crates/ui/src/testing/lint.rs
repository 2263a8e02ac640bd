//! The check every app runs over its catalogue, templates and sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use fluent_syntax::ast;

use crate::catalogue::OWN;
use crate::icon;
use crate::language::Language;

/// Fails when the catalogue of the crate at `root` is not complete: a key in one language only, a key used
/// in a template or source that no catalogue defines, different variables, literal text or an unknown icon in a
/// template.
///
/// # Panics
/// On any of these: it is an assertion.
///
/// `root` is `env!("CARGO_MANIFEST_DIR")`.
#[track_caller]
pub fn check_catalogue(root: &str) {
    let found = problems(Path::new(root));
    assert!(
        found.is_empty(),
        "{} problem(s) in {root}:\n  {}",
        found.len(),
        found.join("\n  ")
    );
}

/// Everything wrong, in words.
pub(crate) fn problems(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let read = |language: Language| {
        let file = root
            .join("locales")
            .join(format!("{}.ftl", language.code()));
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let mut messages = Vec::new();
    for language in Language::ALL {
        match read(language).and_then(|text| parse(text, language)) {
            Ok(parsed) => messages.push(parsed),
            Err(problem) => found.push(problem),
        }
    }
    let [english, german] = messages.as_slice() else {
        return found;
    };
    compare(english, german, &mut found);
    let own =
        parse(OWN.source(Language::English).to_owned(), Language::English).unwrap_or_default();
    let known: BTreeSet<&String> = english.keys().chain(own.keys()).collect();
    for file in files(&root.join("templates"), "html") {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let at = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .display()
            .to_string();
        report_unknown(&text, &at, &known, &mut found);
        for name in icons(&text).filter(|name| icon::are_built() && !icon::exists(name)) {
            found.push(format!("{at}: no icon {name}"));
        }
        for literal in literals(&text) {
            found.push(format!("{at}: untranslated text: {literal:?}"));
        }
    }
    for file in files(&root.join("src"), "rs") {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let at = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .display()
            .to_string();
        let code = without_comments(&text);
        report_unknown(&code, &at, &known, &mut found);
    }
    found
}

type Messages = BTreeMap<String, BTreeSet<String>>;

/// Keys of a file with the variables of each.
fn parse(text: String, language: Language) -> Result<Messages, String> {
    let resource = FluentResource::try_new(text)
        .map_err(|(_, errors)| format!("{}.ftl does not parse: {errors:?}", language.code()))?;
    let mut found = Messages::new();
    for entry in resource.entries() {
        if let ast::Entry::Message(message) = entry {
            let mut variables = BTreeSet::new();
            if let Some(pattern) = &message.value {
                variables_of(pattern, &mut variables);
            }
            if found
                .insert(message.id.name.to_owned(), variables)
                .is_some()
            {
                return Err(format!(
                    "{}.ftl defines {} twice",
                    language.code(),
                    message.id.name
                ));
            }
        }
    }
    Ok(found)
}

fn variables_of(pattern: &ast::Pattern<&str>, out: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            variables_in(expression, out);
        }
    }
}

fn variables_in(expression: &ast::Expression<&str>, out: &mut BTreeSet<String>) {
    let inline = match expression {
        ast::Expression::Inline(inline) => inline,
        ast::Expression::Select { selector, variants } => {
            for variant in variants {
                variables_of(&variant.value, out);
            }
            selector
        }
    };
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            out.insert(id.name.to_owned());
        }
        ast::InlineExpression::Placeable { expression } => variables_in(expression, out),
        _ => {}
    }
}

fn compare(english: &Messages, german: &Messages, found: &mut Vec<String>) {
    for key in english.keys().filter(|key| !german.contains_key(*key)) {
        found.push(format!("de.ftl lacks {key}"));
    }
    for (key, variables) in german {
        match english.get(key) {
            None => found.push(format!("en.ftl lacks {key}")),
            Some(others) if others != variables => {
                found.push(format!(
                    "{key} uses {others:?} in English and {variables:?} in German"
                ));
            }
            Some(_) => {}
        }
    }
}

/// Calls whose first argument is a key.
const CALLS: [&str; 7] = ["t", "tn", "t1", "t2", "tm", "title", "subtitled_by"];

fn report_unknown(text: &str, at: &str, known: &BTreeSet<&String>, found: &mut Vec<String>) {
    for key in keys(text) {
        if !known.contains(&key) {
            found.push(format!("{at}: no message {key}"));
        }
    }
}

/// The literal keys in calls such as `shell.t("key")` and `.title("key")`.
fn keys(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for call in CALLS {
        // `.title(` also exists on other types; only the shell's own is meant, which ends in a key with a dash.
        let opening = format!(".{call}(");
        for (at, _) in text.match_indices(&opening) {
            let rest = text
                .get(at + opening.len()..)
                .unwrap_or_default()
                .trim_start();
            let literal = rest
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next());
            let Some(key) = literal else { continue };
            if is_key(key) && (call != "title" || key.contains('-')) {
                found.insert(key.to_owned());
            }
        }
    }
    found
}

/// The literal icon names in a template.
fn icons(text: &str) -> impl Iterator<Item = &str> {
    ["icon=\"", "icon(\""].into_iter().flat_map(move |opening| {
        text.match_indices(opening).filter_map(move |(at, _)| {
            let rest = text.get(at + opening.len()..)?;
            rest.split('"').next().filter(|name| !name.is_empty())
        })
    })
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Source without comment lines and without what follows the unit tests.
fn without_comments(text: &str) -> String {
    text.split("#[cfg(test)]")
        .next()
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Attributes people read or hear.
const SPOKEN: [&str; 4] = [" title=\"", " aria-label=\"", " placeholder=\"", " alt=\""];

/// Text between tags, and in spoken attributes, that is neither an expression nor without letters.
fn literals(template: &str) -> Vec<String> {
    let html = without_expressions(template);
    let mut found = Vec::new();
    for attribute in SPOKEN {
        for (at, _) in html.match_indices(attribute) {
            let rest = html.get(at + attribute.len()..).unwrap_or_default();
            let value = rest.split('"').next().unwrap_or_default();
            note(value, &mut found);
        }
    }
    let mut rest = html.as_str();
    while let Some((text, after)) = rest.split_once('<') {
        note(text, &mut found);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    note(rest, &mut found);
    found
}

/// Text counts when two letters stand together: `GB`, not `x` or `&nbsp;`.
fn note(text: &str, found: &mut Vec<String>) {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        rest = after.split_once(';').map_or(after, |(_, after)| after);
    }
    plain.push_str(rest);
    let letters: Vec<bool> = plain.chars().map(char::is_alphabetic).collect();
    if letters.windows(2).any(|pair| pair == [true, true]) {
        found.push(plain.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

/// The template with `{{ }}`, `{% %}` and `{# #}` taken out.
fn without_expressions(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    loop {
        let next = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")]
            .into_iter()
            .filter_map(|(open, close)| rest.find(open).map(|at| (at, close)))
            .min();
        let Some((at, close)) = next else {
            out.push_str(rest);
            return out;
        };
        out.push_str(rest.get(..at).unwrap_or_default());
        let inside = rest.get(at + 2..).unwrap_or_default();
        rest = inside.split_once(close).map_or("", |(_, after)| after);
    }
}

fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path, extension)
            } else if path.extension().is_some_and(|it| it == extension) {
                vec![path]
            } else {
                Vec::new()
            }
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{keys, literals, problems};
    use std::fs;

    #[test]
    fn text_is_found_and_expressions_are_not() {
        assert_eq!(
            literals("<p>{{ shell.t(\"a\") }} &middot; 3 x</p>"),
            Vec::<String>::new()
        );
        assert_eq!(
            literals("{% if a > b %}<p>Hello there</p>{% endif %}"),
            ["Hello there"]
        );
        assert_eq!(
            literals("<a title=\"Close it\">{# a note #}</a>"),
            ["Close it"]
        );
        assert_eq!(
            literals("<button class=\"primary\" data-x=\"word\"></button>"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn keys_are_found_in_every_call() {
        let found = keys(
            r#"shell.t("a-b") x.tn("c", 1) y.t1( "d", "name", n) .title("e-f") .title("No key") .t(key)"#,
        );
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["a-b", "c", "d", "e-f"]
        );
    }

    #[test]
    fn each_kind_of_problem_is_reported() {
        let root = std::env::temp_dir().join(format!("ui-lint-{}", std::process::id()));
        for part in ["locales", "templates/x", "src"] {
            fs::create_dir_all(root.join(part)).unwrap();
        }
        fs::write(root.join("locales/en.ftl"), "a = A\nb = B { $name }\n").unwrap();
        fs::write(root.join("locales/de.ftl"), "b = B { $nome }\nc = C\n").unwrap();
        fs::write(
            root.join("templates/x/y.html"),
            "<p>{{ shell.t(\"z\") }}{{ c::icon(\"no-such\") }}</p>Word",
        )
        .unwrap();
        fs::write(
            root.join("src/lib.rs"),
            "fn f() { shell.t(\"q\") }\n// shell.t(\"ignored\")\n",
        )
        .unwrap();
        let found = problems(&root).join("\n");
        fs::remove_dir_all(&root).unwrap();
        for expected in [
            "de.ftl lacks a",
            "en.ftl lacks c",
            "b uses",
            "no message z",
            "no message q",
            "\"Word\"",
            "no icon no-such",
        ] {
            assert!(found.contains(expected), "{expected} not in:\n{found}");
        }
        assert!(!found.contains("ignored"), "{found}");
    }
}
