//! Ten thousand guesses over names and networks, against the real limits, the real hash and a real PostgreSQL: nobody
//! is let in, nobody is locked out of a browser they know, and no name is tried more than a few times an hour.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use jiff::SignedDuration;
use platform::Clock;
use platform::http::LocalPath;
use platform_pg::Database;

use crate::config::Config;
use crate::domain::login::LoginKey;
use crate::domain::password::Password;
use crate::domain::subject::{Role, State, Subject, UserId};
use crate::service::Services;
use crate::service::client::Client;
use crate::service::device_cookie::DeviceCookie;
use crate::service::sign_in::{Attempt, Outcome};
use crate::store::passwords::password_put;

const GUESSES: u32 = 10_000;
const OWNERS: u32 = 10;
const NETWORKS: u32 = 400;

fn subject(number: u32) -> Subject {
    Subject {
        user_id: UserId::new(),
        username: format!("owner{number}"),
        email: format!("owner{number}@example.org"),
        display_name: format!("Owner {number}"),
        role: Role::User,
        state: State::Active,
        groups: Vec::new(),
        locale: String::new(),
        zone: String::new(),
        theme: String::new(),
        version: 1,
        password_directory: String::new(),
    }
}

fn typed(text: &str) -> Password {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}

fn attempt(login: &str, password: &str, address: u32, device: Option<&DeviceCookie>) -> Attempt {
    Attempt {
        login: login.to_owned(),
        password: typed(password),
        client: Client {
            address: Some(IpAddr::V4(Ipv4Addr::from(0x0a00_0000 | (address << 8) | 7))),
            device_cookie: device.map(|device| device.text().to_string()),
            ..Client::default()
        },
        return_to: LocalPath::default(),
        replaces: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_guesses_lock_nobody_out_and_open_nothing() {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
    let world = testkit::Setup::new().clock(clock).start().await;
    let mut boot = world.boot("auth");
    boot.settings = crate::settings::declarations().into();
    let config = Config::read(&mut boot.environment.reader());
    let redis = platform_redis::connect(&boot);
    let runner = crate::migrations::migrations::runner();
    let db = Box::pin(Database::connect(&boot, config.database.clone(), runner))
        .await
        .unwrap();
    let services = Services::start(&boot, &config, (&db, &redis))
        .await
        .unwrap();
    let mut devices = Vec::new();
    for number in 0..OWNERS {
        let subject = subject(number);
        services.subjects.put(&subject).await.unwrap();
        let password = typed(&format!("the owner number {number} alone"));
        let phc = services.core.hasher.hash(&password).await.unwrap();
        let client = db.client().await.unwrap();
        password_put(&client, subject.user_id, &phc, boot.clock.now())
            .await
            .unwrap();
        let login = LoginKey::of(&subject.username);
        devices.push(DeviceCookie::issue(&services.core.secrets, None, &login).unwrap());
    }

    let mut tried: HashMap<u32, u32> = HashMap::new();
    let (mut opened, mut limited, mut locked_out, mut own) = (0, 0, 0, 0);
    for guess in 0..GUESSES {
        boot.clock.advance(SignedDuration::from_millis(360));
        let target = guess % OWNERS;
        let login = format!("owner{target}");
        // Spread so that a network meets every name and a name every network.
        let network = guess.wrapping_mul(7919) % NETWORKS;
        let wrong = format!("letmein number {guess}");
        let outcome = services
            .sign_in
            .attempt(attempt(&login, &wrong, network, None))
            .await
            .unwrap();
        match outcome {
            Outcome::Limited(_) => limited += 1,
            Outcome::Refused => *tried.entry(target).or_default() += 1,
            Outcome::Admitted(_) => opened += 1,
            Outcome::Busy(_) => panic!("one guess at a time is not much"),
            other => panic!("nobody's password is in a directory: {other:?}"),
        }
        if guess % 250 == 249 {
            // An owner at home, behind a network the guesses come from as well.
            own += 1;
            let number = usize::try_from(target).unwrap();
            let right = format!("the owner number {target} alone");
            let home = attempt(&login, &right, network, Some(&devices[number]));
            if !matches!(
                services.sign_in.attempt(home).await.unwrap(),
                Outcome::Admitted(_)
            ) {
                locked_out += 1;
            }
        }
    }
    assert_eq!((opened, locked_out), (0, 0), "of {own} own sign-ins");
    // Ten at once, then 1, 2, 4, 8 .. minutes apart within the hour.
    assert!(tried.values().all(|count| *count <= 17), "{tried:?}");
    assert_eq!(limited + tried.values().sum::<u32>(), GUESSES);

    // What was counted is counted still after a restart, and without Redis.
    let again = Services::start(&boot, &config, (&db, &redis))
        .await
        .unwrap();
    let outcome = again
        .sign_in
        .attempt(attempt("owner0", "letmein", 5000, None))
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::Limited(_)), "{outcome:?}");
}
