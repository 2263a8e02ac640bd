//! What every page must have, checked on its HTML.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// One start tag.
#[derive(Debug)]
struct Tag<'a> {
    name: &'a str,
    attributes: BTreeMap<&'a str, &'a str>,
}

/// Fails when a whole page lacks a landmark, a label or a token, repeats an id, refers to an id that is not
/// there, or carries inline style or script.
///
/// # Panics
/// On any of these: it is an assertion.
#[track_caller]
pub fn check_page(html: &str) {
    let found = faults(html);
    assert!(
        found.is_empty(),
        "the page has faults:\n  {}",
        found.join("\n  ")
    );
}

/// Keeps a rendered page under `target/pages/<app>/<name>.html`, for the accessibility run and for looking at it.
///
/// # Panics
/// When the file cannot be written.
pub fn keep_page(app: &str, name: &str, html: &str) {
    let Some(folder) = pages_folder().map(|folder| folder.join(app)) else {
        return;
    };
    let file = folder.join(format!("{name}.html"));
    let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, html));
    assert!(kept.is_ok(), "{}: {kept:?}", file.display());
}

/// `target/pages`, found from where the test binary lies: `target/debug/deps`.
fn pages_folder() -> Option<PathBuf> {
    let binary = std::env::current_exe().ok()?;
    Some(binary.ancestors().nth(3)?.join("pages"))
}

fn faults(html: &str) -> Vec<String> {
    let tags = tags(html);
    let mut found = Vec::new();
    document(&tags, html, &mut found);
    references(&tags, &mut found);
    labels(&tags, html, &mut found);
    policy(&tags, &mut found);
    tokens(html, &mut found);
    found
}

fn document(tags: &[Tag<'_>], html: &str, found: &mut Vec<String>) {
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    for (name, wanted) in [("html", 1), ("title", 1), ("main", 1), ("h1", 1)] {
        if count(name) != wanted {
            found.push(format!("{} <{name}> instead of {wanted}", count(name)));
        }
    }
    let language = tags
        .iter()
        .find(|tag| tag.name == "html")
        .and_then(|tag| tag.attributes.get("lang"));
    if !matches!(language, Some(&("en" | "de"))) {
        found.push(format!("lang is {language:?}"));
    }
    if html.contains("<title></title>") {
        found.push("the title is empty".to_owned());
    }
}

fn references(tags: &[Tag<'_>], found: &mut Vec<String>) {
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.attributes.get("id")) {
        if !ids.insert(*id) {
            found.push(format!("the id {id} is there twice"));
        }
    }
    for tag in tags {
        for name in [
            "for",
            "aria-describedby",
            "aria-labelledby",
            "popovertarget",
            "commandfor",
            "list",
            "form",
        ] {
            let targets = tag.attributes.get(name).copied().unwrap_or_default();
            for target in targets
                .split_whitespace()
                .filter(|target| !ids.contains(target))
            {
                found.push(format!(
                    "<{} {name}> refers to {target}, which is not there",
                    tag.name
                ));
            }
        }
    }
}

fn labels(tags: &[Tag<'_>], html: &str, found: &mut Vec<String>) {
    let labelled: BTreeSet<&str> = tags
        .iter()
        .filter(|tag| tag.name == "label")
        .filter_map(|tag| tag.attributes.get("for").copied())
        .collect();
    for tag in tags {
        let has = |name: &str| tag.attributes.contains_key(name);
        let is_field = matches!(tag.name, "input" | "select" | "textarea")
            && !matches!(
                tag.attributes.get("type"),
                Some(&("hidden" | "submit" | "reset" | "button"))
            );
        let id = tag.attributes.get("id").copied().unwrap_or_default();
        if is_field && !labelled.contains(id) && !has("aria-label") && !has("aria-labelledby") {
            let name = tag.attributes.get("name").copied().unwrap_or_default();
            found.push(format!("the field {name:?} has no label"));
        }
        if tag.name == "img" && !has("alt") {
            found.push("an image has no alt".to_owned());
        }
    }
    for (at, _) in html.match_indices("<button") {
        let element = html
            .get(at..)
            .and_then(|rest| rest.split("</button>").next())
            .unwrap_or_default();
        let (head, content) = element.split_once('>').unwrap_or((element, ""));
        if !head.contains("aria-label=") && text_of(content).is_empty() {
            found.push(format!("a button says nothing: {head}>"));
        }
    }
}

fn policy(tags: &[Tag<'_>], found: &mut Vec<String>) {
    for tag in tags {
        for name in tag.attributes.keys() {
            if *name == "style" || (name.starts_with("on") && name.len() > 2) {
                found.push(format!(
                    "<{} {name}> is refused by the content security policy",
                    tag.name
                ));
            }
        }
        let is_data = tag.attributes.get("type") == Some(&"application/json");
        if tag.name == "style"
            || (tag.name == "script" && !tag.attributes.contains_key("src") && !is_data)
        {
            found.push(format!(
                "inline <{}> is refused by the content security policy",
                tag.name
            ));
        }
        let foreign = ["src", "href", "action"]
            .into_iter()
            .filter_map(|name| tag.attributes.get(name))
            .find(|target| target.starts_with("http") || target.starts_with("//"));
        if let (Some(target), false) = (foreign, tag.name == "a") {
            found.push(format!("<{}> asks another host: {target}", tag.name));
        }
    }
}

/// Each posted form carries its token.
fn tokens(html: &str, found: &mut Vec<String>) {
    for (at, _) in html.match_indices("<form") {
        let form = html
            .get(at..)
            .and_then(|rest| rest.split("</form>").next())
            .unwrap_or_default();
        let head = form.split('>').next().unwrap_or_default();
        if head.contains("method=\"post\"") && !form.contains("name=\"csrf_token\"") {
            found.push(format!("a form has no token: {head}>"));
        }
    }
}

fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.trim().to_owned()
}

/// All start tags. Good for HTML that our own templates write: attributes quoted, no `>` inside of them.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let (inside, next) = after.split_once('>').unwrap_or((after, ""));
        rest = next;
        if inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let tag = tag(inside);
            if tag.name == "script" {
                rest = rest.split_once("</script").map_or("", |(_, after)| after);
            }
            found.push(tag);
        }
    }
    found
}

