//! Icons by their Tabler name, written into the page as SVG.
//!
//! All outline icons are embedded as one sorted text made by the browser build (`name<TAB>shapes`), so any name an
//! app declares renders without a request of its own. An unknown name shows a neutral placeholder.

use std::sync::OnceLock;

use crate::assets;
use crate::markup::Markup;

/// Shown for a name nobody knows, and for all while the browser assets are not built.
const PLACEHOLDER: &str =
    r#"<path d="M5 7a2 2 0 0 1 2 -2h10a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2z"/>"#;

/// The icon, 20 px, hidden from screen readers: the text beside it or the label of its button says it.
pub fn icon(name: &str) -> Markup {
    Markup::from_escaped(format!(
        r#"<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{}</svg>"#,
        shapes(name).unwrap_or(PLACEHOLDER)
    ))
}

/// Whether a name is known.
pub fn exists(name: &str) -> bool {
    shapes(name).is_some()
}

/// Whether the browser assets were built, so that names can be told from mistakes.
pub fn are_built() -> bool {
    exists("home")
}

fn shapes(name: &str) -> Option<&'static str> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let name = name.strip_prefix("tabler-").unwrap_or(name);
    find(TEXT.get_or_init(assets::icons), name)
}

/// Binary search over the lines of a sorted text: no index to build, no memory beyond the text.
fn find<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = bytes
            .get(low..middle)?
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(low, |at| low + at + 1);
        let end = bytes
            .get(middle..high)?
            .iter()
            .position(|&b| b == b'\n')
            .map_or(high, |at| middle + at);
        let (found, shapes) = text.get(start..end)?.split_once('\t')?;
        match found.cmp(name) {
            std::cmp::Ordering::Equal => return Some(shapes),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start.saturating_sub(1).max(low),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn every_line_is_found_and_nothing_else() {
        let names = ["a", "ab", "alarm", "bell", "bell-off", "x", "zoom-in"];
        let lines: Vec<String> = names.iter().map(|n| format!("{n}\t<{n}/>")).collect();
        for text in [lines.join("\n"), lines.join("\n") + "\n"] {
            for name in names {
                assert_eq!(
                    find(&text, name),
                    Some(format!("<{name}/>").as_str()),
                    "{name}"
                );
            }
            for absent in ["", "aa", "bel", "bell-", "y", "zz", "\n", "a\t"] {
                assert_eq!(find(&text, absent), None, "{absent:?}");
            }
        }
        assert_eq!(find("", "a"), None);
    }
}
