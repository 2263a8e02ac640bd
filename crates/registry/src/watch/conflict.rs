//! Who holds a prefix that several apps ask for: the one that held it first.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::{AppId, Entry, Prefix, Reason, Rejection};

/// The app that holds each prefix, and since when.
pub(super) type Holders<'a> = BTreeMap<&'a str, (Timestamp, &'a AppId)>;

/// Gives every prefix to the app that has held it longest.
pub(super) fn holders<'a>(entries: impl Iterator<Item = &'a Arc<Entry>>) -> Holders<'a> {
    let mut holders = Holders::new();
    for entry in entries {
        for prefix in &entry.prefixes {
            if !is_permitted(prefix, &entry.id) {
                continue;
            }
            let claim = (entry.holds_since(prefix), &entry.id);
            holders
                .entry(prefix)
                .and_modify(|held| *held = claim.min(*held))
                .or_insert(claim);
        }
    }
    holders
}

/// The entry with the prefixes that are its own, and a report for each other one.
pub(super) fn settle(
    entry: &Arc<Entry>,
    holders: &Holders<'_>,
    rejected: &mut Vec<Rejection>,
) -> Arc<Entry> {
    let reject = |reason| Rejection {
        app: entry.id.to_string(),
        instance: entry.instance.to_string(),
        reason,
    };
    let mut own = Vec::with_capacity(entry.prefixes.len());
    for prefix in &entry.prefixes {
        match holders.get(prefix.as_str()) {
            Some((_, holder)) if **holder == entry.id => own.push(prefix.clone()),
            Some((_, holder)) if is_permitted(prefix, &entry.id) => {
                rejected.push(reject(Reason::Conflict {
                    prefix: prefix.clone(),
                    holder: (*holder).clone(),
                }));
            }
            _ => rejected.push(reject(Reason::Prefix(prefix.clone()))),
        }
    }
    if own.len() == entry.prefixes.len() {
        return Arc::clone(entry);
    }
    let mut entry = Entry::clone(entry);
    entry.prefixes = own;
    Arc::new(entry)
}

fn is_permitted(prefix: &str, app: &AppId) -> bool {
    Prefix::parse(prefix).is_ok_and(|prefix| prefix.allowed_for(app).is_ok())
}
