//! Sign-ins as a share of what hashing alone allows, and what everybody else notices of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier as _;
use futures_util::future::join_all;
use platform::identity::Principal;
use reqwest::Method;
use testkit::Form;
use testkit::measure::Times;

use crate::house::{Browser, House, PASSWORD};
use crate::stats::millis;

/// Sign-ins at once, for each hash at once: the queue is never empty.
const QUEUE: usize = 4;
/// Sign-ins of one person, who may do so ten times in ten minutes. The clock stands still: keys would grow old.
const TRIES: usize = 9;

/// Measures and prints.
pub(crate) async fn measure(house: &House, lasting: Duration) {
    let somebody = house.person("somebody").await;
    let phc = house.phc(&somebody).await;
    println!("\n{} hashes at once, each {}", house.workers, costs(&phc));
    let ceiling = ceiling(&phc, house.workers, lasting).await;
    println!("hashing alone             {ceiling:>8.1} passwords/s");
    let quiet = pages(house, lasting, &AtomicBool::new(true)).await;
    // Once with nothing beside them, and once while somebody reads, who would take part of the machine from them.
    let sign_ins_each = ceiling * lasting.as_secs_f64();
    let (alone, beside) = (
        people(house, 1_000, sign_ins_each).await,
        people(house, 10_000, sign_ins_each).await,
    );
    let signed_in = sign_ins(house, &alone, lasting).await;
    println!(
        "signing in                {signed_in:>8.1} people/s    {:.0} % of that",
        signed_in / ceiling * 100.0
    );
    let saturated = AtomicBool::new(true);
    let ((), pages) = tokio::join!(
        async {
            sign_ins(house, &beside, lasting).await;
            saturated.store(false, Ordering::Relaxed);
        },
        pages(house, lasting, &saturated)
    );
    let (quiet, pages) = (Times::new(quiet), Times::new(pages));
    println!(
        "a page of somebody signed in: p50 {}, p99 {}; while all hashes are taken: p50 {}, p99 {}",
        millis(quiet.percentile(50)),
        millis(quiet.percentile(99)),
        millis(pages.percentile(50)),
        millis(pages.percentile(99)),
    );
}

/// What a hash costs, out of its text.
fn costs(phc: &str) -> &str {
    phc.split('$').nth(3).unwrap()
}

/// Passwords checked in a second when nothing else is done, at the cost the platform keeps them by and as many at once.
async fn ceiling(phc: &str, workers: usize, lasting: Duration) -> f64 {
    let phc: Arc<str> = Arc::from(phc);
    let begun = Instant::now();
    let working = (0..workers).map(|_| {
        let phc = Arc::clone(&phc);
        tokio::task::spawn_blocking(move || {
            let mut checked = 0_u32;
            while begun.elapsed() < lasting {
                let verified = Argon2::default().verify_password(PASSWORD.as_bytes(), phc.as_ref());
                verified.unwrap();
                checked += 1;
            }
            checked
        })
    });
    let checked: u32 = join_all(working)
        .await
        .into_iter()
        .map(Result::unwrap)
        .sum();
    f64::from(checked) / begun.elapsed().as_secs_f64()
}

/// As many people as so many sign-ins take, numbered from `first`, with the password typed in, each in their own
/// browser.
async fn people(house: &House, first: usize, sign_ins: f64) -> Vec<(Browser, Form)> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some thousands"
    )]
    let count = sign_ins as usize / TRIES + 2 * QUEUE;
    let mut browsers = Vec::new();
    for number in first..first + count {
        let login = format!("person-{number}");
        house.person(&login).await;
        let browser = house.browser(number);
        let form = browser.ways(&login).await.form("#with-password");
        browsers.push((browser, form.with("password", PASSWORD)));
    }
    browsers
}

async fn sign_ins(house: &House, people: &[(Browser, Form)], lasting: Duration) -> f64 {
    let (begun_with, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let begun = Instant::now();
    let signing_in = (0..house.workers * QUEUE).map(async |_| {
        while begun.elapsed() < lasting {
            let turn = begun_with.fetch_add(1, Ordering::Relaxed);
            let (browser, form) = &people[turn % people.len()];
            let answer = browser.submit(form).await;
            assert_eq!(answer.status, 303, "{}", answer.body);
            done.fetch_add(1, Ordering::Relaxed);
        }
    });
    join_all(signing_in).await;
    let done = u32::try_from(done.load(Ordering::Relaxed)).unwrap();
    f64::from(done) / begun.elapsed().as_secs_f64()
}

/// How long a page takes for somebody who is signed in, one after the other.
async fn pages(house: &House, lasting: Duration, go_on: &AtomicBool) -> Vec<Duration> {
    let mut who: Principal = testkit::user();
    let name = format!("reader-{}", who.user_id.simple());
    who.user_id = house.person(&name).await.parse().unwrap();
    let reader = house.world.visitor_as(&house.auth, &who);
    testkit::eventually("the reader is known", async || {
        let answer = reader.get_once("/auth/security").await;
        answer.status == 200
    })
    .await;
    let (begun, mut times) = (Instant::now(), Vec::new());
    while go_on.load(Ordering::Relaxed) && begun.elapsed() < lasting {
        let asked = Instant::now();
        let answer = reader.request(Method::GET, "/auth/security").send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap();
        times.push(asked.elapsed());
    }
    assert!(!times.is_empty(), "no page in time");
    times
}
