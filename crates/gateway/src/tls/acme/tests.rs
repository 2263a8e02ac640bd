#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::*;
use crate::tls::certificate::Certificate;
use crate::tls::certificate::specimen::{day, self_signed};

fn wanted(name: &str, present: bool) -> Wanted {
    let leaf = self_signed(&[name], ((2026, 1, 1), (2026, 4, 1)));
    let certificate =
        Certificate::from_pem(leaf.certificate.as_bytes(), leaf.key.as_bytes()).unwrap();
    Wanted {
        domain: name.parse().unwrap(),
        present: present.then(|| Arc::new(certificate)),
    }
}

fn order(name: &str) -> Next {
    Next::Order(name.parse().unwrap())
}

#[test]
fn what_is_missing_is_ordered_before_what_failed_and_what_is_fresh() {
    let now = day(2026, 1, 10);
    let all = [
        wanted("fresh.org", true),
        wanted("failed.org", false),
        wanted("missing.org", false),
    ];
    let mut ledger = Ledger::default();
    let past = day(2026, 1, 9);
    ledger.fail(
        &"failed.org".parse().unwrap(),
        past,
        "",
        (Duration::from_mins(1), false),
    );
    assert_eq!(next(&all, &ledger, now, 60), order("missing.org"));
    assert_eq!(next(&all[..2], &ledger, now, 60), order("failed.org"));
    assert_eq!(next(&all[..1], &ledger, now, 60), Next::Wait(LOOK));
    assert_eq!(next(&[], &ledger, now, 60), Next::Wait(LOOK));
}

#[test]
fn renewal_is_due_after_two_thirds_of_the_life() {
    let all = [wanted("a.org", true)];
    let ledger = Ledger::default();
    assert_eq!(next(&all, &ledger, day(2026, 2, 27), 60), Next::Wait(LOOK));
    assert_eq!(next(&all, &ledger, day(2026, 3, 3), 60), order("a.org"));
}

#[test]
fn a_failed_order_and_a_full_hour_are_waited_out() {
    let all = [wanted("a.org", false)];
    let now = day(2026, 1, 1);
    let mut ledger = Ledger::default();
    ledger.fail(&all[0].domain, now, "", (Duration::from_mins(1), false));
    assert!(matches!(
        next(&all, &ledger, now, 60),
        Next::Wait(pause) if pause >= Duration::from_mins(1) && pause <= Duration::from_secs(66)
    ));
    let mut ledger = Ledger::default();
    ledger.begin(now);
    assert_eq!(next(&all, &ledger, now, 2), order("a.org"));
    ledger.begin(now);
    assert_eq!(next(&all, &ledger, now, 2), Next::Wait(LOOK));
}

#[test]
fn challenges_take_turns_unless_only_one_may_be_used() {
    use ChallengeKind::{Http01, TlsAlpn01};
    assert_eq!(
        [0, 1, 2].map(|failures| preferred(None, failures)),
        [Http01, TlsAlpn01, Http01]
    );
    assert_eq!(preferred(Some(TlsAlpn01), 0), TlsAlpn01);
}
