//! Which instance of an app is asked: of two taken at random the one where waiting costs less. Those that rest come
//! only when nobody else is left, because an instance that may answer is better than none.

use std::sync::Arc;

use crate::table::Route;
use crate::upstream::Upstream;
use crate::upstream::health::Standing;
use crate::worker::Chance;

/// Instances of one route that were asked already, by their place. A request is never sent to more than this many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tried(u64);

impl Tried {
    fn has(self, place: usize) -> bool {
        place >= 64 || self.0 & (1 << place) != 0
    }

    fn add(&mut self, place: usize) {
        self.0 |= 1_u64
            .checked_shl(u32::try_from(place).unwrap_or(64))
            .unwrap_or(0);
    }
}

/// How far the choice is willing to go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Willing {
    /// What the registry confirms and what does well.
    Well,
    /// Whatever there is.
    Anything,
}

/// Picks an instance that was not tried yet.
pub(crate) fn pick<'a>(
    route: &'a Route,
    tried: &mut Tried,
    (chance, now): (&Chance, u64),
) -> Option<&'a Arc<Upstream>> {
    let all = route.upstreams();
    let place = match all.len() {
        0 => return None,
        1 => 0,
        _ => choose(route, *tried, Willing::Well, (chance, now))
            .or_else(|| choose(route, *tried, Willing::Anything, (chance, now)))?,
    };
    if tried.has(place) {
        return None;
    }
    tried.add(place);
    all.get(place)
}

fn choose(
    route: &Route,
    tried: Tried,
    willing: Willing,
    (chance, now): (&Chance, u64),
) -> Option<usize> {
    let count = candidates(route, tried, willing).count();
    let count_wide = u64::try_from(count).unwrap_or(u64::MAX);
    if count == 0 {
        return None;
    }
    let nth = |n: u64| candidates(route, tried, willing).nth(usize::try_from(n).unwrap_or(0));
    let first = chance.below(count_wide);
    let (place, one) = nth(first)?;
    if one.health.standing() == Standing::Trial && one.health.begin_trial() {
        return Some(place);
    }
    if count == 1 {
        return Some(place);
    }
    let second = (first + 1 + chance.below(count_wide - 1)) % count_wide;
    let (other, two) = nth(second)?;
    Some(if two.is_better_than(one, now) {
        other
    } else {
        place
    })
}

fn candidates(
    route: &Route,
    tried: Tried,
    willing: Willing,
) -> impl Iterator<Item = (usize, &Arc<Upstream>)> {
    route
        .upstreams()
        .iter()
        .enumerate()
        .filter(move |(place, upstream)| {
            let takes_part = willing == Willing::Anything
                || (*place < route.confirmed() && upstream.health.standing() != Standing::Resting);
            takes_part && !tried.has(*place)
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::table::tests::{entry, table};

    fn picked(route: &Route, chance: &Chance) -> String {
        let upstream = pick(route, &mut Tried::default(), (chance, 0)).unwrap();
        upstream.entry.instance.to_string()
    }

    #[test]
    fn every_instance_is_asked_and_one_that_rests_only_at_last() {
        let table = table(vec![
            entry("files", "a", &["/app/files"]),
            entry("files", "b", &["/app/files"]),
            entry("files", "c", &["/app/files"]),
        ]);
        let route = table.route("/app/files").unwrap();
        let chance = Chance::new();
        let mut seen: Vec<_> = (0..100).map(|_| picked(route, &chance)).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen, ["a", "b", "c"]);
        let a = table
            .upstreams()
            .find(|upstream| upstream.entry.instance.as_str() == "a")
            .unwrap();
        a.health.missed();
        assert!((0..100).all(|_| picked(route, &chance) != "a"));
        let mut tried = Tried::default();
        let order: Vec<_> = std::iter::from_fn(|| pick(route, &mut tried, (&chance, 0))).collect();
        assert_eq!(order.len(), 3);
        assert_eq!(order[2].entry.instance.as_str(), "a");
    }

    #[test]
    fn the_one_where_waiting_costs_less_is_preferred() {
        let table = table(vec![
            entry("files", "a", &["/app/files"]),
            entry("files", "b", &["/app/files"]),
        ]);
        let route = table.route("/app/files").unwrap();
        let chance = Chance::new();
        let slow = table
            .upstreams()
            .find(|upstream| upstream.entry.instance.as_str() == "a")
            .unwrap();
        let quick = table
            .upstreams()
            .find(|upstream| upstream.entry.instance.as_str() == "b")
            .unwrap();
        slow.health.answered(200, 5000, 0);
        quick.health.answered(200, 1000, 0);
        assert!((0..50).all(|_| picked(route, &chance) == "b"));
        let _waiting: Vec<_> = (0..10).map(|_| quick.enter()).collect();
        assert!((0..50).all(|_| picked(route, &chance) == "a"));
    }
}
