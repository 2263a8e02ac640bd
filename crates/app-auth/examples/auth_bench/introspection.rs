//! What a gateway waits for when it asks who a session is, and what a hundred thousand of them weigh.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use jiff::SignedDuration;
use rpc::auth::AuthClient;
use rpc::auth::v1::{IntrospectRequest, SubjectState};
use sha2::{Digest as _, Sha256};
use testkit::measure::{Times, resident_mib};
use uuid::Uuid;

use crate::house::{House, call};
use crate::stats::millis;

/// Calls at once.
const AT_ONCE: usize = 16;
/// Rows in a statement.
const BATCH: usize = 5_000;

/// Measures and prints.
pub(crate) async fn measure(house: &House, sessions: usize) {
    let who = house.introduce("everywhere", SubjectState::Active).await;
    let user_id: Uuid = who.parse().unwrap();
    for from in (0..sessions).step_by(BATCH) {
        insert(house, user_id, from..(from + BATCH).min(sessions)).await;
    }
    let gateway = rpc::auth::client(&house.world.boot("gateway"));
    // Of the app and its callers.
    let before = resident_mib(std::process::id());
    let (rate, first) = ask_all(&gateway, sessions).await;
    let after = resident_mib(std::process::id());
    println!("{sessions} sessions asked for through gRPC, {AT_ONCE} at once:");
    say("the first time", rate, first);
    let (rate, again) = ask_all(&gateway, sessions).await;
    say("again", rate, again);
    println!("  memory of the process {before:.0} MiB before, {after:.0} MiB after");
}

fn say(when: &str, rate: f64, times: Vec<Duration>) {
    let times = Times::new(times);
    println!(
        "  {when:<16} {rate:>8.0}/s   p50 {}, p99 {}",
        millis(times.percentile(50)),
        millis(times.percentile(99))
    );
}

/// The secret of a session.
fn secret(number: usize) -> [u8; 32] {
    Sha256::digest(format!("session {number}")).into()
}

async fn insert(house: &House, user_id: Uuid, numbers: std::ops::Range<usize>) {
    let hashes: Vec<Vec<u8>> = numbers
        .map(|number| Sha256::digest(secret(number)).to_vec())
        .collect();
    let now = house.world.clock.now();
    let expires_at = now + SignedDuration::from_hours(7 * 24);
    let sql = house.world.database.client().await;
    sql.execute(
        "INSERT INTO auth.sessions (
            session_id, user_id, token_hash, factors, device, address, created_at, authenticated_at, last_seen_at,
            expires_at
        )
        SELECT gen_random_uuid(), $1, h.hash, '{pwd}', 'Firefox on Linux', '192.0.2.1', $3, $3, $3, $4
        FROM unnest($2::bytea[]) AS h (hash)",
        &[&user_id, &hashes, &now, &expires_at],
    )
    .await
    .unwrap();
}

async fn ask_all(gateway: &AuthClient, sessions: usize) -> (f64, Vec<Duration>) {
    let begun = Instant::now();
    let times: Vec<Duration> = stream::iter(0..sessions)
        .map(async |number| {
            let request = IntrospectRequest {
                session_token: text(&secret(number)),
                ..IntrospectRequest::default()
            };
            let asked = Instant::now();
            let answer = gateway.introspect(call(), request).await.unwrap();
            assert!(answer.principal.is_some());
            asked.elapsed()
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = sessions as f64 / begun.elapsed().as_secs_f64();
    (rate, times)
}

fn text(secret: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret)
}
