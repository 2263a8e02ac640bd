//! Guessing: budgets by name, by network and by device, and the bounded queue.

use rpc::events::auth::{AUDIT, AuditRecorded};

use crate::house::{House, PASSWORD};
use crate::visitor::Visitor;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_guesses_at_one_name_are_answered_ten_times() {
    let house = House::open().await;
    house.administrator().await;
    for login in ["grace", "nobody"] {
        let visitor = house.visitor().at("198.51.100.7");
        let form = visitor.password_form(login, "/").await;
        let mut limited = 0;
        for number in 0..50 {
            let answer = visitor
                .submit(
                    form.clone()
                        .with("password", &format!("guess number {number}")),
                )
                .await;
            match answer.status.as_u16() {
                422 => {}
                429 => {
                    limited += 1;
                    let wait: u64 = answer.header("retry-after").parse().unwrap();
                    assert!((1..=3600).contains(&wait), "{wait}");
                    assert!(answer.text("[role=alert]").contains("Too many attempts"));
                    assert_eq!(answer.attribute("#login", "value"), login);
                    answer.assert_sound();
                }
                other => panic!("{other}: {}", answer.body),
            }
        }
        assert_eq!(
            limited, 40,
            "{login}: known and unknown names are limited alike"
        );
    }
    let trail: Vec<AuditRecorded> = house.events(AUDIT).await;
    let lines = trail
        .iter()
        .filter(|line| line.outcome == "limited")
        .count();
    assert_eq!(lines, 1, "a line a minute, not one for each guess");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_does_not_help_a_stranger_past_the_limit_but_the_owners_browser_gets_in()
{
    let house = House::open().await;
    let owner = house.administrator().await;
    owner.sign_in_again().await;
    for network in 0..12 {
        let attacker = house.visitor().at(&format!("203.0.{network}.5"));
        attacker.sign_in("grace", "not the password").await;
    }
    let stranger = house.visitor().at("198.51.100.9");
    assert_eq!(
        stranger.sign_in("grace", PASSWORD).await.status,
        429,
        "the name's budget is spent"
    );
    owner.sign_in_again().await;
    // By its mail address the browser is not known, and shares the budget of strangers at that name.
    let other = house.visitor();
    other.set_cookie(
        "cloud_device",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    );
    assert_eq!(
        other.sign_in("grace", PASSWORD).await.status,
        429,
        "a forged device cookie opens nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_device_is_a_stranger() {
    let house = House::open().await;
    house.administrator().await;
    let (_, mallory) = house.person("mallory").await;
    mallory.sign_out().await;
    let mut statuses = Vec::new();
    for number in 0..12 {
        statuses.push(
            mallory
                .sign_in("grace", &format!("guess number {number}"))
                .await
                .status
                .as_u16(),
        );
    }
    assert_eq!(statuses[9..], [422, 429, 429]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_network_trying_many_names_is_limited_and_nobody_is_locked_out() {
    let house = House::open().await;
    house.administrator().await;
    let attacker = house.visitor().at("198.51.100.7");
    let form = attacker.password_form("name", "/").await;
    let mut limited = 0;
    for number in 0..130 {
        let guess = form
            .clone()
            .with("login", &format!("name{number}"))
            .with("password", "letmein please");
        if attacker.submit(guess).await.status == 429 {
            limited += 1;
        }
    }
    assert_eq!(limited, 30);
    let neighbour = house.visitor().at("198.51.100.250");
    assert_eq!(
        neighbour.sign_in("grace", PASSWORD).await.status,
        429,
        "the same /24"
    );
    house
        .visitor()
        .at("198.51.101.1")
        .sign_in_well("grace")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_while_redis_is_away() {
    let house = House::open().await;
    house.administrator().await;
    let visitor = house.visitor().at("198.51.100.7");
    let form = visitor.password_form("grace", "/").await;
    house.redis.kill().await;
    let mut limited = 0;
    for number in 0..20 {
        let answer = visitor
            .submit(
                form.clone()
                    .with("password", &format!("guess number {number}")),
            )
            .await;
        limited += usize::from(answer.status == 429);
    }
    assert!(limited >= 10, "{limited}");
    house.redis.start().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn past_the_queue_people_are_asked_to_come_back() {
    let house = House::open_with(&[("AUTH_HASH_WORKERS", "1"), ("AUTH_HASH_QUEUE", "2")]).await;
    house.administrator().await;
    let visitors: Vec<Visitor<'_>> = (0..24)
        .map(|number| house.visitor().at(&format!("203.0.{number}.5")))
        .collect();
    let mut forms = Vec::new();
    for (number, visitor) in visitors.iter().enumerate() {
        let form = visitor.password_form(&format!("name{number}"), "/").await;
        forms.push(form.with("password", "not the password"));
    }
    let sent = visitors
        .iter()
        .zip(forms)
        .map(|(visitor, form)| visitor.submit(form));
    let answers = futures_util::future::join_all(sent).await;
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 503)
        .collect();
    assert!(
        !refused.is_empty() && refused.len() < 24,
        "{}",
        refused.len()
    );
    for answer in refused {
        assert_eq!(answer.header("retry-after"), "2");
        assert!(answer.has("#login"), "the form is there to be sent again");
        answer.assert_sound();
    }
    assert!(
        answers
            .iter()
            .all(|answer| answer.status == 503 || answer.status == 422)
    );
    house.visitor().sign_in_well("grace").await;
}
