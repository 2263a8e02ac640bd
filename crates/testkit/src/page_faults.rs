//! Faults of a page that no page may have, whatever it shows.

use std::collections::HashMap;

use scraper::{ElementRef, Html};

use crate::page::{folded, selector};

/// Every fault of the document, worded for the test's output.
pub(crate) fn of(document: &Html) -> Vec<String> {
    let mut faults = structure(document);
    faults.extend(repeated_ids(document));
    faults.extend(unnamed_controls(document));
    faults.extend(unprotected_forms(document));
    faults.extend(inline_code(document));
    faults
}

fn structure(document: &Html) -> Vec<String> {
    let count = |css: &str| document.select(&selector(css)).count();
    let mut faults = Vec::new();
    if document
        .select(&selector("html[lang]"))
        .all(|html| html.attr("lang").is_none_or(str::is_empty))
    {
        faults.push("the html element names no language".to_owned());
    }
    if document
        .select(&selector("head > title"))
        .all(|title| folded(&title).is_empty())
    {
        faults.push("no title".to_owned());
    }
    for (css, what) in [("main", "main landmarks"), ("h1", "first-level headings")] {
        if count(css) != 1 {
            faults.push(format!("{} {what} instead of one", count(css)));
        }
    }
    faults
}

fn repeated_ids(document: &Html) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for element in document.select(&selector("[id]")) {
        *seen
            .entry(element.attr("id").unwrap_or_default())
            .or_default() += 1;
    }
    seen.into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(id, count)| format!("id {id:?} is used {count} times"))
        .collect()
}

/// Controls, links and images that have no name for those who do not see them.
fn unnamed_controls(document: &Html) -> Vec<String> {
    let fields = "input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]), select, textarea";
    let mut unnamed = tags_of(document, fields, |field| !is_labelled(document, field));
    unnamed.extend(tags_of(document, "button, a[href]", |control| {
        !has_name(control)
    }));
    unnamed.extend(tags_of(document, "img:not([alt])", |_| true));
    unnamed
        .into_iter()
        .map(|tag| format!("no name: {tag}"))
        .collect()
}

/// The opening tags of the elements that a condition holds for.
fn tags_of(document: &Html, css: &str, holds: impl Fn(&ElementRef<'_>) -> bool) -> Vec<String> {
    document
        .select(&selector(css))
        .filter(holds)
        .map(|element| opening_tag(&element))
        .collect()
}

fn is_labelled(document: &Html, field: &ElementRef<'_>) -> bool {
    let by_id = field.attr("id").is_some_and(|id| {
        document
            .select(&selector("label[for]"))
            .any(|label| label.attr("for") == Some(id) && !folded(&label).is_empty())
    });
    let inside = field
        .ancestors()
        .filter_map(ElementRef::wrap)
        .any(|parent| parent.value().name() == "label");
    by_id || inside || has_name(field)
}

fn has_name(element: &ElementRef<'_>) -> bool {
    let by_attribute = ["aria-label", "aria-labelledby", "title"]
        .iter()
        .any(|name| {
            element
                .attr(name)
                .is_some_and(|text| !text.trim().is_empty())
        });
    let by_image = element
        .select(&selector("img[alt], svg title, [aria-label]"))
        .next()
        .is_some();
    by_attribute || by_image || !folded(element).is_empty()
}

fn unprotected_forms(document: &Html) -> Vec<String> {
    document
        .select(&selector("form"))
        .filter(|form| {
            form.attr("method")
                .is_some_and(|method| method.eq_ignore_ascii_case("post"))
        })
        .filter(|form| {
            form.select(&selector("input[name=csrf_token][value]"))
                .all(|token| token.attr("value").is_none_or(str::is_empty))
        })
        .map(|form| format!("a form without csrf_token: {}", opening_tag(&form)))
        .collect()
}

/// What the content security policy would block.
fn inline_code(document: &Html) -> Vec<String> {
    let is_code = |script: &ElementRef<'_>| {
        !matches!(
            script.attr("type"),
            Some("application/json" | "application/ld+json")
        )
    };
    let has_handler = |element: &ElementRef<'_>| {
        element
            .value()
            .attrs()
            .any(|(name, _)| name.starts_with("on"))
    };
    let mut inline = tags_of(document, "script:not([src])", is_code);
    inline.extend(tags_of(document, "style, [style]", |_| true));
    inline.extend(tags_of(document, "*", has_handler));
    inline
        .into_iter()
        .map(|tag| format!("inline code: {tag}"))
        .collect()
}

fn opening_tag(element: &ElementRef<'_>) -> String {
    let html = element.html();
    html.split_inclusive('>')
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::of;

    const SOUND: &str = r#"<!doctype html><html lang="en"><head><title>T</title></head><body><main><h1>H</h1>
        <form method="post"><input type="hidden" name="csrf_token" value="x"><label for="a">A</label><input id="a" name="a">
        <label>B <input name="b"></label><button>Send</button></form><a href="/"><svg><title>Home</title></svg></a></main></body></html>"#;

    #[test]
    fn a_sound_page_has_no_faults() {
        assert_eq!(of(&Html::parse_document(SOUND)), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found() {
        for (old, new, fault) in [
            (" lang=\"en\"", "", "language"),
            ("<title>T</title>", "", "no title"),
            ("<h1>H</h1>", "", "0 first-level headings"),
            ("<main>", "<main id=\"a\">", "id \"a\" is used 2 times"),
            ("<label for=\"a\">A</label>", "", "no name: <input"),
            ("<button>Send", "<button>", "no name: <button"),
            ("value=\"x\"", "value=\"\"", "csrf_token"),
            ("<h1>", "<h1 style=\"x\">", "inline code"),
            ("<h1>", "<h1 onclick=\"x\">", "inline code"),
            ("</main>", "<script>1</script></main>", "inline code"),
        ] {
            let faults = of(&Html::parse_document(&SOUND.replacen(old, new, 1)));
            assert!(
                faults.iter().any(|found| found.contains(fault)),
                "{new:?}: {faults:?}"
            );
        }
    }
}
