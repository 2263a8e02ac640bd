//! Does the time of an answer tell whether somebody has a name? One attempt of each kind in turn, many times over.

use std::time::{Duration, Instant};

use rpc::auth::v1::SubjectState;
use testkit::Form;
use testkit::measure::Times;

use crate::house::{Browser, House};
use crate::stats::{mann_whitney_z, millis};

/// Names that are nobody's, and what is compared with them.
const NAMES: [&str; 4] = ["unknown", "known", "disabled", "passkey-only"];
const SIGN_INS: [&str; 4] = [
    "name is nobody's",
    "wrong password",
    "disabled",
    "has no password",
];
const MAILS: [&str; 2] = ["link, nobody's name", "link, known name"];

/// Compares and prints.
pub(crate) async fn compare(house: &House, rounds: usize) {
    house.person("known").await;
    house.disabled("disabled").await;
    house.introduce("passkey-only", SubjectState::Active).await;
    println!(
        "\n{rounds} attempts of each kind, in turn; z against the first line, telling from 3.3 on:"
    );
    report(&SIGN_INS, &sign_ins(house, rounds).await);
    report(&MAILS, &mails(house, rounds).await);
}

async fn sign_ins(house: &House, rounds: usize) -> Vec<Vec<Duration>> {
    let mut times = vec![Vec::with_capacity(rounds); SIGN_INS.len()];
    for round in 0..rounds {
        house.forget_tries();
        let browser = house.browser(round);
        for kind in order(SIGN_INS.len(), round) {
            let page = browser.ways(NAMES[kind]).await;
            let form = page.form("#with-password");
            let form = form.with("password", "not the password at all");
            times[kind].push(timed(&browser, &form, 422).await);
        }
    }
    times
}

/// Asking for a mail looks nobody up: there is a row and a job for every name. Each name is asked for once, because
/// its limit goes by Redis's clock, which nobody moves.
async fn mails(house: &House, rounds: usize) -> Vec<Vec<Duration>> {
    let mut times = vec![Vec::with_capacity(rounds); MAILS.len()];
    for round in 0..rounds {
        let known = format!("known-{round}");
        house.introduce(&known, SubjectState::Active).await;
        let names = [format!("nobody-{round}"), known];
        let browser = house.browser(round);
        for kind in order(MAILS.len(), round) {
            let ways = browser.ways(&names[kind]).await;
            let mut form = ways.form("#with-password");
            let path = format!("{}/mail/send", form.action.path());
            form.action.set_path(&path);
            times[kind].push(timed(&browser, &form, 303).await);
        }
    }
    times
}

/// Another kind comes first in each round.
fn order(kinds: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..kinds).map(move |kind| (kind + round) % kinds)
}

async fn timed(browser: &Browser, form: &Form, status: u16) -> Duration {
    let begun = Instant::now();
    let answer = browser.submit(form).await;
    let took = begun.elapsed();
    assert_eq!(answer.status, status, "{}", answer.body);
    took
}

fn report(kinds: &[&str], times: &[Vec<Duration>]) {
    for (says, sample) in kinds.iter().zip(times) {
        println!(
            "  {says:<22} median {:>10}   z {:>6.2}",
            millis(Times::new(sample.clone()).percentile(50)),
            mann_whitney_z(sample, &times[0])
        );
    }
}
