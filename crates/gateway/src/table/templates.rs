//! The route templates an app reports for what lies below one of its prefixes (`Cloud-Route: /app/hello/items/{id}`).
//! What an app says ends up in the names of counters, so it is looked at closely, and only so many are taken.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use registry::prefix;

/// Longest template, in bytes.
const LONGEST: usize = 128;
/// Templates of one prefix; what else is reported counts as the prefix.
const MOST: usize = 64;

/// The templates of one prefix, in the order in which they were first reported. Shared by all workers and read without
/// a lock: a new one is rare.
#[derive(Debug, Default)]
pub(crate) struct Templates(ArcSwapOption<Vec<Arc<str>>>);

impl Templates {
    /// The template that was reported, if it is one of this prefix.
    pub(crate) fn reported(&self, reported: &[u8], prefix: &str) -> Option<Arc<str>> {
        let find = |known: Option<&Vec<Arc<str>>>| {
            let same = |template: &&Arc<str>| template.as_bytes() == reported;
            known?.iter().find(same).cloned()
        };
        let known = || find(self.0.load().as_deref());
        if let Some(known) = known() {
            return Some(known);
        }
        let template: Arc<str> = check(reported, prefix)?.into();
        self.0.rcu(|known| {
            let mut known = known.as_deref().cloned().unwrap_or_default();
            if known.len() < MOST && find(Some(&known)).is_none() {
                known.push(Arc::clone(&template));
            }
            Some(Arc::new(known))
        });
        // Another worker may have been quicker with the same, or with the last one there was room for.
        known()
    }
}

/// A template is a plain path below the prefix, with names in braces.
fn check<'a>(reported: &'a [u8], prefix: &str) -> Option<&'a str> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.~{}*:@".contains(byte);
    if reported.len() > LONGEST || !reported.iter().all(is_plain) {
        return None;
    }
    let template = std::str::from_utf8(reported).ok()?;
    (template.starts_with('/') && prefix::covers(prefix, template)).then_some(template)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn what_is_no_template_of_the_prefix_is_not_taken() {
        let templates = Templates::default();
        let long = format!("/app/hello/{}", "x".repeat(LONGEST));
        for bad in [
            "",
            "/app/helloworld",
            "/app/other",
            "app/hello",
            "/app/hello/\"x\"",
            "/app/hello/a b",
            "/app/hello/\u{e4}",
            "/app/hello?q",
            &long,
        ] {
            let taken = templates.reported(bad.as_bytes(), "/app/hello");
            assert_eq!(taken, None, "{bad:?}");
        }
        for good in ["/app/hello", "/app/hello/", "/app/hello/items/{id}/{*rest}"] {
            let taken = templates.reported(good.as_bytes(), "/app/hello");
            assert_eq!(taken.as_deref(), Some(good));
        }
        assert!(templates.reported(b"/anything/{id}", "/").is_some());
    }

    #[test]
    fn only_so_many_are_taken_and_the_same_is_one() {
        let templates = Templates::default();
        let of = |number: usize| templates.reported(format!("/a/{number}").as_bytes(), "/a");
        let first = of(0).unwrap();
        assert!((1..MOST).all(|number| of(number).is_some()));
        assert_eq!(of(MOST), None);
        assert!(Arc::ptr_eq(&first, &of(0).unwrap()));
    }
}
