//! Rendered pages: whether what they refer to is there, and where they are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// One start tag.
#[derive(Debug)]
struct Tag<'a> {
    name: &'a str,
    attributes: BTreeMap<&'a str, &'a str>,
}

/// Fails when a page refers to an id that is not there, or asks another host.
///
/// The rest of what every page must have is checked by `testkit::Page::assert_sound` on live pages.
///
/// # Panics
/// On either of these: it is an assertion.
#[track_caller]
pub fn check_references(html: &str) {
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
    references(&tags, &mut found);
    hosts(&tags, &mut found);
    found
}

fn references(tags: &[Tag<'_>], found: &mut Vec<String>) {
    const NAMES: [&str; 7] = [
        "for",
        "aria-describedby",
        "aria-labelledby",
        "popovertarget",
        "commandfor",
        "list",
        "form",
    ];
    let ids: BTreeSet<&str> = tags
        .iter()
        .filter_map(|tag| tag.attributes.get("id").copied())
        .collect();
    for tag in tags {
        for name in NAMES {
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

fn hosts(tags: &[Tag<'_>], found: &mut Vec<String>) {
    for tag in tags.iter().filter(|tag| tag.name != "a") {
        let foreign = ["src", "href", "action"]
            .into_iter()
            .filter_map(|name| tag.attributes.get(name))
            .find(|target| target.starts_with("http") || target.starts_with("//"));
        if let Some(target) = foreign {
            found.push(format!("<{}> asks another host: {target}", tag.name));
        }
    }
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
    use super::{check_references, faults};

    const GOOD: &str = "<!doctype html><html><body><label for=\"a\">A</label><input id=\"a\" required name='a'>\
        <script src=\"/x.js\">if (a < b) {}</script><a href=\"https://elsewhere.example\">x</a></body></html>";

    #[test]
    fn a_good_page_passes() {
        check_references(GOOD);
    }

    #[test]
    fn each_fault_is_found() {
        let broken = [
            ("for=\"a\"", "for=\"b\"", "refers to b"),
            (
                "id=\"a\" required",
                "id=\"a\" aria-describedby=\"a hint\"",
                "refers to hint",
            ),
            (
                "src=\"/x.js\"",
                "src=\"//cdn.example/x.js\"",
                "another host",
            ),
            (
                "<body>",
                "<body><form action=\"https://x\"></form>",
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
