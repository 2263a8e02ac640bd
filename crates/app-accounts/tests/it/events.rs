//! Events of auth: taken in once, in order, and never against the rules.

use platform_pg::{Database, Event, outbox};
use rpc::events::auth::{self, AdministratorCreated, InvitationAccepted, PreferencesChanged};
use uuid::Uuid;

use crate::house::House;
use app_accounts::domain::person::State;

/// Publishes as auth would: through an outbox of its own.
struct Publisher(Database);

impl Publisher {
    async fn new(house: &House) -> Self {
        let boot = house.world.boot("auth");
        let config = platform_pg::config(&mut boot.environment.reader());
        let none = refinery::Runner::new(&[]);
        let db = Database::connect(&boot, config, none).await.unwrap();
        db.start_outbox(&boot, &platform_redis::connect(&boot));
        Self(db)
    }

    async fn publish(&self, event: Event) {
        let mut client = self.0.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        outbox::publish(&tx, event).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_first_administrator_enters_the_directory() {
    let house = House::new().await;
    let auth = Publisher::new(&house).await;
    let mut who = testkit::admin();
    who.user_id = Uuid::now_v7();
    let event = AdministratorCreated {
        user_id: who.user_id.to_string(),
        username: "root1".to_owned(),
        email: "root1@example.org".to_owned(),
        display_name: "Root One".to_owned(),
    };
    auth.publish(Event::new(auth::ADMINISTRATOR_CREATED, who.user_id, &event))
        .await;
    testkit::eventually("the person is there", async || {
        let client = house.db.client().await.unwrap();
        let id = app_accounts::domain::person::PersonId(who.user_id);
        app_accounts::store::person::person_find(&client, id)
            .await
            .unwrap()
            .is_some()
    })
    .await;
    assert!(house.person(&who).await.is_active_administrator());
}

#[tokio::test]
async fn an_accepted_invitation_activates_once_and_never_enables() {
    let house = House::new().await;
    let auth = Publisher::new(&house).await;
    let (invited, disabled) = (
        testkit::person("ivo", platform::Role::User),
        testkit::person("dis", platform::Role::User),
    );
    house.add(&invited, State::Invited).await;
    house.add(&disabled, State::Suspended).await;
    for who in [&disabled, &invited, &invited] {
        let event = InvitationAccepted {
            user_id: who.user_id.to_string(),
            invited_by: house.admin.user_id.to_string(),
        };
        auth.publish(Event::new(auth::INVITATION_ACCEPTED, who.user_id, &event))
            .await;
    }
    testkit::eventually("the person is active", async || {
        house.person(&invited).await.state == State::Active
    })
    .await;
    assert_eq!(house.person(&disabled).await.state, State::Suspended);
}

#[tokio::test]
async fn a_chosen_language_and_theme_become_part_of_the_profile() {
    let house = House::new().await;
    let auth = Publisher::new(&house).await;
    let event = PreferencesChanged {
        user_id: house.user.user_id.to_string(),
        locale: "de".to_owned(),
        theme: "dark".to_owned(),
    };
    auth.publish(Event::new(
        auth::PREFERENCES_CHANGED,
        house.user.user_id,
        &event,
    ))
    .await;
    testkit::eventually("the profile knows", async || {
        house.person(&house.user).await.locale == "de"
    })
    .await;
    assert_eq!(house.person(&house.user).await.theme, "dark");
}