fn tag(inside: &str) -> Tag<'_> {
    let inside = inside.trim_end_matches('/');
    let (name, mut rest) = inside
        .split_once(|c: char| c.is_whitespace())
        .unwrap_or((inside, ""));
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Tag { name, attributes };
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let value = after
            .strip_prefix("=\"")
            .and_then(|value| value.split_once('"'))
            .or_else(|| {
                after
                    .strip_prefix("='")
                    .and_then(|value| value.split_once('\''))
            });
        let (value, after) = value.unwrap_or_else(|| ("", after.trim_start_matches('=')));
        attributes.insert(key, value);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::{check_page, faults};

    const GOOD: &str = "<!doctype html><html lang=\"en\"><head><title>T</title></head><body><main><h1>T</h1>\
        <form method=\"post\"><input type=\"hidden\" name=\"csrf_token\"><label for=\"a\">A</label>\
        <input id=\"a\" name=\"a\"><button aria-label=\"Go\"><svg></svg></button></form></main></body></html>";

    #[test]
    fn a_good_page_passes() {
        check_page(GOOD);
    }

    #[test]
    fn each_fault_is_found() {
        let broken = [
            (" lang=\"en\"", "", "lang is None"),
            ("<h1>T</h1>", "", "<h1>"),
            ("<label for=\"a\">A</label>", "", "no label"),
            ("for=\"a\"", "for=\"b\"", "refers to b"),
            ("name=\"csrf_token\"", "name=\"x\"", "no token"),
            (" aria-label=\"Go\"", "", "says nothing"),
            ("<svg>", "<svg id=\"a\">", "twice"),
            ("<h1>", "<h1 style=\"color:red\">", "style"),
            ("<main>", "<main onclick=\"x()\">", "onclick"),
            ("<body>", "<body><script>x()</script>", "inline <script>"),
            (
                "<body>",
                "<body><img src=\"https://x/y.png\" alt=\"\">",
                "another host",
            ),
        ];
        for (part, instead, expected) in broken {
            assert!(GOOD.contains(part), "{part}");
            let found = faults(&GOOD.replacen(part, instead, 1)).join("; ");
            assert!(found.contains(expected), "{expected} not in: {found}");
        }
    }
}
